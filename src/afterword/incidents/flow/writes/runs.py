"""The flow of an incident begins with its resolution, pauses when it is open again, and goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from afterword.accounts.models import Person
from afterword.incidents.errors import IncidentMerged
from afterword.incidents.flow import reads, rules
from afterword.incidents.flow.errors import AlreadyClosed, FlowGoesOn, NotResolved
from afterword.incidents.flow.facts import find_values
from afterword.incidents.flow.models import Flow, FlowRun, FlowStep, FlowTask, OwnerRule, TaskKind, TaskState
from afterword.incidents.flow.writes.recording import FLOW, record_in, schedule
from afterword.incidents.flow.writes.settling import recheck
from afterword.incidents.models import Incident, IncidentStatus
from afterword.incidents.reads import lock_incident
from afterword.lib import clock


@transaction.atomic
def enter_flows(*, incidents: Sequence[Incident], resolvers: Mapping[int, Person]) -> int:
    """Begin the flow of each resolved incident that fits one, or go on with it; how many entered.

    The first enabled flow whose conditions all hold counts. An incident that had a flow before keeps all of
    its tasks with their ticks: what is still open is due anew, and of the flow that fits now only the tasks
    are added that it does not have yet. `resolvers` are those who resolved an incident by hand, by its key.
    The caller holds the incidents.
    """
    resolved = [incident for incident in incidents if incident.is_resolved]
    runs = _runs_of(resolved)
    flows = reads.flows_to_enter()
    if not flows and not runs:
        return 0
    values = find_values(resolved, {name for flow in flows for name in flow.conditions})
    entering = []
    for incident in resolved:
        flow = _first_that_fits(flows, values[incident.pk])
        if flow is not None or incident.pk in runs:
            entering.append((incident, flow))
    if not entering:
        return 0
    now, zone = clock.now(), reads.organisation_zone()
    for incident, flow in entering:
        _enter(incident, flow, runs.get(incident.pk), resolvers.get(incident.pk), now, zone)
    return len(entering)


@transaction.atomic
def start_flow(*, actor: Person, incident: Incident, flow: Flow) -> FlowRun:
    """Have an incident go through a flow that it did not enter by itself.

    Raises NotResolved, AlreadyClosed, FlowGoesOn, IncidentMerged, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if incident.is_merged:
        raise IncidentMerged
    if not incident.is_resolved:
        raise NotResolved
    if incident.closed_at is not None:
        raise AlreadyClosed
    run = FlowRun.objects.filter(incident=incident).first()
    if run is not None and run.flow_id is not None:
        raise FlowGoesOn
    return _enter(incident, flow, run, actor, clock.now(), reads.organisation_zone(), by=actor)


@transaction.atomic
def ensure_run(*, incident: Incident, now: datetime, zone: ZoneInfo) -> FlowRun:
    """The flow of an incident, an empty one where it entered none. The caller holds the incident."""
    assert incident.resolved_at is not None
    run, _ = FlowRun.objects.get_or_create(
        incident=incident,
        defaults={
            "started_at": now,
            "resolved_on": incident.resolved_at.astimezone(zone).date(),
            "closes_itself": False,
        },
    )
    return run


@transaction.atomic
def pause_flows(*, incidents: Sequence[Incident]) -> int:
    """Let the flows of incidents that are open again, or merged, rest: nobody is reminded; how many."""
    runs = _runs_of([one for one in incidents if one.is_merged or not one.is_resolved])
    now = clock.now()
    for incident in incidents:
        run = runs.get(incident.pk)
        if run is None or run.paused_at is not None:
            continue
        run.paused_at, run.closed_at = now, None
        run.save(update_fields=["paused_at", "closed_at"])
        FlowTask.objects.filter(run=run, next_reminder_at__isnull=False).update(next_reminder_at=None)
        record_in(FLOW, "flow.paused", run, incident, now)
    return len(runs)


@transaction.atomic
def resume_flows(*, incidents: Sequence[Incident]) -> int:
    """Go on with the flows that resolved incidents had before they were merged; how many."""
    resolved = [one for one in incidents if one.status == IncidentStatus.RESOLVED]
    runs = _runs_of(resolved)
    now, zone = clock.now(), reads.organisation_zone()
    for incident in resolved:
        if incident.pk in runs:
            _enter(incident, None, runs[incident.pk], None, now, zone)
    return len(runs)


@transaction.atomic
def fill_owners(*, incident: Incident) -> int:
    """Give the tasks that wait for a role to whoever has it by now; how many. The caller locks it."""
    waiting = FlowTask.objects.filter(
        run__incident=incident, state=TaskState.OPEN, owner__isnull=True, waits_for_role__isnull=False
    )
    filled = 0
    found = {one.role_id: one.person for one in reversed(reads.roles_of(incident))}
    for task in waiting.select_for_update():
        owner = found.get(task.waits_for_role_id or 0)
        if owner is None or not reads.may_own(owner, incident):
            continue
        task.owner, task.waits_for_role = owner, None
        task.save(update_fields=["owner", "waits_for_role"])
        record_in(FLOW, "flow_task.assigned", task, incident, clock.now(), before="", after=str(owner))
        filled += 1
    return filled


