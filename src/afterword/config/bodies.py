"""An end to what a request may carry, before Django keeps it.

Django writes the whole body of every request into a temporary file before it looks at the address or at
who asks, and has no limit there: `DATA_UPLOAD_MAX_MEMORY_SIZE` counts later, and leaves files out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

REQUEST_BODY_BYTES_MAX = 16 * 1024 * 1024
"""Room for the largest picture that a document takes, and for every form with all that it may hold."""

ANSWER = f"A request may have at most {REQUEST_BODY_BYTES_MAX // (1024 * 1024)} MB.\n".encode()


def bound_bodies(application: Application) -> Application:
    """The application, with 413 for a request whose body is announced or turns out to be too large."""

    async def bounded(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if _announced_bytes(scope) > REQUEST_BODY_BYTES_MAX:
            await _refuse(send)
            return
        received, is_too_large = 0, False

        async def count() -> Message:
            nonlocal received, is_too_large
            message = await receive()
            received += len(message.get("body", b""))
            if received > REQUEST_BODY_BYTES_MAX:
                # To Django the sender has left: it drops what it has and answers nothing.
                is_too_large = True
                return {"type": "http.disconnect"}
            return message

        await application(scope, count, send)
        if is_too_large:
            await _refuse(send)

    return bounded


def _announced_bytes(scope: Mapping[str, Any]) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else 0


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(ANSWER)).encode()),
        (b"x-content-type-options", b"nosniff"),
        # The rest of the body is not waited for.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": ANSWER})
