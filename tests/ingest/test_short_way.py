"""The short way for signals on a real connection: the same answers, in the same order, as the long one."""

from __future__ import annotations

import json
import re
import socket
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from uvicorn.protocols.http import httptools_impl

from afterword.ingest import protocol
from afterword.ingest.acceptance import Acceptance
from afterword.ingest.inbox import Inbox
from afterword.ingest.keys import Keys
from afterword.ingest.metrics import Counts
from tests.ingest.installs import Install

pytestmark = [pytest.mark.server, pytest.mark.once]

READ_SECONDS_MAX = 20.0
GREEDY_BYTES_MAX = 100_000_000
BODY = b'{"message": "Disk full"}'
NOWHERE = "/api/alert/status/x"
BAD_BODY = b'{"message": ""}'


@dataclass
class Answer:
    status: int
    head: str
    body: bytes


class Caller:
    """A connection on which bytes are sent as the test wants them."""

    def __init__(self, install: Install) -> None:
        self.install = install
        self.socket = socket.create_connection(("127.0.0.1", install.port), timeout=READ_SECONDS_MAX)
        # Each `send` of a test shall reach the server as a piece of its own.
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self.socket.makefile("rb")

    def request(self, body: bytes = BODY, *headers: str, path: str = "", method: str = "POST") -> bytes:
        head = [f"{method} {path or self.install.webhook_path} HTTP/1.1", "Host: localhost", *headers]
        if not any("ransfer-" in header for header in headers):
            head.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*head, "", ""]).encode() + body

    def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.socket.sendall(piece)
            time.sleep(0.02 if len(pieces) > 1 else 0)

    def read(self) -> Answer:
        lines = []
        while (line := self._file.readline()) not in (b"\r\n", b""):
            lines.append(line.decode().strip())
        head = "\n".join(lines)
        length = re.search(r"content-length: (\d+)", head)
        assert length is not None, head
        return Answer(int(head.split()[1]), head, self._file.read(int(length[1])))

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def is_closed(self) -> bool:
        return self._file.read(1) == b""


@pytest.fixture
def caller(install: Install) -> Iterator[Caller]:
    made = Caller(install)
    yield made
    made.close()


def test_this_uvicorn_has_what_the_short_way_leans_on(monkeypatch: pytest.MonkeyPatch) -> None:
    known = httptools_impl.HttpToolsProtocol
    assert vars(known).keys() >= protocol.LEANS_ON
    assert {*known.__init__.__code__.co_names, *known.on_url.__code__.co_names} >= {
        *("cycle", "expect_100_continue", "flow", "headers", "limit_concurrency", "parser", "pipeline"),
        *("server_state", "timeout_keep_alive", "timeout_keep_alive_task", "transport", "url"),
    }


def test_another_uvicorn_takes_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    acceptance = Acceptance(keys=Keys(fail), inbox=Inbox(make_store=fail, waiting_max=1), counts=Counts())
    assert protocol.protocol_of(acceptance, 1) is not httptools_impl.HttpToolsProtocol
    monkeypatch.setattr(protocol, "LEANS_ON", {*protocol.LEANS_ON, "what_it_never_had"})
    assert protocol.protocol_of(acceptance, 1) is httptools_impl.HttpToolsProtocol


def fail() -> Any:
    raise AssertionError


def test_the_answer_has_the_headers_of_every_other(caller: Caller) -> None:
    caller.send(caller.request())
    answer = caller.read()
    assert answer.status == 200
    assert answer.head.startswith("HTTP/1.1 200 OK\n")
    assert "\ndate: " in answer.head
    assert "\ncontent-type: application/json\n" in answer.head
    assert uuid.UUID(json.loads(answer.body)["trace_id"]).version == 7


def test_a_request_in_pieces_takes_the_long_way_to_the_same_answer(caller: Caller) -> None:
    sent = caller.request()
    for cut in (5, 60, len(sent) - len(BODY), len(sent) - 5):
        caller.send(sent[:cut], sent[cut:])
        assert caller.read().status == 200
    caller.send(*(sent[start : start + 40] for start in range(0, len(sent), 40)))
    assert caller.read().status == 200


