"""Everything that is read about questions, starting from who reads.

Who may read a post-mortem reads what was asked about it and answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Count, Prefetch, Q, QuerySet

from afterword.accounts.models import Person
from afterword.drafting.interviews import rules
from afterword.drafting.interviews.links import read_token
from afterword.drafting.interviews.models import Interview, InterviewState, Question
from afterword.incidents.models import Entry, EntryKind, RoleAssignment
from afterword.lib.errors import NotFound
from afterword.lib.zones import zone_names
from afterword.postmortems.comments.reads import people_to_mention
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import visible_postmortems
from afterword.postmortems.review.reads import sees_postmortem

QUESTIONS_MAX = 200
"""Of one post-mortem."""
WRITERS_LOOKED_AT_MAX = 50


@dataclass(frozen=True)
class Suggested:
    """Somebody who could answer, and why that is thought."""

    person: Person
    reason: str


@dataclass(frozen=True)
class QuestionCounts:
    """How many answers there are, and how many are waited for."""

    waiting: int
    answered: int


def questions_of(actor: Person, document: Postmortem) -> QuerySet[Question]:
    """The questions about a post-mortem, oldest first, with who was asked and what they said.

    None of one that the actor does not see.
    """
    found = Question.objects.filter(postmortem__in=_seen(actor, document))
    interviews = Interview.objects.select_related("person").order_by("asked_at", "pk")
    return (
        found.select_related("asked_by", "postmortem")
        .prefetch_related(Prefetch("interviews", queryset=interviews))
        .order_by("asked_at", "pk")
    )


def get_question(actor: Person, document: Postmortem, unique_id: uuid.UUID) -> Question:
    """Raises NotFound for a question about another post-mortem, and to outsiders."""
    question = questions_of(actor, document).filter(unique_id=unique_id).first()
    if question is None:
        raise NotFound
    return question


def count_answers(document: Postmortem) -> QuestionCounts:
    """Of a post-mortem that was read before, in one query."""
    counted = Interview.objects.filter(question__postmortem=document).aggregate(
        waiting=Count("pk", filter=Q(state=InterviewState.WAITING, question__withdrawn_at__isnull=True)),
        answered=Count("pk", filter=Q(state=InterviewState.ANSWERED)),
    )
    return QuestionCounts(counted["waiting"], counted["answered"])


def own_interviews(actor: Person) -> QuerySet[Interview]:
    """Everything that the actor was asked about what they see, the newest first."""
    seen = visible_postmortems(actor).order_by().values("pk")
    found = Interview.objects.filter(person=actor, question__postmortem__in=seen)
    return found.select_related("person", "question__postmortem__team", "question__asked_by").order_by(
        "-asked_at", "-pk"
    )


def open_interviews(actor: Person) -> QuerySet[Interview]:
    """The questions that wait for the actor."""
    return own_interviews(actor).filter(state=InterviewState.WAITING, question__withdrawn_at__isnull=True)


def get_own_interview(actor: Person, unique_id: uuid.UUID) -> Interview:
    """Raises NotFound for what somebody else was asked, and for what the actor does not see any more."""
    interview = own_interviews(actor).filter(unique_id=unique_id).first()
    if interview is None:
        raise NotFound
    return interview


def find_interview_of_link(token: str) -> Interview | None:
    """What a link's token stands for; None when it does not work (any more), or its person has lost access.

    Whoever holds the link is taken for its person, so it is read as that person.
    """
    key = read_token(token)
    return find_asked_still(key) if key is not None else None


def find_asked_still(unique_id: uuid.UUID) -> Interview | None:
    """The interview with this id, if its person is there and may read the document. For replies by mail."""
    interview = _interviews().filter(unique_id=unique_id).first()
    return interview if interview is not None and is_asked_still(interview) else None


def find_interview(pk: int) -> Interview | None:
    """What a letter is about, if it is still there. For the program itself."""
    return _interviews().filter(pk=pk).first()


def is_asked_still(interview: Interview) -> bool:
    """Whether its person is there and may read the document. For letters and links."""
    person = interview.person
    return person is not None and sees_postmortem(person, interview.question.postmortem)


def zone_of(person: Person) -> ZoneInfo:
    """In which times are told to them; UTC where this machine does not know theirs."""
    return ZoneInfo(person.time_zone if person.time_zone in zone_names() else "UTC")


def people_to_ask(document: Postmortem) -> list[Person]:
    """Who may see the post-mortem, by name: nobody else can be asked about it."""
    return list(people_to_mention(document))


def suggest_people(document: Postmortem, names: Sequence[str] = ()) -> list[Suggested]:
    """Of those who may be asked, who could answer: those that a draft names, who had a role, who wrote."""
    people = {person.pk: person for person in people_to_ask(document)}
    chosen = rules.choose_people(
        names, _reasons(document), {key: str(person) for key, person in people.items()}
    )
    return [Suggested(people[key], reason) for key, reason in chosen.items()]


def suggest_people_for(document: Postmortem, asked: Iterable[Sequence[str]]) -> list[list[Suggested]]:
    """The same for several questions at once, in as many queries as for one."""
    people = {person.pk: person for person in people_to_ask(document)}
    by_key = {key: str(person) for key, person in people.items()}
    reasons = _reasons(document)
    return [
        [
            Suggested(people[key], reason)
            for key, reason in rules.choose_people(names, reasons, by_key).items()
        ]
        for names in asked
    ]


def texts_asked(document: Postmortem) -> list[str]:
    """What was asked about a post-mortem and not taken back, in its words and as a draft asks it."""
    asked = Question.objects.filter(postmortem=document, withdrawn_at__isnull=True)
    return [text for row in asked.order_by("pk").values_list("text", "draft_text") for text in row if text]


def has_answers_of_others(document: Postmortem, actor_id: str) -> bool:
    """Whether somebody but the person with this id, as the audit log has it, answered something about it."""
    answered = Interview.objects.filter(question__postmortem=document, state=InterviewState.ANSWERED)
    return any(str(key) != actor_id for key in answered.values_list("person", flat=True))


def answers_in(documents: QuerySet[Postmortem]) -> QuerySet[Interview]:
    """What people answered about these post-mortems, oldest first. For who may read them."""
    found = Interview.objects.filter(
        state=InterviewState.ANSWERED, question__postmortem__in=documents.order_by().values("pk")
    )
    return found.select_related("person", "question__postmortem").order_by("settled_at", "pk")


def _interviews() -> QuerySet[Interview]:
    return Interview.objects.select_related("person", "question__postmortem__team", "question__asked_by")


def _seen(actor: Person, document: Postmortem) -> QuerySet[Postmortem, int]:
    return visible_postmortems(actor).filter(pk=document.pk).order_by().values_list("pk", flat=True)


def _reasons(document: Postmortem) -> dict[int, str]:
    """What people had to do with the incidents, by key: who led first, then by how much they wrote."""
    incidents = document.incidents.order_by().values("pk")
    roles = RoleAssignment.objects.filter(incident__in=incidents).select_related("role")
    found: dict[int, str] = {}
    for one in roles.order_by("role__rank", "role__name", "pk")[:WRITERS_LOOKED_AT_MAX]:
        found.setdefault(one.person_id, one.role.name)
    wrote = (
        Entry.objects.filter(
            incident__in=incidents, kind=EntryKind.NOTE, person__isnull=False, hidden_at__isnull=True
        )
        .order_by()
        .values_list("person")
        .annotate(notes=Count("pk"))
        .order_by("-notes", "person")
    )
    for person, notes in wrote[:WRITERS_LOOKED_AT_MAX]:
        found.setdefault(person, "wrote a note then" if notes == 1 else f"wrote {notes} notes then")
    return found
