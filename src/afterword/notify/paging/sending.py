"""The part of the worker that delivers pages: mails in one thread, everything else in a few others.

What waits for a slow receiver waits here, and never in what people do with an incident.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from smtplib import SMTPException

from django.db import DatabaseError, connection

from afterword.lib import clock
from afterword.notify.contact.models import ContactKind
from afterword.notify.paging.channels import Undelivered, deliver
from afterword.notify.paging.letters import write_page_mail
from afterword.notify.paging.writes import deliveries
from afterword.notify.rules import AnswerLost, Refusal, read_failure
from afterword.notify.sending import insist
from afterword.notify.smtp import Post

LOOK_EVERY_SECONDS = 1.0
OUTGOING_THREADS = 3
"""So that one receiver that does not answer keeps the others from nothing."""
MAILS = (ContactKind.EMAIL,)
OTHERS = (ContactKind.APPRISE, ContactKind.WEBHOOK)

logger = logging.getLogger(__name__)


def run_paging(stop: threading.Event) -> None:
    """Deliver what is due, again and again, until `stop` is set."""
    parts: list[Callable[[threading.Event], int]] = [deliver_page_mails]
    parts += [deliver_other_pages] * OUTGOING_THREADS
    threads = [
        threading.Thread(target=_again_and_again, args=[part, stop], daemon=True, name=f"paging-{number}")
        for number, part in enumerate(parts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _again_and_again(part: Callable[[threading.Event], int], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            part(stop)
        except DatabaseError as error:
            logger.warning("The pages have to wait: %s", error)
            connection.close()
        except Exception:
            # Whatever is wrong with one page, the next ones are called.
            logger.exception("A page could not be delivered")
        stop.wait(LOOK_EVERY_SECONDS)
    connection.close()


def deliver_page_mails(stop: threading.Event | None = None) -> int:
    """Try each page by mail that is due now, over one connection; how many were sent."""
    stop = stop or threading.Event()
    sent = 0
    post = Post()
    try:
        while not stop.is_set() and deliveries.is_page_due(MAILS, at=clock.now()):
            # Before anything is claimed: a worker that ends while it waits for a slow server leaves no doubt.
            try:
                post.open()
            except (OSError, SMTPException) as error:
                refusal = read_failure(error)
                logger.warning("Pages cannot be mailed", extra={"reason": refusal.reason})
                deliveries.postpone_due_pages(MAILS, refusal=refusal, at=clock.now())
                break
            claim = deliveries.claim_page(MAILS, at=clock.now())
            if claim is None:
                break
            sent += _hand_over(claim, stop, lambda claim: post.send(write_page_mail(claim.delivery)))
    finally:
        post.close()
    return sent


def deliver_other_pages(stop: threading.Event | None = None) -> int:
    """Try each page by webhook or Apprise that is due now; how many were sent."""
    stop = stop or threading.Event()
    sent = 0
    while not stop.is_set() and deliveries.is_page_due(OTHERS, at=clock.now()):
        claim = deliveries.claim_page(OTHERS, at=clock.now())
        if claim is None:
            break
        sent += _hand_over(claim, stop, lambda claim: deliver(claim.delivery))
    return sent


def _hand_over(
    claim: deliveries.PageClaim, stop: threading.Event, send: Callable[[deliveries.PageClaim], None]
) -> bool:
    refusal: Refusal
    try:
        send(claim)
    except Undelivered as error:
        refusal = error.refusal
    except Exception as error:
        refusal = read_failure(error)
        if not isinstance(error, (OSError, AnswerLost)):
            # Not what the other side says, but something with us: it may be mended by the next attempt.
            refusal = replace(refusal, is_permanent=False)
            logger.warning("A page did not go out", extra={"delivery": claim.delivery.pk}, exc_info=error)
    else:
        insist(stop, lambda: deliveries.record_page_sent(claim=claim, at=clock.now()))
        return True
    logger.warning("A page did not go out", extra={"delivery": claim.delivery.pk, "reason": refusal.reason})
    insist(stop, lambda: deliveries.record_page_failure(claim=claim, refusal=refusal, at=clock.now()))
    return False
