"""How a document is frozen, and how the public edition is derived from it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from afterword.accounts.models import Person
from afterword.documents import (
    Block,
    Document,
    DocumentSection,
    Emphasis,
    Heading,
    Image,
    ImageResource,
    Link,
    ListItem,
    OrderedList,
    Paragraph,
    Table,
    Text,
    paragraph,
    parse_markdown,
    plain_text,
    render_markdown_blocks,
    written_text,
)
from afterword.incidents.chat.messages import is_like_a_persons
from afterword.incidents.models import Incident
from afterword.incidents.rules import key_timestamps
from afterword.lib.remembering import remembering
from afterword.postmortems import composition, reads, rules
from afterword.postmortems.fields.reads import fields_of
from afterword.postmortems.live import TICKET_COLUMN
from afterword.postmortems.models import Postmortem, SectionKind
from afterword.postmortems.publishing import reads as publishing_reads
from afterword.postmortems.publishing.models import SUMMARY_LENGTH_MAX, Edition, Publication
from afterword.postmortems.publishing.names import KnownPerson
from afterword.postmortems.publishing.patterns import Policy, fold
from afterword.postmortems.publishing.redaction import Leak, Redactor, find_leaks
from afterword.postmortems.reports import GLANCE_TITLE, STRIPS_MAX
from afterword.postmortems.strip import draw_strip, draw_times

AUTHOR_WORDS = "the author"
RESPONDER_WORDS = "a responder"
OTHER_WORDS = "a colleague"
CHAT_WORDS = "a participant"
"""Of who wrote in a chat, or is named there by an @, and is no member."""
CORRECTION_KEY = "correction"
"""Stands for the unique id of what a newer public version corrects: a second person approves it, too."""
GLANCE_KEY = "glance"
"""Stands for the unique id of the section that tells the key timestamps at a glance."""
KEY_INFORMATION = "key-information"
INTERNAL_GROUPS = ("Team", "Useful links")
"""Of the key information: who took part, and links into the house."""
FIELDS_KEY = "fields"
"""Stands for the unique id of the section of custom fields that no section shows."""


@dataclass(frozen=True)
class FrozenSection:
    """A section as it is frozen: everything in it as Markdown."""

    unique_id: str
    title: str
    text: str
    is_internal: bool
    is_key_information: bool = False
    is_drawn: bool = False
    """Whether it is drawn from the record, and no summary of it."""
    strips: tuple[tuple[str, ...], ...] = ()
    """The times of lines of time that a PDF draws over it, in ISO 8601."""

    def content(self) -> dict[str, Any]:
        """As `Publication.content` keeps it."""
        return _content({"title": self.title, "text": self.text, **self.marks()})

    def marks(self) -> dict[str, Any]:
        """What is kept of it beside its text."""
        marks = {
            "is_key_information": self.is_key_information,
            "is_drawn": self.is_drawn,
            "strips": self.strips,
        }
        return {name: mark for name, mark in marks.items() if mark}


@remembering()
def freeze_sections(*, reader: Person, postmortem: Postmortem) -> list[FrozenSection]:
    """Every section with what it draws from the record now, times in the organisation's zone.

    The key timestamps at a glance are one of their own, the first; then the custom fields that no section
    shows.
    """
    zone = reads.organisation_zone()
    sections = reads.sections_of(postmortem)
    fields = fields_of(postmortem, sections)
    unplaced = composition.field_blocks(fields.unplaced)
    first = [FrozenSection(FIELDS_KEY, composition.FIELDS_TITLE, _as_text(unplaced), False)]
    return [
        *_glance(reads.incidents_of(postmortem)),
        *(first if unplaced else []),
        *(
            FrozenSection(
                str(section.unique_id),
                section.title,
                _as_text(
                    rules.without_blanks(
                        composition.section_blocks(
                            section, reader=reader, postmortem=postmortem, zone=zone, fields=fields
                        )
                    )
                ),
                section.is_internal,
                is_key_information=section.live_name == KEY_INFORMATION,
                is_drawn=section.kind == SectionKind.LIVE and section.live_name != reads.SUMMARY,
            )
            for section in sections
        ),
    ]


@remembering()
def freeze_content(*, reader: Person, postmortem: Postmortem) -> dict[str, Any]:
    """The whole internal document as `Publication.content`."""
    document = composition.compose_document(
        reader=reader, postmortem=postmortem, zone=reads.organisation_zone()
    )
    return {
        "facts": [list(fact) for fact in document.facts],
        "authors": list(document.authors),
        "sections": [section.content() for section in freeze_sections(reader=reader, postmortem=postmortem)],
    }


def document_of(publication: Publication, *, draws: bool = False) -> Document:
    """A publication as a document, made from what was frozen and from nothing else, without sections that
    say nothing. With `draws` it has the lines of time, which a PDF shows.
    """
    content = publication.content
    published = rules.write_moment(publication.published_at, reads.organisation_zone())
    facts = [(str(term), str(fact)) for term, fact in content.get("facts", [])]
    pictures: dict[str, ImageResource] = {}
    sections = []
    for section in content["sections"]:
        lines = _lines_of_time(section.get("strips", ()), pictures) if draws else []
        if said := rules.read_blocks(section["text"]):
            sections.append(DocumentSection(section["title"], [*lines, *said]))
    if publication.correction:
        sections.insert(0, DocumentSection("Correction", parse_markdown(publication.correction)))
    return Document(
        title=publication.title,
        generated_at=publication.published_at,
        subtitle="Post-mortem",
        status="Corrected" if publication.correction else "Published",
        status_tone="good",
        authors=content.get("authors", []),
        facts=[*facts, ("Published", published), *_version(publication)],
        sections=sections,
        images=pictures,
    )


def summarise(sections: Iterable[Mapping[str, Any]]) -> str:
    """The first paragraph that somebody wrote, in plain text, cut at a word."""
    for section in sections:
        if section.get("is_drawn"):
            continue
        for block in rules.prose_blocks(section["text"]):
            if isinstance(block, Paragraph):
                text = plain_text(written_text(block.children))
                if text:
                    return _cut(text)
    return ""


# The public edition ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Derived:
    """What the rules made of a document."""

    title: str
    sections: list[dict[str, Any]]
    replacements: list[dict[str, Any]]


@remembering()
def derive(*, reader: Person, postmortem: Postmortem) -> Derived:
    """The public edition as the rules make it: names by roles, nothing private, no internal or empty section.

    Where it is going to replace one, it begins with an empty place for what is corrected.
    """
    redactor = Redactor(policy_for(postmortem))
    title = redactor.redact_text(plain_text(postmortem.title))
    sections: list[dict[str, Any]] = []
    if publishing_reads.was_public(postmortem):
        place = {"unique_id": CORRECTION_KEY, "title": "Correction", "text": "", "source": ""}
        sections.append({**place, "is_left_out": False})
    for frozen in freeze_sections(reader=reader, postmortem=postmortem):
        left_out = frozen.is_internal or _says_nothing(frozen.text)
        section = {
            "unique_id": frozen.unique_id,
            "title": redactor.redact_label(frozen.title),
            "source": frozen.text,
            "is_left_out": left_out,
            **frozen.marks(),
        }
        sections.append({**section, "text": "" if left_out else _derived_text(redactor, section)})
    replacements = [
        {"kind": str(one.kind), "before": one.before, "after": one.after, "count": one.count}
        for one in redactor.replacements
    ]
    return Derived(title, sections, replacements)


def _says_nothing(text: str) -> bool:
    """Whether a section is empty, or only tells its writer in italics what is missing."""
    said = [block for block in rules.read_blocks(text) if not _is_note(block)]
    return not rules.has_words(said)


def _derived_text(redactor: Redactor, section: Mapping[str, Any]) -> str:
    blocks = rules.prose_blocks(section["source"])
    if section.get("is_key_information"):
        blocks = _without_groups(blocks)
    if section.get("is_drawn"):
        # What is said to readers inside, such as where the rest is.
        blocks = [block for block in blocks if not _is_note(block)]
        blocks = [_without_tickets(block) if isinstance(block, Table) else block for block in blocks]
    return render_markdown_blocks(redactor.redact_blocks(rules.without_blanks(blocks))).strip("\n")


def _without_groups(blocks: Sequence[Block]) -> list[Block]:
    kept: list[Block] = []
    drops = False
    for block in blocks:
        if isinstance(block, Heading):
            drops = plain_text(written_text(block.children)) in INTERNAL_GROUPS
        if not drops:
            kept.append(block)
    return kept


def _without_tickets(table: Table) -> Table:
    head = [plain_text(written_text(cell)) for cell in table.head]
    kept = [place for place, title in enumerate(head) if title != TICKET_COLUMN]
    if len(kept) == len(head):
        return table
    # Written by hand, a row may have fewer cells than the head.
    rows = tuple(tuple(row[place] for place in kept if place < len(row)) for row in table.rows)
    alignments = tuple(table.alignments[place] for place in kept if place < len(table.alignments))
    return Table(tuple(table.head[place] for place in kept), rows, alignments)


def _is_note(block: Block) -> bool:
    return isinstance(block, Paragraph) and all(
        isinstance(child, Emphasis | Link) or (isinstance(child, Text) and not child.value.strip())
        for child in block.children
    )


def take_out(edition: Edition) -> tuple[str, dict[str, dict[str, Any]]]:
    """The title and the changes to the sections that take out what looks private in them now."""
    redactor = _redactor_of(edition)
    return redactor.redact_text(edition.title), {
        section["unique_id"]: {
            **section,
            "title": redactor.redact_label(section["title"]),
            "text": _redacted(redactor, section["text"]),
        }
        for section in edition.sections
        if not section["is_left_out"]
    }


def begin_again(edition: Edition, key: str) -> dict[str, Any]:
    """The section with this unique id as the rules make it; nothing where there is none."""
    redactor = _redactor_of(edition)
    return {
        section["unique_id"]: {**section, "text": _derived_text(redactor, section), "is_left_out": False}
        for section in edition.sections
        if section["unique_id"] == key
    }


def put_back(edition: Edition, text: str) -> list[dict[str, Any]]:
    """The sections with this text let stand: those in which nobody changed what the rules made."""
    before, after = _redactor_of(edition), _redactor_of(edition, text)
    return [
        {**section, "text": _derived_text(after, section)}
        if not section["is_left_out"] and section["text"] == _derived_text(before, section)
        else section
        for section in edition.sections
    ]


def leaks_of(edition: Edition) -> list[Leak]:
    """What still looks private in the title and in the sections that stay."""
    policy = policy_for(edition.postmortem, allowed=[one["text"] for one in edition.allowed])
    blocks: list[Block] = [paragraph(edition.title)]
    for section in edition.sections:
        if not section["is_left_out"]:
            blocks += [Heading(1, (Text(section["title"]),)), *rules.prose_blocks(section["text"])]
    return find_leaks(blocks, policy)


def content_of(edition: Edition) -> dict[str, Any]:
    """The edition as `Publication.content`: no author, no source, nothing that was left out."""
    return {
        "facts": [],
        "authors": [],
        "sections": [
            _content(section)
            for section in edition.sections
            if not section["is_left_out"] and section["unique_id"] != CORRECTION_KEY
        ],
    }


def correction_of(edition: Edition) -> str:
    """What the edition says it corrects; nothing where it replaces none."""
    said = [one for one in edition.sections if one["unique_id"] == CORRECTION_KEY and not one["is_left_out"]]
    return str(said[0]["text"]).strip() if said else ""


@remembering()
def policy_for(postmortem: Postmortem, allowed: Iterable[str] = ()) -> Policy:
    """What is private about this post-mortem: everybody's name, and the hosts that mean something inside.

    Raises TooManyNames.
    """
    incidents = reads.incidents_of(postmortem)
    there = _words_of_those_there(postmortem, incidents)
    named = (name for incident in incidents for name in (incident.service.name, incident.service.team.name))
    ours = {word for name in named for word in name.casefold().split()}
    site = publishing_reads.site_settings()
    return Policy(
        people=[
            KnownPerson(name, email, there.get(pk, OTHER_WORDS), was_there=pk in there)
            for pk, name, email in publishing_reads.names_of_people()
        ]
        + [
            KnownPerson(name, "", there.get(pk or 0, CHAT_WORDS), was_there=is_like_a_persons(name, ours))
            for name, pk in publishing_reads.chat_names_in(incidents)
        ],
        mention_words=CHAT_WORDS,
        own_hosts=frozenset(
            {
                (urlsplit(settings.PUBLIC_URL).hostname or "").lower(),
                *site.internal_domains.splitlines(),
                *publishing_reads.hosts_in(incidents),
            }
            - {""}
        ),
        public_hosts=frozenset(site.public_domains.splitlines()),
        allowed=frozenset(fold(text) for text in allowed),
    )


def address_for(title: str) -> str:
    """A slug of ASCII letters from the public title; “incident” where nothing is left of it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    return "-".join(words)[:80].strip("-") or "incident"


