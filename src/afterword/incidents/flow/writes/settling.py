"""Tasks that tick themselves, and the incident that is closed with the last of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from afterword.incidents.flow import checks, reads, rules
from afterword.incidents.flow.models import FlowRun, FlowTask, TaskState
from afterword.incidents.flow.writes.recording import FLOW, record_in, schedule
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.lib import clock


@transaction.atomic
def recheck(*, incident: Incident, kinds: Collection[str]) -> int:
    """Have the tasks of these kinds follow the facts: tick themselves, or take their own tick back.

    Call it when something may have changed that a registered check looks at. What a person has ticked or
    given up stays; so does everything in a closed incident, but that open tasks may still tick themselves.
    Returns how many changed.
    """
    run = _lock_run(incident)
    if run is None:
        return 0
    now, changed = clock.now(), 0
    for task in FlowTask.objects.filter(run=run, kind__in=list(kinds)):
        is_done = checks.is_done(task.kind, incident)
        if is_done and task.is_open and not task.is_held:
            _tick(task, incident, checks.reason_of(task.kind), now)
        elif is_done is False and task.ticked_itself and run.closed_at is None:
            _untick(task, run, incident, now)
        else:
            continue
        changed += 1
    close_if_ready(run=run, incident=incident, now=now)
    return changed


@transaction.atomic
def tick_by_event(*, incident: Incident, kind: str, because: str) -> int:
    """Tick the open tasks of a kind, for what they ask for has just happened; how many."""
    run = _lock_run(incident)
    if run is None:
        return 0
    now = clock.now()
    tasks = list(FlowTask.objects.filter(run=run, kind=kind, state=TaskState.OPEN))
    for task in tasks:
        _tick(task, incident, because, now)
    close_if_ready(run=run, incident=incident, now=now)
    return len(tasks)


def close_if_ready(*, run: FlowRun, incident: Incident, now: datetime) -> bool:
    """Close the incident when its flow does that by itself and nothing is left. The caller holds it."""
    if not run.closes_itself or run.paused_at is not None or run.closed_at is not None:
        return False
    if not incident.is_resolved or incident.closed_at is not None:
        return False
    tasks = list(FlowTask.objects.filter(run=run))
    if not rules.closes_now(tasks):
        return False
    closed_at = close(run=run, incident=incident, now=now)
    Entry.objects.create(
        incident=incident,
        at=closed_at,
        kind=EntryKind.STATUS,
        text="Closed the incident: everything that its post-incident flow asks for is done.",
        source=FLOW.name,
    )
    record_in(FLOW, "incident.closed", incident, incident, now)
    return True


def close(*, run: FlowRun | None, incident: Incident, now: datetime) -> datetime:
    """Set the time of the closing, and give it. The caller holds the incident, and tells of it."""
    assert incident.resolved_at is not None
    closed_at = max(now, incident.resolved_at)
    incident.closed_at = closed_at
    incident.save(update_fields=["closed_at"])
    if run is not None:
        run.closed_at = closed_at
        run.save(update_fields=["closed_at"])
        FlowTask.objects.filter(run=run, next_reminder_at__isnull=False).update(next_reminder_at=None)
    return closed_at


def _lock_run(incident: Incident) -> FlowRun | None:
    """Who changes tasks holds the incident first, so that nobody closes it meanwhile."""
    Incident.objects.select_for_update().filter(pk=incident.pk).values_list("pk").first()
    return FlowRun.objects.filter(incident=incident.pk).first()


def _tick(task: FlowTask, incident: Incident, because: str, now: datetime) -> None:
    task.state, task.settled_at, task.settled_by, task.settled_name = TaskState.DONE, now, None, because
    task.reason, task.is_held, task.next_reminder_at = "", False, None
    task.save(
        update_fields=[
            *("state", "settled_at", "settled_by", "settled_name", "reason", "is_held"),
            "next_reminder_at",
        ]
    )
    record_in(FLOW, "flow_task.done", task, incident, now, because=because)


def _untick(task: FlowTask, run: FlowRun, incident: Incident, now: datetime) -> None:
    task.state, task.settled_at, task.settled_by, task.settled_name = TaskState.OPEN, None, None, ""
    zone = reads.organisation_zone()
    schedule(task, run, today=reads.today(zone, now), zone=zone)
    task.save(update_fields=["state", "settled_at", "settled_by", "settled_name", "next_reminder_at"])
    record_in(FLOW, "flow_task.reopened", task, incident, now, because="It is not so any more.")
