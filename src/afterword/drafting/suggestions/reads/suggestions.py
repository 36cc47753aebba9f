"""Drafts of a document, what they suggest, and what was decided, starting from who reads."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from afterword.accounts.models import Person
from afterword.drafting.claims import SECTION_KEYS, Claim
from afterword.drafting.evidence.book import Piece
from afterword.drafting.suggestions.models import (
    BlankDocument,
    ClaimState,
    Decision,
    DocumentDraft,
    SuggestedClaim,
)
from afterword.drafting.suggestions.reads.sight import Sight, sight_of
from afterword.drafting.suggestions.rules import Place, is_drawn
from afterword.lib.errors import NotFound
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.reads import sections_of

SUGGESTIONS_MAX = 1_000
"""Of one document, waiting."""
CLAIMS_TOLD_MAX = 10
"""Of one decision, in the list of what was decided."""
PIECES_SHOWN_MAX = 12
"""Of one claim, with what they say. More are told by their number."""
LABEL_CHARACTERS_MAX = 24


def drafts_of(postmortem: Postmortem) -> QuerySet[DocumentDraft]:
    """The drafts of a post-mortem that was read before, newest first."""
    found = DocumentDraft.objects.filter(postmortem=postmortem).select_related("asked_by", "claim")
    return found.order_by("-asked_at", "-id")


def latest_draft(postmortem: Postmortem) -> DocumentDraft | None:
    """The one that was asked for last."""
    return drafts_of(postmortem).first()


def get_draft(postmortem: Postmortem, unique_id: uuid.UUID) -> DocumentDraft:
    """Raises NotFound for a draft of another post-mortem."""
    found = drafts_of(postmortem).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def began_blank(postmortem: Postmortem) -> bool:
    """Whether nothing is to be drafted for it by itself."""
    return BlankDocument.objects.filter(postmortem=postmortem).exists()


@dataclass(frozen=True)
class ShownPiece:
    """A piece of evidence as one reader may see it."""

    id: str
    kind: str
    text: str
    source: str
    url: str
    """A path of this install."""
    at: datetime | None = None

    @property
    def label(self) -> str:
        """What its mark says: what it is, in a word or two."""
        words = self.text if self.kind == "timestamp" else self.kind
        return words[:LABEL_CHARACTERS_MAX].capitalize() or self.id


@dataclass(frozen=True)
class ShownClaim:
    """A suggestion as one reader may see it."""

    claim: SuggestedClaim
    pieces: tuple[ShownPiece, ...]
    more: int
    """How many pieces it cites beyond these, or that this reader may not see."""
    is_drawn: bool = False
    """Whether the live section that it is for shows it all the time."""

    @property
    def key(self) -> str:
        return str(self.claim.unique_id)

    @property
    def part(self) -> str:
        """What the draft calls the part that it is of."""
        return SECTION_KEYS.get(self.claim.key, self.claim.key)

    @property
    def is_of_record(self) -> bool:
        return self.claim.written_by == "record"


@dataclass
class Suggestions:
    """What is suggested for a document, by the section that it is for."""

    by_section: dict[uuid.UUID, list[ShownClaim]]
    unplaced: list[ShownClaim]
    """For which no section fits, or whose section was taken out."""

    @property
    def count(self) -> int:
        return len(self.unplaced) + sum(len(one) for one in self.by_section.values())


def suggestions_for(
    reader: Person,
    postmortem: Postmortem,
    sections: Sequence[Section] | None = None,
    *,
    only_unplaced: bool = False,
) -> Suggestions:
    """What waits for a decision, as far as its evidence is still there for whoever reads the document."""
    sections = sections_of(postmortem) if sections is None else sections
    waiting = waiting_claims(postmortem)
    if only_unplaced:
        placed = [section.unique_id for section in sections]
        waiting = waiting.filter(Q(section__isnull=True) | ~Q(section__in=placed))
    claims = list(waiting[:SUGGESTIONS_MAX])
    sight = sight_of(reader, postmortem, cited_by(claims))
    live_names = {section.unique_id: section.live_name for section in sections}
    found = Suggestions({}, [])
    for claim in claims:
        if not sight.there.issuperset(claim.evidence):
            continue
        shown = show_claim(claim, sight)
        if claim.section in live_names and claim.section is not None:
            repeats = is_drawn(live_names[claim.section], as_claim(claim).kind, claim.evidence)
            shown = replace(shown, is_drawn=repeats)
            found.by_section.setdefault(claim.section, []).append(shown)
        else:
            found.unplaced.append(shown)
    return found


def show_claim(claim: SuggestedClaim, sight: Sight) -> ShownClaim:
    """The claim with those pieces of evidence that the reader may see."""
    pieces = tuple(
        ShownPiece(
            id=one["id"],
            kind=one.get("kind", ""),
            text=one.get("text", ""),
            source=one.get("source", ""),
            url=one.get("url", ""),
            at=datetime.fromisoformat(one["at"]) if one.get("at") else None,
        )
        for one in claim.snapshot
        if one["id"] in sight.seen
    )
    return ShownClaim(claim, pieces, max(len(claim.evidence) - len(pieces), 0))


def show_piece(piece: Piece) -> ShownPiece:
    """A piece of a book as it is shown; a page of ours by its path."""
    url = piece.url.removeprefix(settings.PUBLIC_URL)
    return ShownPiece(piece.id, piece.kind, piece.text, piece.source, url, piece.at)


def waiting_claims(postmortem: Postmortem) -> QuerySet[SuggestedClaim]:
    """In the order of the draft."""
    found = SuggestedClaim.objects.filter(postmortem=postmortem, state=ClaimState.WAITING)
    return found.order_by("position", "id")


def claims_of(postmortem: Postmortem, *, state: str = "") -> QuerySet[SuggestedClaim]:
    """Every suggestion, oldest first, with what became of it; narrowed to a state."""
    found = SuggestedClaim.objects.filter(postmortem=postmortem)
    found = found.filter(state=state) if state else found
    return found.select_related("decision__made_by", "follow_up").order_by("id")


def get_claim(postmortem: Postmortem, unique_id: uuid.UUID) -> SuggestedClaim:
    """Raises NotFound for a suggestion of another post-mortem."""
    found = claims_of(postmortem).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def get_claims(postmortem: Postmortem, unique_ids: Sequence[uuid.UUID]) -> list[SuggestedClaim]:
    """Several at once, in this order. Raises NotFound when one is of another post-mortem."""
    found = {one.unique_id: one for one in claims_of(postmortem).filter(unique_id__in=unique_ids)}
    if len(found) < len(set(unique_ids)):
        raise NotFound
    return [found[one] for one in unique_ids]


def last_decision(postmortem: Postmortem) -> Decision | None:
    """The one that can be undone."""
    found = Decision.objects.filter(postmortem=postmortem, undone_at__isnull=True)
    return found.select_related("made_by").order_by("-made_at", "-id").first()


def decisions_of(postmortem: Postmortem) -> QuerySet[Decision]:
    """What was decided, the last first."""
    found = Decision.objects.filter(postmortem=postmortem).select_related("made_by", "undone_by")
    return found.order_by("-made_at", "-id")


def get_decision(postmortem: Postmortem, unique_id: uuid.UUID) -> Decision:
    """Raises NotFound for a decision about another post-mortem."""
    found = Decision.objects.filter(postmortem=postmortem, unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class ToldDecision:
    """A decision with those of its suggestions that may still be told."""

    decision: Decision
    claims: tuple[SuggestedClaim, ...]
    untold: int
    """How many of the first ones besides: their evidence left the record, or is not the reader's to see."""
    more: int
    """How many there are behind the first `CLAIMS_TOLD_MAX`."""


