"""A real mail server on this machine that takes mails, refuses them, hangs up, or thinks for a while."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers import free_port


class MailServer:
    """Its behaviour may change at any time; `mails` are those that it took."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer_to_recipient = "250 OK"
        self.answer_to_text = "250 OK"
        self.hangs_up_at: str = ""
        """MAIL: before the mail; TEXT: when it has all of it, and before it answers."""
        self.before_answer: Callable[[], None] | None = None
        self.connections = 0
        self.port = 0
        self.is_encrypted_at_once = False
        self.texts = 0
        """How often it was given a whole mail, whatever it answered."""
        self.user = ""
        """Who has signed in; empty while nobody has."""
        self.was_encrypted = False
        """Whether the last mail came over a connection that was."""

    async def handle_EHLO(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return responses

    async def handle_MAIL(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hangs_up_at == "MAIL":
            _hang_up(server)
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer_to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_recipient

    async def handle_DATA(  # noqa: N802 - as aiosmtpd calls it
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.texts += 1
        self.was_encrypted = session.ssl is not None or self.is_encrypted_at_once
        if self.hangs_up_at == "TEXT":
            _hang_up(server)
            return "250 OK"
        # In a thread, which goes on when the sender is gone meanwhile: what it was given, it has.
        await asyncio.get_running_loop().run_in_executor(None, self._take, envelope)
        return self.answer_to_text

    def _take(self, envelope: Envelope) -> None:
        if self.before_answer is not None:
            self.before_answer()
        if self.answer_to_text.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            self.mails.append(message_from_bytes(content, policy=policy.default))  # type: ignore[arg-type]
            self.recipients += envelope.rcpt_tos


def _hang_up(server: SMTP) -> None:
    assert server.transport is not None
    server.transport.abort()  # type: ignore[attr-defined]


@contextmanager
def running_mail_server(
    settings: Any = None,
    *,
    security: str = "none",
    context: ssl.SSLContext | None = None,
    login: tuple[str, str] | None = None,
) -> Iterator[MailServer]:
    """Start one on a free port; with `settings`, have Django send there.

    `security` is as in our settings; a server that encrypts shows the certificate of `context`. With `login`,
    a name and a password, it takes mails of nobody else.
    """
    server = MailServer()
    port = server.port = free_port()
    server.is_encrypted_at_once = security == "tls"
    asked: dict[str, Any] = {}
    if login is not None:
        asked = {
            # aiosmtpd does not see that a connection was encrypted before it began to speak.
            "auth_required": security == "starttls",
            "auth_require_tls": security == "starttls",
            "authenticator": partial(_authenticate, login),
        }
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if security == "tls" else None,
        tls_context=context if security == "starttls" else None,
        **asked,
    )
    controller.start()
    if settings is not None:
        send_to(settings, port)
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = security == "starttls", security == "tls"
    try:
        yield server
    finally:
        controller.stop()


def _authenticate(
    login: tuple[str, str], server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
) -> AuthResult:
    is_right = isinstance(given, LoginPassword) and given == tuple(part.encode() for part in login)
    if is_right:
        server.event_handler.user = login[0]
    return AuthResult(success=is_right, handled=False)


def send_to(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "Afterword <afterword@mail.example.com>"


class Gate:
    """Where a server waits until a test has looked around."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        assert self.opened.wait(180), "nobody opened the gate"
