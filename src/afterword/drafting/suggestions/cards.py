"""What is drawn on the pages of a post-mortem: suggestions, and marks behind what was accepted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.drafting.interviews.rules import key_of
from afterword.drafting.suggestions import reads
from afterword.drafting.suggestions.models import RECORD, Decision, DocumentDraft
from afterword.drafting.suggestions.reads import ShownCitation, ShownClaim, ShownPiece
from afterword.postmortems.comments.rules import Anchor
from afterword.postmortems.marks import Mark
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.reads import sections_of

SHOWN_IN_SECTION_MAX = 12
"""Suggestions in one section of the page that is written. The page of all of them has the others."""
TYPED_CHARACTERS_MAX = 20_000
"""Given back of what somebody typed in place of a suggestion, however long that was."""
MARKS_SHOWN_MAX = 4
"""Pieces of evidence behind one suggestion that have a mark of their own."""


@dataclass(frozen=True)
class Line:
    """A suggestion as the templates draw it."""

    shown: ShownClaim
    ask_url: str
    """Where a question is asked; empty for what is none."""
    rows: int
    """How high the box is in which it is edited."""
    text: str
    """What stands in that box: what somebody typed there, or its own words."""
    into: str = ""
    """The section that somebody chose for it."""

    @property
    def was_edited(self) -> bool:
        return self.text.split() != self.shown.claim.text.split()

    @property
    def marked(self) -> tuple[ShownPiece, ...]:
        return self.shown.pieces[:MARKS_SHOWN_MAX]

    @property
    def rest(self) -> tuple[ShownPiece, ...]:
        return self.shown.pieces[MARKS_SHOWN_MAX:]


def lines_of(postmortem: Postmortem, claims: Sequence[ShownClaim], typed: Mapping[str, Any]) -> list[Line]:
    """The suggestions with what can be done with each, and with what was typed into their boxes."""
    ask = reverse("drafting:ask", args=[postmortem.number])
    return [
        Line(
            one,
            f"{ask}?claim={key_of(reads.as_claim(one.claim))}" if one.claim.kind == "question" else "",
            min(2 + len(one.claim.text) // 90, 10),
            str(typed.get(f"suggested-{one.key}") or one.claim.text)[:TYPED_CHARACTERS_MAX],
            str(typed.get(f"into-{one.key}", "")),
        )
        for one in claims
    ]


def has_many_facts(claims: Sequence[ShownClaim]) -> bool:
    """Whether more than one of these is to be accepted by a single button."""
    return sum(one.claim.kind == "fact" and not one.is_drawn for one in claims) > 1


def draw_offers(
    *, actor: Person, postmortem: Postmortem, sections: Sequence[Section], typed: Mapping[str, Any]
) -> Mapping[uuid.UUID, SafeString]:
    """What is suggested for these sections, and what stands in them because of a draft."""
    found = reads.suggestions_for(actor, postmortem, sections)
    cited: dict[uuid.UUID, list[ShownCitation]] = {}
    # Of the whole document, so that they are counted alike on every page.
    for one in reads.citations_for(actor, postmortem):
        if one.number:
            cited.setdefault(one.citation.section, []).append(one)
    last = reads.last_decision(postmortem)
    drawn = {}
    for section in sections:
        claims = found.by_section.get(section.unique_id, [])
        new = [one for one in claims if not one.is_drawn]
        drawn_above = [one for one in claims if one.is_drawn]
        is_last = last is not None and last.section == section.unique_id
        if claims or is_last or section.unique_id in cited:
            drawn[section.unique_id] = _draw_section(
                postmortem,
                section,
                lines_of(postmortem, [*new, *drawn_above][:SHOWN_IN_SECTION_MAX], typed),
                claims,
                cited.get(section.unique_id, []),
                last if is_last else None,
                _focused(postmortem, section, str(typed.get("suggestion", "")), claims, is_last=is_last),
            )
    return drawn


def _draw_section(
    postmortem: Postmortem,
    section: Section,
    lines: Sequence[Line],
    claims: Sequence[ShownClaim],
    cited: Sequence[ShownCitation],
    last: Decision | None,
    focused: str,
) -> SafeString:
    context = {
        "postmortem": postmortem,
        "section": section,
        "key": str(section.unique_id),
        "lines": [line for line in lines if not line.shown.is_drawn],
        "drawn": [line for line in lines if line.shown.is_drawn],
        "count": len(claims),
        "has_many_facts": has_many_facts(claims),
        "more": max(len(claims) - SHOWN_IN_SECTION_MAX, 0),
        "writers": writers_of(claims),
        "cited": cited,
        "last": last,
        "focused": focused,
        "deeds_url": _deeds_url(postmortem, section),
    }
    return render_to_string("drafting/suggestions/_section.html", context)


def _focused(
    postmortem: Postmortem, section: Section, deed: str, claims: Sequence[ShownClaim], *, is_last: bool
) -> str:
    """What the keys go on from where the button that was pressed is not there any more: what was decided
    (`last`), or the suggestions (`box`). No button, for a key that is pressed twice would press it.
    """
    verb, _, key = deed.partition(":")
    try:
        pressed = uuid.UUID(key)
    except ValueError:
        return ""
    if verb == "undo" and not is_last:
        undone = reads.decisions_of(postmortem).filter(unique_id=pressed).first()
        return "box" if undone is not None and undone.section == section.unique_id else ""
    if not is_last:
        return ""
    if verb == "accept-all":
        return "" if has_many_facts(claims) else "last"
    if verb == "reject-all":
        return "last" if len(claims) <= 1 else ""
    if verb not in ("accept", "edit", "reject", "follow-up"):
        return ""
    gone = reads.claims_of(postmortem).filter(unique_id=pressed).first()
    places = [(one.claim.position, one.claim.pk) for one in claims[:SHOWN_IN_SECTION_MAX]]
    return "last" if gone is not None and (gone.position, gone.pk) > max(places, default=(-1, 0)) else ""


def draw_document(*, actor: Person, postmortem: Postmortem, typed: Mapping[str, Any]) -> SafeString:
    """The card at the head of the page that is written: how the draft stands, and what has no place."""
    sections = sections_of(postmortem)
    found = reads.suggestions_for(actor, postmortem, sections, only_unplaced=True)
    return render_to_string(
        "drafting/suggestions/_document.html",
        {
            **draft_state(postmortem),
            "unplaced": lines_of(postmortem, found.unplaced[:SHOWN_IN_SECTION_MAX], typed),
            "sections": sections,
            "deeds_url": _deeds_url(postmortem, None),
            "last": reads.last_decision(postmortem),
        },
    )


def draft_state(postmortem: Postmortem) -> dict[str, Any]:
    """How the drafts of a document stand, as `_progress.html` shows it."""
    latest = reads.latest_draft(postmortem)
    return {
        "postmortem": postmortem,
        "draft": latest,
        "percent": percent_of(latest),
        "waiting": reads.waiting_claims(postmortem).count(),
        "may_use_model": reads.may_use_model(postmortem),
        "began_blank": latest is None and reads.began_blank(postmortem),
    }


def percent_of(draft: DocumentDraft | None) -> int:
    """How far it is, from 0 to 100."""
    if draft is None or not draft.steps:
        return 0
    return min(100 * draft.steps_done // draft.steps, 100)


def writers_of(claims: Sequence[ShownClaim]) -> str:
    """Who wrote these, in words."""
    names = dict.fromkeys(one.claim.written_by for one in claims)
    return " and ".join("the record" if name == RECORD else name for name in names)


def find_marks(*, reader: Person, postmortem: Postmortem, sections: Sequence[Section]) -> list[Mark]:
    """A small mark behind what stands in the document because of a claim, with its evidence."""
    drawn = {section.unique_id for section in sections}
    return [
        Mark(
            one.citation.section,
            Anchor(one.found.text, one.citation.before, one.citation.after),
            render_to_string("drafting/suggestions/_mark.html", {"one": one}),
        )
        for one in reads.citations_for(reader, postmortem)
        if one.number and one.citation.section in drawn
    ]


def _deeds_url(postmortem: Postmortem, section: Section | None) -> str:
    page = reverse("drafting:decide", args=[postmortem.number])
    if section is None:
        return f"{page}?on=write#draft"
    return f"{page}?on=write&section={section.unique_id}#section-{section.unique_id}"
