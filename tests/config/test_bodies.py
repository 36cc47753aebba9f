"""What a request may carry to the pages and the API, before anyone is asked who they are."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
import uvicorn

from afterword.config import bodies
from afterword.config.bodies import REQUEST_BODY_BYTES_MAX, bound_bodies
from tests.loops import run_unhurried

PART = b"a" * (1024 * 1024)


class Keeper:
    """An application that keeps the whole body, as Django does, and answers unless the sender leaves."""

    def __init__(self) -> None:
        self.kept = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            self.kept += len(message["body"])
            if not message["more_body"]:
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def _send(keeper: Keeper, parts: Iterable[bytes], headers: list[tuple[bytes, bytes]]) -> list[int]:
    """The statuses that were answered. An endless sender never says that its body is over."""
    messages: Iterator[dict[str, Any]] = (
        {"type": "http.request", "body": part, "more_body": bool(part)} for part in parts
    )
    answered: list[int] = []

    async def receive() -> dict[str, Any]:
        return next(messages)

    async def send(message: Any) -> None:
        answered.extend([message["status"]] if "status" in message else [])

    async def ask() -> None:
        await bound_bodies(keeper)({"type": "http", "headers": headers}, receive, send)

    asyncio.run(ask())
    return answered


def test_a_body_within_the_limit_comes_through() -> None:
    keeper = Keeper()
    parts = [PART] * (REQUEST_BODY_BYTES_MAX // len(PART))
    assert _send(keeper, [*parts, b""], []) == [200]
    assert keeper.kept == REQUEST_BODY_BYTES_MAX


def test_a_body_that_does_not_end_is_refused_at_the_limit() -> None:
    keeper = Keeper()
    assert _send(keeper, iter(lambda: PART, None), []) == [413]
    assert keeper.kept <= REQUEST_BODY_BYTES_MAX


def test_a_body_that_announces_its_size_is_refused_unread() -> None:
    keeper = Keeper()
    headers = [(b"content-length", str(REQUEST_BODY_BYTES_MAX + 1).encode())]
    assert _send(keeper, iter(lambda: pytest.fail("it was read"), None), headers) == [413]
    assert keeper.kept == 0


def test_the_server_keeps_no_body_without_end(client: Any) -> None:
    """The pages are behind the limit: Django itself would take this body."""
    from afterword.config import asgi

    answered: list[int] = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/sign-in",
        "query_string": b"",
        "headers": [(b"content-length", b"999999999999")],
    }

    async def receive() -> dict[str, Any]:
        pytest.fail("it was read")

    async def send(message: Any) -> None:
        answered.extend([message["status"]] if "status" in message else [])

    asyncio.run(asgi.application(scope, receive, send))
    assert answered == [413]


HEAD = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
FORM = HEAD + b"Content-Type: multipart/form-data; boundary=x\r\n"
ANNOUNCED = b"Content-Length: 100\r\n\r\nemail="
CHUNK = b"1\r\na\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK
TEST_SECONDS_MAX = 20.0


def answer_over_a_socket(pieces: Iterable[bytes]) -> bytes:
    """All that a real server answers to these pieces, until it closes the connection."""

    async def run() -> bytes:
        application = bound_bodies(Keeper(), takes_uploads=lambda path: True)
        config = uvicorn.Config(application, http="httptools", lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        listener = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            async with asyncio.timeout(TEST_SECONDS_MAX):
                reader, writer = await asyncio.open_connection(*listener.getsockname())
                reading = asyncio.create_task(all_of(reader))
                for piece in pieces:
                    writer.write(piece)
                    await asyncio.wait([reading], timeout=0.02)
                    if reading.done():
                        break
                answer = await reading
                writer.close()
                return answer
        finally:
            server.should_exit = True
            await serving

    return run_unhurried(run())


async def all_of(reader: asyncio.StreamReader) -> bytes:
    """What comes until the other side closes; it resets the connection while pieces are on their way."""
    answer = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := await reader.read(65_536):
            answer += piece
    return answer


@pytest.mark.parametrize("head", [HEAD, FORM], ids=["any", "form with files"])
@pytest.mark.parametrize(
    ("beginning", "rest"), [(ANNOUNCED, ()), (CHUNKED, itertools.repeat(CHUNK))], ids=["stops", "drips"]
)
def test_a_body_that_does_not_come_in_time_is_told_and_let_go(
    head: bytes, beginning: bytes, rest: Iterable[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS_MAX", 0.2)
    answer = answer_over_a_socket(itertools.chain([head + beginning], rest))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in answer


def test_a_large_body_at_a_fair_speed_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS_MAX", 0.1)
    pieces = [CHUNK * 10_000] * 15
    end = b"Connection: close\r\n" + CHUNKED
    answer = answer_over_a_socket([HEAD + end, *pieces, b"0\r\n\r\n"])
    assert answer.startswith(b"HTTP/1.1 200 ")
