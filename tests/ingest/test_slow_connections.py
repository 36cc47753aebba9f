"""Connections that are slow or silent: each has an end, and one that works is kept."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
import uvicorn

from afterword.ingest import asgi
from afterword.ingest.asgi import IngestApplication
from afterword.ingest.inbox import Inbox
from afterword.ingest.keys import Keys, KnownIntegration
from tests.ingest.test_unusual_senders import PATH, Store
from tests.loops import run_unhurried

pytestmark = pytest.mark.pure

KEEP_ALIVE_SECONDS = 1
BODY_SECONDS = 0.3
TEST_SECONDS_MAX = 20.0
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 24\r\n\r\n".encode()
BODY = b'{"message": "Disk full"}'
Use = Callable[["Connect"], Awaitable[None]]
Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


def with_server(use: Use) -> None:
    """Run it against a server in this process, with short limits and a store in memory."""

    async def run() -> None:
        application = IngestApplication(body_bytes_max=1_000, waiting_max=10)

        async def read_keys() -> dict[str, KnownIntegration]:
            return {PATH: KnownIntegration(1, "generic")}

        application.acceptance.keys = Keys(read_keys)
        application.acceptance.inbox = Inbox(make_store=Store, waiting_max=10)
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config = uvicorn.Config(
            application,
            http=application.protocol(),
            lifespan="off",
            log_config=None,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        server = uvicorn.Server(config)
        application.start()
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            async with asyncio.timeout(TEST_SECONDS_MAX):
                await use(lambda: asyncio.open_connection("127.0.0.1", port))
        finally:
            server.should_exit = True
            await serving
            await application.drain()

    run_unhurried(run())


async def read_answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
    return head + await reader.readexactly(int(length.partition(b":")[2]))


async def seconds_until_closed(reader: asyncio.StreamReader) -> float:
    began = asyncio.get_running_loop().time()
    assert await reader.read() == b""
    return asyncio.get_running_loop().time() - began


@pytest.mark.parametrize("sent", [b"", HEAD[:30]])
def test_who_never_sends_a_whole_head_is_let_go(sent: bytes) -> None:
    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(sent)
        assert await seconds_until_closed(reader) >= KEEP_ALIVE_SECONDS * 0.9
        writer.close()

    with_server(use)


def test_a_head_that_drips_is_let_go_too() -> None:
    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        for start in range(1000):
            try:
                writer.write(HEAD[start % 30 : start % 30 + 1])
                await writer.drain()
            except ConnectionError:
                break
            await asyncio.sleep(0.05)
            if reader.at_eof():
                break
        assert start * 0.05 < KEEP_ALIVE_SECONDS * 5
        writer.close()

    with_server(use)


def test_a_body_that_does_not_come_is_told_and_the_connection_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "BODY_SECONDS_MAX", BODY_SECONDS)

    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(HEAD + BODY[:5])
        assert (await read_answer(reader)).startswith(b"HTTP/1.1 408 ")
        assert await seconds_until_closed(reader) < KEEP_ALIVE_SECONDS
        writer.close()

    with_server(use)


def test_a_connection_that_works_is_kept_and_then_closed_when_it_is_idle() -> None:
    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        for _ in range(6):
            writer.write(HEAD + BODY)
            assert (await read_answer(reader)).startswith(b"HTTP/1.1 200 ")
            await asyncio.sleep(KEEP_ALIVE_SECONDS / 4)
        assert KEEP_ALIVE_SECONDS / 2 < await seconds_until_closed(reader) < KEEP_ALIVE_SECONDS * 3
        writer.close()

    with_server(use)
