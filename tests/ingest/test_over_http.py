"""The way in as a sender meets it: a real server, real requests."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import requests

from tests.conftest import ON_POSTGRESQL
from tests.ingest.installs import BODY_BYTES_MAX, Install
from tests.ingest.signals import DETAILED, SAMPLE

pytestmark = pytest.mark.server


@pytest.mark.parametrize("sample", [SAMPLE, DETAILED])
def test_the_guides_payloads_go_all_the_way(install: Install, sample: dict[str, Any]) -> None:
    response = requests.post(install.webhook_url, json={**sample, "entity_id": str(uuid.uuid4())})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    answer = response.json()
    assert list(answer) == ["message", "trace_id"]
    assert answer["message"] == "success"
    status = install.wait_for_status(answer["trace_id"])
    assert set(status) == {"incident", "alert", "integration", "status", "is_incident_created", "suppressed"}
    assert status["status"] == "completed"
    assert status["is_incident_created"] is True
    assert status["integration"] == {"name": "Generic"}
    assert set(status["incident"]) == {"incident_number", "unique_id"}


def test_the_slash_at_the_end_may_be_missing(install: Install) -> None:
    assert requests.post(install.webhook_url.rstrip("/"), json=SAMPLE).status_code == 200


def test_json_is_read_whatever_the_header_calls_it(install: Install) -> None:
    body = json.dumps(SAMPLE)
    for content_type in (None, "text/plain", "application/x-www-form-urlencoded"):
        assert requests.post(install.webhook_url, data=body, headers={"Content-Type": content_type}).ok


def test_a_body_in_many_pieces_is_put_together(install: Install) -> None:
    body = json.dumps(SAMPLE).encode()
    pieces = (body[start : start + 7] for start in range(0, len(body), 7))
    assert requests.post(install.webhook_url, data=pieces).ok


def test_a_bad_body_is_told_the_field_and_the_reason(install: Install) -> None:
    response = requests.post(install.webhook_url, json={"alert_type": "urgent", "message": "m"})
    assert response.status_code == 400
    reason = "One of these is expected: critical, acknowledged, resolved, error, warning, info."
    assert response.json() == {"message": f"alert_type: {reason}", "errors": {"alert_type": reason}}


def test_a_body_over_the_limit_is_refused_and_one_at_the_limit_is_not(install: Install) -> None:
    def body(size: int) -> bytes:
        return b'{"message": "' + b"x" * (size - 15) + b'"}'

    assert len(body(BODY_BYTES_MAX)) == BODY_BYTES_MAX
    assert requests.post(install.webhook_url, data=body(BODY_BYTES_MAX)).status_code == 200
    for size in (BODY_BYTES_MAX + 1, 5_000_000):
        response = requests.post(install.webhook_url, data=body(size))
        assert response.status_code == 413
        assert str(BODY_BYTES_MAX) in response.json()["message"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_alerts_are_posted_and_nothing_else(install: Install, method: str) -> None:
    response = requests.request(method, install.webhook_url)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_an_unknown_key_an_unknown_organisation_and_another_kind_are_not_found(install: Install) -> None:
    unknown = install.webhook_url.replace(install.key, str(uuid.uuid4()))
    elsewhere = install.webhook_url.replace("acme-0a1b2c", "other")
    another_kind = install.webhook_url.replace("/generic/", "/changes/")
    for url in (
        unknown,
        elsewhere,
        another_kind,
        f"{install.url}/integration/",
        f"{install.webhook_url}more",
    ):
        response = requests.post(url, json=SAMPLE)
        assert response.status_code == 404, url
        assert "message" in response.json()


def test_a_new_key_works_at_once_and_a_disabled_one_soon_no_more(install: Install) -> None:
    made = install.run(
        """
        from afterword.catalog.models import Integration
        made = Integration.objects.create(service=service, name="Made elsewhere")
        result = str(made.key)
        """
    )
    url = install.webhook_url.replace(install.key, made)
    assert requests.post(url, json=SAMPLE).status_code == 200
    install.run(
        """
        from afterword.catalog.models import Integration
        result = Integration.objects.filter(name="Made elsewhere").update(is_enabled=False)
        """
    )
    install.wait_until(lambda: requests.post(url, json=SAMPLE).status_code == 404)


def test_the_status_of_nothing_is_not_found(install: Install) -> None:
    for trace_id in (uuid.uuid4(), "x", "", "..%2f..", f"{uuid.uuid4()}0"):
        response = requests.get(f"{install.url}/api/alert/status/{trace_id}/")
        assert response.status_code == 404, trace_id
    assert requests.post(f"{install.url}/api/alert/status/{uuid.uuid4()}/").status_code == 405


def test_an_alert_without_an_entity_gets_one(install: Install) -> None:
    numbers = set()
    for _ in range(2):
        trace_id = install.send(message="Disk full", alert_type="error")
        numbers.add(install.wait_for_status(trace_id)["incident"]["incident_number"])
    assert len(numbers) == 2


def test_a_sender_who_leaves_in_the_middle_does_no_harm(install: Install) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", install.port)) as connection:
            head = f"POST {install.webhook_path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 400\r\n\r\n"
            connection.sendall(head.encode() + b'{"message"')
    assert install.send(message="Still here")


@pytest.mark.skipif(ON_POSTGRESQL, reason="only SQLite locks the whole database")
def test_while_another_program_locks_the_database_it_asks_to_come_again(install: Install) -> None:
    with closing(sqlite3.connect(install.running.data / "afterword.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        response = requests.post(install.webhook_url, json={**SAMPLE, "entity_id": "locked out"}, timeout=60)
        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"
    trace_id = install.send(message="And now", alert_type="critical", entity_id="locked out")
    # Who was told to send it again was not counted.
    assert install.wait_for_status(trace_id)["is_incident_created"] is True


def test_many_requests_on_one_connection_are_answered_in_order(install: Install) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", install.port)
    for number in range(50):
        body = json.dumps({"message": "m"}) if number % 2 else "{}"
        connection.request("POST", install.webhook_path, body)
        response = connection.getresponse()
        assert response.status == (200 if number % 2 else 400)
        response.read()
    connection.close()


def test_pages_and_the_api_are_not_in_the_way(install: Install) -> None:
    assert requests.get(f"{install.url}/healthz").status_code == 200
    assert requests.get(f"{install.url}/api/openapi.json").status_code in (200, 401)


SMALL = b'{"message": "Disk full"}'


def _compressed(body: bytes) -> bytes:
    # Without the time in its head: every process that collects the tests must give them the same names.
    return gzip.compress(body, mtime=0)


def in_chunks(body: bytes) -> Iterator[bytes]:
    yield body[:9]
    yield body[9:]


@pytest.mark.parametrize("is_long", [False, True], ids=["at once", "in chunks"])
@pytest.mark.parametrize(
    ("encoding", "body", "status"),
    [
        ("gzip", _compressed(SMALL), 200),
        ("GZIP", _compressed(SMALL), 200),
        ("identity", SMALL, 200),
        ("gzip", SMALL, 400),
        ("gzip", _compressed(SMALL)[:-9], 400),
        ("gzip", _compressed(SMALL) * 2, 400),
        ("gzip", _compressed(b" " * 10_000_000), 413),
        ("br", SMALL, 415),
        ("gzip, gzip", _compressed(_compressed(SMALL)), 415),
    ],
)
def test_a_compressed_body_is_read_up_to_the_same_size(
    install: Install, encoding: str, body: bytes, status: int, is_long: bool
) -> None:
    response = requests.post(
        install.webhook_url,
        data=in_chunks(body) if is_long else body,
        headers={"Content-Encoding": encoding},
    )
    assert response.status_code == status
    assert response.json()["message"]
    if status == 415:
        assert response.headers["accept-encoding"] == "gzip"


def test_an_address_with_two_slashes_is_not_found_in_json(install: Install) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", install.port)
    for method in ("POST", "GET"):
        connection.request(method, f"/{install.webhook_path}", SMALL)
        response = connection.getresponse()
        assert response.status == 404
        assert response.headers["content-type"] == "application/json"
        assert "slash" in json.loads(response.read())["message"]
    connection.close()
