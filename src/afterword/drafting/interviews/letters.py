"""The letters of questions. Each is written when it goes out, and dropped when nothing of it is left."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from afterword.accounts.models import Person
from afterword.documents import plain_text, read_line
from afterword.drafting.evidence.book import Piece
from afterword.drafting.interviews import reads, rules
from afterword.drafting.interviews.evidence import address_of
from afterword.drafting.interviews.links import LINK_DAYS_MAX, link_to_answer
from afterword.drafting.interviews.models import InterviewState
from afterword.drafting.interviews.near import evidence_near
from afterword.drafting.interviews.replies import reply_address
from afterword.letters.models import Letter
from afterword.letters.writers import LetterText, register_writer
from afterword.lib import clock
from afterword.postmortems.review.reads import sees_postmortem

ASKED = "drafting.question"
REMINDER = "drafting.question_reminder"
SETTLED = "drafting.question_settled"
PIECE_CHARACTERS_MAX = 300
SUBJECT_QUESTION_CHARACTERS = 120


@dataclass(frozen=True)
class Told:
    """A line of the record as a letter has it."""

    when: str
    source: str
    text: str


def register_writers() -> None:
    """In AppConfig.ready()."""
    register_writer(ASKED, _write_asked)
    register_writer(REMINDER, _write_reminder, for_weekdays=True)
    register_writer(SETTLED, _write_settled)


def told_in(pieces: list[Piece], person: Person) -> list[Told]:
    """The pieces as lines of plain text, with times in the person's zone."""
    zone = reads.zone_of(person)
    lines = []
    for one in pieces:
        local = one.at.astimezone(zone) if one.at is not None else None
        when = f"{local.day} {local:%b %Y, %H:%M} {local.tzname()}" if local is not None else ""
        text = read_line(one.text)
        if len(text) > PIECE_CHARACTERS_MAX:
            text = text[: PIECE_CHARACTERS_MAX - 1].rstrip() + "…"
        lines.append(Told(when, plain_text(one.source), text))
    return lines


def _write_asked(letter: Letter) -> LetterText | None:
    return _write_request(letter, is_reminder=False)


def _write_reminder(letter: Letter) -> LetterText | None:
    return _write_request(letter, is_reminder=True)


def _write_request(letter: Letter, *, is_reminder: bool) -> LetterText | None:
    interview = reads.find_interview(letter.about["interview"])
    if interview is None or interview.person_id != letter.person_id or not reads.is_asked_still(interview):
        return None
    question = interview.question
    if not interview.is_open or question.withdrawn_at is not None:
        return None
    now, asker = clock.now(), question.asked_by
    near = evidence_near(question, letter.person, now=now)
    by_reply = reply_address(interview, now=now)
    who = plain_text(str(asker)) if asker else "Somebody"
    subject = f"{who} asks: {_short(question.text)}"
    return LetterText(
        subject=f"Still open: {_short(question.text)}" if is_reminder else subject,
        template="drafting/mail/question",
        context={
            "who": who,
            "is_reminder": is_reminder,
            "is_last": interview.reminders >= rules.REMINDERS_MAX,
            "title": plain_text(question.postmortem.title),
            "question": question.text,
            "hint": rules.HINT,
            "near": told_in(near, letter.person),
            "address": link_to_answer(interview),
            "days": LINK_DAYS_MAX,
            "by_reply": bool(by_reply),
        },
        reply_to=by_reply or (asker.email if asker is not None and asker.is_active else ""),
    )


def _write_settled(letter: Letter) -> LetterText | None:
    interview = reads.find_interview(letter.about["interview"])
    if interview is None or not sees_postmortem(letter.person, interview.question.postmortem):
        return None
    who, question = plain_text(interview.name), interview.question
    answered = interview.state == InterviewState.ANSWERED
    return LetterText(
        subject=f"{who} {'answered' if answered else 'does not know'}: {_short(question.text)}",
        template="drafting/mail/settled",
        context={
            "who": who,
            "answered": answered,
            "title": plain_text(question.postmortem.title),
            "question": question.text,
            "text": interview.text if answered else interview.note,
            "address": f"{settings.PUBLIC_URL}{address_of(interview)}",
        },
    )


def _short(text: str) -> str:
    line = plain_text(text)
    if len(line) <= SUBJECT_QUESTION_CHARACTERS:
        return line
    return line[: SUBJECT_QUESTION_CHARACTERS - 1].rstrip() + "…"
