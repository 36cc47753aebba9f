"""A post-mortem as it is read: with marks, and for those who may write the way to edit each section."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from afterword.accounts.models import Person
from afterword.documents import Document, section_anchors
from afterword.lib.errors import NotFound
from afterword.postmortems import composition, reads
from afterword.postmortems.marks import render_with_marks
from afterword.postmortems.models import Postmortem, Section

END = "</section>"


def draw_document(
    document: Document,
    *,
    reader: Person,
    postmortem: Postmortem,
    sections: Sequence[Section],
    may_write: bool,
) -> SafeString:
    """The document as it is read; for those who may write, each section with the way to edit it there."""
    html = render_with_marks(document, reader=reader, postmortem=postmortem, sections=sections)
    if not may_write:
        return html
    pieces: list[str] = []
    at = 0
    for section, _, end in _places(html, document, sections):
        pieces += [html[at:end], _edit_link(postmortem, section)]
        at = end
    return mark_safe("".join([*pieces, html[at:]]))  # noqa: S308 - cleaned by the renderer


def draw_section(*, reader: Person, postmortem: Postmortem, section: Section) -> str:
    """What stands between the tags of one section of the document, for somebody who may write. Raises
    NotFound."""
    zone = timezone.get_current_timezone()
    document = composition.compose_document(reader=reader, postmortem=postmortem, zone=zone)
    sections = reads.sections_of(postmortem)
    html = render_with_marks(document, reader=reader, postmortem=postmortem, sections=sections)
    for one, start, end in _places(html, document, sections):
        if one.pk == section.pk:
            return html[start:end] + _edit_link(postmortem, one)
    raise NotFound


def _places(html: str, document: Document, sections: Sequence[Section]) -> list[tuple[Section, int, int]]:
    """Each section, and where what is in it begins and ends in the page."""
    # The custom fields that no section shows stand before the first one.
    anchors = section_anchors(document)[len(document.sections) - len(sections) :]
    heads = [f'<section id="{anchor}" class="document-section">' for anchor in anchors]
    starts = [html.index(head) for head in heads]
    ends = [*starts[1:], len(html)]
    return [
        (section, start + len(head), html.rindex(END, start, end))
        for section, head, start, end in zip(sections, heads, starts, ends, strict=True)
    ]


def _edit_link(postmortem: Postmortem, section: Section) -> str:
    return render_to_string("postmortems/_edit_link.html", {"postmortem": postmortem, "section": section})
