"""What is drawn on the pages of a post-mortem: below each box, and beside its review."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.language import CATEGORIES, Category, Kind
from afterword.postmortems.models import Postmortem, Section
from afterword.wording import reads
from afterword.wording.reads import DocumentFindings, SectionFindings

FINDINGS_SHOWN_MAX = 100
"""In one section of the page that is written. More are told by their number."""
FINDINGS_OF_REVIEW_SHOWN_MAX = 40
"""On the page of a review, those of blame first. The page of all findings has the others."""


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


def draw_of_sections(
    *, actor: Person, postmortem: Postmortem, texts: Sequence[tuple[Section, str]]
) -> Mapping[uuid.UUID, SafeString]:
    """The findings below each box. The page is for those who may write."""
    found = reads.findings_in(postmortem, texts)
    return {part.section.unique_id: draw_section(postmortem, part) for part in found}


def draw_section(postmortem: Postmortem, part: SectionFindings) -> SafeString:
    """The findings of one section, as they stand below its box and are sent back while somebody types."""
    context = {
        "postmortem": postmortem,
        "part": part,
        "shown": part.open[:FINDINGS_SHOWN_MAX],
        "more": max(len(part.open) - FINDINGS_SHOWN_MAX, 0),
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
