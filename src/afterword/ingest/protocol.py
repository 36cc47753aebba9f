"""uvicorn's HTTP protocol with a short way for signals.

A request that came in one piece to the address of a webhook is checked in the parser's callback, and
answered when its row is on the disk: without a task, a future, a scope and messages, which together cost
more than everything that is done for the signal itself. Whatever is unusual in any way takes uvicorn's
own way to the ASGI application, which knows how to answer all of it; so does everything else.

Idle connections are watched with one timer each instead of one for each request, and also those that never
send a whole head, which uvicorn waits for without end. A head has a limit, which uvicorn does not have, and
one that asks for another protocol is served as the HTTP/1.1 that it is, where uvicorn loses its body: Java's
own client asks every server for `h2c`.

Leans on the inside of `uvicorn.protocols.http.httptools_impl`. A version of uvicorn that lacks what it needs
gets no short way; `tests/ingest/test_short_way.py` notices that and what else has changed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from afterword.ingest.acceptance import Acceptance, Admission, Header, Refusal, come_again
from afterword.ingest.encodings import CONTENT_ENCODING, decode_body
from afterword.ingest.formats import Format, SignalRequest, format_of
from afterword.ingest.keys import KnownIntegration
from afterword.ingest.metrics import Refused

LEANS_ON = frozenset(
    {
        *("connection_made", "connection_lost", "data_received", "send_400_response", "shutdown"),
        *("on_message_begin", "on_url", "on_headers_complete", "on_body", "on_message_complete"),
        *("on_response_complete", "timeout_keep_alive_handler", "_start_asgi_task"),
        "_unset_keepalive_if_required",
    }
)
"""What `HttpToolsProtocol` has to define. `SignalProtocol` overrides or calls it."""
HEAD_BYTES_MAX = 64 * 1024
"""Of the request line and all headers together, and of whatever else is no body. In pieces of the network:
what came with the last of them is taken too, a quarter of a megabyte at most."""
LEAVING_SECONDS_MAX = 2.0
"""So long what a refused sender still sends is read and dropped, so that it gets to read the answer."""
HEAD_TOO_LARGE = f"The request line and the headers may have at most {HEAD_BYTES_MAX} bytes.".encode()
ABOUT_UPGRADES = frozenset({b"upgrade", b"http2-settings"})
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


class _HeadTooLarge(Exception):
    """Ends the parser's work."""


class _Leaving(asyncio.Protocol):
    """What is left of a connection whose sender was refused in the middle of a request."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = loop.call_later(LEAVING_SECONDS_MAX, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()


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
        self._is_wishing = False
        """For another protocol, in the head that was read last."""
        self._bare_bytes = 0
        """That came since the last part of a body or the end of a request."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch_from_now()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._bare_bytes += len(data)
        try:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                self._stay_with_http(memoryview(data)[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            self._refuse_head(error)
            return
        if self._bare_bytes > HEAD_BYTES_MAX:
            self._refuse_head(_HeadTooLarge())
        elif self._is_short and not self.transport.is_closing():
            # The body goes on in another piece.
            self._leave_short_way()

    def on_message_begin(self) -> None:
        # The scope is only made for those who take the long way.
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        if self._bare_bytes > HEAD_BYTES_MAX and self._weigh_head() > HEAD_BYTES_MAX:
            raise _HeadTooLarge
        if self.parser.should_upgrade():
            # Comes again without that wish.
            self._is_wishing = True
            return
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
        self._bare_bytes = 0
        if not self._is_short:
            super().on_body(body)
        elif self._body is None:
            self._body = body
        else:
            self._body += body

    def on_message_complete(self) -> None:
        self._bare_bytes = 0
        if self._is_wishing:
            return
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
            and not (self.expect_100_continue or self.flow.write_paused)
            and self.limit_concurrency is None
        )

    def _weigh_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _stay_with_http(self, rest: memoryview) -> None:
        """Serve a request that asks for another protocol, and all that follows, as HTTP/1.1.

        The parser leaves the body of such a request to the other protocol. Raises HttpParserError.
        """
        while True:
            self._is_wishing = False
            if self.parser.get_method() == b"CONNECT":
                raise httptools.HttpParserError("This is no proxy.")
            head = b"".join(self._head_without_upgrade())
            self.parser = httptools.HttpRequestParser(self)
            # As uvicorn does.
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            self.parser.feed_data(head)
            try:
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as upgrade:
                rest = rest[upgrade.args[0] :]
            else:
                return

    def _head_without_upgrade(self) -> Iterator[bytes]:
        version = self.parser.get_http_version().encode()
        yield b"%b %b HTTP/%b\r\n" % (self.parser.get_method(), self.url, version)
        for name, value in self.headers:
            if name == b"connection":
                wishes = [wish.strip() for wish in value.split(b",")]
                value = b", ".join(wish for wish in wishes if wish.lower() not in ABOUT_UPGRADES)
            if name not in ABOUT_UPGRADES:
                yield b"%b: %b\r\n" % (name, value)
        yield b"\r\n"

    def _refuse_head(self, error: Exception) -> None:
        if self.transport.is_closing():
            return
        if not isinstance(error, _HeadTooLarge) and not isinstance(error.__context__, _HeadTooLarge):
            self.logger.warning("Invalid HTTP request received.")
            self.send_400_response("Invalid HTTP request received.")
            return
        head = b"content-type: text/plain; charset=utf-8\r\nconnection: close\r\n"
        length = len(HEAD_TOO_LARGE)
        answer = (STATUS_LINE[431], head, b"content-length: %d\r\n\r\n" % length, HEAD_TOO_LARGE)
        self.transport.write(b"".join(answer))
        # To everything that was under way here, the sender has left.
        self.pipeline.clear()
        self.flow.resume_reading()
        self.connection_lost(ConnectionAbortedError())
        self.transport.set_protocol(_Leaving(self.transport, self.loop))
        self.transport.write_eof()

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
        headers = dict(self.headers)
        try:
            if CONTENT_ENCODING in headers:
                body = decode_body(body, headers, bytes_max=self.body_bytes_max)
            request = SignalRequest(self._path, NO_QUERY, headers, body, self._integration)
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
