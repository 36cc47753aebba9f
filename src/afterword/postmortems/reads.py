"""Everything that is read about post-mortems and their templates, starting from who reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Count,
    Exists,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber
from django.urls import reverse

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import (
    organisation,
    visible_people,
    visible_teams,
    writable_team_keys,
    writable_teams,
)
from afterword.incidents.models import Alert, Entry, EntryKind, Incident
from afterword.incidents.privacy.reads import hidden_incidents
from afterword.incidents.reads import family_of, visible_incidents
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.lib.remembering import remembered
from afterword.lib.search import mentions
from afterword.postmortems.models import (
    Postmortem,
    PostmortemIncident,
    PostmortemStatus,
    Revision,
    Section,
    Template,
)
from afterword.postmortems.templates import PLACE_NAMES, ParsedTemplate, parse_template

Row = TypeVar("Row", bound=Model)

SEARCH_CHARACTERS_MAX = 200
SEARCH_WORDS_MAX = 8
NUMBER_MAX = 2**63 - 1
PICKER_ROWS_MAX = 30
PARTICIPANTS_MAX = 50
ALERTS_READ_FOR_LINKS_MAX = 200
REVISIONS_LOOKED_THROUGH_MAX = 200
"""For the text that somebody started to write from."""
SUMMARY = "summary"
"""The name of the live section that shows the summaries of the incidents."""
SHIPPED_FOLDER = Path(__file__).parent / "shipped"
SHIPPED = ("standard", "default", "google-sre", "lightweight", "five-whys")
"""The templates that ship, by the names of their files, in the order in which they are offered."""


# Post-mortems ----------------------------------------------------------------------------------------------


def about_hidden(actor: Person) -> QuerySet[PostmortemIncident, int]:
    """The keys of the post-mortems about a private incident of which the actor is no member: few."""
    links = PostmortemIncident.objects.filter(incident__in=hidden_incidents(actor))
    return links.order_by().values_list("postmortem", flat=True)


def visible_postmortems(actor: Person) -> QuerySet[Postmortem]:
    """The post-mortems of the actor's teams, newest first, with team and author.

    One about a private incident is seen by that one's members alone.
    """
    found = Postmortem.objects.filter(team__in=visible_teams(actor))
    return found.exclude(pk__in=about_hidden(actor)).select_related("team", "author", "owner")


def get_postmortem(actor: Person, number: int) -> Postmortem:
    """The post-mortem with this number. Raises NotFound, also to outsiders."""
    if not 0 < number <= NUMBER_MAX:
        raise NotFound
    postmortem = visible_postmortems(actor).filter(number=number).first()
    if postmortem is None:
        raise NotFound
    return postmortem


def lock_postmortem(actor: Person, postmortem: Postmortem) -> Postmortem:
    """The post-mortem as it is now, kept from others until the transaction ends. Raises NotFound.

    On SQLite the transaction holds the only writer already.
    """
    locked = visible_postmortems(actor).select_for_update(of=("self",)).filter(pk=postmortem.pk).first()
    if locked is None:
        raise NotFound
    return locked


def may_write(actor: Person, postmortem: Postmortem) -> bool:
    """Whether the actor may change this post-mortem, for pages that offer it."""
    return postmortem.team_id in writable_team_keys(actor)


def get_writable_postmortem(actor: Person, number: int) -> Postmortem:
    """The same as `get_postmortem`, for changing it. Raises NotFound to an outsider, NotAllowed to someone
    who may only read."""
    postmortem = get_postmortem(actor, number)
    if not may_write(actor, postmortem):
        raise NotAllowed("You can read this, but not change it.")
    return postmortem


def may_begin(actor: Person) -> bool:
    """Whether the actor is in a team to which a post-mortem could belong."""
    return bool(writable_team_keys(actor))


def may_write_about(actor: Person, incident: Incident) -> bool:
    """Whether the actor may begin a post-mortem about this incident, for pages that offer it."""
    return writable_teams(actor).filter(pk=incident.service.team_id).exists()


@remembered
def sections_of(postmortem: Postmortem) -> list[Section]:
    """The sections in the document's order."""
    return list(Section.objects.filter(postmortem=postmortem))


