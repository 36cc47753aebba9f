"""Replies to the mails of questions, taken as answers. For the packages that take mails."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr

from afterword.drafting.interviews import reads, writes
from afterword.drafting.interviews.models import Interview
from afterword.drafting.interviews.replies import cut_quoted, read_token
from afterword.lib.errors import AfterwordError


def find_by_token(token: str, *, now: datetime) -> Interview | None:
    """What a reply to this address would answer; None when nothing (any more)."""
    key = read_token(token, now)
    return reads.find_asked_still(key) if key is not None else None


def take_reply(token: str, *, sender: str, text: str, now: datetime) -> str:
    """Take the answer out of a reply; why it was not taken, or nothing.

    Only a mail from the person's own address is taken, for mails are handed on. What was answered before
    stays, and the reply stands below it.
    """
    interview = find_by_token(token, now=now)
    if interview is None or interview.person is None:
        return "This question is not open to you any more."
    if parseaddr(sender)[1].strip().lower() != interview.person.email.lower():
        return "Please reply from the address that the question was sent to."
    answer = cut_quoted(text, name=interview.person.name, email=interview.person.email)
    if not answer:
        return "No answer was found above the quoted mail."
    try:
        # A mail server that was not sure sends a mail again.
        writes.add_to_answer(actor=interview.person, interview=interview, text=answer, by="mail")
    except AfterwordError as refusal:
        return " ".join([*refusal.fields.values()] or [refusal.message])
    return ""
