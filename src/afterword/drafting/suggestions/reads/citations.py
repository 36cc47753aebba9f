"""What stands in a document because of a draft, and how far its evidence bears it out."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from afterword.accounts.models import Person
from afterword.documents import read_texts
from afterword.drafting.citations.check import Verdict, check_claim
from afterword.drafting.evidence.book import EvidenceBook, Piece
from afterword.drafting.evidence.parts import Part
from afterword.drafting.evidence.reads import collect_for_document
from afterword.drafting.suggestions import rules
from afterword.drafting.suggestions.models import (
    Citation,
    SuggestedClaim,
)
from afterword.drafting.suggestions.reads.sight import sight_of
from afterword.drafting.suggestions.reads.suggestions import (
    ShownClaim,
    ShownPiece,
    as_claim,
    cited_by,
    show_claim,
    show_piece,
)
from afterword.drafting.suggestions.rules import Found
from afterword.incidents.models import EntryKind
from afterword.lib import clock
from afterword.lib.errors import NotFound
from afterword.postmortems.comments.rules import Anchor, find_anchor, squeeze
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.reads import organisation_zone, sections_of
from afterword.postmortems.rules import prose_blocks

CITATIONS_MAX = 1_000
UNUSED_SHOWN_MAX = 100


@dataclass(frozen=True)
class ShownCitation:
    """What a section says because of a claim, as one reader may see it."""

    citation: Citation
    shown: ShownClaim
    found: Found
    number: int
    """Counted in the document's order, from 1; 0 for one whose words are gone."""

    @property
    def url(self) -> str:
        """Where the first piece stands that the reader may see."""
        return self.shown.pieces[0].url if self.shown.pieces else ""


def citations_of(postmortem: Postmortem) -> QuerySet[Citation]:
    """Those that hold, oldest first, each with its claim."""
    found = Citation.objects.filter(postmortem=postmortem, dropped_at__isnull=True)
    return found.select_related("claim", "decision__made_by").order_by("id")


def get_citation(postmortem: Postmortem, unique_id: uuid.UUID) -> Citation:
    """Raises NotFound for a citation in another post-mortem, and for one that was dropped."""
    found = citations_of(postmortem).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def citations_for(
    reader: Person, postmortem: Postmortem, sections: Sequence[Section] | None = None
) -> list[ShownCitation]:
    """The citations of these sections in the order in which they stand there; those that are gone last."""
    kept = list(citations_of(postmortem)[:CITATIONS_MAX])
    if not kept:
        return []
    sections = sections_of(postmortem) if sections is None else sections
    sight = sight_of(reader, postmortem, cited_by(one.claim for one in kept))
    placed = place_citations(kept, sections)
    shown = []
    for number, (citation, found) in enumerate(placed, start=1):
        is_gone = found.fate == "gone"
        shown.append(
            ShownCitation(citation, show_claim(citation.claim, sight), found, 0 if is_gone else number)
        )
    return shown


def place_citations(
    citations: Sequence[Citation], sections: Sequence[Section]
) -> list[tuple[Citation, Found]]:
    """What became of the words of each, in the document's order; those that are gone last."""
    order = {section.unique_id: place for place, section in enumerate(sections)}
    wanted = {one.section for one in citations}
    texts = {one.unique_id: read_written(one) for one in sections if one.unique_id in wanted}
    squeezed = {key: squeeze(text) for key, text in texts.items()}
    windows: dict[uuid.UUID, rules.Windows] = {key: {} for key in texts}
    rows = []
    for citation in citations:
        text, anchor = texts.get(citation.section, ""), anchor_of(citation)
        found = rules.find_words(text, anchor, windows[citation.section]) if text else Found("gone")
        start = find_anchor(squeezed[citation.section], anchor) if found.fate == "same" else None
        if start is None:
            start = squeezed[citation.section].find(found.text) if found.text else 0
        rows.append(((found.fate == "gone", order.get(citation.section, len(order)), start), citation, found))
    rows.sort(key=lambda row: (row[0], row[1].pk))
    return [(citation, found) for _, citation, found in rows]


