"""Everything that is read about incidents, starting from who reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write, sees_all_teams
from afterword.catalog.models import Service
from afterword.catalog.reads import (
    Upstream,
    upstream_of,
    visible_incident_roles,
    visible_incident_types,
    visible_priorities,
    visible_services,
    visible_severities,
    visible_tags,
)
from afterword.fields import reads as fields
from afterword.incidents.facts.models import AffectedService, IncidentField, IncidentFieldItem
from afterword.incidents.flow.models import FlowRun
from afterword.incidents.models import (
    Alert,
    Change,
    Entry,
    Incident,
    IncidentStatus,
    RoleAssignment,
    touch_incidents,
)
from afterword.incidents.privacy.reads import hidden_incidents
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.ids import SHORT_ID_LENGTH
from afterword.lib.search import mentions

OPEN = "open"
POST_INCIDENT = "post_incident"
CLOSED = "closed"
STATUSES = (OPEN, *IncidentStatus.values, POST_INCIDENT, CLOSED)
"""What the list can be narrowed to: `open` is everything that is not resolved; `post_incident` is resolved
with a flow that goes on."""

SEARCH_CHARACTERS_MAX = 200
SEARCH_WORDS_MAX = 8
NUMBER_MAX = 2**63 - 1
AFFECTED_BY_ONE_MAX = 5_000
"""Of the incidents of other services that affect a service, the newest that its list has."""
FAMILY_MAX = 100
"""So many incidents can be one by merging."""
_FAMILY = "_known_family"
_GIVEN_TO = "_given_to"
CHANGES_BEFORE_HOURS = 24
"""How long before its start a change may have led to an incident."""


@dataclass(frozen=True)
class IncidentFilter:
    """What a list is narrowed to. Nothing given narrows nothing."""

    status: str = ""
    """One of `STATUSES`."""
    team: uuid.UUID | None = None
    service: uuid.UUID | None = None
    text: str = ""
    """Words that must all stand in the title or the summary; or a number, as in 42 and #42."""
    priority: str = ""
    """The name or the unique id of a priority. Several teams may have one of the same name."""
    tag: str = ""
    """The same of a tag."""
    severity: str = ""
    """The same of a severity."""
    incident_type: str = ""
    """The same of an incident type."""
    role: str = ""
    """The same of an incident role that somebody has in it."""
    person: uuid.UUID | None = None
    """Somebody who has a role in it; with `role`, that one."""
    field: str = ""
    """The name or the unique id of a custom field that has a value."""
    value: str = ""
    """What the field is; of a text some of its words. Says nothing without `field`."""

    @property
    def narrows(self) -> bool:
        return self != IncidentFilter(text=self.text, value=self.value) or bool(self.text.strip())


def visible_incidents(actor: Person) -> QuerySet[Incident]:
    """The incidents of the services of the actor's teams, newest first, with service, team and response."""
    return _visible(actor).select_related(
        "service__team", "priority", "severity", "incident_type", "sla", "escalation_policy"
    )


def find_incidents(actor: Person, wanted: IncidentFilter) -> QuerySet[Incident]:
    """The visible incidents that fit. Raises InvalidInput for an unknown status or a text too long.

    A team or a service that the actor cannot see fits nothing.
    """
    # Service and team are fetched apart: SQLite would begin a join at the services, and then sort it all.
    found = _visible(actor).prefetch_related("service__team", "priority", "severity", "tags")
    return _narrow(found, actor, wanted)


def count_incidents(actor: Person, wanted: IncidentFilter) -> int:
    """How many `find_incidents` finds; it raises the same.

    Who leaves out the hidden ones looks at each row. They are few and have an index, so all are counted,
    along an index alone, and then the hidden ones of them are taken off.
    """
    found = _narrow(_of_teams(actor), actor, wanted).order_by()
    return max(0, found.count() - found.filter(pk__in=hidden_incidents(actor)).count())


