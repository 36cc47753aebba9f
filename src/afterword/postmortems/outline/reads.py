"""What another template would make of a document."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.postmortems.models import Revision, Section
from afterword.postmortems.outline.rules import PresentSection, Step, plan_template
from afterword.postmortems.reads import TemplateChoice
from afterword.postmortems.rules import is_unfilled

REVISIONS_READ_MAX = 400
"""For the texts that templates put there, the oldest first. What came later counts as written."""


def plan_for(sections: Sequence[Section], choice: TemplateChoice) -> list[Step]:
    """What becomes of these sections, which are in their document's order, when the template is applied.

    Where only the labels and points stand that a template offered to be filled in, nothing is written.
    """
    unfilled = _unfilled(sections)
    present = [
        PresentSection(
            key := str(section.unique_id),
            section.title,
            section.live_name,
            "" if key in unfilled else section.text,
        )
        for section in sections
    ]
    return plan_template(present, choice.parsed.sections)


def _unfilled(sections: Sequence[Section]) -> set[str]:
    """The unique ids of those that say nothing yet, in words that a template put there and nobody typed."""
    wanted = {str(one.unique_id): one.text for one in sections if one.text and is_unfilled(one.text)}
    if not wanted:
        return set()
    revisions = Revision.objects.filter(postmortem=sections[0].postmortem_id).order_by("number")
    rows = revisions.values_list("template", "sections")[:REVISIONS_READ_MAX]
    offered: set[tuple[str, str]] = set()
    typed: set[tuple[str, str]] = set()
    texts: dict[str, str] = {}
    template: object = None
    for row in rows.iterator(chunk_size=20):
        is_applied, template = row[0] != template, row[0]
        for stored in row[1]:
            key, text = str(stored["unique_id"]), str(stored["text"])
            if key in wanted and texts.get(key) != text:
                texts[key] = text
                (offered if is_applied else typed).add((key, text))
    return {key for key, text in wanted.items() if (key, text) in offered - typed}
