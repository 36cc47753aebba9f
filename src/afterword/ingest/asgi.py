"""The way in: a raw ASGI application that checks a signal, stores it and answers.

`POST /integration/{org}/{kind}/{key}/` and the doors of other vendors take signals,
`GET /api/alert/status/{trace_id}/` tells what became of one. Nothing else runs on this way: no middleware,
no session, no query before the row is written.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection

from afterword.ingest import reads
from afterword.ingest.doors import door_of
from afterword.ingest.fold import FoldBetweenBatches
from afterword.ingest.formats import FORMATS, BadSignal, Format, SignalRequest, format_of, generic
from afterword.ingest.inbox import Inbox, InboxEntry, InboxFull
from afterword.ingest.keys import Keys, TableAway, remember
from afterword.ingest.rates import Rates
from afterword.ingest.reads import partition_of
from afterword.ingest.stores import make_store
from afterword.ingest.trace_ids import TraceIds
from afterword.lib import clock

Scope = Mapping[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]
Result = TypeVar("Result")

INTEGRATION_PREFIX = "/integration/"
STATUS_PREFIX = "/api/alert/status/"

BODY_SECONDS_MAX = 15.0
"""A body that has not come by then is answered with 408, however slowly it still drips."""
DISCARDED_BYTES_MAX = 16 * 1024 * 1024
"""So much of a body that is too large is read and dropped, so that its sender gets to read the answer."""
RETRY_AFTER_SECONDS = 1

JSON_TYPE = (b"content-type", b"application/json")
ALLOW_POST = (b"allow", b"POST")
ALLOW_GET = (b"allow", b"GET, HEAD")
CLOSE = (b"connection", b"close")
UNKNOWN_KEY = "The integration key is unknown, or the integration is disabled."
NO_ERRORS: Mapping[str, str] = {}
STATUS_ANSWERS = FORMATS[generic.KIND]

logger = logging.getLogger(__name__)


class BodyTooLarge(ValueError):
    """More bytes than a body may have."""


class SenderLeft(ConnectionError):
    """The connection was closed before the body was there."""


class IngestApplication:
    """Signals in and their status out. `start` and `drain` belong into the server's lifespan."""

    def __init__(self, *, body_bytes_max: int, waiting_max: int) -> None:
        self._body_bytes_max = body_bytes_max
        self._trace_ids = TraceIds()
        self._patience = Patience()
        self._rates = Rates(time.monotonic)
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ingest-reads")
        self._keys = remember(Keys(lambda: self._query(reads.read_key_table)))
        # On SQLite the thread that writes also folds; elsewhere the worker does.
        self._inbox = Inbox(
            make_store=make_store,
            waiting_max=waiting_max,
            side_work=FoldBetweenBatches() if connection.vendor == "sqlite" else None,
        )

    def start(self) -> None:
        """Begin to take signals, in the running event loop."""
        self._patience.start()
        self._inbox.start()

    async def drain(self) -> None:
        """Take no more and store what was taken."""
        await self._inbox.drain()
        self._patience.stop()
        self._reader.submit(connection.close)
        self._reader.shutdown(wait=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path.startswith(STATUS_PREFIX):
            await self._tell_status(path, scope["method"], send)
        else:
            await self._take_signal(scope, receive, send)

    async def _take_signal(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        door = None if path.startswith(INTEGRATION_PREFIX) else door_of(path)
        answers: Format = FORMATS[generic.KIND if door is None else door.kind]
        try:
            integration = await self._keys.find(path) if door is None else None
            if integration is None and door is None:
                return await _refuse(send, answers, 404, UNKNOWN_KEY)
            if integration is not None:
                answers = format_of(integration.kind, is_mapped=integration.is_mapped) or answers
            if scope["method"] != "POST":
                return await _refuse(send, answers, 405, "Send alerts with POST.", headers=[ALLOW_POST])
            with self._patience:
                body = await _read_body(receive, self._body_bytes_max)
            headers = dict(scope["headers"])
            if door is not None:
                found = door.find_key(path, scope["query_string"], headers, body)
                integration = await self._keys.find_key(*found) if found else None
                if integration is None:
                    return await _refuse(send, answers, door.unknown_key_status, UNKNOWN_KEY)
                answers = format_of(integration.kind, is_mapped=integration.is_mapped) or answers
        except TableAway:
            return await _refuse_for_now(send, answers, "The database does not answer.")
        except SenderLeft:
            return None
        except BodyTooLarge:
            text = f"A body may have at most {self._body_bytes_max} bytes."
            return await _refuse(send, answers, 413, text, headers=[CLOSE])
        except TimeoutError:
            text = f"The body did not come within {BODY_SECONDS_MAX:g} seconds."
            return await _refuse(send, answers, 408, text, headers=[CLOSE])
        assert integration is not None
        request = SignalRequest(path, scope["query_string"], headers, body, integration)
        return await self._take_request(request, answers, send)

    async def _take_request(self, request: SignalRequest, answers: Format, send: Send) -> None:
        integration = request.integration
        limit = integration.per_minute_max
        if limit and (seconds := self._rates.wait_seconds(integration.pk, limit)):
            text = f"This integration takes {limit} alerts a minute. Please send it again later."
            return await _refuse(send, answers, 429, text, headers=[_retry_after(seconds)])
        try:
            signals = answers.check(request)
        except BadSignal as error:
            return await _refuse(send, answers, error.status, error.message, errors=error.errors)
        at = clock.now()
        trace_ids, entries = [], []
        for text, entity_id in signals:
            trace_id = self._trace_ids.new()
            trace_ids.append(trace_id)
            entity_id = entity_id or trace_id
            partition = integration.partition
            if partition is None:
                partition = partition_of(entity_id)
            entries.append(InboxEntry(trace_id, integration.pk, partition, entity_id, text, at))
        if entries:
            try:
                stored = self._inbox.put(entries)
            except InboxFull:
                return await _refuse_for_now(send, answers, "Too many alerts wait to be stored.")
            if limit:
                self._rates.take(integration.pk, limit, len(entries))
            if not await stored:
                return await _refuse_for_now(send, answers, "The alert could not be stored.")
        status, content = answers.accepted(signals, trace_ids)
        return await _answer(send, status, content)

    async def _tell_status(self, path: str, method: str, send: Send) -> None:
        if method not in ("GET", "HEAD"):
            text = "Ask for the status with GET."
            return await _refuse(send, STATUS_ANSWERS, 405, text, headers=[ALLOW_GET])
        trace_id = _parse_uuid(path.removeprefix(STATUS_PREFIX).removesuffix("/"))
        try:
            status = (
                await self._query(lambda: reads.read_status(trace_id, at=clock.now())) if trace_id else None
            )
        except (OperationalError, InterfaceError) as error:
            logger.warning("A status cannot be read: %s", error)
            return await _refuse_for_now(send, STATUS_ANSWERS, "The database does not answer.")
        if status is None:
            text = f"No alert with this trace id was accepted in the last {reads.STATUS_MINUTES_MAX} minutes."
            return await _refuse(send, STATUS_ANSWERS, 404, text)
        return await _answer(send, 200, json.dumps(status, ensure_ascii=False).encode())

    async def _query(self, read: Callable[[], Result]) -> Result:
        """Run a read in the thread kept for them: the event loop must not wait for a database."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, _read_safely, read)


class Patience:
    """A time limit for what is awaited within `with`: raises TimeoutError after `BODY_SECONDS_MAX`.

    `asyncio.timeout` sets a timer for each request, and costs more than all of our reading and checking;
    here one timer looks for those who are late.
    """

    def __init__(self) -> None:
        self._since: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin to look, in the running event loop."""
        self._look(asyncio.get_running_loop())

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def __enter__(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._since[task] = time.monotonic()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        task = asyncio.current_task()
        assert task is not None
        del self._since[task]
        if task in self._late:
            self._late.discard(task)
            if task.uncancel() == 0 and kind is asyncio.CancelledError:
                raise TimeoutError

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        # Who began first stands first.
        for task, since in self._since.items():
            if time.monotonic() - since < BODY_SECONDS_MAX:
                break
            if task not in self._late:
                self._late.add(task)
                task.cancel()
        self._timer = loop.call_later(min(BODY_SECONDS_MAX / 5, 1.0), self._look, loop)


def _read_safely(read: Callable[[], Result]) -> Result:
    connection.close_if_unusable_or_obsolete()
    try:
        return read()
    except (OperationalError, InterfaceError):
        connection.close()
        raise


async def _read_body(receive: Receive, bytes_max: int) -> bytes:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise SenderLeft
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > bytes_max:
            raise BodyTooLarge
        return body
    parts, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise SenderLeft
        part: bytes = message.get("body", b"")
        size += len(part)
        if size <= bytes_max:
            parts.append(part)
        elif size > bytes_max + DISCARDED_BYTES_MAX:
            raise BodyTooLarge
        else:
            parts.clear()
    if size > bytes_max:
        raise BodyTooLarge
    return b"".join(parts)


def _parse_uuid(text: str) -> uuid.UUID | None:
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return None
    return parsed if text.lower() in (str(parsed), parsed.hex) else None


async def _refuse_for_now(send: Send, answers: Format, text: str) -> None:
    headers = [_retry_after(RETRY_AFTER_SECONDS)]
    await _refuse(send, answers, 503, f"{text} Please send it again.", headers=headers)


def _retry_after(seconds: int) -> Header:
    return b"retry-after", str(seconds).encode()


async def _refuse(
    send: Send,
    answers: Format,
    status: int,
    text: str,
    *,
    errors: Mapping[str, str] = NO_ERRORS,
    headers: Sequence[Header] = (),
) -> None:
    await _answer(send, status, answers.refused(status, text, errors), headers)


async def _answer(send: Send, status: int, content: bytes, headers: Sequence[Header] = ()) -> None:
    length = (b"content-length", b"%d" % len(content))
    await send({"type": "http.response.start", "status": status, "headers": [JSON_TYPE, length, *headers]})
    await send({"type": "http.response.body", "body": content})
