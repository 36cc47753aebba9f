"""Live sections: parts of a document that are drawn from the record each time, and hold no copy of it.

A package above registers its own in its AppConfig.ready():

    register("follow-ups", draw_follow_ups)

    def draw_follow_ups(*, reader: Person, postmortem: Postmortem, zone: tzinfo) -> list[Block]: ...

Whoever may read the post-mortem may read what is drawn in it, also about an incident of another team:
the author decided to write about it here. So a renderer reads by the post-mortem's incidents and does not
ask again what the reader may see; the reader is given for what is theirs alone.

Where the record has nothing, a renderer says so with `missing`: that stands where people write, and in no
publication. What is said beside the record, such as where the rest of it is, it says with `note`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

from django.urls import reverse

from afterword.accounts.models import Person
from afterword.catalog.models import Meaning
from afterword.documents import (
    Badge,
    Block,
    Code,
    CodeBlock,
    Definition,
    DefinitionList,
    Emphasis,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Missing,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
    Tone,
    inlines,
    paragraph,
    parse_markdown,
    read_texts,
)
from afterword.fields.reads import Value
from afterword.incidents.facts import reads as facts
from afterword.incidents.facts.models import IncidentField, UsefulLink
from afterword.incidents.models import (
    Entry,
    EntryKind,
    EntryMark,
    Incident,
    IncidentStatus,
    RoleAssignment,
)
from afterword.incidents.rules import alert_links, key_timestamps, milestone_durations, sla_clocks
from afterword.lib import clock
from afterword.postmortems import reads, rules
from afterword.postmortems.models import Postmortem
from afterword.postmortems.templates import LIVE_NAMES

TIMELINE_ROWS_MAX = 2_000
LINKS_MAX = 30
TICKET_COLUMN = "Ticket"
"""The head of a column that no public edition has: numbers and addresses of a system in the house."""


class Renderer(Protocol):
    """Draws one live section as blocks of the document's tree. Headings begin at level 1."""

    def __call__(self, *, reader: Person, postmortem: Postmortem, zone: tzinfo) -> Sequence[Block]: ...


_renderers: dict[str, Renderer] = {}


def register(name: str, renderer: Renderer) -> None:
    """Have `renderer` draw the live section `name`. The last one registered draws it."""
    assert name in LIVE_NAMES, f"templates do not know a live section {name!r}"
    _renderers[name] = renderer


_editors: dict[str, list[tuple[str, str]]] = {}


def register_editor(name: str, address: str, words: str) -> None:
    """Offer a page beside the live section `name`, where the record behind it is changed.

    `address` is the name of a URL that takes the number of the post-mortem, `words` say what is done there.
    """
    assert name in LIVE_NAMES, f"templates do not know a live section {name!r}"
    _editors.setdefault(name, []).append((address, words))


def editors_of(name: str, postmortem: Postmortem) -> list[tuple[str, str]]:
    """Addresses and words of the pages on which the record behind the live section is changed."""
    return [(reverse(address, args=[postmortem.number]), words) for address, words in _editors.get(name, ())]


def render_live(name: str, *, reader: Person, postmortem: Postmortem, zone: tzinfo) -> list[Block]:
    """The live section `name` as it stands in the record now; times are written in `zone`.

    A name that nobody draws (from a template of another version) gives a sentence that says so.
    """
    renderer = _renderers.get(name)
    if renderer is None:
        told = f"This part (“{name}”) is drawn from the record, but this install does not know how."
        return [missing(told)]
    return list(renderer(reader=reader, postmortem=postmortem, zone=zone))


def missing(*words: str | Link) -> Missing:
    """What a live section says where there is nothing, in italics; nothing that is published has it."""
    return Missing(tuple(Emphasis((Text(one),)) if isinstance(one, str) else one for one in words))


def note(text: str) -> Paragraph:
    """What is said to readers inside about what is drawn, in italics; no public edition has it."""
    return Paragraph((Emphasis((Text(text),)),))


# Key information ---------------------------------------------------------------------------------------

_STATUS_TONES: dict[str, Tone] = {
    IncidentStatus.TRIGGERED: "bad",
    IncidentStatus.ACKNOWLEDGED: "warning",
    IncidentStatus.RESOLVED: "good",
}


def draw_key_information(*, reader: Person, postmortem: Postmortem, zone: tzinfo) -> list[Block]:
    """What is tagged, who was there, links, key timestamps and the durations between them."""
    incidents = reads.incidents_of(postmortem)
    known = _Known.of(incidents)
    blocks: list[Block] = []
    for incident in incidents:
        level = 1
        if len(incidents) > 1:
            blocks.append(Heading(1, (Text(f"Incident {incident}"),)))
            level = 2
        blocks += _describe_incident(postmortem, incident, known, level, zone)
    return blocks


