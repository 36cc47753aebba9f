"""An end to what a request may carry, before Django keeps it.

Django writes the whole body of every request into a temporary file before it looks at the address or at
who asks, and has no limit there: `DATA_UPLOAD_MAX_MEMORY_SIZE` counts later, and leaves files out. Nor has
anything but this a limit for the time that a body takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from afterword.incidents.timeline.uploads import CUT

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

REQUEST_BODY_BYTES_MAX = 16 * 1024 * 1024
"""Room for the largest picture that a document takes, and for every form with all that it may hold."""

THROWN_AWAY_BYTES_MAX = 1024 * 1024 * 1024
"""Of a form with a file that is far too large: a browser shows an answer only when all of it was taken."""

BODY_SECONDS_MAX = 60.0
BODY_BYTES_PER_SECOND_MIN = 32 * 1024
"""A body may take longer while it comes at this speed at least: a large picture over a poor line."""

LEFT: Message = {"type": "http.disconnect"}
"""To Django the sender has left: it drops what it has and answers nothing."""
TOO_LARGE = f"A request may have at most {REQUEST_BODY_BYTES_MAX // (1024 * 1024)} MB.\n"
TOO_SLOW = "This request took too long to arrive. Please try again.\n"


def bound_bodies(
    application: Application, *, takes_uploads: Callable[[str], bool] = lambda path: False
) -> Application:
    """The application, with 413 for a request whose body is announced or turns out to be too large.

    A body that does not come in time is answered with 408.

    Where `takes_uploads` says so of an address, a form with a file gets its answer from the application, so
    that nothing that was typed is lost: what is too much is thrown away as it comes, and `CUT` is set in the
    scope.
    """

    async def bounded(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        in_time = InTime(receive)
        if _is_form_with_files(scope) and takes_uploads(scope["path"]):
            await application(scope, _cut_off(scope, in_time.receive), send)
            if in_time.is_late:
                await _refuse(send, 408, TOO_SLOW)
            return
        if _announced_bytes(scope) > REQUEST_BODY_BYTES_MAX:
            await _refuse(send, 413, TOO_LARGE)
            return
        received, is_too_large = 0, False

        async def count() -> Message:
            nonlocal received, is_too_large
            message = await in_time.receive()
            received += len(message.get("body", b""))
            if received > REQUEST_BODY_BYTES_MAX:
                is_too_large = True
                return LEFT
            return message

        await application(scope, count, send)
        if is_too_large:
            await _refuse(send, 413, TOO_LARGE)
        elif in_time.is_late:
            await _refuse(send, 408, TOO_SLOW)

    return bounded


class InTime:
    """Lets a body through that comes in time; of one that does not, its sender is said to have left."""

    def __init__(self, receive: Receive) -> None:
        self.is_late = False
        self._receive = receive
        self._is_whole = False
        self._received = 0
        self._began_at = asyncio.get_running_loop().time()

    async def receive(self) -> Message:
        if self._is_whole:
            # Now the application waits for the sender to leave, however long its answer takes.
            return await self._receive()
        more_seconds = min(self._received, REQUEST_BODY_BYTES_MAX) / BODY_BYTES_PER_SECOND_MIN
        try:
            async with asyncio.timeout_at(self._began_at + BODY_SECONDS_MAX + more_seconds):
                message = await self._receive()
        except TimeoutError:
            self.is_late = True
            return LEFT
        self._received += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        return message


def _is_form_with_files(scope: Mapping[str, Any]) -> bool:
    if scope["type"] != "http" or _announced_bytes(scope) > THROWN_AWAY_BYTES_MAX:
        return False
    return bool(dict(scope["headers"]).get(b"content-type", b"").startswith(b"multipart/form-data"))


def _cut_off(scope: dict[str, Any], receive: Receive) -> Receive:
    received = 0

    async def take() -> Message:
        nonlocal received
        while True:
            message = await receive()
            body = message.get("body", b"")
            room = max(REQUEST_BODY_BYTES_MAX - received, 0)
            received += len(body)
            if received <= REQUEST_BODY_BYTES_MAX:
                return message
            scope[CUT] = True
            if received > THROWN_AWAY_BYTES_MAX:
                return LEFT
            if room or not message.get("more_body", False):
                return {**message, "body": body[:room]}

    return take


def _announced_bytes(scope: Mapping[str, Any]) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else 0


async def _refuse(send: Send, status: int, text: str) -> None:
    content = text.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(content)).encode()),
        (b"x-content-type-options", b"nosniff"),
        # The rest of the body is not waited for.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
