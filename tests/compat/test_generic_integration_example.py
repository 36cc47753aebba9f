"""The script that Zenduty publishes for its generic integration, run as it is against a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import RunningAfterword, running_afterword

EXAMPLE = Path(__file__).with_name("generic_integration_example.py.txt")
HOSTS = ("https://events.zenduty.com", "https://www.zenduty.com")
SCRIPT_SECONDS_MAX = 60

SET_UP = """
import json

import django

django.setup()

from afterword.accounts.models import KeyScope
from afterword.accounts.writes import create_api_key, create_team, set_up_organisation
from afterword.catalog.reads import find_webhook_url
from afterword.catalog.writes import create_integration, create_service

owner = set_up_organisation(
    name="Acme", owner_name="Alice", email="alice@example.com", password="correct horse battery"
)
team = create_team(actor=owner, name="Payments")
service = create_service(actor=owner, team=team, name="Checkout")
integration = create_integration(actor=owner, service=service, name="Generic")
key = create_api_key(actor=owner, name="example", scope=KeyScope.READ)
print(json.dumps({"webhook": find_webhook_url(owner, integration), "key": key.token}))
"""

pytestmark = [pytest.mark.server, pytest.mark.once]


def test_the_published_script_sends_an_alert_follows_it_and_reads_its_incident(tmp_path: Path) -> None:
    with running_afterword(tmp_path / "data") as running:
        pasted = set_up(running)
        script = tmp_path / "example.py"
        script.write_text(fill_in(EXAMPLE.read_text(), running.url, pasted["webhook"], pasted["key"]))
        ended = subprocess.run(
            [sys.executable, script], capture_output=True, text=True, timeout=SCRIPT_SECONDS_MAX
        )
        log = running.log.read_text()
    assert ended.returncode == 0, ended.stderr + log
    accepted, *statuses, incident = ended.stdout.splitlines()
    assert accepted.startswith("{'message': 'success', 'trace_id': '")
    assert statuses[-1].endswith("'status': 'completed', 'is_incident_created': True, 'suppressed': False}")
    for told in (
        "'title': 'This is a sample alert from API integration'",
        "'summary': 'This is the incident summary for the API integration'",
        "'incident_key': '12345'",
        "'incident_number': 1",
        "'status': 1",
    ):
        assert told in incident


def test_the_script_is_changed_only_where_its_reader_is_told_to() -> None:
    before = EXAMPLE.read_text()
    after = fill_in(before, "http://127.0.0.1:8000", "http://127.0.0.1:8000/integration/x/", "aw_key")
    changed = [
        line for line, other in zip(before.splitlines(), after.splitlines(), strict=True) if line != other
    ]
    assert [line.strip().split(" ")[0] for line in changed] == [
        "#",
        "integration_webhook",
        "api_token",
        "alert_status_response",
        "incident_response",
    ]


def fill_in(script: str, url: str, webhook: str, key: str) -> str:
    for host in HOSTS:
        script = script.replace(host, url)
    return script.replace("<PASTE WEBHOOK URL>", webhook).replace("<PASTE API TOKEN>", key)


def set_up(running: RunningAfterword) -> dict[str, str]:
    environment = running.environment | {"DJANGO_SETTINGS_MODULE": "afterword.config.settings"}
    made = subprocess.run(
        [sys.executable, "-c", SET_UP],
        env=environment,
        capture_output=True,
        text=True,
        timeout=SCRIPT_SECONDS_MAX,
    )
    assert made.returncode == 0, made.stderr
    found: dict[str, str] = json.loads(made.stdout)
    return found