@dataclass(frozen=True)
class _Known:
    """What is known of several incidents, by their primary keys: read together, however many there are."""

    affected: Mapping[int, Sequence[str]]
    participants: Mapping[int, Sequence[str]]
    links: Mapping[int, Sequence[UsefulLink]]
    alert_urls: Mapping[int, Sequence[object]]
    roles: Mapping[int, Sequence[RoleAssignment]]
    values: Mapping[int, Sequence[Value[IncidentField]]]
    tags: Mapping[int, Sequence[str]]
    first: Mapping[int, Entry]
    """Of those that no integration reported."""

    @classmethod
    def of(cls, incidents: Sequence[Incident]) -> _Known:
        return cls(
            facts.all_affected_services(tuple(incidents)),
            reads.participants_of(incidents),
            facts.all_links(incidents),
            reads.alert_urls_of(incidents),
            facts.all_roles(incidents),
            facts.all_values_of(incidents),
            reads.tags_of(incidents),
            reads.first_entries_of([one for one in incidents if one.integration is None]),
        )


def _describe_incident(
    postmortem: Postmortem, incident: Incident, known: _Known, level: int, zone: tzinfo
) -> list[Block]:
    status = Badge(incident.get_status_display(), _STATUS_TONES[incident.status])
    participants = known.participants[incident.pk]
    links: list[tuple[str, Inlines]] = [("Incident", (_incident_link(incident),))]
    links += [
        (link.get_kind_display(), (Link(link.url, (Text(link.title),)),)) for link in known.links[incident.pk]
    ]
    links += [
        ("From an alert", (Link(url, (Text(text),)),)) for text, url in _links_of_alerts(incident, known)
    ]
    roles = _name_roles(known.roles[incident.pk])
    blocks: list[Block] = [
        Heading(level, (Text("Tagged data"),)),
        _definitions(
            ("Status", (status,)),
            *((("Severity", inlines(incident.severity.name)),) if incident.severity else ()),
            *((("Type", inlines(incident.incident_type.name)),) if incident.incident_type else ()),
            *((("Priority", inlines(str(incident.priority))),) if incident.priority else ()),
            ("Affected services", inlines(_name_services(incident, known.affected))),
            ("Owned by", inlines(incident.service.team.name)),
            *((("Tags", inlines(", ".join(tags))),) if (tags := known.tags[incident.pk]) else ()),
            *_write_values(known.values[incident.pk]),
        ),
        Heading(level, (Text("Team"),)),
        _definitions(
            ("Author", inlines(str(postmortem.author))),
            *(
                (("Reported by", inlines(name_reporter(incident, known.first.get(incident.pk)))),)
                if Meaning.REPORTER not in roles
                else ()
            ),
            *((name, inlines(", ".join(people))) for name, people in roles.values()),
            *((("Took part", inlines(", ".join(participants))),) if participants else ()),
        ),
        Heading(level, (Text("Useful links"),)),
        DefinitionList(tuple(Definition((Text(label),), link) for label, link in links)),
        Heading(level, (Text("Key timestamps"),)),
        _timestamps(incident, zone),
    ]
    durations = milestone_durations(incident)
    if durations:
        blocks += [
            Heading(level, (Text("Durations"),)),
            _definitions(
                *((item.label, inlines(clock.describe_duration(item.length))) for item in durations)
            ),
        ]
    return blocks


def _timestamps(incident: Incident, zone: tzinfo) -> Table:
    rows = [
        (
            inlines(timestamp.label),
            inlines(rules.write_moment(timestamp.at, zone)),
            inlines(_unbroken(clock.describe_elapsed(incident.started_at, timestamp.at))),
        )
        for timestamp in key_timestamps(incident)
    ]
    if not incident.is_resolved:
        rows.append((inlines("Resolved"), (Emphasis((Text("not yet"),)),), ()))
    return Table((inlines("Moment"), inlines("Time"), inlines("Since the start")), tuple(rows), (), (2, 4, 2))


def _name_services(incident: Incident, affected: Mapping[int, Sequence[str]]) -> str:
    return ", ".join([incident.service.name, *affected[incident.pk]])


def _name_roles(roles: Sequence[RoleAssignment]) -> dict[str, tuple[str, list[str]]]:
    """Who has which role: its name and the people, by its meaning, or its name where it has none."""
    found: dict[str, tuple[str, list[str]]] = {}
    for one in roles:
        found.setdefault(one.role.meaning or one.role.name, (one.role.name, []))[1].append(str(one.person))
    return found


