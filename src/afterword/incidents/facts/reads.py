"""The facts of an incident, starting from who reads. The caller has seen the incident."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service
from afterword.catalog.reads import visible_services
from afterword.fields import reads as fields
from afterword.fields.reads import Value
from afterword.incidents.facts.models import (
    AffectedService,
    IncidentField,
    IncidentFieldItem,
    SummaryVersion,
    UsefulLink,
)
from afterword.incidents.models import Entry, EntryKind, Incident, RoleAssignment
from afterword.incidents.reads import family_of
from afterword.lib.errors import NotFound
from afterword.lib.remembering import remembered

SUGGESTIONS_MAX = 20
_TOLD = "_told_to_programs"


# Services ----------------------------------------------------------------------------------------------


def affected_services(actor: Person, incident: Incident) -> QuerySet[Service]:
    """The services that it affects beside its own, as far as the actor may see them, by name."""
    found = AffectedService.objects.filter(incident=incident).order_by().values("service")
    return visible_services(actor).filter(pk__in=found).select_related("team").order_by("name", "pk")


@remembered
def all_affected_services(incidents: tuple[Incident, ...]) -> dict[int, list[str]]:
    """Their names, of every team, by the primary key of the incident: for a text about these incidents whose
    author decided who reads it."""
    named: dict[int, list[str]] = {incident.pk: [] for incident in incidents}
    found = AffectedService.objects.filter(incident__in=incidents).order_by("service__name", "pk")
    for key, name in found.values_list("incident_id", "service__name"):
        named[key].append(name)
    return named


def services_to_affect(actor: Person, incident: Incident) -> QuerySet[Service]:
    """What can be said to be affected: every service that the actor may see but the incident's own."""
    return visible_services(actor).exclude(pk=incident.service_id).select_related("team")


# Links -------------------------------------------------------------------------------------------------


def links_of(incident: Incident) -> QuerySet[UsefulLink]:
    """The useful links in their order."""
    return UsefulLink.objects.filter(incident=incident).order_by("position", "pk")


def all_links(incidents: Sequence[Incident]) -> dict[int, list[UsefulLink]]:
    """The same of several incidents, by their primary keys."""
    links: dict[int, list[UsefulLink]] = {incident.pk: [] for incident in incidents}
    for link in UsefulLink.objects.filter(incident__in=incidents).order_by("position", "pk"):
        links[link.incident_id].append(link)
    return links


def get_link(incident: Incident, unique_id: uuid.UUID) -> UsefulLink:
    """Raises NotFound."""
    found = links_of(incident).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


# Custom fields -----------------------------------------------------------------------------------------


def visible_fields(
    actor: Person, *, team: Team | None = None, archived: bool | None = None
) -> QuerySet[IncidentField]:
    """The custom fields of incidents: the organisation's and those of the actor's teams, in their order."""
    return fields.visible_fields(actor, IncidentField.objects.all(), team=team, archived=archived)


def get_field(actor: Person, unique_id: uuid.UUID) -> IncidentField:
    """Raises NotFound for one that is not there or of a team that is not the actor's to see."""
    return fields.get_field(actor, IncidentField.objects.all(), unique_id)


def names_of_fields(teams: Collection[int]) -> list[tuple[str, int | None]]:
    """The name and the team of each field that is asked of incidents of these teams; none is everybody's.

    For the program itself. One query.
    """
    asked = IncidentField.objects.filter(Q(team=None) | Q(team__in=teams), archived_at__isnull=True)
    return list(asked.order_by("rank", "id").values_list("name", "team_id"))


def count_values(field: IncidentField) -> int:
    """In how many incidents the field has a value."""
    return IncidentFieldItem.objects.filter(field=field, position=0).count()


def values_in(actor: Person, incident: Incident) -> list[Value[IncidentField]]:
    """What the incident has in each field of its team; archived ones only where they are filled in.

    Two queries, however many there are.
    """
    definitions = list(visible_fields(actor, team=incident.service.team))
    if not definitions:
        return []
    rows = IncidentFieldItem.objects.filter(owner=incident).select_related("person")
    return fields.values_of(definitions, [(row.field_id, row) for row in rows])


def all_values(incident: Incident) -> list[Value[IncidentField]]:
    """What is filled in, whoever reads: for a text about it whose author decided who does."""
    return all_values_of([incident])[incident.pk]


