"""Answering by replying to the mail: the address, who may, and what of the mail is the answer."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from afterword.accounts.models import Membership
from afterword.audit.models import AuditEvent
from afterword.drafting.interviews.mailbox import find_by_token, take_reply
from afterword.drafting.interviews.models import Interview
from afterword.drafting.interviews.replies import cut_quoted, read_token, write_token
from afterword.drafting.interviews.writes import queue_question_reminders
from afterword.lib.zones import after_weekend
from afterword.notify.letter_sending import deliver_letters

REPLIES = {
    "on top": "A restart.\n\nOn 2 March 2026 at 14:05, Alice <a@example.com> wrote:\n> What ended it?\n>",
    "on top, in two lines": "A restart.\n\nOn Mon, 2 Mar 2026 at 14:05, Alice with a long name\n"
    "<a@example.com> wrote:\n\n> What ended it?",
    "on top, unmarked": "A restart.\n\nAm 02.03.26 um 14:05 schrieb Alice:\nWhat ended it?\nAnswer here",
    "above a head": "A restart.\n\nFrom: Afterword\nSent: Monday\nSubject: What ended it?\n\nWhat ended it?",
    "above a line": "A restart.\r\n\r\n-----Original Message-----\r\nFrom: Afterword",
    "above a signature": "A restart.\n\n-- \nBob.\nHe has a phone. And a hat.",
    "above a signature without its space": "A restart.\n\n--\nBob, with a phone\n+49 170 1234567",
    "below": "On 2 March 2026, Alice wrote:\n> What ended it?\n\nA restart.",
}


@pytest.fixture
def token(interview: Interview) -> str:
    return write_token(interview.unique_id, timezone.now())


def _reply(token: str, text: str = "A restart.", sender: str = "Bob <BOB@example.com>", **later: Any) -> str:
    return take_reply(token, sender=sender, text=text, now=timezone.now() + timedelta(**later))


@pytest.mark.pure
@pytest.mark.parametrize("how", REPLIES)
def test_what_was_quoted_is_cut(how: str):
    assert cut_quoted(REPLIES[how], name="Bob", email="bob@example.com") == "A restart."


@pytest.mark.pure
def test_answers_between_quoted_lines_are_kept_and_words_like_those_of_mails_too():
    between = "On 2 March 2026, Alice wrote:\n> What ended it?\nA restart.\n> When?\nAt 14:30."
    assert cut_quoted(between) == "A restart.\nAt 14:30."
    plain = "From: the dashboard I saw nothing.\nOn the page Bob wrote:\nit is slow"
    assert cut_quoted(plain) == plain


BELOW_A_LINE = {
    "a sentence": "That ended it.",
    "many lines": "Will\n" + "\n".join(["a line"] * 4),
    "a long line": "Will\n" + "and then so much " * 5,
    "words and no name": "pool back to 40\nthe queue empty at 14:40",
    "a command": "kubectl rollout undo deploy/api",
    "a word that is a name too": "Will restart it again tomorrow",
    "a name at the end": "At 14:30, I think\nWill",
}


@pytest.mark.pure
@pytest.mark.parametrize("what", BELOW_A_LINE)
def test_a_line_that_is_drawn_between_two_thoughts_ends_no_answer(what: str):
    drawn = f"A restart.\n--\n{BELOW_A_LINE[what]}".strip()
    assert cut_quoted(f"{drawn}\n\n> What ended it?", name="Will Okafor", email="w@example.com") == drawn


@pytest.mark.pure
@pytest.mark.parametrize(
    "first", ["Will", "Will Okafor | Payments", "Will B Okafor, he/him", "w.okafor@example.com"]
)
def test_below_such_a_line_a_name_begins_a_signature(first: str):
    text = f"A restart.\n--\n{first}\n+49 170 1234567"
    assert cut_quoted(text, name="Will Okafor", email="w.okafor@example.com") == "A restart."


@pytest.mark.pure
def test_the_address_fits_into_a_mail_and_cannot_be_made_up():
    now = timezone.now()
    key = Interview().unique_id
    token = write_token(key, now)
    assert len(f"answer+{token}") <= 64
    assert read_token(token, now) == read_token(token.upper(), now) == key
    assert read_token(token[:-1] + ("a" if token[-1] != "a" else "b"), now) is None
    assert read_token("x" * 47, now) is None
    assert read_token("é", now) is None
    assert read_token(token, now + timedelta(days=16)) is None


def test_the_mail_says_that_it_can_be_replied_to_only_where_mails_are_taken(
    interview, any_day, settings: Any
):
    deliver_letters()
    assert mail.outbox[0].reply_to == ["alice@example.com"]
    assert "just reply" not in mail.outbox[0].body
    settings.ENV = settings.ENV.model_copy(
        update={"smtp_bind": "127.0.0.1:2525", "answer_host": "afterword.example.com"}
    )
    Interview.objects.update(next_reminder_at=timezone.now())
    queue_question_reminders(at=after_weekend(timezone.now(), UTC))
    deliver_letters()
    (address,) = mail.outbox[1].reply_to
    assert "just reply to this mail" in mail.outbox[1].body
    box, _, token = address.removesuffix("@afterword.example.com").partition("+")
    assert box == "answer"
    assert _reply(token) == ""
    assert Interview.objects.get().text == "A restart."


def test_a_second_reply_stands_below_the_first_and_the_same_one_changes_nothing(interview, token):
    assert [_reply(token), _reply(token), _reply(token, "At 14:30, I think.")] == ["", "", ""]
    assert _reply(token, "I think.") == ""
    assert Interview.objects.get().text == "A restart.\n\nAt 14:30, I think.\n\nI think."
    assert {one.data["by"] for one in AuditEvent.objects.filter(subject_kind="interview")} == {"mail"}


def test_only_its_person_may_reply_and_only_while_they_may_see_it(bob, interview, token):
    assert "from the address" in _reply(token, sender="Vera <vera@example.com>")
    assert "No answer was found" in _reply(token, "> quoted")
    assert "not open" in _reply(token, days=20)
    assert "8,000" in _reply(token, "x" * 9_000)
    Membership.objects.filter(person=bob).delete()
    assert find_by_token(token, now=timezone.now()) is None
    assert "not open" in _reply(token)
    assert Interview.objects.get().text == ""
