"""The mails that Afterword sends about accounts. Plain text, with links to the public address."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import int_to_base36

from afterword.accounts import reads
from afterword.accounts.models import Person

log = logging.getLogger(__name__)

SENT_AT_ONCE_MAX = 2
WAITING_MAILS_MAX = 1_000
"""More than that, and the mail server has been away for so long that new mails are dropped."""

_senders = ThreadPoolExecutor(SENT_AT_ONCE_MAX, thread_name_prefix="mail")
_room = threading.BoundedSemaphore(WAITING_MAILS_MAX)


def send_invitation_on_commit(person: Person) -> None:
    """Once the transaction stands, mail a new person the link with which they set their first password."""
    transaction.on_commit(lambda: _send_invitation(person))


def send_password_reset(person: Person, *, link: str) -> None:
    """Mail a person the link with which they set a new password."""
    context = {"person": person, "link": link}
    send(to=person.email, template="accounts/mail/password_reset.txt", context=context)


def password_link(key: str) -> str:
    """The public address at which a password is set; `key` is a person's number and token, with a dash."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.PUBLIC_URL + path.replace("UID-KEY", key)


def send(*, to: str, template: str, context: Mapping[str, Any]) -> None:
    """Send a text mail whose template begins with the subject and an empty line.

    Nobody waits for the mail server: a page that took longer for an address that we know would tell who
    is here. For the same reason, and because the change that the mail tells of has been made, a server
    that is away is logged and not raised.
    """
    days = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
    text = render_to_string(
        template, {"organisation": reads.organisation(), "url": settings.PUBLIC_URL, "days": days, **context}
    )
    subject, _, body = text.strip().partition("\n\n")
    parts = (" ".join(subject.split()), body.strip() + "\n", to, template)
    if settings.MAIL_CONSOLE:
        _deliver(*parts)
    elif _room.acquire(blocking=False):
        _senders.submit(_deliver, *parts).add_done_callback(_make_room)
    else:
        log.error("A mail was dropped: too many wait for the mail server", extra={"template": template})


def _deliver(subject: str, body: str, to: str, template: str) -> None:
    try:
        send_mail(subject, body, None, [to])
    except (OSError, SMTPException):
        log.exception("A mail could not be sent", extra={"template": template})


def _make_room(sent: Future[None]) -> None:
    _room.release()
    if (error := sent.exception()) is not None:
        log.error("A mail could not be sent", exc_info=error)


def _send_invitation(person: Person) -> None:
    key = f"{int_to_base36(person.pk)}-{default_token_generator.make_token(person)}"
    send(
        to=person.email,
        template="accounts/mail/invitation.txt",
        context={"person": person, "link": password_link(key)},
    )