def _runs_of(incidents: Sequence[Incident]) -> dict[int, FlowRun]:
    if not incidents:
        return {}
    found = FlowRun.objects.filter(incident__in=[incident.pk for incident in incidents])
    return {run.incident_id: run for run in found}


def _first_that_fits(flows: Sequence[Flow], values: rules.Values) -> Flow | None:
    return next((flow for flow in flows if rules.first_mismatch(flow.conditions, values) is None), None)


def _enter(
    incident: Incident,
    flow: Flow | None,
    run: FlowRun | None,
    resolver: Person | None,
    now: datetime,
    zone: ZoneInfo,
    by: Person | None = None,
) -> FlowRun:
    assert incident.resolved_at is not None
    resolved_on = incident.resolved_at.astimezone(zone).date()
    is_new = run is None
    run = run or FlowRun(incident=incident, started_at=now)
    run.resolved_on, run.paused_at, run.closed_at = resolved_on, None, None
    if flow is not None:
        run.flow, run.flow_name = flow, flow.name
        run.weekdays, run.closes_itself = flow.weekdays, flow.closes_itself
    run.save()
    today = now.astimezone(zone).date()
    known = [] if is_new else list(FlowTask.objects.filter(run=run))
    for task in known:
        _renew(task, run, today, zone)
    owners = _Owners(incident, resolver)
    added = [
        _make_task(run, step, owners.of(step), today, zone)
        for step in (flow.steps.all() if flow is not None else ())
        if not any(_is_of(task, step) for task in known)
    ]
    FlowTask.objects.bulk_create(added)
    record_in(
        by or FLOW,
        "flow.started" if is_new else "flow.resumed",
        run,
        incident,
        now,
        flow=run.flow_name,
        tasks=len(added),
    )
    recheck(incident=incident, kinds=TaskKind.values)
    return run


def _is_of(task: FlowTask, step: FlowStep) -> bool:
    if task.step_id == step.pk:
        return True
    if step.kind == TaskKind.FREE:
        return task.kind == TaskKind.FREE and task.title.casefold() == step.title.casefold()
    return task.kind == step.kind


def _renew(task: FlowTask, run: FlowRun, today: date, zone: ZoneInfo) -> None:
    if not task.is_open:
        return
    if task.due_days is not None:
        task.due_on = rules.working_day_after(run.resolved_on, task.due_days, run.weekdays)
    schedule(task, run, today=today, zone=zone)
    task.save(update_fields=["due_on", "next_reminder_at"])


def _make_task(run: FlowRun, step: FlowStep, owner: Person | None, today: date, zone: ZoneInfo) -> FlowTask:
    task = FlowTask(
        run=run,
        step=step,
        rank=step.rank,
        kind=step.kind,
        title=step.title,
        help_text=step.help_text,
        is_required=step.is_required,
        owner=owner,
        waits_for_role=step.owner_role if owner is None and step.owner_rule == OwnerRule.ROLE else None,
        due_days=step.due_days,
        due_on=None
        if step.due_days is None
        else rules.working_day_after(run.resolved_on, step.due_days, run.weekdays),
        remind_before_days=step.remind_before_days,
        remind_every_days=step.remind_every_days,
    )
    schedule(task, run, today=today, zone=zone)
    return task


class _Owners:
    """Who owns the tasks of an incident. Each rule is looked up once, however many steps have it."""

    def __init__(self, incident: Incident, resolver: Person | None) -> None:
        self._incident = incident
        self._resolver = resolver
        self._found: dict[tuple[str, int | None], Person | None] = {}

    def of(self, step: FlowStep) -> Person | None:
        """The first who may own it of those whom the rule names."""
        key = (step.owner_rule, step.owner_role_id or step.owner_person_id)
        if key not in self._found:
            named = (one for one in self._named(step) if one is not None)
            self._found[key] = next((one for one in named if reads.may_own(one, self._incident)), None)
        return self._found[key]

    def _named(self, step: FlowStep) -> Sequence[Person | None]:
        """Where nobody has the role it is who resolved the incident by hand: somebody who was there."""
        if step.owner_rule == OwnerRule.ROLE:
            roles = reads.roles_of(self._incident)
            return [*(one.person for one in roles if one.role_id == step.owner_role_id), self._resolver]
        if step.owner_rule == OwnerRule.REPORTER:
            return [reads.find_reporter(self._incident)]
        if step.owner_rule == OwnerRule.MANAGER:
            return reads.managers_of(self._incident)
        return [step.owner_person]