def tell_decisions(
    reader: Person, postmortem: Postmortem, decisions: Sequence[Decision]
) -> list[ToldDecision]:
    """These decisions as one reader may see them, whatever was told when they were made; of each the first
    suggestions, in the order of the draft.
    """
    made: dict[int, list[SuggestedClaim]] = {one.pk: [] for one in decisions}
    counts: Counter[int] = Counter()
    keys = []
    rows = SuggestedClaim.objects.filter(decision__in=made).order_by("position", "id")
    for pk, decision_pk in rows.values_list("pk", "decision"):
        counts[decision_pk] += 1
        if counts[decision_pk] <= CLAIMS_TOLD_MAX:
            keys.append(pk)
    first = SuggestedClaim.objects.filter(pk__in=keys).order_by("position", "id")
    for claim in first.only("decision", "text", "evidence"):
        if claim.decision_id is not None:
            made[claim.decision_id].append(claim)
    sight = sight_of(reader, postmortem, cited_by(claim for claims in made.values() for claim in claims))
    told = []
    for decision in decisions:
        own = made[decision.pk]
        claims = tuple(one for one in own if sight.there.issuperset(one.evidence))
        told.append(ToldDecision(decision, claims, len(own) - len(claims), counts[decision.pk] - len(own)))
    return told


def cited_by(claims: Iterable[SuggestedClaim]) -> set[str]:
    return {one for claim in claims for one in claim.evidence}


def as_claim(claim: SuggestedClaim, *, text: str | None = None) -> Claim:
    """The row as a claim, saying `text` where that is given."""
    return Claim(
        text=claim.text if text is None else text,
        evidence=tuple(claim.evidence),
        kind=claim.kind,  # type: ignore[arg-type]
        support=claim.support,  # type: ignore[arg-type]
        confidence=claim.confidence,
        at=claim.at,
        asked=tuple(claim.asked),
        action=claim.action or None,  # type: ignore[arg-type]
    )


def places_of(sections: Iterable[Section]) -> dict[uuid.UUID, Place]:
    """The sections as `rules.find_place` takes them."""
    return {section.unique_id: Place(section.title, section.live_name) for section in sections}
