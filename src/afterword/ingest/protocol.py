"""uvicorn's HTTP protocol with a short way for signals.

A request that came in one piece to the address of a webhook is checked in the parser's callback, and
answered when its row is on the disk: without a task, a future, a scope and messages, which together cost
more than everything that is done for the signal itself. Whatever is unusual in any way takes uvicorn's
own way to the ASGI application, which knows how to answer all of it; so does everything else.

Idle connections are watched with one timer each instead of one for each request, and also those that never
send a whole head, which uvicorn waits for without end.

Leans on the inside of `uvicorn.protocols.http.httptools_impl`. A version of uvicorn that lacks what it needs
gets no short way; `tests/ingest/test_short_way.py` notices that and what else has changed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from afterword.ingest.acceptance import Acceptance, Admission, Header, Refusal, come_again
from afterword.ingest.formats import Format, SignalRequest, format_of
from afterword.ingest.keys import KnownIntegration
from afterword.ingest.metrics import Refused

LEANS_ON = frozenset(
    {
        *("connection_made", "connection_lost", "data_received", "shutdown"),
        *("on_message_begin", "on_url", "on_headers_complete", "on_body", "on_message_complete"),
        *("on_response_complete", "timeout_keep_alive_handler", "_start_asgi_task"),
        "_unset_keepalive_if_required",
    }
)
"""What `HttpToolsProtocol` has to define. `SignalProtocol` overrides or calls it."""
JSON_HEAD = b"content-type: application/json\r\ncontent-length: "
NO_QUERY = b""


logger = logging.getLogger(__name__)


class _NoEvent:
    """Nobody waits for anything on the short way."""

    def set(self) -> None: ...


class _ShortCycle:
    """What uvicorn wants to know of the request that is under way on a connection."""

    __slots__ = ("disconnected", "keep_alive", "response_complete")
    message_event = _NoEvent()

    def __init__(self) -> None:
        self.response_complete = False
        self.disconnected = False
        self.keep_alive = True


class SignalProtocol(HttpToolsProtocol):
    """One connection. `acceptance` is given by `protocol_of`."""

    acceptance: ClassVar[Acceptance]
    body_bytes_max: ClassVar[int]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._is_short = False
        self._short_cycle = _ShortCycle()
        self._path = ""
        self._body: bytes | None = None
        self._integration: KnownIntegration | None = None
        self._form: Format | None = None
        self._admission: Admission | None = None
        self._quiet_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch_from_now()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_short and not self.transport.is_closing():
            # The body goes on in another piece.
            self._leave_short_way()

    def on_message_begin(self) -> None:
        # The scope is only made for those who take the long way.
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        if self._may_be_short():
            self._path = self.url.decode("latin-1")
            integration = self.acceptance.keys.known(self._path)
            if integration is not None:
                form = format_of(integration.kind, is_mapped=integration.is_mapped)
                if form is not None:
                    self._is_short, self._body = True, None
                    self._integration, self._form = integration, form
                    return
        self._begin_long_way()

    def on_body(self, body: bytes) -> None:
        if not self._is_short:
            super().on_body(body)
        elif self._body is None:
            self._body = body
        else:
            self._body += body

    def on_message_complete(self) -> None:
        if not self._is_short:
            super().on_message_complete()
        elif self._body is None or len(self._body) > self.body_bytes_max:
            self._leave_short_way()
            super().on_message_complete()
        else:
            self._is_short = False
            self._take(self._body)
            self._body = None

    def on_response_complete(self) -> None:
        # As uvicorn's own, but for the timer of the connection, which runs on.
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self._quiet_since = self.loop.time()
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)

    def timeout_keep_alive_handler(self) -> None:
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:
            self._watch_from_now()
            return
        rest = self._quiet_since + self.timeout_keep_alive - self.loop.time()
        if rest > 0:
            self.timeout_keep_alive_task = self.loop.call_later(rest, self.timeout_keep_alive_handler)
        else:
            self.transport.close()

    def _unset_keepalive_if_required(self) -> None:
        # uvicorn stops its timer with every piece of data: ours asks how long it was quiet.
        pass

    def _watch_from_now(self) -> None:
        self._quiet_since = self.loop.time()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def _may_be_short(self) -> bool:
        parser = self.parser
        return (
            (self.cycle is None or self.cycle.response_complete)
            and parser.get_method() == b"POST"
            and parser.should_keep_alive()
            and parser.get_http_version() == "1.1"
            and not (self.expect_100_continue or parser.should_upgrade() or self.flow.write_paused)
            and self.limit_concurrency is None
        )

    def _leave_short_way(self) -> None:
        body, self._is_short, self._body = self._body, False, None
        self._begin_long_way()
        if body:
            super().on_body(body)

    def _begin_long_way(self) -> None:
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers += headers
        super().on_headers_complete()

    def _take(self, body: bytes) -> None:
        assert self._integration is not None
        assert self._form is not None
        # The same for all requests of a connection, which come one after the other.
        self.cycle = self._short_cycle  # type: ignore[assignment]
        self._short_cycle.response_complete = False
        request = SignalRequest(self._path, NO_QUERY, dict(self.headers), body, self._integration)
        try:
            admission = self.acceptance.admit(request, self._form)
            if admission.entries:
                self._admission = admission
                self.acceptance.hand_in(admission.entries, self._on_stored)
            else:
                self._accept(admission)
        except Refusal as refusal:
            self._refuse(refusal)

    def _on_stored(self, is_stored: bool) -> None:
        admission, self._admission = self._admission, None
        assert admission is not None
        if is_stored:
            self._accept(admission)
        else:
            self._refuse(come_again(Refused.STORE, "The alert could not be stored."))

    def _accept(self, admission: Admission) -> None:
        assert self._form is not None
        self.acceptance.counts.accepted += len(admission.entries)
        status, content = self._form.accepted(admission.signals, admission.trace_ids)
        self._write(status, content, ())

    def _refuse(self, refusal: Refusal) -> None:
        assert self._form is not None
        self.acceptance.counts.refused[refusal.reason] += 1
        content = self._form.refused(refusal.status, refusal.text, refusal.errors)
        self._write(refusal.status, content, refusal.headers)

    def _write(self, status: int, content: bytes, headers: Sequence[Header]) -> None:
        cycle = self._short_cycle
        cycle.response_complete = True
        if not cycle.disconnected:
            head = [STATUS_LINE[status]]
            for name, value in (*self.server_state.default_headers, *headers):
                head += (name, b": ", value, b"\r\n")
            if not cycle.keep_alive:
                head.append(b"connection: close\r\n")
            self.transport.write(b"%b%b%d\r\n\r\n%b" % (b"".join(head), JSON_HEAD, len(content), content))
            if not cycle.keep_alive:
                self.transport.close()
        self.on_response_complete()


def protocol_of(acceptance: Acceptance, body_bytes_max: int) -> type[HttpToolsProtocol]:
    """The protocol of a server whose signals go to `acceptance`; uvicorn's own where it has changed."""
    missing = LEANS_ON - vars(HttpToolsProtocol).keys()
    if missing:
        logger.warning("This uvicorn has no %s: alerts take the long way", ", ".join(sorted(missing)))
        return HttpToolsProtocol
    return type(
        "SignalProtocol",
        (SignalProtocol,),
        {"acceptance": acceptance, "body_bytes_max": body_bytes_max},
    )
