from __future__ import annotations

from collections.abc import Sequence

from afterword.ingest.formats.answers import ZendutyAnswers
from afterword.ingest.formats.bodies import read_row
from afterword.ingest.formats.email.messages import Mail, read_mail
from afterword.ingest.formats.email.subjects import alert_type_of_subject, is_reply, tag_of, topic_of
from afterword.ingest.formats.fields import entity_of, text_in, write_json
from afterword.ingest.formats.signal import CheckedSignal, SignalContent, SignalRequest

KIND = "email"
HOPS_MAX = 50
"""A mail that came over more servers than this goes round in circles."""
LOOP_HEADER = "x-afterword"
"""Stands in each mail that Afterword itself sends, and marks those that must not become alerts."""
MAILER_DAEMON = "mailer-daemon@"
WITHOUT_SUBJECT = "Mail without a subject"


class EmailFormat(ZendutyAnswers):
    """A raw message (RFC 5322) as the body, however it came: by SMTP, by command, or by POST.

    Automatic answers, bounces and our own mails are accepted, and nothing is stored: nobody could do
    anything about them, and a refusal would send a further mail around.
    """

    def check(self, request: SignalRequest) -> Sequence[CheckedSignal]:
        mail = read_mail(request.body)
        if is_automatic_answer(mail) or is_loop(mail):
            return ()
        row = {
            "subject": mail.subject,
            "from": mail.sender,
            "date": mail.date,
            "message_id": mail.message_id,
            "references": mail.references,
            "text": mail.text,
            "attachments": mail.attachments,
        }
        return (CheckedSignal(write_json(row), entity_id_of(mail)),)

    def read(self, text: str) -> SignalContent:
        row = read_row(text)
        subject, body = text_in(row, "subject"), text_in(row, "text")
        return SignalContent(
            alert_type=alert_type_of_subject(subject),
            message=subject or next(iter(body.splitlines()), WITHOUT_SUBJECT),
            summary=body,
            payload=row,
        )


FORMAT = EmailFormat()


def is_automatic_answer(mail: Mail) -> bool:
    """Whether a program answered with it to another mail: out of office, bounces, receipts.

    Mails that programs send of themselves are alerts, also where they say so (`auto-generated`).
    """
    return (
        mail.headers.get("auto-submitted", "").lower().startswith(("auto-replied", "auto-notified"))
        or mail.headers.get("precedence", "").lower() in ("auto_reply", "auto-reply")
        or any(name in mail.headers for name in ("x-autoreply", "x-autorespond", "x-auto-response"))
        or mail.content_type == "multipart/report"
        or MAILER_DAEMON in mail.sender.lower()
    )


def is_written_by_program(mail: Mail) -> bool:
    """Whether no person wrote it, as far as its headers tell: wider than `is_automatic_answer`.

    For mails that are taken as the words of a person. Exchange marks absences as `auto-generated`, and others
    mark theirs as `bulk` only; RFC 3834 knows `no` alone for what a person sends.
    """
    marked = mail.headers.get("auto-submitted", "").lower().strip()
    return (
        is_automatic_answer(mail)
        or (marked != "" and not marked.startswith("no"))
        or mail.headers.get("precedence", "").lower() in ("bulk", "junk", "list")
    )


def is_loop(mail: Mail) -> bool:
    """Whether it is one of our own, or goes round in circles."""
    return LOOP_HEADER in mail.headers or mail.hops > HOPS_MAX


def entity_id_of(mail: Mail) -> str:
    """What a mail is about: the tag in its subject; the thread that its sender put it into; its topic.

    An answer (`Re:`) has the subject of what it answers, so its topic is the same; a program that names a
    thread in each of its mails may change the subject as it likes.
    """
    tag = tag_of(mail.subject)
    if tag:
        return entity_of(tag)
    if mail.references and not is_reply(mail.subject):
        return entity_of(f"thread:{mail.references[0]}")
    topic = topic_of(mail.subject)
    return entity_of(f"subject:{topic}") if topic else entity_of(mail.message_id)
