"""Heads of requests: an end to their size, and a wish for another protocol that harms nobody."""

from __future__ import annotations

import asyncio
import contextlib
import re

import pytest

from afterword.ingest.protocol import HEAD_BYTES_MAX
from tests.ingest.test_slow_connections import (
    BODY,
    HEAD,
    KEEP_ALIVE_SECONDS,
    Connect,
    read_answer,
    seconds_until_closed,
    with_server,
)

pytestmark = pytest.mark.pure

GOOD = HEAD + BODY
ELSEWHERE = b"GET /integration/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
ENDLESS_BYTES = 100 * HEAD_BYTES_MAX
CHUNKED = HEAD.replace(b"Content-Length: 24", b"Transfer-Encoding: chunked")
H2C = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n"
HALF_HEADS = 300


def with_header(request: bytes, header: bytes) -> bytes:
    return request.replace(b"\r\n", b"\r\n" + header + b"\r\n", 1)


def statuses(answers: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+) ", answers)]


@pytest.mark.parametrize(
    ("beginning", "rest"),
    [
        (b"POST /", b"a"),
        (ELSEWHERE[:-2] + b"X: ", b"a"),
        (HEAD[:-2] + b"X: ", b"a"),
        (HEAD[:-2], b"X: 1\r\n"),
        (GOOD + HEAD[:-2], b"X: 1\r\n"),
        (CHUNKED + b"1\r\n{\r\n0\r\n", b"X: 1\r\n"),
        (CHUNKED + b"1;", b"a"),
    ],
    ids=["address", "header", "header of a signal", "headers", "second head", "trailers", "chunk extension"],
)
def test_a_head_without_end_is_refused_and_the_connection_closed(beginning: bytes, rest: bytes) -> None:
    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        sent = 0
        with contextlib.suppress(ConnectionError):
            writer.write(beginning)
            while sent < ENDLESS_BYTES:
                writer.write(rest * 4_000)
                sent += len(rest) * 4_000
                await writer.drain()
            writer.write_eof()
        answers = await reader.read()
        writer.close()
        assert statuses(answers)[-1] == 431
        assert b"connection: close" in answers.lower()
        assert answers.endswith(b"may have at most 65536 bytes.")
        reader, writer = await connect()
        writer.write(GOOD)
        assert statuses(await read_answer(reader)) == [200]
        writer.close()

    with_server(use)


@pytest.mark.parametrize("request_", [GOOD, ELSEWHERE], ids=["signal", "other"])
def test_a_head_is_weighed_without_its_body_and_its_neighbours(request_: bytes) -> None:
    large = with_header(request_, b"X-Padding: " + b"a" * (HEAD_BYTES_MAX * 3 // 4))
    too_large = with_header(request_, b"X-Padding: " + b"a" * (HEAD_BYTES_MAX + 1))

    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(large * 3)
        expected = 200 if request_ is GOOD else 404
        assert [statuses(await read_answer(reader)) for _ in range(3)] == [[expected]] * 3
        writer.write(too_large)
        assert statuses(await reader.read()) == [431]
        writer.close()

    with_server(use)


@pytest.mark.parametrize(
    "sent",
    [b"GET / \x00\r\n\r\n", b"CONNECT example.com:443 HTTP/1.1\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
)
def test_what_is_no_request_to_us_is_refused(sent: bytes) -> None:
    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(sent)
        assert statuses(await reader.read()) == [400]
        writer.close()

    with_server(use)


def test_many_half_heads_keep_nobody_else_from_it_and_are_let_go() -> None:
    async def use(connect: Connect) -> None:
        halves = [await connect() for _ in range(HALF_HEADS)]
        for _, half in halves:
            half.write(HEAD[:30])
        reader, writer = await connect()
        writer.write(GOOD)
        assert statuses(await read_answer(reader)) == [200]
        seconds = await asyncio.gather(*(seconds_until_closed(reader) for reader, _ in halves))
        assert max(seconds) < KEEP_ALIVE_SECONDS * 5
        for half in (writer, *(half for _, half in halves)):
            half.close()

    with_server(use)


@pytest.mark.parametrize("cut", [0, 40, len(HEAD) + len(H2C) - 10, -len(BODY), -5])
def test_a_wish_for_another_protocol_loses_no_body(cut: int) -> None:
    """As Java's HttpClient asks every server over plain http."""
    wishing = HEAD.replace(b"\r\n\r\n", b"\r\n" + H2C + b"\r\n") + BODY

    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        for piece in (wishing[:cut], wishing[cut:]):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        assert statuses(await read_answer(reader)) == [200]
        writer.write(GOOD)
        assert statuses(await read_answer(reader)) == [200]
        writer.close()

    with_server(use)


def test_wishes_for_other_protocols_are_served_in_their_order() -> None:
    wishing = HEAD.replace(b"\r\n\r\n", b"\r\n" + H2C + b"\r\n") + BODY
    asking = ELSEWHERE.replace(b"\r\n\r\n", b"\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
    chunked = CHUNKED.replace(b"\r\n\r\n", b"\r\n" + H2C + b"\r\n") + b"18\r\n" + BODY + b"\r\n0\r\n\r\n"
    ending = wishing.replace(b"Connection: ", b"Connection: close, ")

    async def use(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(GOOD + wishing + asking + wishing + chunked + GOOD + asking + ending)
        assert statuses(await reader.read()) == [200, 200, 404, 200, 200, 200, 404, 200]
        writer.close()

    with_server(use)
