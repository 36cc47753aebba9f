"""What a draft asks of a post-mortem's incidents, and what the record says near a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from afterword.accounts.models import Person
from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.drafting.evidence.parts import Part
from afterword.drafting.evidence.reads import collect_for_document
from afterword.drafting.interviews import reads, rules
from afterword.drafting.interviews.models import Question
from afterword.drafting.interviews.reads import Suggested
from afterword.incidents.models import EntryKind
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import organisation_zone

NEAR_MAX = 8
OWN_WORDS_MAX = 4
"""Of these, what the person wrote then and the question does not cite."""


@dataclass(frozen=True)
class DraftQuestion:
    """A question that a draft asks, and who could answer it."""

    key: str
    claim: Claim
    people: list[Suggested]


def questions_of_draft(
    document: Postmortem, *, now: datetime, book: EvidenceBook | None = None
) -> list[DraftQuestion]:
    """What a draft of the document would ask, in its order, without what people were asked already.

    `book` is the document's evidence, where it was collected before.
    """
    asked = set(reads.texts_asked(document))
    book = book if book is not None else collect_for_document(document, now=now)
    # In the zone in which the document's own draft is written: a question is known by its words.
    draft = write_draft(book, zone=organisation_zone())
    claims = [one for one in draft.claims() if one.kind == "question" and one.text not in asked]
    unique = {rules.key_of(claim): claim for claim in claims}
    people = reads.suggest_people_for(document, [claim.asked for claim in unique.values()])
    return [
        DraftQuestion(key, claim, suggested)
        for (key, claim), suggested in zip(unique.items(), people, strict=True)
    ]


def evidence_near(question: Question, person: Person, *, now: datetime) -> list[Piece]:
    """What the record says near a question, by time: what it cites, and what the person wrote then.

    Only what everybody sees who may read the document, and only as it is now. `person` may read it.
    """
    own_notes = Q(person=person, kind=EntryKind.NOTE)
    part = Part.of(question.evidence, lines=own_notes, with_others=False)
    book = collect_for_document(question.postmortem, now=now, part=part)
    cited = [one for one in book.cited(question.evidence) if one.kind != "incident"][:NEAR_MAX]
    known = {one.id for one in cited}
    own = [
        one
        for one in book.of_kind("entry")
        if one.id not in known and one.data.get("person") == str(person) and one.data.get("kind") == "note"
    ]
    moments = [one.at for one in cited if one.at is not None]
    if moments:
        own.sort(
            key=lambda one: min(abs(one.at - moment) for moment in moments) if one.at else now - moments[0]
        )
    chosen = [*cited, *own[: min(OWN_WORDS_MAX, NEAR_MAX - len(cited))]]
    return sorted(chosen, key=lambda one: (one.at is None, one.at or now, one.id))
