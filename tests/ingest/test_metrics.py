"""`GET /metrics`: what Prometheus reads, and who may."""

from __future__ import annotations

import pytest
import requests

from tests.ingest.installs import METRICS_TOKEN, Install

pytestmark = pytest.mark.server

MAKE_KEYS = """
from afterword.accounts.models import KeyScope, Person
from afterword.accounts.writes import create_api_key
def key_of(role):
    person = Person.objects.create(email=f"{role}@example.com", name=role, role=role)
    return create_api_key(actor=person, name="Monitoring", scope=KeyScope.READ).token
result = [key_of("admin"), key_of("responder")]
"""


INBOX = "afterword_inbox_signals"
MAKE_LIMITED = """
from afterword.catalog.models import Integration
made = Integration.objects.create(service=service, name="Limited", signals_per_minute_max=12)
result = str(made.key)
"""


def ask(install: Install, authorization: str = f"Bearer {METRICS_TOKEN}") -> requests.Response:
    return requests.get(f"{install.url}/metrics", headers={"Authorization": authorization})


def values(install: Install) -> dict[str, float]:
    lines = ask(install).text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if line[0] != "#"}


def test_what_is_accepted_and_refused_is_counted(install: Install) -> None:
    # Others have sent to this server, and not waited for it.
    install.wait_until(lambda: values(install)[INBOX] == 0)
    before = values(install)
    trace_id = install.send(message="m", alert_type="critical")
    for _ in range(2):
        assert requests.post(install.webhook_url, data="no JSON").status_code == 400
    assert requests.get(install.webhook_url).status_code == 405
    assert requests.post(install.webhook_url.replace("acme", "other"), json={}).status_code == 404
    install.wait_for_status(trace_id)
    after = values(install)

    def grown(name: str) -> float:
        return after[name] - before[name]

    assert grown("afterword_signals_accepted_total") == 1
    assert grown('afterword_requests_refused_total{reason="body"}') == 2
    assert grown('afterword_requests_refused_total{reason="method"}') == 1
    assert grown('afterword_requests_refused_total{reason="key"}') == 1
    assert grown("afterword_commit_seconds_count") == grown("afterword_commit_rows_sum") == 1
    assert grown('afterword_commit_rows_bucket{le="+Inf"}') == 1
    assert after["afterword_database_up"] == 1
    assert after[INBOX] == after["afterword_inbox_oldest_seconds"] == 0
    assert after["afterword_fold_silent_seconds"] < 60


def test_too_many_are_counted_too(install: Install) -> None:
    counted = 'afterword_requests_refused_total{reason="rate"}'
    url = install.webhook_url.replace(install.key, install.run(MAKE_LIMITED))
    before = values(install)
    statuses = [requests.post(url, json={"message": "m"}).status_code for _ in range(30)]
    assert 429 in statuses
    assert values(install).get(counted, 0) - before.get(counted, 0) == statuses.count(429)


def test_the_text_has_the_form_that_prometheus_reads(install: Install) -> None:
    answer = ask(install)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = answer.text.splitlines()
    assert answer.text.endswith("\n")
    described = [line.split()[2] for line in lines if line.startswith("# HELP ")]
    assert described == [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert len(described) == len(set(described)) > 8
    for line in lines:
        if not line.startswith("#"):
            assert line.startswith(tuple(described)), line


@pytest.mark.parametrize(
    "authorization", ["", "Bearer wrong", f"Basic {METRICS_TOKEN}", "Token", METRICS_TOKEN]
)
def test_others_may_not_read_them(install: Install, authorization: str) -> None:
    answer = ask(install, authorization)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "afterword_" not in answer.text


def test_an_administrators_key_reads_them_and_anothers_does_not(install: Install) -> None:
    admins, others = install.run(MAKE_KEYS)
    assert ask(install, f"Token {admins}").status_code == 200
    assert ask(install, f"Bearer {admins}").status_code == 200
    assert ask(install, f"Token {others}").status_code == 401


def test_metrics_are_read_and_nothing_else(install: Install) -> None:
    assert requests.post(f"{install.url}/metrics").status_code == 405
