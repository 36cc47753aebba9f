"""The part of the worker that sends letters, as `sending` sends messages to stakeholders."""

from __future__ import annotations

import logging
import threading
from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives
from django.db import DatabaseError, connection
from django.template.loader import render_to_string

from afterword.documents import plain_text
from afterword.letters import reads, writes
from afterword.letters.models import Letter
from afterword.letters.writers import LetterText, is_for_weekdays, write_letter
from afterword.lib import clock
from afterword.lib.mail import mail_host
from afterword.notify.contact.reads import mail_allowed_at
from afterword.notify.mail import SUBJECT_CHARACTERS_MAX
from afterword.notify.rules import next_attempt_at, read_failure, read_no_way
from afterword.notify.sending import insist
from afterword.notify.smtp import Post

LOOK_EVERY_SECONDS = 5.0
NO_SERVER_RETRY_SECONDS = 120

logger = logging.getLogger(__name__)


def run_letters(stop: threading.Event) -> None:
    """Send what is due, again and again, until `stop` is set."""
    while not stop.is_set():
        try:
            deliver_letters(stop)
        except DatabaseError as error:
            logger.warning("Letters have to wait: %s", error)
            connection.close()
        stop.wait(LOOK_EVERY_SECONDS)
    connection.close()


def deliver_letters(stop: threading.Event | None = None) -> int:
    """Try each letter that is due now, over one connection; how many were sent.

    Ends early when `stop` is set, and when there is no mail server to talk to. A letter of which nothing
    is true any more is dropped.
    """
    stop = stop or threading.Event()
    sent = 0
    post = Post()
    try:
        while not stop.is_set() and reads.is_letter_due(clock.now()):
            try:
                post.open()
            except (OSError, SMTPException) as error:
                refusal = read_no_way(error)
                logger.warning("Letters cannot be sent", extra={"reason": refusal.reason})
                writes.postpone_letters(
                    reason=refusal.reason, at=clock.now(), seconds=NO_SERVER_RETRY_SECONDS
                )
                break
            claim = writes.claim_letter(at=clock.now())
            if claim is None:
                break
            sent += _hand_over(post, claim, stop)
    finally:
        post.close()
    return sent


def _hand_over(post: Post, claim: writes.LetterClaim, stop: threading.Event) -> bool:
    now = clock.now()
    allowed = mail_allowed_at(claim.letter.person, now, on_weekends=not is_for_weekdays(claim.letter.kind))
    if allowed > now:
        # No letter is so urgent that it breaks through somebody's quiet hours, and no reminder through
        # their weekend: quiet hours of a Friday night end on a Saturday.
        insist(stop, lambda: writes.put_off_letter(claim=claim, until=allowed))
        return False
    try:
        text = write_letter(claim.letter)
        if text is None:
            insist(stop, lambda: writes.drop_letter(claim=claim))
            return False
        post.send(_mail(claim.letter, text))
    except Exception as error:  # Whatever is wrong with one letter must not keep the others.
        refusal = read_failure(error)
        logger.warning(
            "A letter did not go out",
            extra={"letter": claim.letter.pk, "kind": claim.letter.kind, "reason": refusal.reason},
            exc_info=None if isinstance(error, OSError) else error,
        )
        again_at = None if refusal.is_permanent else next_attempt_at(claim.letter.attempts, clock.now())
        insist(stop, lambda: writes.record_failure(claim=claim, reason=refusal.reason, again_at=again_at))
        return False
    insist(stop, lambda: writes.record_sent(claim=claim, at=clock.now()))
    return True


def _mail(letter: Letter, text: LetterText) -> EmailMultiAlternatives:
    """Its Message-ID is always the same, so that readers see one mail, not two."""
    context = {"reader": letter.person, **text.context}
    message = EmailMultiAlternatives(
        subject=plain_text(text.subject)[:SUBJECT_CHARACTERS_MAX],
        body=render_to_string(f"{text.template}.txt", context).strip() + "\n",
        to=[letter.person.email],
        reply_to=[text.reply_to] if text.reply_to else None,
        headers={
            "Message-ID": f"<{letter.unique_id}@{mail_host()}>",
            # RFC 3834: nobody's absence is answered back to us.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
        },
    )
    message.attach_alternative(render_to_string(f"{text.template}.html", context), "text/html")
    if text.attachment is not None:
        message.attach(text.attachment.name, text.attachment.content, text.attachment.media_type)
    return message