def get_section(postmortem: Postmortem, unique_id: uuid.UUID) -> Section:
    """Raises NotFound for a section of another document."""
    section = Section.objects.filter(postmortem=postmortem, unique_id=unique_id).first()
    if section is None:
        raise NotFound
    return section


def text_at(section: Section, version: int) -> str | None:
    """What the section said in this version; None where no recent revision tells."""
    revisions = Revision.objects.filter(postmortem=section.postmortem_id).order_by("-number")
    recent = revisions.values_list("sections", flat=True)[:REVISIONS_LOOKED_THROUGH_MAX]
    for stored in recent.iterator(chunk_size=20):
        for part in stored:
            if part["unique_id"] == str(section.unique_id) and part.get("version") == version:
                return str(part["text"])
    return None


def postmortems_of_incident(actor: Person, incident: Incident) -> QuerySet[Postmortem]:
    """The visible post-mortems about this incident, newest first."""
    return visible_postmortems(actor).filter(links__incident=incident)


def postmortems_about(actor: Person, incidents: Sequence[Incident]) -> list[Postmortem]:
    """Up to `PICKER_ROWS_MAX` visible post-mortems about any of these incidents, newest first."""
    about = PostmortemIncident.objects.filter(postmortem=OuterRef("pk"), incident__in=incidents)
    return list(visible_postmortems(actor).filter(Exists(about))[:PICKER_ROWS_MAX])


def authors(actor: Person) -> QuerySet[Person]:
    """Who wrote a post-mortem that the actor can see, by name."""
    written = visible_postmortems(actor).select_related(None).order_by().filter(author=OuterRef("pk"))
    return Person.objects.filter(Exists(written))


def possible_authors(actor: Person) -> QuerySet[Person]:
    """Whom the actor may name as the author of a new post-mortem, by name."""
    return (
        visible_people(actor).filter(is_active=True).exclude(role="viewer").distinct().order_by("name", "id")
    )


def listed_teams(actor: Person) -> QuerySet[Team]:
    """The teams that a list can be narrowed to."""
    return visible_teams(actor).distinct()


class FoundIncidents(NamedTuple):
    """Incidents to pick from, and whether there are more of them."""

    incidents: list[Incident]
    is_more: bool


def pickable_incidents(actor: Person, text: str = "") -> FoundIncidents:
    """Up to `PICKER_ROWS_MAX` incidents that the actor may write about, newest first.

    Raises InvalidInput for a text that is too long.
    """
    found = visible_incidents(actor).filter(service__team__in=writable_teams(actor))
    if text.strip():
        _require_bearable(text)
        wanted = Q()
        for word in _words(text):
            wanted &= mentions(word, "title", "service__name")
        found = found.filter(wanted | _number(text))
    rows = list(found[: PICKER_ROWS_MAX + 1])
    return FoundIncidents(rows[:PICKER_ROWS_MAX], len(rows) > PICKER_ROWS_MAX)


def told_incidents(actor: Person, incidents: Sequence[Incident]) -> set[int]:
    """The primary keys of those with a post-mortem that the actor can see."""
    visible = visible_postmortems(actor).order_by().values("pk")
    told = PostmortemIncident.objects.filter(incident__in=incidents, postmortem__in=visible)
    return set(told.values_list("incident_id", flat=True))


def incidents_by_number(actor: Person, numbers: Sequence[int]) -> list[Incident]:
    """The visible incidents with these numbers, in this order; others are left out."""
    found = {incident.number: incident for incident in visible_incidents(actor).filter(number__in=numbers)}
    return [found[number] for number in numbers if number in found]


def _require_bearable(text: str) -> None:
    if len(text) > SEARCH_CHARACTERS_MAX:
        raise InvalidInput(fields={"text": f"Please use at most {SEARCH_CHARACTERS_MAX} characters."})