def _write_values(values: Sequence[Value[IncidentField]]) -> list[tuple[str, Inlines]]:
    """The custom fields that are filled in."""
    return [
        (
            value.definition.name,
            (Link(value.url, (Text(value.url),)),) if value.url else inlines(value.words),
        )
        for value in values
    ]


def name_reporter(incident: Incident, first: Entry | None) -> str:
    """Whom it was reported by where nobody has that role: the alert, or who began its timeline."""
    if incident.integration is not None:
        return f"{incident.integration.name} (alert)"
    return name_source(first) if first else "Not known"


def _links_of_alerts(incident: Incident, known: _Known) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for urls in known.alert_urls[incident.pk]:
        for link in alert_links(urls):
            found.setdefault(link.url, link.text)
    return [(text, url) for url, text in found.items()][:LINKS_MAX]


# Summary -----------------------------------------------------------------------------------------------


def draw_summary(*, reader: Person, postmortem: Postmortem, zone: tzinfo) -> list[Block]:
    """The summary of each incident, as it is written there."""
    incidents = reads.incidents_of(postmortem)
    blocks: list[Block] = []
    for incident in incidents:
        if len(incidents) > 1:
            blocks.append(Heading(1, (Text(f"Incident {incident}"),)))
        if incident.summary.strip():
            blocks += rules.prose_blocks(incident.summary)
        else:
            page = _incident_link(incident, f"the page of incident #{incident.number}")
            blocks.append(
                missing("No summary has been written yet. Write it on ", page, " and it stands here.")
            )
    return blocks


# Timeline ----------------------------------------------------------------------------------------------


_MARK_TONES: dict[str, Tone] = {
    EntryMark.DETECTION: "neutral",
    EntryMark.DIAGNOSIS: "neutral",
    EntryMark.MITIGATION: "good",
    EntryMark.DECISION: "warning",
    EntryMark.IMPACT: "bad",
}


def draw_timeline(*, reader: Person, postmortem: Postmortem, zone: tzinfo) -> list[Block]:
    """What happened, in order: several incidents in one table, with the number of each entry's incident."""
    incidents = reads.incidents_of(postmortem)
    every = reads.entries_of_incidents(incidents)
    entries = list(reads.without_plain_chat(every)[: TIMELINE_ROWS_MAX + 1])
    chat = _chat_left_out(incidents, entries, reads.chat_count_of(every, entries))
    if not entries:
        return chat or [missing("Nothing has been written into the timeline yet.")]
    shown = entries[:TIMELINE_ROWS_MAX]
    start = min(incident.started_at for incident in incidents)
    with_day = rules.spans_days((entry.at for entry in shown), zone)
    several = len(incidents) > 1
    head = ["Time", "Elapsed", "What happened", "Who"]
    if several:
        head.insert(2, "Incident")
    rows = tuple(_timeline_row(entry, start, zone, with_day, several) for entry in shown)
    time_width = 2.2 if with_day else 1.5
    widths = (time_width, 1.5, 1.3, 6, 2.4) if several else (time_width, 1.5, 6, 2.4)
    blocks: list[Block] = [
        _when(shown[0].at, zone, with_day),
        Table(tuple(inlines(name) for name in head), rows, (), widths),
    ]
    if len(entries) > TIMELINE_ROWS_MAX:
        blocks.append(
            note(f"These are the first {TIMELINE_ROWS_MAX:,} entries. The rest stands in the incident.")
        )
    return [*blocks, *chat]


def _chat_left_out(incidents: Sequence[Incident], entries: Sequence[Entry], count: int) -> list[Block]:
    """How much was said in a chat beside what is shown, and where all of it stands."""
    shown = sum(entry.kind == EntryKind.CHAT for entry in entries)
    if count <= shown:
        return []
    messages = "1 chat message" if count == 1 else f"{count:,} chat messages"
    told = f"{messages} {'is' if count == 1 else 'are'} not shown: nobody starred or marked any."
    if shown:
        told = f"{shown:,} of {messages} {'is' if shown == 1 else 'are'} shown: what is starred or marked."
    children: list[Inline] = [Emphasis((Text(f"{told} All of it stands in "),))]
    for place, incident in enumerate(incidents):
        children += [Text(", ")] if place else []
        address = f"{reads.incident_address(incident)}?kind={EntryKind.CHAT}#timeline"
        children.append(Link(address, (Text(f"incident #{incident.number}"),)))
    return [Paragraph((*children, Emphasis((Text("."),))))]


