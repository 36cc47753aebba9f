"""The part of the worker that sends mails: one at a time, beside everything else that it does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from smtplib import SMTPException

from django.db import DatabaseError, connection

from afterword.lib import clock
from afterword.notify import reads, writes
from afterword.notify.mail import write_mail
from afterword.notify.rules import read_failure, read_no_way
from afterword.notify.smtp import Post

LOOK_EVERY_SECONDS = 1.0
DATABASE_RETRY_SECONDS = (0.2, 1.0, 5.0)

logger = logging.getLogger(__name__)


def run_deliveries(stop: threading.Event) -> None:
    """Send what is due, again and again, until `stop` is set."""
    while not stop.is_set():
        try:
            deliver_due(stop)
        except DatabaseError as error:
            logger.warning("The mails have to wait: %s", error)
            connection.close()
        stop.wait(LOOK_EVERY_SECONDS)
    connection.close()


def deliver_due(stop: threading.Event | None = None) -> int:
    """Try each delivery that is due now, over one connection; how many were sent.

    Ends early when `stop` is set, and when there is no mail server to talk to.
    """
    stop = stop or threading.Event()
    sent = 0
    post = Post()
    try:
        while not stop.is_set() and reads.is_something_due(clock.now()):
            # Connected before anything is claimed: a worker that ends while it waits for a slow server
            # leaves no doubt behind.
            try:
                post.open()
            except (OSError, SMTPException) as error:
                refusal = read_no_way(error)
                logger.warning("Mails cannot be sent", extra={"reason": refusal.reason})
                writes.postpone_all_due(refusal=refusal, at=clock.now())
                break
            claim = writes.claim_delivery(at=clock.now())
            if claim is None:
                break
            sent += _hand_over(post, claim, stop)
    finally:
        post.close()
    return sent


def _hand_over(post: Post, claim: writes.Claim, stop: threading.Event) -> bool:
    try:
        post.send(write_mail(claim.delivery))
    except Exception as error:  # Whatever is wrong with one message must not keep the others.
        refusal = read_failure(error)
        logger.warning(
            "A message to a stakeholder did not go out",
            extra={"delivery": claim.delivery.pk, "reason": refusal.reason},
            exc_info=None if isinstance(error, OSError) else error,
        )
        insist(stop, lambda: writes.record_failure(claim=claim, refusal=refusal, at=clock.now()))
        return False
    insist(stop, lambda: writes.record_sent(claim=claim, at=clock.now()))
    return True


def insist(stop: threading.Event, write: Callable[[], None]) -> None:
    """Write down what the mail server said, which is known only here: a busy database is asked again."""
    for seconds in DATABASE_RETRY_SECONDS:
        try:
            write()
        except DatabaseError:
            connection.close()
            stop.wait(seconds)
        else:
            return
    write()