def _narrow(found: QuerySet[Incident], actor: Person, wanted: IncidentFilter) -> QuerySet[Incident]:
    if wanted.status not in ("", *STATUSES):
        raise InvalidInput(fields={"status": f"Please use one of: {', '.join(STATUSES)}."})
    if wanted.status == OPEN:
        found = found.filter(resolved_at__isnull=True)
    elif wanted.status == POST_INCIDENT:
        going_on = FlowRun.objects.filter(closed_at__isnull=True, paused_at__isnull=True)
        found = found.filter(pk__in=going_on.order_by().values("incident"))
    elif wanted.status == CLOSED:
        found = found.filter(closed_at__isnull=False)
    elif wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.team:
        found = found.filter(service__in=_keys(visible_services(actor).filter(team__unique_id=wanted.team)))
    if wanted.service:
        found = found.filter(_affects(_keys(visible_services(actor).filter(unique_id=wanted.service))))
    if wanted.priority:
        priorities = visible_priorities(actor).filter(_called(wanted.priority))
        found = found.filter(priority__in=priorities.order_by().values("pk"))
    if wanted.tag:
        tags = visible_tags(actor).filter(_called(wanted.tag)).order_by().values("pk")
        found = found.filter(pk__in=Incident.tags.through.objects.filter(tag__in=tags).values("incident"))
    if wanted.severity:
        severities = visible_severities(actor).filter(_called(wanted.severity))
        found = found.filter(severity__in=severities.order_by().values("pk"))
    if wanted.incident_type:
        types = visible_incident_types(actor).filter(_called(wanted.incident_type))
        found = found.filter(incident_type__in=types.order_by().values("pk"))
    if wanted.role or wanted.person:
        found = found.filter(pk__in=_with_role(actor, wanted))
    if wanted.field:
        found = found.filter(pk__in=_incidents_with(actor, wanted))
    return found.filter(_mentions(wanted.text))