def test_a_body_in_chunks_is_put_together(caller: Caller) -> None:
    chunked = b"8\r\n" + BODY[:8] + b"\r\n10\r\n" + BODY[8:] + b"\r\n0\r\n\r\n"
    for pieces in ((chunked,), (chunked[:13], chunked[13:])):
        first, *rest = pieces
        caller.send(caller.request(first, "Transfer-Encoding: chunked"), *rest)
        assert caller.read().status == 200


def test_requests_sent_at_once_are_answered_in_their_order(caller: Caller) -> None:
    bodies = [BODY, BAD_BODY, BODY, BODY, BAD_BODY, BODY]
    caller.send(
        b"".join(caller.request(body) for body in bodies) + caller.request(b"", path=NOWHERE, method="GET")
    )
    assert [caller.read().status for _ in bodies] == [200, 400, 200, 200, 400, 200]
    assert caller.read().status == 404


def test_other_requests_and_signals_share_a_connection(caller: Caller) -> None:
    for _ in range(3):
        caller.send(caller.request(b"", path=NOWHERE, method="GET"))
        assert caller.read().status == 404
        caller.send(caller.request())
        assert b"trace_id" in caller.read().body


@pytest.mark.parametrize(
    ("headers", "method", "query", "status"),
    [
        ((), "POST", "?a=b", 200),
        ((), "GET", "", 405),
        (("Connection: keep-alive", "Content-Type: text/plain"), "POST", "", 200),
    ],
)
def test_the_unusual_is_answered_too(
    caller: Caller, headers: tuple[str, ...], method: str, query: str, status: int
) -> None:
    caller.send(caller.request(BODY, *headers, path=caller.install.webhook_path + query, method=method))
    assert caller.read().status == status


def test_an_escaped_address_is_the_same_address(caller: Caller) -> None:
    caller.send(caller.request(path=caller.install.webhook_path.replace("generic", "%67eneric")))
    assert caller.read().status == 200


def test_a_sender_who_asks_first_is_told_to_go_on(caller: Caller) -> None:
    sent = caller.request(BODY, "Expect: 100-continue")
    caller.send(sent.removesuffix(BODY))
    assert caller.socket.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
    caller.send(BODY)
    assert caller.read().status == 200


def test_a_sender_who_wants_the_connection_closed_gets_it_closed(caller: Caller) -> None:
    caller.send(caller.request(BODY, "Connection: close"))
    assert caller.read().status == 200
    assert caller.is_closed()


def test_the_old_version_of_http_is_understood(caller: Caller) -> None:
    caller.send(caller.request().replace(b"HTTP/1.1", b"HTTP/1.0"))
    assert caller.read().status == 200
    assert caller.is_closed()


def test_what_is_no_http_is_refused_and_harms_nobody(caller: Caller, install: Install) -> None:
    caller.send(caller.request()[:-3] + b"\x00\x01 HTTP/9\r\n\r\n" * 3)
    assert caller.read().status in (200, 400)
    assert install.send(message="Still here")


def test_a_sender_who_leaves_before_the_answer_does_no_harm(install: Install) -> None:
    for _ in range(20):
        leaving = Caller(install)
        leaving.send(leaving.request())
        leaving.close()
    assert install.send(message="Still here")


def test_a_body_at_the_limit_of_one_piece_is_still_too_large(caller: Caller) -> None:
    body = b'{"message": "' + b"x" * 600_000 + b'"}'
    caller.send(caller.request(body))
    assert caller.read().status == 413


def test_a_sender_who_reads_no_answers_is_not_read_either(install: Install, caller: Caller) -> None:
    """Or the answers would pile up in memory."""
    greedy = caller
    greedy.socket.setblocking(False)
    request = greedy.request()
    requests, sent, quiet_since = request * 1000, 0, time.monotonic()
    while time.monotonic() - quiet_since < 1:
        try:
            sent += greedy.socket.send(requests[sent % len(request) :])
            quiet_since = time.monotonic()
        except BlockingIOError:
            time.sleep(0.01)
        assert sent < GREEDY_BYTES_MAX
    caller.close()
    assert install.send(message="Still here")