def _words(text: str) -> list[str]:
    return text.replace("\0", "").split()[:SEARCH_WORDS_MAX]


def _number(text: str) -> Q:
    digits = text.strip().removeprefix("#")
    if digits.isascii() and digits.isdigit() and int(digits) <= NUMBER_MAX:
        return Q(number=int(digits))
    return Q(pk__in=[])


# The record behind a post-mortem ------------------------------------------------------------------------


@remembered
def incidents_of(postmortem: Postmortem) -> list[Incident]:
    """The incidents that it is about, in the author's order, each with what it points at."""
    return list(
        Incident.objects.filter(links__postmortem=postmortem)
        .select_related("service__team", "integration", "severity", "priority", "incident_type", "sla")
        .order_by("links__position", "links__id")
    )


def summaries_shown(postmortem: Postmortem, sections: Iterable[Section]) -> dict[str, str] | None:
    """The summaries of its incidents by their number, as JSON has it; None where no section shows them."""
    if all(section.live_name != SUMMARY for section in sections):
        return None
    found = PostmortemIncident.objects.filter(postmortem=postmortem)
    return {
        str(number): summary for number, summary in found.values_list("incident__number", "incident__summary")
    }


def shows_kept_summaries(postmortem: Postmortem) -> bool:
    """Whether it shows the summaries that its newest revision kept. One of before they were kept says yes."""
    kept = latest_revision(postmortem).cover.get("summaries")
    return kept is None or kept == summaries_shown(postmortem, sections_of(postmortem))


@remembered
def incidents_seen_by(actor: Person, postmortem: Postmortem) -> list[tuple[Incident, bool]]:
    """The incidents that it is about, and whether the actor may open the page of each."""
    incidents = incidents_of(postmortem)
    seen = set(visible_incidents(actor).filter(pk__in=[incident.pk for incident in incidents]))
    return [(incident, incident in seen) for incident in incidents]


def has_postmortem(incident: Incident) -> bool:
    """Whether there is any post-mortem about the incident. For the program itself."""
    return _about(incident).exists()


def is_in_review_or_beyond(incident: Incident) -> bool:
    """Whether some post-mortem about the incident is no draft any more. For the program itself."""
    return _about(incident).exclude(status=PostmortemStatus.DRAFT).exists()


def is_published(incident: Incident) -> bool:
    """Whether some post-mortem about the incident is published. For the program itself."""
    return _about(incident).filter(status="published").exists()


def incidents_of_many(postmortems: Iterable[Postmortem]) -> dict[int, list[Incident]]:
    """The incidents of each post-mortem, by its primary key, in one query."""
    found: dict[int, list[Incident]] = {postmortem.pk: [] for postmortem in postmortems}
    links = PostmortemIncident.objects.filter(postmortem__in=list(found)).select_related("incident")
    for link in links:
        found[link.postmortem_id].append(link.incident)
    return found


def entries_of_incidents(incidents: Sequence[Incident]) -> QuerySet[Entry]:
    """What happened, earliest first; edits of the record and what people have hidden are left out.

    With what happened in incidents that were merged into these.
    """
    return (
        Entry.objects.filter(incident__in=_with_merged(incidents), hidden_at__isnull=True)
        .exclude(kind=EntryKind.EDIT)
        .select_related("person", "incident")
        .order_by("at", "id")
    )


