"""What is drawn on the pages of a post-mortem: below each box, and beside its review."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.language import CATEGORIES, Category, Kind
from afterword.postmortems.models import Postmortem
from afterword.postmortems.prose import Prose
from afterword.wording import reads
from afterword.wording.reads import DocumentFindings, Remark, SectionFindings

FINDINGS_SHOWN_MAX = 100
"""In one section of the page that is written. More are told by their number."""
FINDINGS_OF_REVIEW_SHOWN_MAX = 40
"""On the page of a review, those of blame first. The page of all findings has the others."""


MUTED_SHOWN_MAX = 40
"""Of those with a reason, below a box."""
FINDINGS_OF_SECTION_SHOWN_MAX = 30
"""On the page of all findings. A section has a page of its own for the others."""
FINDINGS_ON_A_PAGE = 100


@dataclass(frozen=True)
class ShownPart:
    """Some findings of a section, as a page of findings shows them."""

    section: Prose
    anchor: str
    """Where it is on the page that is written."""
    remarks: list[Remark]
    more: int
    """How many of the section are on no page of all findings; told behind the last one that is."""


@dataclass(frozen=True)
class CategoryCount:
    """How many findings of a category there are, and for how many of them a reason was given."""

    category: Category
    open: int
    muted: int


@dataclass(frozen=True)
class KindCount:
    """The same of a kind, with its categories."""

    kind: Kind
    open: int
    muted: int
    categories: list[CategoryCount]


def draw_of_prose(
    *, actor: Person, postmortem: Postmortem, texts: Sequence[Prose]
) -> Mapping[uuid.UUID, SafeString]:
    """The findings below each box. The page is for those who may write."""
    found = reads.findings_in(postmortem, texts)
    return {part.section.unique_id: draw_section(postmortem, part) for part in found}


def draw_section(postmortem: Postmortem, part: SectionFindings) -> SafeString:
    """The findings of one text, as they stand below its box and are sent back while somebody types."""
    if not part.section.input_id and not part.remarks:
        # There is no box to type in, so nothing can come up here.
        return SafeString()
    context = {
        "postmortem": postmortem,
        "part": part,
        "shown": part.open[:FINDINGS_SHOWN_MAX],
        "more": max(len(part.open) - FINDINGS_SHOWN_MAX, 0),
        "shown_muted": part.muted[:MUTED_SHOWN_MAX],
        "more_muted": max(len(part.muted) - MUTED_SHOWN_MAX, 0),
    }
    return render_to_string("wording/_section.html", context)


def draw_of_review(*, actor: Person, postmortem: Postmortem) -> SafeString:
    """The card of a review: how many of what, each with its section, and the reasons that were given."""
    settings = reads.wording_settings()
    found = reads.findings_of(postmortem, settings)
    rows = [(part, remark) for part in found.sections for remark in part.remarks]
    rows.sort(key=lambda row: row[1].finding.kind != Kind.BLAME)
    context = {
        "postmortem": postmortem,
        "found": found,
        "shown": rows[:FINDINGS_OF_REVIEW_SHOWN_MAX],
        "more": max(len(rows) - FINDINGS_OF_REVIEW_SHOWN_MAX, 0),
        "kinds": count_kinds(found),
        "requires_reasons": settings.requires_reasons,
    }
    return render_to_string("wording/_review.html", context)


def pages_of(
    found: DocumentFindings, *, section: str = "", wanted: str = "", number: str | None = None
) -> tuple[Page[Any], list[ShownPart], Prose | None]:
    """A page of the findings, its parts, and the section whose findings alone it has, if it has but those.

    Of all sections each has `FINDINGS_OF_SECTION_SHOWN_MAX`; with `section`, its unique id, all of that one
    are there. `wanted` is the key of a finding: the page has it, unless `number` names another one.
    """
    parts = [part for part in found.sections if str(part.section.unique_id) == section]
    for part in found.sections if wanted else ():
        if wanted in [one.key for one in part.remarks[FINDINGS_OF_SECTION_SHOWN_MAX:]]:
            parts = [part]
    alone = parts[0].section if parts else None
    rows = [
        (part, remark)
        for part in parts or found.sections
        for remark in (part.remarks if alone else part.remarks[:FINDINGS_OF_SECTION_SHOWN_MAX])
    ]
    pages = Paginator(rows, FINDINGS_ON_A_PAGE)
    at = next((index for index, (_, one) in enumerate(rows) if wanted and one.key == wanted), None)
    page = pages.get_page(number if number or at is None else at // FINDINGS_ON_A_PAGE + 1)
    shown: dict[int, list[Remark]] = {}
    for part, remark in page:
        shown.setdefault(id(part), []).append(remark)
    drawn = []
    for part in parts or found.sections:
        if remarks := shown.get(id(part)):
            is_last = not alone and remarks[-1] is part.remarks[:FINDINGS_OF_SECTION_SHOWN_MAX][-1]
            left = len(part.remarks) - FINDINGS_OF_SECTION_SHOWN_MAX if is_last else 0
            drawn.append(ShownPart(part.section, part.anchor, remarks, max(left, 0)))
    return page, drawn, alone


def count_kinds(found: DocumentFindings) -> list[KindCount]:
    """How many there are by kind and category, in the order in which categories are told."""
    still = Counter(remark.finding.category for remark in found.every if remark.mute is None)
    muted = Counter(remark.finding.category for remark in found.every if remark.mute is not None)
    kinds = []
    for kind in Kind:
        rows = [
            CategoryCount(category, still[name], muted[name])
            for name, category in CATEGORIES.items()
            if category.kind == kind and (still[name] or muted[name])
        ]
        kinds.append(KindCount(kind, sum(row.open for row in rows), sum(row.muted for row in rows), rows))
    return kinds
