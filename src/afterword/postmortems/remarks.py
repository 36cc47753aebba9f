"""What packages above say about the words of a post-mortem, where it is written and where it is reviewed.

They register in their AppConfig.ready(). What they draw is HTML, cleaned and escaped by them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.prose import Prose


class SectionRemarks(Protocol):
    """Draws what there is to say below the boxes in which sections are written."""

    def __call__(
        self, *, actor: Person, postmortem: Postmortem, texts: Sequence[tuple[Section, str]]
    ) -> Mapping[uuid.UUID, SafeString]:
        """By the unique id of the section. `texts` are as somebody has them in the boxes, saved or not."""
        ...


class ProseRemarks(Protocol):
    """Draws what there is to say below everything that people write: sections, title, fields, records."""

    def __call__(
        self, *, actor: Person, postmortem: Postmortem, texts: Sequence[Prose]
    ) -> Mapping[uuid.UUID, SafeString]:
        """By the unique id of the text. `texts` are as somebody has them in the boxes, saved or not."""
        ...


class SectionOffers(Protocol):
    """Draws what could be written into sections, above the boxes in which they are written."""

    def __call__(
        self,
        *,
        actor: Person,
        postmortem: Postmortem,
        sections: Sequence[Section],
        typed: Mapping[str, Any],
    ) -> Mapping[uuid.UUID, SafeString]:
        """By the unique id of the section. It stands in the form of the page; `typed` is what was sent with
        that, so that nothing which somebody types into an offer is lost."""
        ...


class DocumentRemarks(Protocol):
    """Draws what there is to say about the whole document, at the head of the page that is written."""

    def __call__(self, *, actor: Person, postmortem: Postmortem, typed: Mapping[str, Any]) -> SafeString:
        """It stands in the form of the page, of which `typed` was sent; nothing draws nothing."""
        ...


class ReviewRemarks(Protocol):
    """Draws a card for the page of the review."""

    def __call__(self, *, actor: Person, postmortem: Postmortem) -> SafeString: ...


_of_sections: list[SectionRemarks] = []
_of_prose: list[ProseRemarks] = []
_offers: list[SectionOffers] = []
_of_documents: list[DocumentRemarks] = []
_of_reviews: list[ReviewRemarks] = []


def register_section_remarks(draw: SectionRemarks) -> None:
    """Have `draw` asked for every page on which sections are written."""
    if draw not in _of_sections:
        _of_sections.append(draw)


def register_prose_remarks(draw: ProseRemarks) -> None:
    """Have `draw` asked for every page on which a document is written."""
    if draw not in _of_prose:
        _of_prose.append(draw)


def register_section_offers(draw: SectionOffers) -> None:
    """Have `draw` asked for every page on which sections are written."""
    if draw not in _offers:
        _offers.append(draw)


def register_document_remarks(draw: DocumentRemarks) -> None:
    """Have `draw` asked for every page on which a whole document is written."""
    if draw not in _of_documents:
        _of_documents.append(draw)


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


def draw_prose_remarks(
    *, actor: Person, postmortem: Postmortem, texts: Sequence[Prose]
) -> dict[uuid.UUID, list[SafeString]]:
    """Everything that is said, by the unique id of the text."""
    drawn: dict[uuid.UUID, list[SafeString]] = {one.unique_id: [] for one in texts}
    for draw in _of_prose:
        for key, html in draw(actor=actor, postmortem=postmortem, texts=texts).items():
            drawn[key].append(html)
    return drawn


def draw_section_offers(
    *, actor: Person, postmortem: Postmortem, sections: Sequence[Section], typed: Mapping[str, Any]
) -> dict[uuid.UUID, list[SafeString]]:
    """Everything that is offered, by the unique id of the section."""
    drawn: dict[uuid.UUID, list[SafeString]] = {section.unique_id: [] for section in sections}
    for draw in _offers:
        offered = draw(actor=actor, postmortem=postmortem, sections=sections, typed=typed)
        for key, html in offered.items():
            drawn[key].append(html)
    return drawn


def draw_document_remarks(
    *, actor: Person, postmortem: Postmortem, typed: Mapping[str, Any]
) -> list[SafeString]:
    """Everything that is said about the whole document."""
    drawn = (draw(actor=actor, postmortem=postmortem, typed=typed) for draw in _of_documents)
    return [html for html in drawn if html]


def draw_review_remarks(*, actor: Person, postmortem: Postmortem) -> list[SafeString]:
    """Everything that is said, a card each."""
    return [draw(actor=actor, postmortem=postmortem) for draw in _of_reviews]