def all_values_of(incidents: Sequence[Incident]) -> dict[int, list[Value[IncidentField]]]:
    """The same of several incidents, by their primary keys."""
    items: dict[int, list[tuple[int, IncidentFieldItem]]] = {incident.pk: [] for incident in incidents}
    rows = IncidentFieldItem.objects.filter(owner__in=incidents).select_related("person", "field")
    for row in rows.order_by("field__rank", "field", "position"):
        items[row.owner_id].append((row.field_id, row))
    return {
        key: fields.values_of({row.field_id: row.field for _, row in mine}.values(), mine)
        for key, mine in items.items()
    }


def digest_values(values: Sequence[Value[IncidentField]]) -> str:
    """A short stand-in for what a writer saw, by which a form tells whether somebody else was quicker."""
    told = repr([(str(value.definition.unique_id), value.items) for value in values if value.items])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def missing_fields(incident: Incident) -> list[str]:
    """The names of the fields that a person fills in before resolving and that are empty. For the writes."""
    needed = fields.applying_to(IncidentField.objects.filter(is_required=True), incident.service.team)
    filled = IncidentFieldItem.objects.filter(owner=incident).order_by().values("field")
    return list(needed.exclude(pk__in=filled).order_by("rank", "pk").values_list("name", flat=True))


# Summary -----------------------------------------------------------------------------------------------


def summary_versions(incident: Incident) -> QuerySet[SummaryVersion]:
    """What the summary said, newest first."""
    return SummaryVersion.objects.filter(incident=incident).order_by("-number")


def get_summary_version(incident: Incident, number: int) -> SummaryVersion:
    """Raises NotFound."""
    found = summary_versions(incident).filter(number=number).first()
    if found is None:
        raise NotFound
    return found


# People ------------------------------------------------------------------------------------------------


def all_roles(incidents: Sequence[Incident]) -> dict[int, list[RoleAssignment]]:
    """Who does what, in the order of the roles, by the primary key of the incident: for a text about these
    incidents whose author decided who reads it."""
    roles: dict[int, list[RoleAssignment]] = {incident.pk: [] for incident in incidents}
    found = RoleAssignment.objects.filter(incident__in=incidents).select_related("role", "person")
    for one in found.order_by("role__rank", "role__name", "pk"):
        roles[one.incident_id].append(one)
    return roles


@dataclass(frozen=True)
class Suggestion:
    """Somebody who took part, as the timeline shows, and has no role yet."""

    unique_id: uuid.UUID
    name: str
    entries: int
    """How many lines of the timeline are theirs: notes, and what they did."""


def suggest_participants(incident: Incident) -> list[Suggestion]:
    """Who wrote, acknowledged or did something and has no role in the incident, who did most first."""
    family = family_of(incident)
    has_role = RoleAssignment.objects.filter(incident__in=family).order_by().values("person")
    rows = (
        Entry.objects.filter(incident__in=family, person__is_active=True)
        .exclude(person__in=has_role)
        # Added by mistake and taken back: nobody wrote that here.
        .exclude(kind=EntryKind.CHAT, hidden_at__isnull=False)
        .order_by()
        .values("person__unique_id", "person__name")
        .annotate(count=Count("pk"))
        .order_by("-count", "person__name", "person__unique_id")
    )
    return [
        Suggestion(row["person__unique_id"], row["person__name"], row["count"])
        for row in rows[:SUGGESTIONS_MAX]
    ]


# For programs ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What a program is told that depends on who reads."""

    services: list[Service]
    values: list[Value[IncidentField]]
    """Those that are filled in."""


def prepare_told(actor: Person, incidents: Sequence[Incident]) -> None:
    """Find it for many incidents in a few queries; `told_of` has it then."""
    keys = [incident.pk for incident in incidents]
    rows = list(
        AffectedService.objects.filter(incident__in=keys).order_by().values_list("incident", "service")
    )
    services = visible_services(actor).filter(pk__in={service for _, service in rows}).order_by("name", "pk")
    known = list(services) if rows else []
    affected = set(rows)
    items: dict[int, list[tuple[int, IncidentFieldItem]]] = {}
    for item in IncidentFieldItem.objects.filter(owner__in=keys).select_related("person"):
        items.setdefault(item.owner_id, []).append((item.field_id, item))
    definitions = list(visible_fields(actor)) if items else []
    for incident in incidents:
        values = fields.values_of(definitions, items.get(incident.pk, []))
        told = Told(
            services=[service for service in known if (incident.pk, service.pk) in affected],
            values=[value for value in values if not value.is_empty],
        )
        incident.__dict__[_TOLD] = told


def told_of(actor: Person, incident: Incident) -> Told:
    """What was prepared, or is found now."""
    if _TOLD not in incident.__dict__:
        prepare_told(actor, [incident])
    told: Told = incident.__dict__[_TOLD]
    return told