def without_plain_chat(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Of what was said in a chat only what somebody starred or marked, so that it floods no document.

    Each row says how many messages there are in all, as `chat_count`: no question of its own.
    """
    chat = entries.filter(kind=EntryKind.CHAT).order_by().annotate(one=Value(1)).values("one")
    count = Subquery(chat.annotate(count=Count("pk")).values("count"))
    told = entries.exclude(kind=EntryKind.CHAT, starred_at__isnull=True, mark="")
    return told.annotate(chat_count=Coalesce(count, 0))


def chat_count_of(entries: QuerySet[Entry], told: Sequence[Entry]) -> int:
    """How many chat messages there are among `entries`, of which `told` are some of `without_plain_chat`."""
    if told:
        return int(getattr(told[0], "chat_count", 0))
    return entries.filter(kind=EntryKind.CHAT).count()


def entries_seen_by(actor: Person, postmortem: Postmortem) -> QuerySet[Entry]:
    """What happened in the incidents that the actor sees and may write in, hidden or not, earliest first.

    With what happened in incidents that were merged into these.
    """
    writable = writable_team_keys(actor)
    seen = [
        incident
        for incident, is_seen in incidents_seen_by(actor, postmortem)
        if is_seen and incident.service.team_id in writable
    ]
    found = Entry.objects.filter(incident__in=_with_merged(seen)).exclude(kind=EntryKind.EDIT)
    return found.select_related("incident", "person").order_by("at", "id")


def participants_of(incidents: Sequence[Incident]) -> dict[int, list[str]]:
    """The names of those who did or wrote something, in the order in which they first did, by the primary key
    of the incident."""
    owners = _owners_of(incidents)
    people: dict[int, dict[tuple[str, str], None]] = {incident.pk: {} for incident in incidents}
    rows = (
        Entry.objects.filter(incident__in=list(owners), person__isnull=False)
        .exclude(kind=EntryKind.EDIT)
        # Added by mistake and taken back: nobody took part by that.
        .exclude(kind=EntryKind.CHAT, hidden_at__isnull=False)
        .values_list("incident_id", "person__name", "person__email")
        .annotate(first=Min("at"))
        .order_by("first", "person__name")
    )
    for key, name, email, _ in rows:
        people[owners[key]].setdefault((name, email))
    return {
        key: [name or email for name, email in list(found)[:PARTICIPANTS_MAX]]
        for key, found in people.items()
    }


def first_entries_of(incidents: Sequence[Incident]) -> dict[int, Entry]:
    """With what the timeline of each begins, by the primary key of the incident."""
    owners = _owners_of(incidents)
    first: dict[int, Entry] = {}
    # People may have talked before anybody reported it.
    entries = entries_of_incidents(incidents).exclude(kind=EntryKind.CHAT)
    for entry in _first_rows(entries, len(owners), 1, "at", "id"):
        first.setdefault(owners[entry.incident_id], entry)
    return first


def alert_urls_of(incidents: Sequence[Incident]) -> dict[int, list[object]]:
    """The links of each alert as they came, the first alert first, by the primary key of the incident."""
    owners = _owners_of(incidents)
    urls: dict[int, list[object]] = {incident.pk: [] for incident in incidents}
    alerts = Alert.objects.filter(incident__in=list(owners)).order_by("received_at", "id")
    found = _first_rows(alerts, len(owners), ALERTS_READ_FOR_LINKS_MAX, "received_at", "id")
    for key, given in found.values_list("incident_id", "urls"):
        if len(mine := urls[owners[key]]) < ALERTS_READ_FOR_LINKS_MAX:
            mine.append(given)
    return urls


@remembered
def alert_counts_of(incidents: tuple[Incident, ...]) -> dict[int, int]:
    """How many alerts came in about each, by the primary key of the incident."""
    owners = _owners_of(incidents)
    counts = {incident.pk: 0 for incident in incidents}
    alerts = Alert.objects.filter(incident__in=list(owners)).order_by()
    for key, count in alerts.values_list("incident_id").annotate(count=Count("id")):
        counts[owners[key]] += count
    return counts


def tags_of(incidents: Sequence[Incident]) -> dict[int, list[str]]:
    """The names of the tags of each, by its primary key. One query."""
    found: dict[int, list[str]] = {incident.pk: [] for incident in incidents}
    rows = Incident.tags.through.objects.filter(incident__in=incidents).order_by("tag__name", "pk")
    for key, name in rows.values_list("incident_id", "tag__name"):
        found[key].append(name)
    return found


def _first_rows(rows: QuerySet[Row], incidents: int, count: int, *order: str) -> QuerySet[Row]:
    """Of each incident so many in this order; `rows` are of so many incidents, and in the order, too."""
    if incidents == 1:
        return rows[:count]
    place = Window(RowNumber(), partition_by="incident", order_by=order)
    placed: QuerySet[Row] = rows.alias(place=place)  # type: ignore[assignment]  # it loses the rows' type
    return placed.filter(place__lte=count)


def _owners_of(incidents: Sequence[Incident]) -> dict[int, int]:
    """The primary key of each incident, by its own and by those of all that were merged into it."""
    return {key: incident.pk for incident in incidents for key in family_of(incident)}


def _with_merged(incidents: Sequence[Incident]) -> list[int]:
    return [key for incident in incidents for key in family_of(incident)]


@remembered
def organisation_zone() -> ZoneInfo:
    """The zone in which files write their times, for they are read by anyone anywhere."""
    mine = organisation()
    return ZoneInfo(mine.time_zone if mine else "UTC")


def incident_address(incident: Incident) -> str:
    """The address of the incident's page, whole, for it also stands in files."""
    return settings.PUBLIC_URL + reverse("incidents:page", args=[incident.number])


def postmortem_address(postmortem: Postmortem) -> str:
    """The address of the post-mortem's page, whole."""
    return settings.PUBLIC_URL + reverse("postmortems:read", args=[postmortem.number])


@remembered
def latest_revision(postmortem: Postmortem) -> Revision:
    """What people last saved, and who did. There is always one."""
    return Revision.objects.filter(postmortem=postmortem).select_related("person").latest("number")


def changed_at(postmortem: Postmortem) -> datetime:
    """When the document or the record that it draws last changed, as far as the record tells.

    It is the time that a file carries, so that the same document gives the same file.
    """
    incidents = incidents_of(postmortem)
    moments = [latest_revision(postmortem).at]
    entries = Entry.objects.filter(incident__in=_with_merged(incidents))
    written = entries.aggregate(latest=Max("created_at"))["latest"]
    moments += [moment for moment in (written, *(incident.resolved_at for incident in incidents)) if moment]
    return max(moments)


# Templates ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TemplateChoice:
    """A template that a post-mortem can be made from, shipped or own."""

    key: str
    """The file's name of a shipped one, the unique id of an own one."""
    name: str
    source: str
    parsed: ParsedTemplate
    own: Template | None = None

    @property
    def is_shipped(self) -> bool:
        return self.own is None

    @property
    def place(self) -> str:
        """Where documents made from it are written, by its name."""
        return PLACE_NAMES[self.parsed.writes]


def template_choices(actor: Person) -> list[TemplateChoice]:
    """Every template: the shipped ones, then the organisation's own by name."""
    return [*shipped_templates(), *(_own_choice(template) for template in Template.objects.all())]


def get_template(actor: Person, key: str) -> TemplateChoice:
    """The template with this key. Raises NotFound."""
    for choice in shipped_templates():
        if choice.key == key:
            return choice
    try:
        unique_id = uuid.UUID(key)
    except ValueError as error:
        raise NotFound from error
    template = Template.objects.filter(unique_id=unique_id).first()
    if template is None:
        raise NotFound
    return _own_choice(template)


@cache
def shipped_templates() -> tuple[TemplateChoice, ...]:
    """The templates that come with Afterword. They are files of the package and never change."""
    return tuple(_shipped_choice(key) for key in SHIPPED)


def _shipped_choice(key: str) -> TemplateChoice:
    source = (SHIPPED_FOLDER / f"{key}.md").read_text(encoding="utf-8")
    parsed = parse_template(source)
    return TemplateChoice(key, parsed.name, source, parsed)


def _own_choice(template: Template) -> TemplateChoice:
    return TemplateChoice(
        str(template.unique_id), template.name, template.source, parse_template(template.source), template
    )


def _about(incident: Incident) -> QuerySet[Postmortem]:
    return Postmortem.objects.filter(links__incident=incident)
