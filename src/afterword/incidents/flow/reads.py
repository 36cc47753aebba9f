"""Everything that is read about flows, their tasks and debriefs, starting from who reads."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Membership, OrganisationRole, Person, TeamRole
from afterword.audit.models import AuditEvent
from afterword.catalog import reads as catalog
from afterword.incidents.flow.models import (
    Debrief,
    Flow,
    FlowRun,
    FlowStep,
    FlowTask,
    TaskState,
)
from afterword.incidents.models import Alert, Entry, Incident, RoleAssignment
from afterword.incidents.privacy.reads import people_who_see
from afterword.incidents.reads import visible_incidents
from afterword.lib.errors import NotFound

CHOICES_MAX = 500
FACILITATORS_SUGGESTED_MAX = 3
FACILITATED_WITHIN_DAYS = 180
"""Who led debriefs in this time is asked later than who did not."""

SEVERITIES = ("critical", "error", "warning")
"""The worst first."""


# Flows -------------------------------------------------------------------------------------------------


def organisation_zone() -> ZoneInfo:
    """Where the organisation is; UTC before there is one."""
    organisation = accounts.organisation()
    return ZoneInfo(organisation.time_zone if organisation else "UTC")


def all_flows(actor: Person) -> QuerySet[Flow]:
    """The flows in the order in which they are asked, with their steps. Raises NotAllowed."""
    accounts.require_admin(actor)
    return Flow.objects.prefetch_related(Prefetch("steps", queryset=_steps()))


def get_flow(actor: Person, unique_id: uuid.UUID) -> Flow:
    """Raises NotAllowed to everybody but administrators, NotFound."""
    flow = all_flows(actor).filter(unique_id=unique_id).first()
    if flow is None:
        raise NotFound
    return flow


def get_step(flow: Flow, unique_id: uuid.UUID) -> FlowStep:
    """Raises NotFound."""
    step = _steps().filter(flow=flow, unique_id=unique_id).first()
    if step is None:
        raise NotFound
    return step


def flows_to_enter() -> list[Flow]:
    """The flows that are in use, in their order, with their steps. For the program itself."""
    return list(Flow.objects.filter(is_enabled=True).prefetch_related(Prefetch("steps", queryset=_steps())))


def get_flow_to_start(actor: Person, unique_id: str) -> Flow:
    """A flow that is in use, for anybody who may write. Raises NotFound."""
    flow = next((one for one in flows_to_enter() if str(one.unique_id) == unique_id), None)
    if flow is None or not actor.may_write:
        raise NotFound
    return flow


def count_going_on(flow: Flow) -> int:
    """How many incidents are in this flow and not closed."""
    return flow.runs.filter(closed_at__isnull=True).count()


def _steps() -> QuerySet[FlowStep]:
    return FlowStep.objects.select_related("owner_role", "owner_person")


# Facts for conditions ----------------------------------------------------------------------------------


def find_handled(incidents: Sequence[Incident]) -> set[int]:
    """The keys of those in whose timeline a person stands: who reported, acknowledged, wrote, resolved."""
    entries = Entry.objects.filter(incident__in=_keys(incidents), person__isnull=False)
    return set(entries.order_by().values_list("incident", flat=True).distinct())


def find_severities(incidents: Sequence[Incident]) -> Mapping[int, frozenset[str]]:
    """The worst that an alert of each said; of those without such an alert nothing."""
    alerts = Alert.objects.filter(incident__in=_keys(incidents), alert_type__in=SEVERITIES)
    worst: dict[int, str] = {}
    for pk, said in alerts.order_by().values_list("incident", "alert_type").distinct():
        assert pk is not None
        worst[pk] = min(said, worst.get(pk, said), key=SEVERITIES.index)
    return {pk: frozenset({said}) for pk, said in worst.items()}


def find_incident_severities(incidents: Sequence[Incident]) -> Mapping[int, frozenset[str]]:
    """What people said: the unique id of the severity of each that has one."""
    found = Incident.objects.filter(pk__in=_keys(incidents), severity__isnull=False).order_by()
    return {pk: frozenset({str(key)}) for pk, key in found.values_list("pk", "severity__unique_id")}


def find_incident_types(incidents: Sequence[Incident]) -> Mapping[int, frozenset[str]]:
    """The same of their types."""
    found = Incident.objects.filter(pk__in=_keys(incidents), incident_type__isnull=False).order_by()
    return {pk: frozenset({str(key)}) for pk, key in found.values_list("pk", "incident_type__unique_id")}


def severity_choices(actor: Person) -> list[tuple[str, str]]:
    return [(str(one.unique_id), one.name) for one in catalog.visible_severities(actor, archived=False)]


def incident_type_choices(actor: Person) -> list[tuple[str, str]]:
    return [(str(one.unique_id), one.name) for one in catalog.visible_incident_types(actor, archived=False)]


def team_choices(actor: Person) -> list[tuple[str, str]]:
    return [(str(team.unique_id), team.name) for team in accounts.visible_teams(actor)[:CHOICES_MAX]]


def service_choices(actor: Person) -> list[tuple[str, str]]:
    services = catalog.visible_services(actor).select_related("team")[:CHOICES_MAX]
    return [(str(one.unique_id), f"{one.name} ({one.team.name})") for one in services]


def priority_choices(actor: Person) -> list[tuple[str, str]]:
    """By name: what several teams call the same is one choice."""
    names = catalog.visible_priorities(actor, archived=False).values_list("name", flat=True)[:CHOICES_MAX]
    return list({name.casefold(): name for name in reversed(names)}.items())[::-1]


# The flow of an incident -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Progress:
    """How far the flow of an incident is."""

    settled: int
    total: int
    required_left: int

    @property
    def percent(self) -> int:
        return 100 * self.settled // self.total if self.total else 0


def run_of(actor: Person, incident: Incident) -> FlowRun | None:
    """The flow of a visible incident; None when it never entered one."""
    return FlowRun.objects.filter(_is_visible(actor, "incident"), incident=incident).first()


def tasks_of(actor: Person, incident: Incident) -> QuerySet[FlowTask]:
    """The tasks of a visible incident in their order, with owners, who settled them, and debriefs."""
    found = FlowTask.objects.filter(_is_visible(actor, "run__incident"), run__incident=incident)
    return found.select_related("owner", "settled_by", "run__incident", "debrief__facilitator").order_by(
        "rank", "id"
    )


def get_task(actor: Person, incident: Incident, unique_id: uuid.UUID) -> FlowTask:
    """Raises NotFound, also to outsiders."""
    task = tasks_of(actor, incident).filter(unique_id=unique_id).first()
    if task is None:
        raise NotFound
    return task


def progress_of(tasks: Iterable[FlowTask]) -> Progress:
    """Counted over the tasks that were read."""
    known = list(tasks)
    left = [task for task in known if task.is_open]
    return Progress(len(known) - len(left), len(known), sum(task.is_required for task in left))


def own_tasks(actor: Person) -> QuerySet[FlowTask]:
    """What the actor has still to do in flows that go on: what is due first stands first, undated last."""
    # The databases would rather begin with all the flows that go on, and nobody owns tasks in most of them.
    going_on = FlowRun.objects.filter(
        _is_visible(actor, "incident"), pk=OuterRef("run"), closed_at__isnull=True, paused_at__isnull=True
    )
    found = FlowTask.objects.filter(Exists(going_on), owner=actor, state=TaskState.OPEN)
    return found.prefetch_related("run__incident__service__team").order_by(
        F("due_on").asc(nulls_last=True), "rank", "id"
    )


def today(zone: ZoneInfo, now: datetime) -> date:
    """The day where the organisation is."""
    return now.astimezone(zone).date()


# People ------------------------------------------------------------------------------------------------


def people_for(actor: Person, incident: Incident) -> QuerySet[Person]:
    """Who can be asked to a debrief: people who may see the incident and whom the actor knows, by name."""
    return accounts.visible_people(actor).filter(people_who_see(incident)).distinct().order_by("name", "id")


def possible_owners(actor: Person, incident: Incident) -> QuerySet[Person]:
    """The same without those who may only read."""
    return people_for(actor, incident).exclude(role=OrganisationRole.VIEWER)


def may_own(person: Person, incident: Incident) -> bool:
    """Whether a task of the incident can be left to this person: here, in the team, and allowed to write."""
    return person.may_write and Person.objects.filter(people_who_see(incident), pk=person.pk).exists()


def sees_incident(person: Person, incident: Incident) -> bool:
    """Whether the person may see the incident now. For mails, which go out later than they were begun."""
    return person.is_active and visible_incidents(person).filter(pk=incident.pk).exists()


def managers_of(incident: Incident) -> list[Person]:
    """The active managers of the service's team who may write, the first that joined first."""
    managers = Membership.objects.filter(
        team=incident.service.team_id, role=TeamRole.MANAGER, person__is_active=True
    ).exclude(person__role=OrganisationRole.VIEWER)
    return [one.person for one in managers.select_related("person").order_by("joined_at", "id")]