def describe_entry(entry: Entry) -> Inlines:
    """A note and a chat message are Markdown by a person; everything else stays as a machine said it.

    What it stands for comes first; what somebody starred is strong.
    """
    words = inlines(entry.text)
    if entry.kind == EntryKind.CHAT:
        words = tuple(_flowing(parse_markdown(entry.text)))
    if entry.kind == EntryKind.NOTE:
        blocks = parse_markdown(entry.text)
        if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            words = blocks[0].children
    if entry.starred_at is not None:
        words = (Strong(words),)
    if entry.mark:
        words = (Badge(entry.get_mark_display(), _MARK_TONES[entry.mark]), Text(" "), *words)
    return words


def _flowing(blocks: Sequence[Block]) -> Iterator[Inline]:
    """Paragraphs, quotations and code one below the other, for a place where there is room for inlines."""
    for place, block in enumerate(blocks):
        if place:
            yield LineBreak()
        match block:
            case Paragraph(children):
                yield from children
            case Quote(within):
                yield from _flowing(within)
            case CodeBlock(_, text):
                yield Code(text)
            case _:
                yield Text(" ".join(read_texts([block])))


def name_source(entry: Entry) -> str:
    """Who wrote it or did it, or from where it came."""
    return str(entry.person) if entry.person else entry.source


def _when(first: datetime, zone: tzinfo, with_day: bool) -> Paragraph:
    local = first.astimezone(zone)
    day = "" if with_day else f"{rules.write_day(local)}. "
    return paragraph(f"{day}Times are in {local.tzname()}.")


def _timeline_row(
    entry: Entry, start: datetime, zone: tzinfo, with_day: bool, several: bool
) -> tuple[Inlines, ...]:
    cells = [
        inlines(_unbroken(rules.write_clock(entry.at, zone, with_day=with_day))),
        inlines(_unbroken(clock.describe_elapsed(start, entry.at))),
        describe_entry(entry),
        inlines(name_source(entry)),
    ]
    if several:
        cells.insert(2, inlines(f"#{entry.incident.number}"))
    return tuple(cells)


# Impact ------------------------------------------------------------------------------------------------


def draw_impact(*, reader: Person, postmortem: Postmortem, zone: tzinfo) -> list[Block]:
    """How long it lasted, and what was affected."""
    incidents = reads.incidents_of(postmortem)
    affected = facts.all_affected_services(tuple(incidents))
    alerts = reads.alert_counts_of(tuple(incidents))
    blocks: list[Block] = []
    for incident in incidents:
        if len(incidents) > 1:
            blocks.append(Heading(1, (Text(f"Incident {incident}"),)))
        ended = incident.resolved_at
        blocks.append(
            _definitions(
                (
                    "Duration",
                    (Strong(inlines(clock.describe_duration(ended - incident.started_at))),)
                    if ended
                    else (Emphasis((Text("It is not over yet"),)),),
                ),
                ("From", inlines(rules.write_moment(incident.started_at, zone))),
                *((("Until", inlines(rules.write_moment(ended, zone))),) if ended else ()),
                ("Services affected", inlines(_name_services(incident, affected))),
                ("Alerts", inlines(str(alerts[incident.pk]))),
                *((("SLA", inlines(_describe_sla(incident, zone))),) if incident.sla_id else ()),
            )
        )
    return blocks


def _describe_sla(incident: Incident, zone: tzinfo) -> str:
    """As in “Gold: acknowledged in time; resolved 5 min late”; nothing that changes by the minute."""
    told = []
    for promise in sla_clocks(incident, clock.now()):
        done = _PROMISED[promise.promise]
        if promise.state == "kept":
            told.append(f"{done} in time")
        elif promise.done_at is not None:
            told.append(f"{done} {clock.describe_duration(promise.length)} late")
        else:
            word = "to be" if promise.state == "running" else "not"
            told.append(f"{word} {done} by {rules.write_moment(promise.due_at, zone)}")
    return f"{incident.sla}: {'; '.join(told)}" if told else str(incident.sla)


_PROMISED = {"acknowledge": "acknowledged", "resolve": "resolved"}


#  ------------------------------------------------------------------------------------------------------


def _definitions(*facts: tuple[str, Inlines]) -> DefinitionList:
    return DefinitionList(tuple(Definition(inlines(term), value) for term, value in facts))


def _incident_link(incident: Incident, text: str = "") -> Link:
    return Link(reads.incident_address(incident), (Text(text or str(incident)),))


def _unbroken(text: str) -> str:
    """For a narrow cell: a time is not broken over two lines."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


register("key-information", draw_key_information)
register("summary", draw_summary)
register("timeline", draw_timeline)
register("impact", draw_impact)
register_editor("timeline", "postmortems:timeline", "The whole timeline, and what is hidden")
