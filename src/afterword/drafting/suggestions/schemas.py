"""What programs are told of drafts and suggestions, and what they send."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from ninja import Schema
from pydantic import Field

from afterword.drafting.suggestions.reads import ShownCitation, ShownClaim, ShownPiece, SupportOfDocument
from afterword.drafting.suggestions.rules import Choice
from afterword.lib.bodies import Body
from afterword.postmortems.schemas import PersonReference


class DraftOut(Schema):
    """A draft of a post-mortem: asked for, being written, written."""

    unique_id: uuid.UUID
    state: str = Field(description="waiting, working, done or failed")
    reason: str = Field(description="resolved or asked")
    asked_by: PersonReference | None
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    keys: list[str] = Field(description="The parts that are written; empty for all.")
    steps_done: int
    steps: int = Field(description="0 until it is known.")
    written_by: str = Field(description="record, or the names of models; empty until it is written.")
    notes: dict[str, str] = Field(
        description="Why the record's words stand in place of a model's, by the key of the part."
    )
    failure: str
    evidence_count: int
    left_out: dict[str, int]
    claims_new: int


class DraftIn(Body):
    keys: list[str] = Field(
        default_factory=list, description="Parts to write anew, as summary or timeline; empty for all."
    )
    with_model: bool = False


class PieceOut(Schema):
    """A piece of evidence that you may see, as it was when the draft was written."""

    id: str
    kind: str
    at: datetime | None
    source: str
    text: str
    url: str


class SuggestionOut(Schema):
    """One thing that a draft suggests."""

    unique_id: uuid.UUID
    section: uuid.UUID | None = Field(description="The section it is for; null where none fits.")
    part: str = Field(description="The key of the part of the draft, as summary.")
    kind: str = Field(description="fact, gap, question or proposal")
    text: str
    support: str = Field(description="cited, or verify where somebody should look")
    confidence: str
    at: datetime | None
    asked: list[str]
    action: str
    written_by: str = Field(description="record, or the name of a model")
    state: str = Field(description="waiting, accepted, edited, rejected or replaced")
    evidence: list[PieceOut]
    evidence_not_shown: int = Field(description="Pieces beyond these, or that you may not see.")
    follow_up: uuid.UUID | None

    @classmethod
    def of(cls, shown: ShownClaim) -> SuggestionOut:
        claim = shown.claim
        return cls(
            unique_id=claim.unique_id,
            section=claim.section,
            part=claim.key,
            kind=claim.kind,
            text=claim.text,
            support=claim.support,
            confidence=claim.confidence,
            at=claim.at,
            asked=claim.asked,
            action=claim.action,
            written_by=claim.written_by,
            state=claim.state,
            evidence=[_piece(piece) for piece in shown.pieces],
            evidence_not_shown=shown.more,
            follow_up=claim.follow_up.unique_id if claim.follow_up is not None else None,
        )


class DecisionIn(Body):
    """What becomes of suggestions."""

    verdict: str = Field(description="accept, reject or follow_up")
    suggestions: list[uuid.UUID] = Field(description="Their ids; of accept those for one section.")
    section: uuid.UUID | None = Field(None, description="Another section than the one they are for.")
    text: str | None = Field(None, description="Markdown in place of a single suggestion's own words.")


class DecisionOut(Schema):
    unique_id: uuid.UUID
    verdict: str = Field(description="accepted, edited or rejected")
    section: uuid.UUID | None
    section_title: str
    revision: int | None = Field(description="The revision that has the words.")
    made_at: datetime
    made_by: PersonReference | None
    undone_at: datetime | None


class CitationOut(Schema):
    """Words of a section that came from a draft, and the evidence for them."""

    unique_id: uuid.UUID
    section: uuid.UUID
    section_title: str
    number: int = Field(description="As on the page, from 1; 0 where the words are gone.")
    state: str = Field(description="same, changed or gone")
    text: str = Field(description="As the section says it now.")
    suggestion: uuid.UUID
    written_by: str
    evidence: list[PieceOut]
    evidence_not_shown: int

    @classmethod
    def of(cls, one: ShownCitation) -> CitationOut:
        return cls(
            unique_id=one.citation.unique_id,
            section=one.citation.section,
            section_title=one.citation.section_title,
            number=one.number,
            state=one.found.fate,
            text=one.found.text,
            suggestion=one.citation.claim.unique_id,
            written_by=one.citation.claim.written_by,
            evidence=[_piece(piece) for piece in one.shown.pieces],
            evidence_not_shown=one.shown.more,
        )


class UnsupportedOut(Schema):
    citation: CitationOut
    reasons: list[str]
    is_certain: bool = Field(description="false where somebody should look")


class SupportOut(Schema):
    """How far a post-mortem is borne out by what it cites."""

    cited: int = Field(description="Statements that are borne out.")
    unsupported: list[UnsupportedOut]
    unused: list[PieceOut] = Field(
        description="Starred and marked lines and changes of status that nothing cites."
    )
    unused_more: int

    @classmethod
    def of(cls, support: SupportOfDocument) -> SupportOut:
        return cls(
            cited=support.cited,
            unsupported=[
                UnsupportedOut(
                    citation=CitationOut.of(one.shown), reasons=list(one.reasons), is_certain=one.is_certain
                )
                for one in support.unsupported
            ],
            unused=[_piece(piece) for piece in support.unused],
            unused_more=support.unused_more,
        )


class ChoiceOut(Schema):
    """What a level chose, and what holds there in the end. null says nothing of its own."""

    automatic: bool | None
    model: bool | None
    model_private: bool | None
    begins: bool | None
    holds: dict[str, bool] = Field(description="automatic, model, model_private and begins as they hold.")


class ChoiceIn(Body):
    """What is left out stays; null says nothing of its own."""

    automatic: bool | None = Field(None, description="Draft by itself when an incident is resolved.")
    model: bool | None = Field(None, description="Let a model write, where one is set up.")
    model_private: bool | None = Field(None, description="Let it write about private incidents too.")
    begins: bool | None = Field(None, description="Begin the post-mortem when an incident is resolved.")

    def on(self, choice: Choice) -> Choice:
        """The choice with what was sent."""
        given: dict[str, Any] = self.model_dump(exclude_unset=True)
        return Choice(**{**vars(choice), **given})


def _piece(piece: ShownPiece) -> PieceOut:
    return PieceOut(
        id=piece.id,
        kind=piece.kind,
        at=piece.at,
        source=piece.source,
        text=piece.text,
        url=f"{settings.PUBLIC_URL}{piece.url}" if piece.url else "",
    )
