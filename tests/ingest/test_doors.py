"""The paths of other vendors: their senders change the host and the key, and get their vendor's answers."""

from __future__ import annotations

import pytest
import requests

from afterword.ingest.doors import DOORS, PREFIXES, door_of
from tests.ingest.installs import Install
from tests.ingest.signals import SAMPLE

ODD_HEADERS = {b"authorization": b"\xff\xfe GenieKey", b"content-type": b""}
ODD_BODIES = [b"", b"\xff", b"[]", b'"x"', b'{"routing_key": 5}', b'{"routing_key": ' + b"[" * 10_000]


@pytest.mark.server
def test_zendutys_own_client_sends_its_events_here(install: Install) -> None:
    for slash in ("/", ""):
        answer = requests.post(f"{install.url}/api/events/{install.key}{slash}", json=SAMPLE)
        assert answer.status_code == 200
        status = install.wait_for_status(answer.json()["trace_id"])
        assert status["status"] == "completed"
        assert status["integration"] == {"name": "Generic"}


@pytest.mark.server
def test_a_key_may_be_written_without_hyphens_and_in_capitals(install: Install) -> None:
    for key in (install.key.replace("-", ""), install.key.upper()):
        assert requests.post(f"{install.url}/api/events/{key}/", json=SAMPLE).status_code == 200


@pytest.mark.server
@pytest.mark.parametrize("key", ["", "x", "0f2b7c0e-6f0e-4c53-9d8a-3a1f0f6a9d11", "%00", "a/b"])
def test_an_unknown_key_is_not_found(install: Install, key: str) -> None:
    answer = requests.post(f"{install.url}/api/events/{key}/", json=SAMPLE)
    assert answer.status_code == 404
    assert "message" in answer.json()


@pytest.mark.server
def test_a_key_of_another_kind_is_not_found(install: Install) -> None:
    made = install.run(
        """
        from afterword.catalog.models import Integration
        made = Integration.objects.create(service=service, name="GitHub", kind="github")
        result = str(made.key)
        """
    )
    assert requests.post(f"{install.url}/api/events/{made}/", json=SAMPLE).status_code == 404


@pytest.mark.server
@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_door_refuses_strangers_and_other_methods_in_json(install: Install, prefix: str) -> None:
    for method in ("GET", "POST"):
        answer = requests.request(method, f"{install.url}{prefix}", data=b"{}")
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()


@pytest.mark.pure
def test_no_two_doors_want_the_same_path() -> None:
    for one in PREFIXES:
        assert [other for other in PREFIXES if other.startswith(one)] == [one]
        assert door_of(one) is not None


@pytest.mark.pure
@pytest.mark.parametrize("body", ODD_BODIES)
def test_looking_for_a_key_never_fails(body: bytes) -> None:
    for door in DOORS:
        for query in (b"", b"token", b"token=%ff&token=", b"\xff=" + b"&" * 1000):
            found = door.find_key(door.prefixes[0] + "\udcff", query, ODD_HEADERS, body)
            assert found is None or all(isinstance(part, str) for part in found)
