"""The way in: a raw ASGI application that checks a signal, stores it and answers.

`POST /integration/{org}/{kind}/{key}/` and the doors of other vendors take signals,
`GET /api/alert/status/{trace_id}/` tells what became of one, `GET /metrics` how all is going. Nothing else
runs on this way: no middleware, no session, no query before the row is written.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from afterword.ingest import reads
from afterword.ingest.acceptance import (
    RETRY_AFTER_SECONDS,
    Acceptance,
    Header,
    Refusal,
    come_again,
    retry_after,
)
from afterword.ingest.doors import door_of
from afterword.ingest.encodings import decode_body
from afterword.ingest.fold import FoldBetweenBatches
from afterword.ingest.formats import FORMATS, SignalRequest, format_of, generic, opsgenie
from afterword.ingest.formats.opsgenie.format import REQUESTS_PATH, request_status
from afterword.ingest.inbox import Inbox
from afterword.ingest.keys import Keys, KnownIntegration, TableAway, remember
from afterword.ingest.metrics import (
    CONTENT_TYPE,
    Counts,
    InboxState,
    Refused,
    describe_counts,
    describe_inbox,
    render,
)
from afterword.ingest.protocol import protocol_of
from afterword.ingest.stores import make_store
from afterword.lib import clock

Scope = Mapping[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Result = TypeVar("Result")

INTEGRATION_PREFIX = "/integration/"
STATUS_PREFIX = "/api/alert/status/"
METRICS_PATH = "/metrics"
SLASHES = "//"
"""Where an address of ours was put behind one that ends with a slash already."""

RECEIVED_BYTES_MAX = 256 * 1024 * 1024
"""Of all bodies that are still being sent, by however many senders."""
BODY_SECONDS_MAX = 15.0
"""A body that has not come by then is answered with 408, however slowly it still drips."""
READ_SECONDS_MAX = 5.0
"""For the keys and for a status, with those that were asked for before it."""
DISCARDED_BYTES_MAX = 16 * 1024 * 1024
"""So much of a body that is too large is read and dropped, so that its sender gets to read the answer."""
NOT_FOUND = 404

JSON_TYPE = (b"content-type", b"application/json")
TEXT_TYPE = (b"content-type", CONTENT_TYPE.encode())
ASK_FOR_TOKEN = (b"www-authenticate", b"Bearer")
ALLOW_POST = (b"allow", b"POST")
ALLOW_GET = (b"allow", b"GET, HEAD")
CLOSE = (b"connection", b"close")
METRICS_ARE_GUARDED = "Metrics are read with the API key of an administrator or AFTERWORD_METRICS_TOKEN."
TWO_SLASHES = "There is nothing at this address, which begins with two slashes: take one away."
UNKNOWN_KEY = "The integration key is unknown, or the integration is disabled."
DATABASE_AWAY = "The database does not answer. Please ask again."

logger = logging.getLogger(__name__)


class BodyTooLarge(ValueError):
    """More bytes than a body may have."""


class SenderLeft(ConnectionError):
    """The connection was closed before the body was there."""


class IngestApplication:
    """Signals in and their status out. `start` and `drain` belong into the server's lifespan."""

    def __init__(self, *, body_bytes_max: int, waiting_max: int) -> None:
        self._body_bytes_max = body_bytes_max
        self._patience = Patience()
        self._received_bytes = 0
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ingest-reads")
        counts = Counts()
        # On SQLite the thread that writes also folds; elsewhere the worker does.
        inbox = Inbox(
            make_store=make_store,
            waiting_max=waiting_max,
            side_work=FoldBetweenBatches() if connection.vendor == "sqlite" else None,
            counts=counts,
        )
        keys = remember(Keys(lambda: self._query(reads.read_key_table)))
        self.acceptance = Acceptance(keys=keys, inbox=inbox, counts=counts)

    def protocol(self) -> type[HttpToolsProtocol]:
        """For uvicorn: an HTTP protocol that takes signals by a shorter way than this application."""
        return protocol_of(self.acceptance, self._body_bytes_max)

    def start(self) -> None:
        """Begin to take signals, in the running event loop."""
        self._patience.start()
        self.acceptance.inbox.start()

    async def drain(self) -> None:
        """Take no more and store what was taken."""
        await self.acceptance.inbox.drain()
        self._patience.stop()
        self._reader.submit(connection.close)
        self._reader.shutdown(wait=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path == METRICS_PATH:
            await self._tell_metrics(scope, send)
        elif path.startswith(STATUS_PREFIX):
            await self._tell_status(path, scope["method"], send)
        elif path.startswith(REQUESTS_PATH) and scope["method"] == "GET":
            await self._tell_opsgenie(path, send)
        else:
            await self._take_signal(scope, receive, send)

    async def _take_signal(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        door = None if path.startswith(INTEGRATION_PREFIX) else door_of(path)
        form = FORMATS[generic.KIND if door is None else door.kind]
        try:
            if path.startswith(SLASHES):
                raise Refusal(Refused.KEY, NOT_FOUND, TWO_SLASHES)
            if door is None:
                integration = await self._find(self.acceptance.keys.find(path), NOT_FOUND)
                form = format_of(integration.kind, is_mapped=integration.is_mapped) or form
            if scope["method"] != "POST":
                raise Refusal(Refused.METHOD, 405, "Send alerts with POST.", headers=[ALLOW_POST])
            headers, query = dict(scope["headers"]), scope["query_string"]
            body = await self._read_body(receive)
            body = decode_body(body, headers, bytes_max=self._body_bytes_max)
            if door is not None:
                found = door.find_key(path, query, headers, body)
                finding = self.acceptance.keys.find_key(*(found or ("", "")))
                integration = await self._find(finding, door.unknown_key_status)
                form = format_of(integration.kind, is_mapped=integration.is_mapped) or form
            admission = self.acceptance.admit(SignalRequest(path, query, headers, body, integration), form)
            if admission.entries:
                stored = asyncio.get_running_loop().create_future()
                self.acceptance.hand_in(admission.entries, partial(_settle, stored))
                if not await stored:
                    raise come_again(Refused.STORE, "The alert could not be stored.")
                self.acceptance.counts.accepted += len(admission.entries)
        except SenderLeft:
            return None
        except Refusal as refusal:
            self.acceptance.counts.refused[refusal.reason] += 1
            content = form.refused(refusal.status, refusal.text, refusal.errors)
            return await _answer(send, refusal.status, content, refusal.headers)
        status, content = form.accepted(admission.signals, admission.trace_ids)
        return await _answer(send, status, content)

    async def _find(
        self, finding: Awaitable[KnownIntegration | None], unknown_key_status: int
    ) -> KnownIntegration:
        try:
            integration = await finding
        except TableAway as error:
            raise come_again(Refused.KEYS_AWAY, "The database does not answer.") from error
        if integration is None:
            raise Refusal(Refused.KEY, unknown_key_status, UNKNOWN_KEY)
        return integration

    async def _read_body(self, receive: Receive) -> bytes:
        try:
            with self._patience:
                return await self._read_parts(receive)
        except BodyTooLarge as error:
            text = f"A body may have at most {self._body_bytes_max} bytes."
            raise Refusal(Refused.SIZE, 413, text, headers=[CLOSE]) from error
        except TimeoutError as error:
            text = f"The body did not come within {BODY_SECONDS_MAX:g} seconds."
            raise Refusal(Refused.SLOW, 408, text, headers=[CLOSE]) from error

    async def _read_parts(self, receive: Receive) -> bytes:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise SenderLeft
        body: bytes = message.get("body", b"")
        size = kept = len(body)
        parts = [body]
        self._received_bytes += kept
        try:
            while message.get("more_body", False):
                if self._received_bytes > RECEIVED_BYTES_MAX:
                    raise come_again(Refused.QUEUE, "Too many bodies are being sent.")
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise SenderLeft
                part: bytes = message.get("body", b"")
                size += len(part)
                if size <= self._body_bytes_max:
                    parts.append(part)
                    kept += len(part)
                    self._received_bytes += len(part)
                elif size > self._body_bytes_max + DISCARDED_BYTES_MAX:
                    raise BodyTooLarge
                else:
                    parts.clear()
        finally:
            self._received_bytes -= kept
        if size > self._body_bytes_max:
            raise BodyTooLarge
        return b"".join(parts)

    async def _tell_status(self, path: str, method: str, send: Send) -> None:
        if method not in ("GET", "HEAD"):
            return await _answer_json(send, 405, {"message": "Ask for the status with GET."}, [ALLOW_GET])
        trace_id = _parse_uuid(path.removeprefix(STATUS_PREFIX).removesuffix("/"))
        try:
            status = (
                await self._query(lambda: reads.read_status(trace_id, at=clock.now())) if trace_id else None
            )
        except (OperationalError, InterfaceError) as error:
            logger.warning("A status cannot be read: %s", error)
            headers = [retry_after(RETRY_AFTER_SECONDS)]
            return await _answer_json(send, 503, {"message": DATABASE_AWAY}, headers)
        if status is None:
            text = f"No alert with this trace id was accepted in the last {reads.STATUS_MINUTES_MAX} minutes."
            return await _answer_json(send, 404, {"message": text})
        return await _answer_json(send, 200, status)

    async def _tell_opsgenie(self, path: str, send: Send) -> None:
        """What became of a request, in Opsgenie's words. Its id is known to its sender only."""
        request_id = path.removeprefix(REQUESTS_PATH).removesuffix("/")
        trace_id = _parse_uuid(request_id)
        try:
            processed = (
                await self._query(lambda: reads.read_opsgenie_request(trace_id, at=clock.now()))
                if trace_id
                else None
            )
        except (OperationalError, InterfaceError) as error:
            logger.warning("A request cannot be read: %s", error)
            return await _answer(send, 503, opsgenie.FORMAT.refused(503, DATABASE_AWAY, {}))
        status, content = request_status(request_id, processed)
        return await _answer(send, status, content)

    async def _tell_metrics(self, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            return await _answer_json(send, 405, {"message": "Ask for metrics with GET."}, [ALLOW_GET])
        authorization = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
        state: InboxState | None = None
        try:
            if not await self._query(lambda: reads.may_read_metrics(authorization)):
                return await _answer_json(send, 401, {"message": METRICS_ARE_GUARDED}, [ASK_FOR_TOKEN])
            state = await self._query(lambda: reads.measure_inbox(clock.now()))
        except (OperationalError, InterfaceError) as error:
            logger.warning("The inbox cannot be measured: %s", error)
            if not reads.is_metrics_token(authorization):
                headers = [retry_after(RETRY_AFTER_SECONDS)]
                return await _answer_json(send, 503, {"message": DATABASE_AWAY}, headers)
        own = describe_counts(self.acceptance.counts, waiting=self.acceptance.inbox.waiting_count)
        content = render([*own, *describe_inbox(state)]).encode()
        return await _answer(send, 200, content, content_type=TEXT_TYPE)

    async def _query(self, read: Callable[[], Result]) -> Result:
        """Run a read in the thread kept for them: the event loop must not wait for a database.

        Raises OperationalError also for a database that does not say anything.
        """
        reading = asyncio.get_running_loop().run_in_executor(self._reader, _read_safely, read)
        try:
            return await asyncio.wait_for(reading, READ_SECONDS_MAX)
        except TimeoutError as error:
            raise OperationalError(f"no answer within {READ_SECONDS_MAX:g} seconds") from error


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


def _parse_uuid(text: str) -> uuid.UUID | None:
    try:
        parsed = uuid.UUID(text)
    except ValueError:
        return None
    return parsed if text.lower() in (str(parsed), parsed.hex) else None


def _settle(future: asyncio.Future[bool], is_stored: bool) -> None:
    if not future.done():
        future.set_result(is_stored)


async def _answer_json(
    send: Send, status: int, content: dict[str, Any], headers: Sequence[Header] = ()
) -> None:
    await _answer(send, status, json.dumps(content, ensure_ascii=False).encode(), headers)


async def _answer(
    send: Send,
    status: int,
    content: bytes,
    headers: Sequence[Header] = (),
    *,
    content_type: Header = JSON_TYPE,
) -> None:
    length = (b"content-length", b"%d" % len(content))
    await send({"type": "http.response.start", "status": status, "headers": [content_type, length, *headers]})
    await send({"type": "http.response.body", "body": content})
