"""The part of the worker that sends the mails of the post-incident flow, as `sending` sends messages."""

from __future__ import annotations

import logging
import threading
from smtplib import SMTPException

from django.db import DatabaseError, connection

from afterword.incidents.flow import reads
from afterword.incidents.flow.writes import reminders
from afterword.lib import clock
from afterword.notify.contact.reads import mail_allowed_at
from afterword.notify.flow_letters import write_flow_mail
from afterword.notify.rules import next_attempt_at, read_failure, read_no_way
from afterword.notify.sending import insist
from afterword.notify.smtp import Post

LOOK_EVERY_SECONDS = 5.0
NO_SERVER_RETRY_SECONDS = 120

logger = logging.getLogger(__name__)


def run_flow_mails(stop: threading.Event) -> None:
    """Send what is due, again and again, until `stop` is set."""
    while not stop.is_set():
        try:
            deliver_flow_mails(stop)
        except DatabaseError as error:
            logger.warning("The reminders have to wait: %s", error)
            connection.close()
        stop.wait(LOOK_EVERY_SECONDS)
    connection.close()


def deliver_flow_mails(stop: threading.Event | None = None) -> int:
    """Try each mail of a flow that is due now, over one connection; how many were sent.

    Ends early when `stop` is set, and when there is no mail server to talk to. A mail of which nothing is
    true any more is dropped.
    """
    stop = stop or threading.Event()
    sent = 0
    post = Post()
    try:
        while not stop.is_set() and reads.is_mail_due(clock.now()):
            try:
                post.open()
            except (OSError, SMTPException) as error:
                refusal = read_no_way(error)
                logger.warning("Reminders cannot be sent", extra={"reason": refusal.reason})
                reminders.postpone_mails(
                    reason=refusal.reason, at=clock.now(), seconds=NO_SERVER_RETRY_SECONDS
                )
                break
            claim = reminders.claim_mail(at=clock.now())
            if claim is None:
                break
            sent += _hand_over(post, claim, stop)
    finally:
        post.close()
    return sent


def _hand_over(post: Post, claim: reminders.MailClaim, stop: threading.Event) -> bool:
    now = clock.now()
    allowed = mail_allowed_at(claim.mail.person, now)
    if allowed > now:
        # Nothing of a flow is so urgent that it breaks through somebody's quiet hours.
        insist(stop, lambda: reminders.put_off_mail(claim=claim, until=allowed))
        return False
    try:
        message = write_flow_mail(claim.mail, at=clock.now())
        if message is None:
            insist(stop, lambda: reminders.drop_mail(claim=claim))
            return False
        post.send(message)
    except Exception as error:  # Whatever is wrong with one mail must not keep the others.
        refusal = read_failure(error)
        logger.warning(
            "A mail of the post-incident flow did not go out",
            extra={"mail": claim.mail.pk, "reason": refusal.reason},
            exc_info=None if isinstance(error, OSError) else error,
        )
        again_at = None if refusal.is_permanent else next_attempt_at(claim.mail.attempts, clock.now())
        insist(
            stop,
            lambda: reminders.record_mail_failure(claim=claim, reason=refusal.reason, again_at=again_at),
        )
        return False
    insist(stop, lambda: reminders.record_mail_sent(claim=claim, at=clock.now()))
    return True
