"""The API of questions: `/api/v1/postmortems/{number}/questions`, and `/api/v1/questions` of the caller."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import get_person, require_write
from afterword.drafting.claims import Claim
from afterword.drafting.interviews import reads, writes
from afterword.drafting.interviews.models import ANSWER_CHARACTERS_MAX, Interview, Question
from afterword.drafting.interviews.near import DraftQuestion, questions_of_draft
from afterword.lib import clock
from afterword.lib.bodies import Body
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import get_postmortem
from afterword.postmortems.rules import text_digest
from afterword.postmortems.schemas import PersonReference

of_postmortems = Router(tags=["Questions"])
router = Router(tags=["Questions"])

KEY_CHARACTERS_MAX = 40


class AnswerOut(Schema):
    """One person who was asked, and what they said."""

    unique_id: uuid.UUID
    person: PersonReference | None = Field(description="Null: the account is gone.")
    name: str
    state: str = Field(description="waiting, answered or declined")
    text: str = Field(description="The answer, as plain text.")
    note: str = Field(description="From somebody who does not know: who might, or where to look.")
    asked_at: datetime
    settled_at: datetime | None = Field(description="When they answered, or said that they do not know.")
    edited_at: datetime | None


class QuestionOut(Schema):
    """What people were asked about a post-mortem."""

    unique_id: uuid.UUID
    postmortem: int = Field(description="Its number.")
    text: str
    evidence: list[str] = Field(description="The ids of what the record says near it.")
    asked_by: PersonReference | None
    asked_at: datetime
    withdrawn_at: datetime | None
    answers: list[AnswerOut] = Field(description="Of everybody who was asked.")

    @staticmethod
    def resolve_postmortem(question: Question) -> int:
        return question.postmortem.number

    @staticmethod
    def resolve_answers(question: Question) -> list[Interview]:
        return list(question.interviews.all())


class SuggestedOut(Schema):
    """Somebody who could answer."""

    person: PersonReference
    reason: str


class OpenQuestionOut(Schema):
    """What a draft of the post-mortem asks, and nobody was asked yet."""

    key: str = Field(description="By which it is asked; another one once the record says something else.")
    text: str
    evidence: list[str]
    people: list[SuggestedOut]

    @staticmethod
    def resolve_text(one: DraftQuestion) -> str:
        return one.claim.text

    @staticmethod
    def resolve_evidence(one: DraftQuestion) -> list[str]:
        return list(one.claim.evidence)


class QuestionIn(Body):
    text: str = Field("", description="Empty: as the draft asks it.")
    people: list[uuid.UUID] = Field(max_length=100)
    key: str = Field(
        "", max_length=KEY_CHARACTERS_MAX, description="Of the open question that it comes from."
    )


class PeopleIn(Body):
    people: list[uuid.UUID] = Field(max_length=100)


class OwnQuestionOut(Schema):
    """What the caller was asked."""

    unique_id: uuid.UUID
    postmortem: int = Field(description="Its number.")
    question: str
    asked_by: PersonReference | None
    asked_at: datetime
    state: str = Field(description="waiting, answered or declined")
    text: str
    note: str

    @staticmethod
    def resolve_postmortem(interview: Interview) -> int:
        return interview.question.postmortem.number

    @staticmethod
    def resolve_question(interview: Interview) -> str:
        return interview.question.text

    @staticmethod
    def resolve_asked_by(interview: Interview) -> Person | None:
        return interview.question.asked_by


class AnswerIn(Body):
    text: str
    base: str | None = Field(
        None,
        max_length=ANSWER_CHARACTERS_MAX,
        description="The answer as it was when the caller read it, empty where there was none: 409 where it "
        "says something else by now. Left out: it is replaced, whatever it says.",
    )


class DeclinationIn(Body):
    note: str = ""


@of_postmortems.get("/{int:number}/questions", response=Listing[QuestionOut], summary="List questions")
def list_questions(
    request: HttpRequest, number: int, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Question]:
    """Oldest first, each with what people answered."""
    actor, postmortem = _read(request, number)
    return paginate(reads.questions_of(actor, postmortem), cursor=cursor, limit=limit, key="asked_at")


@of_postmortems.get(
    "/{int:number}/open-questions", response=list[OpenQuestionOut], summary="What the record leaves open"
)
def list_open_questions(request: HttpRequest, number: int) -> list[DraftQuestion]:
    """What a draft would ask now, with who could answer. For those who may write the post-mortem."""
    actor, postmortem = _read(request, number)
    require_write(actor, postmortem.team)
    return questions_of_draft(postmortem, now=clock.now())


@of_postmortems.post("/{int:number}/questions", response={201: QuestionOut}, summary="Ask people")
def ask(request: HttpRequest, number: int, given: QuestionIn) -> Status[Question]:
    """Each gets a mail with a link of their own. Only people who may see the post-mortem can be asked."""
    actor, postmortem = _read(request, number)
    require_write(actor, postmortem.team)
    claim = _claim(postmortem, given.key) if given.key else None
    text = given.text.strip() or (claim.text if claim is not None else "")
    people = _people(actor, given.people)
    question = writes.ask(actor, document=postmortem, text=text, people=people, claim=claim)
    return Status(201, reads.get_question(actor, postmortem, question.unique_id))


@of_postmortems.post(
    "/{int:number}/questions/{uuid:question}/people", response=QuestionOut, summary="Ask others too"
)
def ask_others(request: HttpRequest, number: int, question: uuid.UUID, given: PeopleIn) -> Question:
    actor, postmortem = _read(request, number)
    found = reads.get_question(actor, postmortem, question)
    writes.ask_others(actor=actor, question=found, people=_people(actor, given.people))
    return reads.get_question(actor, postmortem, question)


@of_postmortems.delete(
    "/{int:number}/questions/{uuid:question}", response={204: None}, summary="Take a question back"
)
def withdraw(request: HttpRequest, number: int, question: uuid.UUID) -> Status[None]:
    """Nobody has to answer it any more. What was answered stays."""
    actor, postmortem = _read(request, number)
    writes.withdraw(actor=actor, question=reads.get_question(actor, postmortem, question))
    return Status(204, None)


@router.get("/questions", response=Listing[OwnQuestionOut], summary="List the questions for me")
def list_own(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Interview]:
    """Those that wait for the caller, the newest first."""
    found = reads.open_interviews(caller_of(request).person)
    return paginate(found, cursor=cursor, limit=limit, key="-asked_at")


@router.put("/questions/{uuid:interview}/answer", response=OwnQuestionOut, summary="Answer a question")
def answer(request: HttpRequest, interview: uuid.UUID, given: AnswerIn) -> Interview:
    """For who was asked. Answered again, it stands in the place of what was said before."""
    actor = caller_of(request).person
    found = reads.get_own_interview(actor, interview)
    base = text_digest(given.base) if given.base is not None else None
    return writes.answer(actor=actor, interview=found, text=given.text, base=base)


@router.put(
    "/questions/{uuid:interview}/declination", response=OwnQuestionOut, summary="Say that one does not know"
)
def decline(request: HttpRequest, interview: uuid.UUID, given: DeclinationIn) -> Interview:
    """For who was asked, and has not answered."""
    actor = caller_of(request).person
    found = reads.get_own_interview(actor, interview)
    return writes.decline(actor=actor, interview=found, note=given.note)


def _read(request: HttpRequest, number: int) -> tuple[Person, Postmortem]:
    actor = caller_of(request).person
    return actor, get_postmortem(actor, number)


def _people(actor: Person, unique_ids: list[uuid.UUID]) -> list[Person]:
    try:
        return [get_person(actor, one) for one in dict.fromkeys(unique_ids)]
    except NotFound:
        raise InvalidInput(fields={"people": "There is no such person that you can see."}) from None


def _claim(postmortem: Postmortem, key: str) -> Claim:
    for one in questions_of_draft(postmortem, now=clock.now()):
        if one.key == key:
            return one.claim
    raise InvalidInput(fields={"key": "No draft asks this any more, or it was asked already."})