def with_response(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Each with all that the API tells about it, in a few queries for all of them."""
    return incidents.prefetch_related(
        "service__team",
        "priority",
        "severity",
        "incident_type",
        "sla",
        "escalation_policy",
        "tags",
        "useful_links",
        "entities__integration",
        "role_assignments__role",
        "role_assignments__person",
    )


def no_incidents() -> QuerySet[Incident]:
    """What fits a filter that makes no sense."""
    return Incident.objects.none()


def get_incident(actor: Person, reference: int | str) -> Incident:
    """The incident with this number or this unique id. Raises NotFound, also to outsiders.

    The object remembers whose eyes it is for, so that what is read of it with the same actor need not ask
    again whether they may see it. Keep it for one request, and no longer.
    """
    text = str(reference)
    if not (text.isascii() and text.isalnum()):
        # Neither a number nor an id. No database takes a lone surrogate, and PostgreSQL no NUL.
        raise NotFound
    if text.isdigit() and len(text) < SHORT_ID_LENGTH:
        wanted = Q(number=int(text)) if int(text) <= NUMBER_MAX else Q(pk__in=[])
    else:
        wanted = Q(unique_id=text[: SHORT_ID_LENGTH + 1])
    incident = visible_incidents(actor).filter(wanted).first()
    if incident is None:
        raise NotFound
    incident.__dict__[_GIVEN_TO] = actor.pk
    return incident


def family_of(incident: Incident) -> list[int]:
    """The keys of the incident and of all that were merged into it, and into those: one record together.

    Costs nothing for an incident that was never merged, and is kept with the object.
    """
    known: list[int] | None = incident.__dict__.get(_FAMILY)
    if known is not None:
        return known
    found = [incident.pk]
    nearest = [incident.pk] if incident.merges else []
    while nearest and len(found) < FAMILY_MAX:
        rows = list(
            Incident.objects.filter(merged_into__in=nearest)
            .order_by("pk")
            .values_list("pk", "merges")[: FAMILY_MAX - len(found)]
        )
        found += [pk for pk, _ in rows]
        # Once for its own way into another; more often, and something may have come into it before.
        nearest = [pk for pk, merges in rows if merges > 1]
    incident.__dict__[_FAMILY] = found
    return found


def lock_incident(actor: Person, incident: Incident) -> Incident:
    """The incident as it is now, kept from others until the transaction ends.

    On SQLite the transaction holds the only writer already. Raises NotFound to an outsider, NotAllowed to
    someone who may only read.
    """
    require_write(actor, incident.service.team)
    locked = visible_incidents(actor).select_for_update(of=("self",)).filter(pk=incident.pk).first()
    if locked is None:
        raise NotFound
    # The rights were asked for before it waited for the lock, and it may have been made private meanwhile.
    if locked.is_private and not visible_incidents(actor).filter(pk=locked.pk).exists():
        raise NotFound
    if locked.is_merged:
        # Its lines are shown in the other's page as well. Afterwards, so as not to lock that one too.
        transaction.on_commit(partial(_touch_above, locked.pk))
    return locked


def open_incidents(actor: Person) -> QuerySet[Incident]:
    """What is not resolved yet, newest first."""
    return find_incidents(actor, IncidentFilter(status=OPEN))


def resolved_incidents(actor: Person, *, without: str = "") -> QuerySet[Incident]:
    """What is resolved, newest first; `without` names a relation in which they have nothing."""
    found = find_incidents(actor, IncidentFilter(status=IncidentStatus.RESOLVED))
    if not without:
        return found
    # Not by a join: PostgreSQL would think that hardly any are without, and sort all to find them.
    have = Incident.objects.filter(pk=OuterRef("pk"), **{f"{without}__isnull": False}).order_by()
    return found.filter(~Exists(have))


def entries_of(actor: Person, incident: Incident) -> QuerySet[Entry]:
    """The timeline, earliest first, each entry with its person and its alert.

    That of an incident with others merged into it has theirs in between, each with its own incident.
    """
    found = Entry.objects.filter(_is_of(actor, incident))
    return found.select_related("person", "alert", *(["incident"] if incident.merges else []))


def alerts_of(actor: Person, incident: Incident) -> QuerySet[Alert]:
    """The alerts, newest first, each with its integration."""
    found = Alert.objects.filter(_is_of(actor, incident))
    return found.select_related("integration")


def roles_in(actor: Person, incident: Incident) -> QuerySet[RoleAssignment]:
    """Who does what in the incident and in those merged into it, in the order of the roles."""
    found = RoleAssignment.objects.filter(_is_of(actor, incident))
    return found.select_related("role", "person")


def visible_changes(actor: Person) -> QuerySet[Change]:
    """The changes to the services of the actor's teams, newest first, with service and team."""
    found = Change.objects.select_related("service__team", "integration")
    if not sees_all_teams(actor):
        found = found.filter(service__in=_keys(visible_services(actor)))
    return found.order_by("-at", "-id")


def find_changes(
    actor: Person,
    *,
    service: uuid.UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Change]:
    """Those of one service, from `since` until before `until`. A service that is not seen has none."""
    found = visible_changes(actor)
    if service is not None:
        found = found.filter(service__unique_id=service)
    if since is not None:
        found = found.filter(at__gte=since)
    if until is not None:
        found = found.filter(at__lt=until)
    return found


@dataclass(frozen=True)
class ServicesAround:
    """Whose changes may have to do with an incident, by the keys of the services."""

    own: Sequence[int]
    """Its own first, then those whose alerts joined it, and those that somebody said are affected."""
    upstream: Mapping[int, Upstream]
    """What these depend on, directly or through others, as far as the reader sees it."""

    def __iter__(self) -> Iterator[int]:
        yield from self.own
        yield from self.upstream


def services_around(actor: Person, incident: Incident) -> ServicesAround:
    """In one query, and one for each step upstream."""
    joined = incident.entities.order_by().values_list("integration__service", flat=True)
    affected = incident.affected_services.order_by().values_list("service", flat=True)
    own = list(dict.fromkeys([incident.service_id, *sorted(joined.union(affected))]))
    return ServicesAround(own, upstream_of(visible_services(actor), own))


def changes_around(
    actor: Person, incident: Incident, *, now: datetime, services: ServicesAround | None = None
) -> QuerySet[Change]:
    """What may have led to the incident, or ended it: changes to its services and upstream, newest first.

    From `CHANGES_BEFORE_HOURS` before its start until its end. `services`, where they are known already,
    are those of `services_around`.
    """
    return visible_changes(actor).filter(
        service__in=[*(services or services_around(actor, incident))],
        at__gte=incident.started_at - timedelta(hours=CHANGES_BEFORE_HOURS),
        at__lte=incident.resolved_at or now,
    )


@dataclass(frozen=True)
class IncidentCounts:
    """How much there is to read about an incident."""

    entries: int
    """Without those that are hidden."""
    hidden: int
    alerts: int
    changes: int
    messages: int


def count_parts(
    actor: Person, incident: Incident, *, now: datetime, services: ServicesAround | None = None
) -> IncidentCounts:
    """How many there are of each, for the tabs. `services` as for `changes_around`."""
    alerts = alerts_of(actor, incident).order_by().aggregate(count=Count("pk"))["count"]
    entries = (
        entries_of(actor, incident)
        .order_by()
        .aggregate(count=Count("pk"), hidden=Count("pk", filter=Q(hidden_at__isnull=False)))
    )
    changes = changes_around(actor, incident, now=now, services=services).order_by().count()
    messages = incident.stakeholder_messages.order_by().count()
    return IncidentCounts(
        entries=entries["count"] - entries["hidden"],
        hidden=entries["hidden"],
        alerts=alerts,
        changes=changes,
        messages=messages,
    )


def _is_of(actor: Person, incident: Incident) -> Q:
    family = family_of(incident)
    if len(family) > 1:
        return Q(incident__in=family) & Q(incident__in=_seen(actor, incident))
    if incident.__dict__.get(_GIVEN_TO) == actor.pk:
        return Q(incident=incident)
    return Q(incident=incident) & Q(incident__in=_seen(actor, incident))


def _seen(actor: Person, incident: Incident) -> QuerySet[Incident]:
    """The incident and those merged into it, as far as the actor sees them.

    Narrowed down, for SQLite reads all of a subquery first.
    """
    return _visible(actor).filter(pk__in=family_of(incident)).order_by()


def _touch_above(key: int) -> None:
    above = Incident.objects.filter(pk=key).values_list("merged_into", flat=True).first()
    seen: set[int] = set()
    while above is not None and above not in seen:
        seen.add(above)
        above = Incident.objects.filter(pk=above).values_list("merged_into", flat=True).first()
    touch_incidents(seen)


def _visible(actor: Person) -> QuerySet[Incident]:
    return _of_teams(actor).exclude(pk__in=hidden_incidents(actor))


def _of_teams(actor: Person) -> QuerySet[Incident]:
    if sees_all_teams(actor):
        return Incident.objects.all()
    return Incident.objects.filter(service__in=_keys(visible_services(actor)))


def _keys(services: QuerySet[Service]) -> QuerySet[Service, int]:
    return services.order_by().values_list("pk", flat=True)


def _affects(services: QuerySet[Service, int]) -> Q:
    """The incidents of these services, and those of others that affect them."""
    # Asked first: where nobody ever named them the list is read along its index, as if there were no others.
    others = list(
        AffectedService.objects.filter(service__in=services)
        .order_by("-incident")
        .values_list("incident", flat=True)[:AFFECTED_BY_ONE_MAX]
    )
    return Q(service__in=services) | Q(pk__in=others) if others else Q(service__in=services)


def _with_role(actor: Person, wanted: IncidentFilter) -> QuerySet[RoleAssignment, int]:
    rows = RoleAssignment.objects.all()
    if wanted.role:
        roles = visible_incident_roles(actor).filter(_called(wanted.role)).order_by()
        rows = rows.filter(role__in=roles.values("pk"))
    if wanted.person:
        rows = rows.filter(person__unique_id=wanted.person)
    return rows.order_by().values_list("incident", flat=True)


def _incidents_with(actor: Person, wanted: IncidentFilter) -> QuerySet[IncidentFieldItem, int]:
    """The keys of incidents in which a field has a value. Fields of the same name count alike."""
    known = fields.visible_fields(actor, IncidentField.objects.all())
    items = IncidentFieldItem.objects.none()
    for field in fields.called(known, wanted.field)[: fields.NAMESAKES_MAX]:
        rows = IncidentFieldItem.objects.all()
        items |= fields.find_items(rows, field, wanted.value) if wanted.value else rows.filter(field=field)
    return items.order_by().values_list("owner", flat=True)


def _called(name: str) -> Q:
    """What has this name, in any letter case, or this unique id."""
    if "\0" in name or name != name.encode(errors="ignore").decode():
        return Q(pk__in=[])  # PostgreSQL takes no NUL, and no database a lone surrogate.
    try:
        return Q(unique_id=uuid.UUID(name))
    except ValueError:
        return Q(name__iexact=name)


def _mentions(text: str) -> Q:
    if len(text) > SEARCH_CHARACTERS_MAX:
        raise InvalidInput(fields={"text": f"Please use at most {SEARCH_CHARACTERS_MAX} characters."})
    wanted = Q()
    words = text.replace("\0", "").split()[:SEARCH_WORDS_MAX]
    for word in words:
        wanted &= mentions(word, "title", "summary")
    number = words[0].removeprefix("#") if len(words) == 1 else ""
    if number.isascii() and number.isdigit() and int(number) <= NUMBER_MAX:
        wanted |= Q(number=int(number))
    return wanted
