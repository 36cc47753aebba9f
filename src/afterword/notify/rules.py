"""When a message is tried again, and what a mail server's answer means. Pure: no Django."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from afterword.documents import plain_text

RETRY_AFTER_SECONDS = (30, 120, 600, 1_800, 7_200)
"""How long to wait after the first failure, the second, and so on: about two hours and 43 minutes in all."""
ATTEMPTS_MAX = len(RETRY_AFTER_SECONDS) + 1
REASON_LENGTH_MAX = 500
PERMANENT_CODES = range(500, 600)

MAY_HAVE_ARRIVED = (
    "The mail server was given the message and its answer is not known, so it may have arrived. "
    "Try again only if it did not."
)


class AnswerLost(Exception):
    """The mail server has the whole message and did not say whether it takes it."""


@dataclass(frozen=True)
class Refusal:
    """Why a message did not go out."""

    reason: str
    is_permanent: bool
    """Trying again would not help, or could deliver it twice."""


def next_attempt_at(attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None when it was the last one."""
    assert attempts >= 1
    if attempts >= ATTEMPTS_MAX:
        return None
    return now + timedelta(seconds=RETRY_AFTER_SECONDS[attempts - 1])


def read_failure(error: Exception) -> Refusal:
    """What to make of an exception of `smtplib`, of the network, or of writing the message.

    An answer of 500 to 599 is final (RFC 5321, 4.2.1). So is an answer that was lost: by itself nothing
    is sent twice. Everything else may be better the next time.
    """
    if isinstance(error, AnswerLost):
        return Refusal(MAY_HAVE_ARRIVED, is_permanent=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        # One address a mail, so there is one answer.
        answers = list(error.recipients.values())
        code, text = answers[0] if answers else (0, b"")
        return _answered(code, text)
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error.smtp_code, error.smtp_error)
    # smtplib makes a lost connection of a wait that was too long.
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Refusal("The mail server did not answer in time.", is_permanent=False)
    if isinstance(error, ConnectionRefusedError):
        return Refusal("The mail server cannot be reached: it refuses the connection.", is_permanent=False)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Refusal("The mail server closed the connection.", is_permanent=False)
    if isinstance(error, OSError):
        return Refusal(_short(f"The mail server cannot be reached: {_words(error)}."), is_permanent=False)
    return Refusal(_short(f"The message cannot be written: {_words(error)}."), is_permanent=True)


def read_no_way(error: Exception) -> Refusal:
    """What to make of an exception from before any message was handed over.

    Never final, also not with an answer from 500 to 599: a wrong password is the set-up's fault, not the
    message's, and may be mended before the next attempt.
    """
    return replace(read_failure(error), is_permanent=False)


def _answered(code: int, text: bytes | str) -> Refusal:
    words = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else str(text)
    return Refusal(
        _short(f"The mail server answered: {code} {plain_text(words)}".rstrip()),
        is_permanent=code in PERMANENT_CODES,
    )


def _words(error: Exception) -> str:
    return plain_text(getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")


def _short(reason: str) -> str:
    return reason if len(reason) <= REASON_LENGTH_MAX else reason[: REASON_LENGTH_MAX - 1] + "…"
