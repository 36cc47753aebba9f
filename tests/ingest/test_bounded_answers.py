"""Bodies that would hurt a careless server: an answer soon, and the next alert is taken."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator

import pytest
import requests

from tests.ingest.installs import Install, running_install

pytestmark = [pytest.mark.server, pytest.mark.once]

BODY_BYTES_MAX = 16 * 1024 * 1024
ANSWER_SECONDS_MAX = 20.0
"""On a machine that runs other tests at the same time; alone it takes less than one."""
DEEP = "[" * 10_000 + "]" * 10_000


def _keys(count: int) -> bytes:
    return b"{" + ",".join(f'"{number:x}":0' for number in range(count)).encode() + b"}"


MANY_KEYS = _keys(50_000)
BODIES = {
    "many keys": (b'{"message": "m", "payload": ' + MANY_KEYS + b"}", {200}),
    "many keys of our own": (MANY_KEYS, {400}),
    "10,000 levels": (f'{{"message": "m", "payload": {DEEP}}}'.encode(), {400}),
    "10,000 levels elsewhere": (f'{{"message": "m", "other": {DEEP}}}'.encode(), {400}),
    "10,000 levels for stakeholders": (f'{{"message": "m", "stakeholders": {DEEP}}}'.encode(), {400}),
    "no UTF-8": (b'{"message": "\xff\xfe"}', {400}),
    "half a character": (b'{"message": "m", "payload": "\xe2\x82"}', {400}),
    "a NUL byte": (b'{"message": "a\x00b"}', {400}),
    "a NUL as an escape": (b'{"message": "a\\u0000b", "entity_id": "\\u0000"}', {200}),
    "an infinite number": (b'{"message": "m", "payload": 1e999}', {400}),
    "a number with 100,000 digits": (b'{"message": "m", "payload": ' + b"9" * 100_000 + b"}", {400}),
    "a long text": (b'{"message": "' + b"x" * (BODY_BYTES_MAX - 100) + b'"}', {200}),
    "too much": (b'{"message": "' + b"x" * (BODY_BYTES_MAX + 1) + b'"}', {413}),
    "spaces": (b" " * (BODY_BYTES_MAX - 1), {400}),
    "nothing": (b"", {400}),
}

LARGE = {"a long text", "too much", "spaces"}


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    folder = tmp_path_factory.mktemp("install")
    with running_install(folder, signal_body_bytes_max=str(BODY_BYTES_MAX)) as running:
        yield running


@pytest.fixture(scope="module")
def addresses(install: Install) -> dict[str, str]:
    """Of one integration of every kind that takes JSON."""
    keys = install.run(
        """
        from afterword.catalog.models import Integration, IntegrationKind
        kinds = [kind for kind in IntegrationKind.values if kind != "email"]
        made = {
            kind: Integration.objects.create(service=service, name=f"Hostile {kind}", kind=kind)
            for kind in kinds
        }
        result = {kind: str(one.key) for kind, one in made.items()}
        """
    )
    base = install.webhook_url.partition("/generic/")[0]
    return {kind: f"{base}/{kind}/{key}/" for kind, key in keys.items()}


def test_a_million_keys_are_taken_or_refused_as_soon(install: Install) -> None:
    keys = _keys(1_000_000)
    for body, status in ((b'{"message": "m", "payload": ' + keys + b"}", 200), (keys, 400)):
        assert requests.post(install.webhook_url, data=body, timeout=ANSWER_SECONDS_MAX).status_code == status
    assert install.wait_for_status(install.send(message="Next"))["status"] == "completed"


@pytest.mark.parametrize("name", BODIES)
def test_the_answer_comes_soon_and_the_next_alert_is_taken(install: Install, name: str) -> None:
    body, statuses = BODIES[name]
    answer = requests.post(install.webhook_url, data=body, timeout=ANSWER_SECONDS_MAX)
    assert answer.status_code in statuses
    assert len(answer.content) < 1_000
    if answer.status_code == 200:
        status = install.wait_for_status(answer.json()["trace_id"])
        assert status["status"] == "completed"
    assert install.wait_for_status(install.send(message="Next"))["status"] == "completed"


def test_no_kind_of_integration_takes_them_badly(install: Install, addresses: dict[str, str]) -> None:
    for kind, address in addresses.items():
        for name in BODIES.keys() - LARGE:
            body = BODIES[name][0]
            answer = requests.post(address, data=body, timeout=ANSWER_SECONDS_MAX)
            assert answer.status_code < 500, (kind, name, answer.text[:200])
            assert len(answer.content) < 2_000, (kind, name)
            assert json.loads(answer.content), (kind, name)
    assert install.send(message="Next")


def test_a_body_that_never_ends_is_given_up(install: Install) -> None:
    with socket.create_connection(("127.0.0.1", install.port), timeout=ANSWER_SECONDS_MAX) as caller:
        head = (
            f"POST {install.webhook_path} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        caller.sendall(head.encode())
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        sent, answer = 0, b""
        caller.setblocking(False)
        deadline = time.monotonic() + ANSWER_SECONDS_MAX
        while not answer and time.monotonic() < deadline:
            try:
                sent += caller.send(chunk[sent % len(chunk) :])
            except BlockingIOError:
                time.sleep(0.01)
            except OSError:
                pass
            try:
                answer = caller.recv(4_096)
            except BlockingIOError:
                continue
        assert answer.startswith(b"HTTP/1.1 413 ")
        assert sent < 4 * BODY_BYTES_MAX
    assert install.send(message="Next")


def test_a_sender_who_stops_in_the_middle_keeps_nobody_from_sending(install: Install) -> None:
    idle = []
    for _ in range(100):
        caller = socket.create_connection(("127.0.0.1", install.port))
        head = f"POST {install.webhook_path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n"
        caller.sendall(head.encode() + b'{"message"')
        idle.append(caller)
    assert install.send(message="Next")
    for caller in idle:
        caller.close()
