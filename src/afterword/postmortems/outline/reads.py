"""What another template would make of a document."""

from __future__ import annotations

from collections.abc import Sequence

from afterword.postmortems.models import Section
from afterword.postmortems.outline.rules import PresentSection, Step, plan_template
from afterword.postmortems.reads import TemplateChoice


def plan_for(sections: Sequence[Section], choice: TemplateChoice) -> list[Step]:
    """What becomes of these sections, which are in their document's order, when the template is applied."""
    present = [
        PresentSection(str(section.unique_id), section.title, section.live_name, section.text)
        for section in sections
    ]
    return plan_template(present, choice.parsed.sections)