def read_written(section: Section) -> str:
    """What is read of what people wrote in a section: a line for each paragraph, white space squeezed."""
    return "\n".join(" ".join(one.split()) for one in read_texts(prose_blocks(section.text)))


def anchor_of(citation: Citation) -> Anchor:
    """Where its words are looked for."""
    return Anchor(citation.quote, citation.before, citation.after)


@dataclass(frozen=True)
class Unsupported:
    """Something that a section says, and that its evidence does not bear out any more."""

    shown: ShownCitation
    reasons: tuple[str, ...]
    is_certain: bool
    """Whether it is surely so; else somebody should look."""


@dataclass
class SupportOfDocument:
    """How far a document is borne out by the evidence that it cites."""

    cited: int = 0
    """Facts that stand in it and are borne out."""
    unsupported: list[Unsupported] = field(default_factory=list)
    unused: list[ShownPiece] = field(default_factory=list)
    """Lines of the timeline that are starred, marked or tell of the status, and that nothing cites."""
    unused_more: int = 0


def support_of(reader: Person, postmortem: Postmortem) -> SupportOfDocument:
    """Accepted facts that lost their evidence, or whose words say more than it; key evidence not cited.

    It collects anew what is cited and those lines, as they are in the record now.
    """
    shown = [one for one in citations_for(reader, postmortem) if one.number]
    part = Part.of(cited_by(one.citation.claim for one in shown), lines=_KEY_LINES)
    book = collect_for_document(postmortem, now=clock.now(), part=part)
    zone = organisation_zone()
    found = SupportOfDocument()
    used: set[str] = set()
    for one in shown:
        claim = one.citation.claim
        used.update(claim.evidence)
        if claim.kind != "fact":
            continue
        verdict = check_claim(as_claim(claim, text=one.found.text), book, zone=zone)
        unsupported = _unsupported(one, verdict, book)
        if unsupported is None:
            found.cited += 1
        else:
            found.unsupported.append(unsupported)
    used.update(_used_elsewhere(postmortem))
    unused = [piece for piece in book.of_kind("entry") if _is_key(piece) and piece.id not in used]
    seen = sight_of(reader, postmortem, [piece.id for piece in unused]).seen
    unused = [piece for piece in unused if piece.id in seen]
    found.unused = [show_piece(piece) for piece in unused[:UNUSED_SHOWN_MAX]]
    found.unused_more = max(len(unused) - UNUSED_SHOWN_MAX, 0)
    return found


def _unsupported(one: ShownCitation, verdict: Verdict, book: EvidenceBook) -> Unsupported | None:
    lost = [key for key in one.citation.claim.evidence if book.find(key) is None]
    if lost:
        how = "A piece of its evidence is" if len(lost) == 1 else f"{len(lost)} pieces of its evidence are"
        return Unsupported(one, (f"{how} not in the record any more.",), is_certain=True)
    if verdict.outcome == "accepted":
        return None
    was_to_verify = one.citation.claim.support == "verify" and one.found.fate == "same"
    if verdict.outcome == "verify" and was_to_verify:
        # Somebody looked when it was accepted.
        return None
    reasons = dict.fromkeys(f"“{finding.text}”: {finding.message}" for finding in verdict.findings)
    return Unsupported(one, tuple(reasons), is_certain=verdict.outcome == "refused")


_KEY_LINES = Q(starred_at__isnull=False) | ~Q(mark="") | Q(kind=EntryKind.STATUS)
"""What `_is_key` finds, in the database."""


def _is_key(piece: Piece) -> bool:
    return bool(piece.data.get("starred") or piece.data.get("mark") or piece.data.get("kind") == "status")


def _used_elsewhere(postmortem: Postmortem) -> set[str]:
    """What is cited by proposals that became follow-ups."""
    made = SuggestedClaim.objects.filter(postmortem=postmortem, follow_up__isnull=False)
    return {one for ids in made.values_list("evidence", flat=True) for one in ids}
