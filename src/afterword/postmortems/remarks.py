"""What packages above say about the words of a post-mortem, where it is written and where it is reviewed.

They register in their AppConfig.ready(). What they draw is HTML, cleaned and escaped by them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Protocol

from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.postmortems.models import Postmortem, Section


class SectionRemarks(Protocol):
    """Draws what there is to say below the boxes in which sections are written."""

    def __call__(
        self, *, actor: Person, postmortem: Postmortem, texts: Sequence[tuple[Section, str]]
    ) -> Mapping[uuid.UUID, SafeString]:
        """By the unique id of the section. `texts` are as somebody has them in the boxes, saved or not."""
        ...


class ReviewRemarks(Protocol):
    """Draws a card for the page of the review."""

    def __call__(self, *, actor: Person, postmortem: Postmortem) -> SafeString: ...


_of_sections: list[SectionRemarks] = []
_of_reviews: list[ReviewRemarks] = []


def register_section_remarks(draw: SectionRemarks) -> None:
    """Have `draw` asked for every page on which sections are written."""
    if draw not in _of_sections:
        _of_sections.append(draw)


def register_review_remarks(draw: ReviewRemarks) -> None:
    """Have `draw` asked for every page of a review."""
    if draw not in _of_reviews:
        _of_reviews.append(draw)


def draw_section_remarks(
    *, actor: Person, postmortem: Postmortem, texts: Sequence[tuple[Section, str]]
) -> dict[uuid.UUID, list[SafeString]]:
    """Everything that is said, by the unique id of the section."""
    drawn: dict[uuid.UUID, list[SafeString]] = {section.unique_id: [] for section, _ in texts}
    for draw in _of_sections:
        for key, html in draw(actor=actor, postmortem=postmortem, texts=texts).items():
            drawn[key].append(html)
    return drawn


def draw_review_remarks(*, actor: Person, postmortem: Postmortem) -> list[SafeString]:
    """Everything that is said, a card each."""
    return [draw(actor=actor, postmortem=postmortem) for draw in _of_reviews]
