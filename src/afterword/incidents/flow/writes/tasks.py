"""What people do with the tasks of one incident: tick, give up, take back, assign, put off, add."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from afterword.accounts.models import Person
from afterword.accounts.writes import just_made
from afterword.incidents.flow import reads, rules
from afterword.incidents.flow.errors import AlreadySettled, ClosedIncident, NotResolved, NotSettled
from afterword.incidents.flow.models import (
    REASON_LENGTH_MAX,
    TASK_HELP_LENGTH_MAX,
    TASK_TITLE_LENGTH_MAX,
    FlowTask,
    TaskKind,
    TaskState,
)
from afterword.incidents.flow.writes.recording import record_in, schedule
from afterword.incidents.flow.writes.runs import ensure_run
from afterword.incidents.flow.writes.settling import close_if_ready
from afterword.incidents.models import Incident
from afterword.incidents.reads import lock_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.text import is_blank, many_lines, one_line

TASKS_MAX = 100
"""Of one incident."""
REMIND_BEFORE_DAYS = 1
REMIND_EVERY_DAYS = 2
"""How somebody is reminded of a task that was added by hand."""
_SETTLED = ("state", "settled_at", "settled_by", "settled_name", "reason", "is_held", "next_reminder_at")


@transaction.atomic
def add_task(
    *,
    actor: Person,
    incident: Incident,
    title: str,
    help_text: str = "",
    owner: Person | None = None,
    due_on: date | None = None,
    is_required: bool = False,
    once: bool = False,
) -> FlowTask:
    """Add something to be done after this incident alone.

    `once`: the same again within a minute, as a form that is sent twice, is the one that is there. A closed
    incident takes no required task. Raises InvalidInput, NotResolved, ClosedIncident, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if not incident.is_resolved:
        raise NotResolved
    if incident.closed_at is not None and is_required:
        raise ClosedIncident
    now, zone = clock.now(), reads.organisation_zone()
    today = reads.today(zone, now)
    title = one_line("title", title, characters_max=TASK_TITLE_LENGTH_MAX)
    help_text = many_lines("help_text", help_text, characters_max=TASK_HELP_LENGTH_MAX)
    _check_owner(actor, incident, owner)
    rules.check_due(due_on, today=today)
    run = ensure_run(incident=incident, now=now, zone=zone)
    others = FlowTask.objects.filter(run=run)
    if once:
        made = just_made(actor=actor, action="flow_task.added", at=now)
        twin = others.filter(
            pk__in=made, title=title, help_text=help_text, owner=owner, due_on=due_on
        ).first()
        if twin is not None:
            return twin
    if others.count() >= TASKS_MAX:
        raise InvalidInput(fields={"title": f"An incident has at most {TASKS_MAX} tasks."})
    task = FlowTask(
        run=run,
        rank=(others.aggregate(last=Max("rank"))["last"] or 0) + 1,
        kind=TaskKind.FREE,
        title=title,
        help_text=help_text,
        owner=owner,
        due_on=due_on,
        is_required=is_required,
        remind_before_days=REMIND_BEFORE_DAYS if due_on else None,
        remind_every_days=REMIND_EVERY_DAYS if due_on else None,
        created_at=now,
    )
    schedule(task, run, today=today, zone=zone)
    task.save()
    record_in(actor, "flow_task.added", task, incident, now, required=is_required)
    return task


@transaction.atomic
def tick_task(*, actor: Person, task: FlowTask) -> FlowTask:
    """Say that it is done. With the last required one the incident may close by itself.

    Raises AlreadySettled, NotAllowed, NotFound.
    """
    incident, task = _lock(actor, task)
    return _settle(actor, incident, task, TaskState.DONE, "")


@transaction.atomic
def skip_task(*, actor: Person, task: FlowTask, reason: str) -> FlowTask:
    """Say that it will not be done, and why. Raises AlreadySettled, InvalidInput, NotAllowed, NotFound."""
    incident, task = _lock(actor, task)
    if is_blank(reason):
        raise InvalidInput(fields={"reason": "Please say why it is not done."})
    reason = one_line("reason", reason, characters_max=REASON_LENGTH_MAX)
    return _settle(actor, incident, task, TaskState.SKIPPED, reason)


