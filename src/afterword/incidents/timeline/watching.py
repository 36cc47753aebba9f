"""Telling open pages that their incident has changed, by server-sent events, before Django.

Django holds a thread, and with it a database connection, for as long as it streams an answer. Here a watcher
is a coroutine that sleeps. One task asks for the versions of all watched incidents together, once a second,
in the one thread that this has; it sees what other processes wrote as well, for it reads the database. An
event carries the version and nothing else: what is new the page fetches as it was first fetched, so a
stream can leak nothing. Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from io import BytesIO
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections

from afterword.accounts.models import Person
from afterword.incidents.reads import get_incident
from afterword.incidents.timeline.reads import versions_of
from afterword.lib.errors import NotFound

POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 20.0
"""Proxies close what is silent for a minute; and a browser that has gone is noticed by writing."""
RECHECK_SECONDS = 60.0
"""How long somebody who was signed out or left the team may still learn that something has changed."""
RECHECKED_AT_ONCE_MAX = 25
"""In a second; the others are next."""
WATCHERS_PER_PERSON_MAX = 20
STREAM_SECONDS_MAX = 3_600.0
"""A page that is open for longer connects anew."""
RETRY_MILLISECONDS = 3_000

logger = logging.getLogger("afterword.incidents.watching")

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Answer = TypeVar("Answer")

_ADDRESS = re.compile(r"/incidents/(\d{1,18})/events")


def is_watching(path: str) -> bool:
    """Whether this address is a stream of changes."""
    return _ADDRESS.fullmatch(path) is not None


@dataclass(frozen=True)
class Admission:
    """Who may watch what, and which version it has now."""

    person: int
    incident: int
    version: int


@dataclass(eq=False)
class _Watcher:
    scope: Scope
    admission: Admission
    version: int
    checked_at: float
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    is_over: bool = False


class WatchApplication:
    """The ASGI application of `/incidents/{number}/events`.

    204 tells a browser not to come again: not signed in, not theirs to see, or no room; the page then asks
    every few seconds.
    """

    def __init__(
        self,
        *,
        watchers_max: int,
        per_person_max: int = WATCHERS_PER_PERSON_MAX,
        poll_seconds: float = POLL_SECONDS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
        recheck_seconds: float = RECHECK_SECONDS,
    ) -> None:
        self._watchers_max = watchers_max
        self._per_person_max = per_person_max
        self._poll_seconds = poll_seconds
        self._heartbeat_seconds = heartbeat_seconds
        self._recheck_seconds = recheck_seconds
        self._watchers: set[_Watcher] = set()
        self._of_person: Counter[int] = Counter()
        self._arriving = 0
        self._polling: asyncio.Task[None] | None = None
        self._is_closed = False
        self._thread = ThreadPoolExecutor(1, "watching")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            await _refuse(send, 405, (b"allow", b"GET"))
            return
        if self._is_closed or len(self._watchers) + self._arriving >= self._watchers_max:
            await _refuse(send, 503, (b"retry-after", b"60"))
            return
        self._arriving += 1
        try:
            admission = await self._ask(partial(admit, scope))
        finally:
            self._arriving -= 1
        if admission is None:
            await _refuse(send, 204)
            return
        if self._is_closed or self._of_person[admission.person] >= self._per_person_max:
            await _refuse(send, 503, (b"retry-after", b"60"))
            return
        watcher = _Watcher(scope, admission, admission.version, time.monotonic())
        self._watchers.add(watcher)
        self._of_person[admission.person] += 1
        if self._polling is None or self._polling.done():
            self._polling = asyncio.create_task(self._poll())
        try:
            await self._stream(watcher, receive, send)
        finally:
            self._watchers.discard(watcher)
            self._of_person[admission.person] -= 1
            if not self._of_person[admission.person]:
                del self._of_person[admission.person]

    def close(self) -> None:
        """End all streams and begin no more: the process is about to stop."""
        self._is_closed = True
        for watcher in self._watchers:
            watcher.is_over = True
            watcher.woken.set()

    async def drain(self) -> None:
        """Wait for what is being asked, and give up the thread and its connection."""
        self.close()
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        await asyncio.to_thread(self._thread.shutdown)

    async def _stream(self, watcher: _Watcher, receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
            # nginx would keep back what is small.
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        gone = asyncio.create_task(_until_gone(receive))
        ends_at = time.monotonic() + STREAM_SECONDS_MAX
        seen = _last_event_id(watcher.scope)
        text = f"retry: {RETRY_MILLISECONDS}\n\n"
        try:
            while not watcher.is_over and not gone.done() and time.monotonic() < ends_at:
                if str(watcher.version) != seen:
                    seen = str(watcher.version)
                    text += f"id: {seen}\nevent: version\ndata: {seen}\n\n"
                await send(
                    {"type": "http.response.body", "body": (text or ": \n\n").encode(), "more_body": True}
                )
                text = ""
                await self._sleep(watcher, gone)
            if not gone.done():
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()

    async def _sleep(self, watcher: _Watcher, gone: asyncio.Task[None]) -> None:
        """Until there is something to tell, the reader is gone, or a heartbeat is due."""
        woken = asyncio.create_task(watcher.woken.wait())
        try:
            await asyncio.wait(
                {woken, gone}, timeout=self._heartbeat_seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            woken.cancel()
        watcher.woken.clear()

    async def _poll(self) -> None:
        while self._watchers:
            await asyncio.sleep(self._poll_seconds)
            try:
                await self._look()
            except Exception:
                # The database is away for a moment; the streams stay, and tell of it all afterwards.
                logger.warning("Could not look for changes of watched incidents", exc_info=True)

    async def _look(self) -> None:
        keys = sorted({watcher.admission.incident for watcher in self._watchers})
        if not keys:
            return
        versions = await self._ask(partial(versions_of, keys))
        for watcher in list(self._watchers):
            version = versions.get(watcher.admission.incident)
            if version is None:
                watcher.is_over = True
                watcher.woken.set()
            elif version != watcher.version:
                watcher.version = version
                watcher.woken.set()
        now = time.monotonic()
        due = [one for one in self._watchers if now - one.checked_at >= self._recheck_seconds]
        for watcher in sorted(due, key=lambda one: one.checked_at)[:RECHECKED_AT_ONCE_MAX]:
            watcher.checked_at = now
            if await self._ask(partial(admit, watcher.scope)) is None:
                watcher.is_over = True
                watcher.woken.set()

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _with_connection, question)


def admit(scope: Scope) -> Admission | None:
    """Who asks, by the session of their browser, and whether they see the incident; None: they do not."""
    address = _ADDRESS.fullmatch(scope["path"])
    assert address is not None, "only addresses of streams come here"
    request = ASGIRequest(scope, BytesIO())
    try:
        request.get_host()
    except DisallowedHost:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    person = get_user(request)
    if not isinstance(person, Person):
        return None
    try:
        incident = get_incident(person, int(address[1]))
    except NotFound:
        return None
    return Admission(person.pk, incident.pk, incident.version)


def _with_connection(question: Callable[[], Answer]) -> Answer:
    close_old_connections()
    try:
        return question()
    finally:
        close_old_connections()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _last_event_id(scope: Scope) -> str:
    value: bytes = dict(scope["headers"]).get(b"last-event-id", b"")
    return value.decode("latin-1")


async def _refuse(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    own = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]
    if status != 204:
        own.append((b"content-length", b"0"))
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": b""})
