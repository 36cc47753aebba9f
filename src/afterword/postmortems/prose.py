"""Everything that people write in a post-mortem: its sections, and the title, fields and records beside them.

What a live section draws from the record is written by people too, where the record is: a package above
registers its own in its AppConfig.ready(), `register_prose("follow-ups", prose_of_follow_ups)`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from afterword.fields.kinds import FieldKind
from afterword.incidents.models import Incident
from afterword.lib.errors import NotFound
from afterword.postmortems import reads
from afterword.postmortems.fields.models import PostmortemField
from afterword.postmortems.fields.reads import fields_of, input_prefix, items_of_kinds
from afterword.postmortems.models import Postmortem, Section

TITLE_SHOWN_CHARACTERS_MAX = 80
WRITTEN_KINDS = (FieldKind.TEXT, FieldKind.LONG_TEXT)
"""Custom fields in which people write as they like."""


class ProsePlace(StrEnum):
    """Where in a document something is written."""

    SECTION = "section"
    TITLE = "title"
    FIELD = "field"
    SUMMARY = "summary"
    FOLLOW_UP = "follow_up"


@dataclass(frozen=True)
class Prose:
    """One text of a document. A title has the unique id of its document, a field that of its definition."""

    unique_id: uuid.UUID
    title: str
    """What it is called on a page."""
    text: str
    place: ProsePlace = ProsePlace.SECTION
    input_id: str = ""
    """The id of its box on the page that is written; empty where it is changed in another way."""
    is_short: bool = False
    """One line, without room to explain a word."""
    is_action: bool = False
    """Something to be done."""


Source = Callable[[Postmortem], Iterable[Prose]]
_sources: dict[str, Source] = {}


def register_prose(live_name: str, source: Source) -> None:
    """Have `source` asked for what people wrote behind the live section of this name, where one is there."""
    _sources.setdefault(live_name, source)


def prose_of(postmortem: Postmortem, sections: Sequence[Section] | None = None) -> list[Prose]:
    """Everything that people wrote in a document that was read before: title, sections, fields, records.

    A fixed number of queries, however many there are.
    """
    if sections is None:
        sections = reads.sections_of(postmortem)
    return [
        title_of(postmortem),
        *map(section_prose, sections),
        *_fields_of(postmortem),
        *(one for name in live_names(sections) for one in prose_behind(name, postmortem)),
    ]


def get_prose(postmortem: Postmortem, unique_id: uuid.UUID) -> Prose:
    """One of these texts. Raises NotFound."""
    if unique_id == postmortem.unique_id:
        return title_of(postmortem)
    sections = reads.sections_of(postmortem)
    found = next((one for one in sections if one.unique_id == unique_id), None)
    if found is not None:
        return section_prose(found)
    for one in [*prose_of(postmortem, sections), *_empty_fields_of(postmortem, sections)]:
        if one.unique_id == unique_id:
            return one
    raise NotFound


def prose_behind(live_name: str, postmortem: Postmortem) -> list[Prose]:
    """What people wrote behind a live section."""
    source = _sources.get(live_name)
    return list(source(postmortem)) if source is not None else []


def live_names(sections: Iterable[Section]) -> list[str]:
    """The names of the live sections, each once, in the document's order."""
    return list(dict.fromkeys(section.live_name for section in sections if section.live_name))


def title_of(postmortem: Postmortem, text: str | None = None) -> Prose:
    """The title, as it is saved or as somebody has it in its box."""
    text = postmortem.title if text is None else text
    return Prose(postmortem.unique_id, "Title", text, ProsePlace.TITLE, "title", is_short=True)


def section_prose(section: Section, text: str | None = None) -> Prose:
    """The words of a section, as they are saved or as somebody has them in their box."""
    text = section.text if text is None else text
    return Prose(section.unique_id, section.title, text, input_id=f"text-{section.unique_id}")


def field_prose(definition: PostmortemField, text: str) -> Prose:
    """What a custom field says, where people write in it as they like."""
    input_id = f"id_{input_prefix(definition)}-value"
    is_short = definition.kind == FieldKind.TEXT
    return Prose(definition.unique_id, definition.name, text, ProsePlace.FIELD, input_id, is_short)


def summary_prose(postmortem: Postmortem, incident: Incident, text: str | None = None) -> Prose:
    """The summary of an incident, which a live section shows."""
    text = incident.summary if text is None else text
    title = f"Summary of incident #{incident.number}"
    unique_id = uuid.uuid5(postmortem.unique_id, f"summary of {incident.unique_id}")
    return Prose(unique_id, title, text, ProsePlace.SUMMARY, f"summary-{incident.number}")


def _fields_of(postmortem: Postmortem) -> list[Prose]:
    return [field_prose(row.field, row.text) for row in items_of_kinds(postmortem, WRITTEN_KINDS)]


def _empty_fields_of(postmortem: Postmortem, sections: Sequence[Section]) -> list[Prose]:
    """Those that stand on the page that is written and wait for their first words."""
    values = [one.value for one in fields_of(postmortem, sections).every]
    return [
        field_prose(one.definition, "")
        for one in values
        if one.is_empty and one.definition.kind in WRITTEN_KINDS
    ]


def _summaries_of(postmortem: Postmortem) -> list[Prose]:
    return [summary_prose(postmortem, incident) for incident in reads.incidents_of(postmortem)]


register_prose("summary", _summaries_of)
