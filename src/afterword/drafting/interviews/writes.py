"""Every change to questions: asking, answering, declining, taking back; and reminding of what waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.audit.writes import record
from afterword.drafting.claims import Claim
from afterword.drafting.interviews import reads, rules
from afterword.drafting.interviews.errors import AnswerChanged, QuestionWithdrawn
from afterword.drafting.interviews.letters import ASKED, REMINDER, SETTLED
from afterword.drafting.interviews.models import (
    ANSWER_CHARACTERS_MAX,
    NOTE_CHARACTERS_MAX,
    PERSON_NAME_LENGTH_MAX,
    QUESTION_CHARACTERS_MAX,
    Interview,
    InterviewState,
    Question,
)
from afterword.letters.models import Letter, LetterState
from afterword.letters.writes import queue_letters, remind_all
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput, NotFound
from afterword.lib.text import many_lines, one_line
from afterword.lib.zones import after_weekend
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.reads import sees_postmortem
from afterword.postmortems.rules import text_digest

PEOPLE_MAX = 20
"""Who are asked one question."""
EVIDENCE_MAX = 20
EVIDENCE_ID_CHARACTERS_MAX = 60
REMINDED_ROWS_MAX = 500


@transaction.atomic
def ask(
    actor: Person,
    *,
    document: Postmortem,
    text: str,
    people: Sequence[Person],
    claim: Claim | None = None,
) -> Question:
    """Ask people about a post-mortem; each gets a mail with a link of their own.

    `claim` is the question of a draft that it comes from: what that cites is shown with it. Raises
    InvalidInput (nobody is asked who may not see the post-mortem), NotAllowed, NotFound.
    """
    document = postmortem_reads.lock_postmortem(actor, document)
    require_write(actor, document.team)
    text = many_lines("text", text, characters_max=QUESTION_CHARACTERS_MAX, required=True)
    if Question.objects.filter(postmortem=document).count() >= reads.QUESTIONS_MAX:
        reason = f"At most {reads.QUESTIONS_MAX} questions can be asked about one post-mortem."
        raise InvalidInput(fields={"text": reason})
    if text in reads.texts_asked(document):
        reason = "This was asked already. Others can be asked the same there, or ask it in other words."
        raise InvalidInput(fields={"text": reason})
    cited = claim.evidence if claim is not None else ()
    question = Question.objects.create(
        postmortem=document,
        text=text,
        draft_text=claim.text[:QUESTION_CHARACTERS_MAX] if claim is not None else "",
        evidence=[one for one in cited if len(one) <= EVIDENCE_ID_CHARACTERS_MAX][:EVIDENCE_MAX],
        asked_by=actor,
        asked_at=clock.now(),
    )
    new = _ask(actor, question, people)
    if not new:
        raise InvalidInput(fields={"people": "Please choose somebody to ask."})
    _record(actor, "question.asked", question, people=[str(one.unique_id) for one in new])
    return question


@transaction.atomic
def ask_others(*, actor: Person, question: Question, people: Sequence[Person]) -> Question:
    """Ask further people the same. Who was asked already is left out.

    Raises InvalidInput, QuestionWithdrawn, NotAllowed, NotFound.
    """
    document = postmortem_reads.lock_postmortem(actor, question.postmortem)
    require_write(actor, document.team)
    question = reads.get_question(actor, document, question.unique_id)
    if question.withdrawn_at is not None:
        raise QuestionWithdrawn
    if not people:
        raise InvalidInput(fields={"people": "Please choose somebody to ask."})
    new = _ask(actor, question, people)
    if new:
        _record(actor, "question.asked", question, people=[str(one.unique_id) for one in new])
    return question


@transaction.atomic
def withdraw(*, actor: Person, question: Question) -> Question:
    """Nobody has to answer it any more. What was answered stays. Raises NotAllowed, NotFound."""
    document = postmortem_reads.lock_postmortem(actor, question.postmortem)
    require_write(actor, document.team)
    question = reads.get_question(actor, document, question.unique_id)
    if question.withdrawn_at is None:
        question.withdrawn_at, question.withdrawn_by = clock.now(), actor
        question.save(update_fields=["withdrawn_at", "withdrawn_by"])
        Interview.objects.filter(question=question).update(next_reminder_at=None)
        _record(actor, "question.withdrawn", question)
    return question


Way = Literal["signed in", "link", "mail"]
"""How somebody came to answer: by a link and by mail they are who has the mail, and nobody signed in."""


@transaction.atomic
def add_to_answer(*, actor: Person, interview: Interview, text: str, by: Way) -> Interview:
    """Set a text below what was answered before, unless it stands there already. Raises as `answer` does."""
    before = _lock(actor, interview).text
    if f"\n\n{text}\n\n" in f"\n\n{before}\n\n":
        return interview
    whole = f"{before}\n\n{text}" if before else text
    return answer(actor=actor, interview=interview, text=whole, by=by)


@transaction.atomic
def answer(
    *, actor: Person, interview: Interview, text: str, by: Way = "signed in", base: str | None = None
) -> Interview:
    """Say what one knows, or say it better than before. Who asked is told by mail.

    `base` is the `text_digest` of the answer from which the person started to write, so that what came by
    mail meanwhile is not overwritten unseen. Raises InvalidInput, AnswerChanged where it says something else
    by now, QuestionWithdrawn (what was answered before may still be corrected), NotFound to everybody but the
    one who was asked.
    """
    interview = _lock(actor, interview)
    text = many_lines("text", text, characters_max=ANSWER_CHARACTERS_MAX, required=True)
    is_first = interview.state != InterviewState.ANSWERED
    if is_first and interview.question.withdrawn_at is not None:
        raise QuestionWithdrawn
    if not is_first and text == interview.text:
        return interview
    if base is not None and base != text_digest(interview.text):
        raise AnswerChanged
    now = clock.now()
    interview.text, interview.note, interview.next_reminder_at = text, "", None
    if is_first:
        interview.state, interview.settled_at = InterviewState.ANSWERED, now
    else:
        interview.edited_at = now
    interview.save(update_fields=["text", "note", "next_reminder_at", "state", "settled_at", "edited_at"])
    _settled(actor, interview, "question.answered" if is_first else "question.answer_edited", by)
    return interview


@transaction.atomic
def decline(*, actor: Person, interview: Interview, note: str = "", by: Way = "signed in") -> Interview:
    """Say that one does not know, and who might. They may still answer later.

    Raises Conflict for what was answered, InvalidInput, QuestionWithdrawn, NotFound.
    """
    interview = _lock(actor, interview)
    note = one_line("note", note, characters_max=NOTE_CHARACTERS_MAX, required=False)
    if interview.state == InterviewState.ANSWERED:
        raise Conflict("You have answered this. Change your answer where it is not right.")
    if interview.question.withdrawn_at is not None:
        raise QuestionWithdrawn
    if interview.state == InterviewState.DECLINED and interview.note == note:
        return interview
    interview.state, interview.note = InterviewState.DECLINED, note
    interview.settled_at, interview.next_reminder_at = clock.now(), None
    interview.save(update_fields=["state", "note", "settled_at", "next_reminder_at"])
    _settled(actor, interview, "question.declined", by)
    return interview


def queue_question_reminders(*, at: datetime) -> int:
    """Queue a letter for everybody who has waited long enough; how many. For the worker."""
    return remind_all(lambda: _remind(at), rows_max=REMINDED_ROWS_MAX)


@transaction.atomic
def _remind(at: datetime) -> tuple[int, int]:
    due = (
        Interview.objects.filter(next_reminder_at__lte=at)
        .select_related("person", "question__postmortem__team")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("next_reminder_at", "pk")
    )
    interviews, queued = list(due[:REMINDED_ROWS_MAX]), 0
    for interview in interviews:
        interview.next_reminder_at = None
        waits = interview.is_open and interview.question.withdrawn_at is None
        if waits and interview.person is not None and reads.is_asked_still(interview):
            zone = reads.zone_of(interview.person)
            # It was due on a working day, and nobody looked then.
            if (later := after_weekend(at, zone)) > at:
                interview.next_reminder_at = later
                interview.save(update_fields=["next_reminder_at"])
                continue
            queue_letters(kind=REMINDER, people=[interview.person], about={"interview": interview.pk})
            queued += 1
            interview.reminders += 1
            interview.next_reminder_at = rules.next_reminder(at, interview.reminders, zone)
        interview.save(update_fields=["next_reminder_at", "reminders"])
    return len(interviews), queued


def _ask(actor: Person, question: Question, people: Iterable[Person]) -> list[Person]:
    """Whom it was asked of now."""
    asked = set(Interview.objects.filter(question=question).values_list("person_id", flat=True))
    wanted = {person.pk: person for person in people}
    if len(asked | wanted.keys()) > PEOPLE_MAX:
        raise InvalidInput(fields={"people": f"A question is asked of at most {PEOPLE_MAX} people."})
    for person in wanted.values():
        if not sees_postmortem(person, question.postmortem):
            reason = f"{person} cannot see this post-mortem, so they cannot be asked about it."
            raise InvalidInput(fields={"people": reason})
    now = clock.now()
    new = [person for pk, person in wanted.items() if pk not in asked]
    for person in new:
        interview = Interview.objects.create(
            question=question,
            person=person,
            person_name=str(person)[:PERSON_NAME_LENGTH_MAX],
            asked_at=now,
            next_reminder_at=rules.next_reminder(now, 0, reads.zone_of(person)),
        )
        if person.pk != actor.pk:
            queue_letters(kind=ASKED, people=[person], about={"interview": interview.pk})
    return new


def _lock(actor: Person, interview: Interview) -> Interview:
    """The interview as it is now, kept from others until the transaction ends. Raises NotFound."""
    locked = (
        Interview.objects.select_for_update(of=("self",))
        .select_related("person", "question__postmortem__team", "question__asked_by")
        .filter(pk=interview.pk, person=actor)
        .first()
    )
    if locked is None or not reads.is_asked_still(locked):
        raise NotFound
    return locked


def _settled(actor: Person, interview: Interview, action: str, by: Way) -> None:
    """Write it into the record, and tell who asked: once, however often it changes before that mail goes."""
    question = interview.question
    record(
        actor=actor,
        action=action,
        subject=interview,
        team_id=question.postmortem.team_id,
        data={"postmortem": question.postmortem.number, "question": str(question.unique_id), "by": by},
    )
    about = {"interview": interview.pk}
    asker = question.asked_by or question.postmortem.author
    on_its_way = Letter.objects.filter(
        kind=SETTLED, person=asker, state=LetterState.WAITING, handed_over_at__isnull=True, about=about
    )
    if asker.pk != actor.pk and not on_its_way.exists():
        queue_letters(kind=SETTLED, people=[asker], about=about)


def _record(actor: Person, action: str, question: Question, **data: object) -> None:
    record(
        actor=actor,
        action=action,
        subject=question,
        team_id=question.postmortem.team_id,
        data={"postmortem": question.postmortem.number, **data},
    )