def find_reporter(incident: Incident) -> Person | None:
    """Who reported it by hand; None for what an integration reported."""
    if incident.integration_id is not None:
        return None
    first = Entry.objects.filter(incident=incident, person__isnull=False).select_related("person")
    entry = first.order_by("created_at", "id").first()
    return entry.person if entry else None


def people_behind(events: Iterable[AuditEvent]) -> dict[str, Person]:
    """The people who did something, by how the audit log names them."""
    pks = {event.actor_id for event in events if event.actor_kind == "person"}
    return {str(person.pk): person for person in Person.objects.filter(pk__in=pks)} if pks else {}


def roles_of(incident: Incident) -> list[RoleAssignment]:
    """Who has which role, the first that got it first."""
    return list(
        RoleAssignment.objects.filter(incident=incident)
        .select_related("person")
        .order_by("assigned_at", "id")
    )


def people_involved(incident: Incident) -> set[int]:
    """The keys of who wrote into the timeline or has a role in the incident."""
    wrote = Entry.objects.filter(incident=incident, person__isnull=False).order_by()
    has_role = RoleAssignment.objects.filter(incident=incident).order_by()
    return {
        *(pk for pk in wrote.values_list("person", flat=True).distinct() if pk is not None),
        *has_role.values_list("person", flat=True),
    }