def _words_of_those_there(postmortem: Postmortem, incidents: Sequence[Incident]) -> dict[int, str]:
    """By the primary key of a person, what stands for the name: their role in the incident first."""
    words = {pk: f"the {role.lower()}" for pk, role in reversed(publishing_reads.roles_held_in(incidents))}
    words.setdefault(postmortem.author_id, AUTHOR_WORDS)
    if postmortem.owner_id:
        words.setdefault(postmortem.owner_id, AUTHOR_WORDS)
    for pk in publishing_reads.writers_in(incidents):
        words.setdefault(pk, RESPONDER_WORDS)
    for pk in publishing_reads.colleagues_around(postmortem, incidents):
        words.setdefault(pk, OTHER_WORDS)
    return words


def _content(section: Mapping[str, Any]) -> dict[str, Any]:
    return {name: section[name] for name in ("title", "text", "strips", "is_drawn") if name in section}


def _glance(incidents: Sequence[Incident]) -> list[FrozenSection]:
    blocks: list[Block] = []
    strips: list[tuple[str, ...]] = []
    for incident in incidents[:STRIPS_MAX]:
        moments = key_timestamps(incident)
        strip = draw_strip(moments)
        if strip is not None:
            blocks += [paragraph(incident.title)] if len(incidents) > 1 else []
            # Its numbers are those of the drawing, and say something without it.
            blocks.append(OrderedList(tuple(ListItem((paragraph(one),)) for one in strip.told)))
            strips.append(tuple(moment.at.isoformat() for moment in moments))
    if not strips:
        return []
    return [
        FrozenSection(GLANCE_KEY, GLANCE_TITLE, _as_text(blocks), False, is_drawn=True, strips=tuple(strips))
    ]


def _lines_of_time(strips: Iterable[Sequence[str]], pictures: dict[str, ImageResource]) -> list[Block]:
    blocks: list[Block] = []
    for times in strips:
        picture = draw_times([datetime.fromisoformat(at) for at in times])
        if picture is not None:
            name = f"times-{len(pictures) + 1}.svg"
            pictures[name] = picture
            blocks.append(Image(name, alt="A line of time; the text below says the same."))
    return blocks


def _as_text(blocks: Sequence[Block]) -> str:
    return render_markdown_blocks(blocks).strip("\n")


def _redactor_of(edition: Edition, *more: str) -> Redactor:
    return Redactor(
        policy_for(edition.postmortem, allowed=[*(one["text"] for one in edition.allowed), *more])
    )


def _redacted(redactor: Redactor, text: str) -> str:
    return render_markdown_blocks(redactor.redact_blocks(rules.prose_blocks(text))).strip("\n")


def _cut(text: str) -> str:
    if len(text) <= SUMMARY_LENGTH_MAX:
        return text
    return text[: SUMMARY_LENGTH_MAX - 1].rsplit(" ", 1)[0] + "…"


def _version(publication: Publication) -> list[tuple[str, str]]:
    return [("Version", str(publication.number))] if publication.number > 1 else []
