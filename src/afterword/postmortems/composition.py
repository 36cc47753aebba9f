"""A post-mortem as one document: what people wrote and what the record says, in the template's order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import tzinfo

from django.utils import timezone

from afterword.accounts.models import Person
from afterword.documents import (
    Block,
    Document,
    DocumentSection,
    Emphasis,
    Missing,
    Text,
    Tone,
    plain_text,
    read_texts,
    render_markdown,
)
from afterword.incidents.models import Incident
from afterword.lib.remembering import remembering
from afterword.postmortems import reads, rules
from afterword.postmortems.fields.reads import DocumentField, DocumentFields, fields_of
from afterword.postmortems.fields.rules import draw_values
from afterword.postmortems.live import render_live
from afterword.postmortems.models import Postmortem, PostmortemStatus, Section, SectionKind

FILE_NAME_CHARACTERS_MAX = 80
STATUS_TONES: dict[str, Tone] = {
    PostmortemStatus.DRAFT: "progress",
    PostmortemStatus.IN_REVIEW: "accent",
    PostmortemStatus.APPROVED: "good",
    PostmortemStatus.PUBLISHED: "good",
}
FIELDS_TITLE = "Fields"
"""Over the custom fields that no section shows, which stand before the first one."""
NOTHING_WRITTEN: Sequence[Block] = (Missing((Emphasis((Text("Nothing has been written here yet."),)),)),)


@remembering()
def compose_document(*, reader: Person, postmortem: Postmortem, zone: tzinfo) -> Document:
    """The whole document, live sections drawn from the record as it is now; times are written in `zone`.

    Its time is when the document or the record last changed, so the same state gives the same document.
    """
    incidents = reads.incidents_of(postmortem)
    sections = reads.sections_of(postmortem)
    fields = fields_of(postmortem, sections)
    first = field_blocks(fields.unplaced)
    changed_at = reads.changed_at(postmortem)
    return Document(
        title=postmortem.title,
        generated_at=changed_at,
        subtitle=f"Post-mortem {postmortem.number}",
        status=postmortem.get_status_display(),
        status_tone=STATUS_TONES[postmortem.status],
        authors=[str(postmortem.author)],
        facts=[
            ("Team", postmortem.team.name),
            *((("Status of the incident", postmortem.status_text),) if postmortem.status_text else ()),
            *(
                (("Owner", str(owner)),)
                if (owner := postmortem.owner) not in (None, postmortem.author)
                else ()
            ),
            *_facts_about(postmortem, incidents, zone),
            ("As of", rules.write_moment(changed_at, zone)),
        ],
        sections=[
            *([DocumentSection(FIELDS_TITLE, first)] if first else []),
            *(
                DocumentSection(
                    section.title,
                    section_blocks(section, reader=reader, postmortem=postmortem, zone=zone, fields=fields)
                    or NOTHING_WRITTEN,
                )
                for section in sections
            ),
        ],
    )


def section_blocks(
    section: Section,
    *,
    reader: Person,
    postmortem: Postmortem,
    zone: tzinfo,
    fields: DocumentFields | None = None,
) -> list[Block]:
    """One section: what is drawn from the record first, then its custom fields, then what people wrote,
    without what nobody filled in.

    `fields` are those of the post-mortem, for whoever draws several sections; else they are read here.
    """
    blocks = live_blocks(section, reader=reader, postmortem=postmortem, zone=zone)
    if section.field_names:
        blocks += field_blocks((fields or fields_of(postmortem)).of_section(section))
    return blocks + rules.read_blocks(section.text)


def field_blocks(fields: Iterable[DocumentField]) -> list[Block]:
    """The custom fields that are filled in."""
    filled = [one.value for one in fields if not one.value.is_empty]
    return draw_values([(value.definition.name, value.words, value.url) for value in filled])


def _facts_about(
    postmortem: Postmortem, incidents: Sequence[Incident], zone: tzinfo
) -> list[tuple[str, str]]:
    """What it is about and when that began; of an old one without an incident, the day it was written."""
    if not incidents:
        return [("Written", rules.write_day(postmortem.created_at.astimezone(zone)))]
    numbers = ", ".join(f"#{incident.number}" for incident in incidents)
    return [
        ("Incident" if len(incidents) == 1 else "Incidents", numbers),
        ("Started", rules.write_moment(min(incident.started_at for incident in incidents), zone)),
    ]


def read_section(section: Section, *, reader: Person, postmortem: Postmortem) -> str:
    """What is read in a section, in plain text, a line for each paragraph, cell and term."""
    zone = timezone.get_current_timezone()
    return "\n".join(read_texts(section_blocks(section, reader=reader, postmortem=postmortem, zone=zone)))


def live_blocks(section: Section, *, reader: Person, postmortem: Postmortem, zone: tzinfo) -> list[Block]:
    """What the record says in this section; nothing in one that is only written."""
    if section.kind != SectionKind.LIVE:
        return []
    return render_live(section.live_name, reader=reader, postmortem=postmortem, zone=zone)


def write_markdown(*, reader: Person, postmortem: Postmortem) -> str:
    """The document as Markdown, its times in the organisation's zone."""
    return render_markdown(
        compose_document(reader=reader, postmortem=postmortem, zone=reads.organisation_zone())
    )


def file_names(start: str, title: str, extension: str) -> tuple[str, str]:
    """What a downloaded file is called: in ASCII for every system, and with the title's own letters.

    Both begin with `start` and are nothing but letters, digits, hyphens and underscores.
    """
    own = "-".join(re.findall(r"\w+", plain_text(title).lower()))[:FILE_NAME_CHARACTERS_MAX]
    plain = unicodedata.normalize("NFKD", own).encode("ascii", "ignore").decode()

    def name(part: str) -> str:
        return "-".join(filter(None, [start, *part.split("-")])) + f".{extension}"

    return name(plain), name(own)


def postmortem_file_names(postmortem: Postmortem, extension: str) -> tuple[str, str]:
    """`file_names` of a post-mortem: its number, then its title."""
    return file_names(f"postmortem-{postmortem.number}", postmortem.title, extension)