def suggest_facilitators(actor: Person, incident: Incident, *, now: datetime) -> Sequence[Person]:
    """Who could lead the debrief, for they were not involved: the team first, then administrators.

    At most `FACILITATORS_SUGGESTED_MAX`; those who led the fewest debriefs lately stand first. They are
    people who may see the incident.
    """
    recent = Q(starts_at__gte=now - timedelta(days=FACILITATED_WITHIN_DAYS), cancelled_at__isnull=True)
    led: dict[int, int] = {}
    counted = Debrief.objects.filter(recent, facilitator__isnull=False).order_by()
    for pk, count in counted.values_list("facilitator").annotate(count=Count("pk")):
        led[pk] = count
    in_team = Membership.objects.filter(team=incident.service.team_id, person=OuterRef("pk"))
    found = possible_owners(actor, incident).exclude(pk__in=people_involved(incident))
    rows = list(found.annotate(is_in_team=Exists(in_team))[:CHOICES_MAX])
    rows.sort(key=lambda person: (not person.is_in_team, led.get(person.pk, 0), person.name.casefold()))
    return rows[:FACILITATORS_SUGGESTED_MAX]


# Letters -----------------------------------------------------------------------------------------------


def tasks_to_write_of(pks: Collection[int]) -> list[FlowTask]:
    """Those of them that are still there, with incident, service, team and debrief, what is due first first.

    For the program itself: nobody's rights are asked.
    """
    found = FlowTask.objects.filter(pk__in=pks).select_related(
        "run__incident__service__team", "owner", "debrief__facilitator", "debrief__organiser"
    )
    return sorted(found, key=lambda task: (task.due_on or date.max, task.run.incident.number, task.rank))


def debrief_of(task: FlowTask) -> Debrief | None:
    """The debrief of a task that was read before; None when none is planned or it was called off."""
    found = Debrief.objects.filter(task=task, cancelled_at__isnull=True)
    return found.select_related("facilitator", "organiser").prefetch_related("people").first()


def people_of(debrief: Debrief) -> list[Person]:
    """Who is asked to come, the facilitator too, by name."""
    people = {person.pk: person for person in debrief.people.all()}
    if debrief.facilitator is not None:
        people.setdefault(debrief.facilitator.pk, debrief.facilitator)
    return sorted(people.values(), key=lambda person: (person.name.casefold(), person.pk))


def _is_visible(actor: Person, incident: str) -> Exists:
    """Asked for each row: a list of all that somebody may see is long."""
    return Exists(visible_incidents(actor).order_by().filter(pk=OuterRef(incident)))


def _keys(incidents: Sequence[Incident]) -> list[int]:
    return [incident.pk for incident in incidents]
