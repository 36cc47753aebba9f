"""A way to the mail server that knows whether the server has the message already when it falls silent."""

from __future__ import annotations

import smtplib
from typing import TYPE_CHECKING, Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend as DjangoBackend

from afterword.notify.rules import AnswerLost

ANSWER_SECONDS_MAX = 120
"""How long a server may think about a message that it has: some look for viruses then, some wait."""
END_OF_TEXT = b"\r\n.\r\n"


class Post:
    """A connection to the mail server of the settings, for one mail after the other."""

    def __init__(self) -> None:
        self._backend: BaseEmailBackend | None = None

    def open(self) -> None:
        """Connect and sign in, or see that the connection still stands. Raises OSError, SMTPException."""
        if self._backend is not None and self._answers(self._backend):
            return
        self.close()
        self._backend = _backend()
        try:
            self._backend.open()
        except BaseException:
            # Django keeps a connection on which the sign-in has failed.
            self.close()
            raise

    def send(self, mail: EmailMessage) -> None:
        """Hand over one mail. Raises AnswerLost, SMTPException, OSError; a failed connection is closed."""
        assert self._backend is not None, "open it first"
        try:
            self._backend.send_messages([mail])
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            try:
                backend.close()
            except (OSError, smtplib.SMTPException):
                return  # Nobody waits for its goodbye.

    def _answers(self, backend: BaseEmailBackend) -> bool:
        session = getattr(backend, "connection", None)
        if not isinstance(session, smtplib.SMTP):
            return True
        try:
            return session.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False


def _backend() -> BaseEmailBackend:
    configured: BaseEmailBackend = get_connection()
    return _Backend() if type(configured) is DjangoBackend else configured


if TYPE_CHECKING:
    _Base = smtplib.SMTP
else:
    _Base = object


class _NotesEndOfText(_Base):
    """`smtplib` with an eye on how far a message has come."""

    _text_is_out = False

    def data(self, msg: Any) -> tuple[int, bytes]:
        self._text_is_out = False
        try:
            return super().data(msg)
        except OSError as error:
            # Raised while the text was written, the server misses its end and must not take it.
            if self._text_is_out and not isinstance(error, smtplib.SMTPResponseException):
                raise AnswerLost from error
            raise

    def send(self, s: Any) -> None:
        super().send(s)
        if isinstance(s, bytes) and s.endswith(END_OF_TEXT):
            self._text_is_out = True
            if self.sock is not None:
                self.sock.settimeout(ANSWER_SECONDS_MAX)


class _Session(_NotesEndOfText, smtplib.SMTP):
    pass


class _TlsSession(_NotesEndOfText, smtplib.SMTP_SSL):
    pass


class _Backend(DjangoBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TlsSession if self.use_ssl else _Session
