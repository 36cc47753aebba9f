"""A debrief is planned, moved and called off; each time those who are asked to come get a mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from afterword.accounts.models import Person
from afterword.incidents.flow import letters, reads, rules
from afterword.incidents.flow.calendar import Method, write_calendar
from afterword.incidents.flow.errors import NotResolved
from afterword.incidents.flow.invitations import describe_meeting
from afterword.incidents.flow.models import (
    PLACE_LENGTH_MAX,
    Debrief,
    FlowTask,
    TaskKind,
)
from afterword.incidents.flow.writes.recording import record_in, schedule
from afterword.incidents.models import Incident
from afterword.incidents.reads import lock_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.text import one_line

PEOPLE_MAX = 100


@transaction.atomic
def plan_debrief(
    *,
    actor: Person,
    task: FlowTask,
    starts_at: datetime,
    minutes: int = 60,
    place: str = "",
    facilitator: Person | None = None,
    people: Sequence[Person] = (),
) -> Debrief:
    """Set when and where it is held, or change that, and invite everybody by mail with a calendar file.

    Everybody must be somebody who may see the incident. Who is not asked any more gets a cancellation; who
    was asked before gets the change. What is there already changes nothing and writes to nobody. The one
    who plans it first is its organiser. A task that was due earlier is due with the meeting. Raises
    InvalidInput, NotResolved, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, task.run.incident)
    if not incident.is_resolved:
        raise NotResolved
    if task.kind != TaskKind.DEBRIEF:
        raise NotFound
    now = clock.now()
    rules.check_debrief(starts_at, minutes, now=now)
    place = one_line("place", place, characters_max=PLACE_LENGTH_MAX, required=False)
    guests = {person.pk: person for person in (*people, *([facilitator] if facilitator else []))}
    _check_people(actor, incident, guests, facilitator)
    debrief = _find(task)
    before = {} if debrief is None else {person.pk: person for person in reads.people_of(debrief)}
    is_new = debrief is None or debrief.cancelled_at is not None
    if debrief is None:
        debrief = Debrief(task=task, organiser=actor, created_at=now, starts_at=starts_at)
        before = {}
    elif is_new:
        before, debrief.organiser = {}, actor
    elif not _differs(debrief, starts_at, minutes, place, facilitator) and set(before) == set(guests):
        return debrief
    # An organiser who has left cannot take answers.
    if debrief.organiser is None or not debrief.organiser.is_active:
        debrief.organiser = actor
    debrief.sequence += 1 if debrief.pk else 0
    debrief.starts_at, debrief.minutes, debrief.place = starts_at, minutes, place
    debrief.facilitator, debrief.cancelled_at = facilitator, None
    debrief.save()
    debrief.people.set(guests.values())
    _wait_for(debrief, now)
    letters.queue_invitations(guests.values(), debrief.task_id, _calendar(debrief, incident, "REQUEST", now))
    gone = [person for pk, person in before.items() if pk not in guests]
    letters.queue_cancellations(gone, debrief.task_id, _calendar(debrief, incident, "CANCEL", now))
    record_in(
        actor,
        "debrief.planned" if is_new else "debrief.changed",
        debrief,
        incident,
        now,
        starts_at=starts_at.isoformat(),
        people=len(guests),
    )
    return debrief


@transaction.atomic
def cancel_debrief(*, actor: Person, task: FlowTask) -> None:
    """Call it off, and write to everybody who was asked. Raises NotAllowed, NotFound."""
    incident = lock_incident(actor, task.run.incident)
    debrief = _find(task)
    if debrief is None or debrief.cancelled_at is not None:
        raise NotFound
    now = clock.now()
    debrief.cancelled_at = now
    debrief.sequence += 1
    debrief.save(update_fields=["cancelled_at", "sequence"])
    if debrief.starts_at > now:
        calendar = _calendar(debrief, incident, "CANCEL", now)
        letters.queue_cancellations(reads.people_of(debrief), debrief.task_id, calendar)
    record_in(actor, "debrief.cancelled", debrief, incident, now)


def _find(task: FlowTask) -> Debrief | None:
    found = Debrief.objects.filter(task=task).select_related("facilitator", "organiser")
    return found.prefetch_related("people").first()


def _wait_for(debrief: Debrief, now: datetime) -> None:
    """Nobody is overdue with a meeting that is still to come: its task is due with it."""
    zone = reads.organisation_zone()
    day = debrief.starts_at.astimezone(zone).date()
    task = FlowTask.objects.select_related("run").get(pk=debrief.task_id)
    if task.due_on is not None and task.due_on < day:
        task.due_on, task.due_days = day, None
        schedule(task, task.run, today=reads.today(zone, now), zone=zone)
        task.save(update_fields=["due_on", "due_days", "next_reminder_at"])


def _differs(
    debrief: Debrief, starts_at: datetime, minutes: int, place: str, facilitator: Person | None
) -> bool:
    present = (debrief.starts_at, debrief.minutes, debrief.place, debrief.facilitator)
    return present != (starts_at, minutes, place, facilitator)


def _check_people(
    actor: Person, incident: Incident, guests: dict[int, Person], facilitator: Person | None
) -> None:
    if len(guests) > PEOPLE_MAX:
        raise InvalidInput(fields={"people": f"Please ask at most {PEOPLE_MAX} people."})
    known = set(reads.people_for(actor, incident).filter(pk__in=guests).values_list("pk", flat=True))
    if facilitator is not None and facilitator.pk not in known:
        raise InvalidInput(fields={"facilitator": "Please choose somebody who may see this incident."})
    if set(guests) - known:
        raise InvalidInput(fields={"people": "Please choose people who may see this incident."})


def _calendar(debrief: Debrief, incident: Incident, method: Method, now: datetime) -> str:
    return write_calendar(describe_meeting(debrief, incident), method=method, at=now)
