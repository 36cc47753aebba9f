"""Senders that are slow, endless or too many, and a database that is away: an answer in bounded time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from afterword.ingest import asgi
from afterword.ingest.asgi import IngestApplication
from afterword.ingest.formats.generic import GenericFormat
from afterword.ingest.inbox import Inbox, InboxEntry, StoreAway
from afterword.ingest.keys import Keys, KnownIntegration

pytestmark = pytest.mark.pure

PATH = "/integration/acme/generic/6f0f4e9e-6a38-4c5e-9d0a-0f5d3c1f8b7a/"
GOOD = json.dumps({"message": "Disk full"}).encode()
Receive = Callable[[], Awaitable[dict[str, Any]]]


@dataclass
class Store:
    """A store that keeps rows in memory, or is away."""

    is_away: bool = False
    rows: list[InboxEntry] = field(default_factory=list)

    def insert(self, rows: Sequence[InboxEntry]) -> None:
        if self.is_away:
            raise StoreAway("no route to host")
        self.rows += rows

    def close(self) -> None: ...


@dataclass
class Answer:
    """What was sent back; status 0 when nothing was."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.body = json.loads(message["body"])


def post(
    receive: Receive, *, store: Store | None = None, waiting_max: int = 10, are_keys_away: bool = False
) -> Answer:
    """One request to an application whose keys and store are in memory."""

    async def run() -> Answer:
        application = IngestApplication(body_bytes_max=1_000, waiting_max=waiting_max)

        async def read_keys() -> dict[str, KnownIntegration]:
            if are_keys_away:
                raise ConnectionError
            return {PATH: KnownIntegration(1, "generic")}

        application.acceptance.keys = Keys(read_keys)
        application.acceptance.inbox = Inbox(make_store=lambda: store or Store(), waiting_max=waiting_max)
        application.start()
        answer = Answer()
        await application(
            {"type": "http", "path": PATH, "query_string": b"", "method": "POST", "headers": []},
            receive,
            answer.send,
        )
        await application.drain()
        return answer

    return asyncio.run(run())


def body(*parts: bytes, then: Callable[[], Awaitable[dict[str, Any]]] | None = None) -> Receive:
    """A sender who sends these parts and then ends, or goes on with `then`."""
    waiting = list(parts)

    async def receive() -> dict[str, Any]:
        if waiting:
            part = waiting.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(waiting) or then is not None}
        assert then is not None
        return await then()

    return receive


async def nothing_more() -> dict[str, Any]:
    await asyncio.Event().wait()
    raise AssertionError


async def goodbye() -> dict[str, Any]:
    return {"type": "http.disconnect"}


async def endless() -> dict[str, Any]:
    await asyncio.sleep(0)
    return {"type": "http.request", "body": b" " * 65_536, "more_body": True}


def test_a_good_one_is_stored() -> None:
    store = Store()
    answer = post(body(GOOD), store=store)
    assert answer.status == 200
    assert [row.trace_id for row in store.rows] == [answer.body["trace_id"]]
    assert store.rows[0].entity_id == answer.body["trace_id"]
    assert int(answer.headers[b"content-length"]) == len(json.dumps(answer.body, separators=(",", ":")))


@pytest.mark.parametrize("parts", [(), (b'{"mess',)])
def test_a_body_that_does_not_come_is_given_up(
    parts: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi, "BODY_SECONDS_MAX", 0.05)
    answer = post(body(*parts, then=nothing_more))
    assert answer.status == 408
    assert answer.headers[b"connection"] == b"close"


def test_a_body_without_end_is_given_up() -> None:
    answer = post(body(b"{", then=endless))
    assert answer.status == 413
    assert answer.headers[b"connection"] == b"close"
    assert answer.body == {"message": "A body may have at most 1000 bytes."}


def test_one_who_leaves_gets_no_answer() -> None:
    store = Store()
    assert post(body(GOOD[:5], then=goodbye), store=store).status == 0
    assert post(goodbye, store=store).status == 0
    assert store.rows == []


def test_while_the_database_is_away_the_sender_is_asked_to_come_again() -> None:
    answer = post(body(GOOD), store=Store(is_away=True))
    assert answer.status == 503
    assert answer.headers[b"retry-after"] == b"1"
    assert "again" in answer.body["message"]


def test_a_full_queue_asks_to_come_again() -> None:
    answer = post(body(GOOD), waiting_max=0)
    assert answer.status == 503
    assert answer.headers[b"retry-after"] == b"1"


def test_a_key_that_cannot_be_looked_up_is_not_called_unknown(caplog: pytest.LogCaptureFixture) -> None:
    assert post(body(GOOD), are_keys_away=True).status == 503


def test_a_fault_of_ours_is_called_one(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(self: object, request: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(GenericFormat, "check", fail)
    answer = post(body(GOOD))
    assert answer.status == 500
    assert answer.body == {"message": "This alert could not be read: the fault is ours."}
    assert "cannot be checked" in caplog.text


def test_many_bodies_on_their_way_at_once_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "RECEIVED_BYTES_MAX", 10)
    answer = post(body(GOOD[:20], GOOD[20:]))
    assert answer.status == 503
    assert answer.headers[b"retry-after"] == b"1"
    assert post(body(GOOD)).status == 200