@transaction.atomic
def reopen_task(*, actor: Person, task: FlowTask) -> FlowTask:
    """Take back a tick or a giving up.

    A task that had ticked itself leaves that to people from then on. Raises NotSettled, ClosedIncident for
    a required task of a closed incident, NotAllowed, NotFound.
    """
    incident, task = _lock(actor, task)
    if task.is_open:
        raise NotSettled
    if incident.closed_at is not None and task.is_required:
        raise ClosedIncident
    now, zone = clock.now(), reads.organisation_zone()
    before = task.state
    task.is_held = task.ticked_itself
    task.state, task.settled_at, task.settled_by = TaskState.OPEN, None, None
    task.settled_name = task.reason = ""
    schedule(task, task.run, today=reads.today(zone, now), zone=zone)
    task.save(update_fields=_SETTLED)
    record_in(actor, "flow_task.reopened", task, incident, now, before=before)
    return task


@transaction.atomic
def change_task(*, actor: Person, task: FlowTask, **changes: Any) -> FlowTask:
    """Give it to somebody else (`owner`), or choose until when (`due_on`); None takes it away.

    What is not given stays, and what is there already changes nothing. Raises InvalidInput, NotAllowed,
    NotFound.
    """
    assert set(changes) <= {"owner", "due_on"}
    incident, task = _lock(actor, task)
    now, zone = clock.now(), reads.organisation_zone()
    today = reads.today(zone, now)
    if "owner" in changes and changes["owner"] != task.owner:
        _check_owner(actor, incident, changes["owner"])
        before, task.owner = task.owner, changes["owner"]
        task.waits_for_role = None
        task.save(update_fields=["owner", "waits_for_role"])
        names = {"before": str(before or ""), "after": str(task.owner or "")}
        record_in(actor, "flow_task.assigned", task, incident, now, **names)
    if "due_on" in changes and changes["due_on"] != task.due_on:
        rules.check_due(changes["due_on"], today=today)
        dates = {"before": _iso(task.due_on), "after": _iso(changes["due_on"])}
        task.due_on, task.due_days = changes["due_on"], None
        schedule(task, task.run, today=today, zone=zone)
        task.save(update_fields=["due_on", "due_days", "next_reminder_at"])
        record_in(actor, "flow_task.postponed", task, incident, now, **dates)
    return task


def _lock(actor: Person, task: FlowTask) -> tuple[Incident, FlowTask]:
    """The incident and the task as they are now, kept from others. Raises NotAllowed, NotFound."""
    incident = lock_incident(actor, task.run.incident)
    found = FlowTask.objects.select_related("run", "owner", "settled_by").filter(pk=task.pk).first()
    if found is None:
        raise NotFound
    # One incident, so that who reads it from the task sees what becomes of it.
    found.run.incident = incident
    return incident, found


def _settle(actor: Person, incident: Incident, task: FlowTask, state: TaskState, reason: str) -> FlowTask:
    if not task.is_open:
        raise AlreadySettled
    now: datetime = clock.now()
    task.state, task.settled_at, task.settled_by, task.settled_name = state, now, actor, str(actor)
    task.reason, task.is_held, task.next_reminder_at = reason, False, None
    task.save(update_fields=_SETTLED)
    if state == TaskState.DONE:
        record_in(actor, "flow_task.done", task, incident, now)
    else:
        record_in(actor, "flow_task.skipped", task, incident, now, reason=reason)
    close_if_ready(run=task.run, incident=incident, now=now)
    return task


def _check_owner(actor: Person, incident: Incident, owner: Person | None) -> None:
    if owner is not None and not reads.possible_owners(actor, incident).filter(pk=owner.pk).exists():
        raise InvalidInput(
            fields={"owner": f"The owner must be someone who works in {incident.service.team}."}
        )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
