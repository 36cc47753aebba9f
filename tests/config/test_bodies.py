"""What a request may carry to the pages and the API, before anyone is asked who they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from afterword.config.bodies import REQUEST_BODY_BYTES_MAX, bound_bodies

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
