"""What is drawn below each box in which a section is written: what it says otherwise than the record."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from afterword.accounts.models import Person
from afterword.postmortems.models import Postmortem, Section

if TYPE_CHECKING:
    from afterword.drafting.record.reads import SectionRecord

FINDINGS_SHOWN_MAX = 20
"""In one section. More are told by their number."""


def draw_of_sections(
    *, actor: Person, postmortem: Postmortem, texts: Sequence[tuple[Section, str]]
) -> Mapping[uuid.UUID, SafeString]:
    """The findings below each box. The page is for those who may write."""
    # Its patterns take long to prepare: they are loaded by the first who writes, not at every start.
    from afterword.drafting.record import reads

    found = reads.findings_in(reads.record_of(actor, postmortem), texts)
    return {part.section.unique_id: draw_section(postmortem, part) for part in found}


def draw_section(postmortem: Postmortem, part: SectionRecord) -> SafeString:
    """The findings of one section, as they stand below its box and are sent back while somebody types."""
    context = {
        "postmortem": postmortem,
        "section": part.section,
        "shown": part.findings[:FINDINGS_SHOWN_MAX],
        "more": max(len(part.findings) - FINDINGS_SHOWN_MAX, 0),
    }
    return render_to_string("drafting/record/_section.html", context)
