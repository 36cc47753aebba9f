"""Reminders of tasks that are still to be done.

A reminder is made in the transaction that sets when the next one is, so that there is exactly one however
many workers there are. What is due for one person at the same time is one letter.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterword.accounts.models import Person
from afterword.incidents.flow import letters, reads, rules
from afterword.incidents.flow.models import FlowTask, TaskState
from afterword.letters.writes import remind_all

REMINDED_TASKS_MAX = 500
"""In one transaction."""


def queue_reminders(*, at: datetime) -> int:
    """Make a letter for everybody whom some task waits for at `at`; how many letters.

    The owner is reminded; of a task without an owner, or whose owner may not see the incident any more,
    the managers of the service's team are. Where there are none either, nobody is, and the time goes on.
    """
    return remind_all(lambda: _queue(at), rows_max=REMINDED_TASKS_MAX)


@transaction.atomic
def _queue(at: datetime) -> tuple[int, int]:
    zone = reads.organisation_zone()
    due = (
        FlowTask.objects.filter(state=TaskState.OPEN, next_reminder_at__lte=at)
        .select_related("run__incident__service__team", "owner")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("next_reminder_at", "pk")
    )
    by_person: dict[Person, list[FlowTask]] = {}
    tasks = list(due[:REMINDED_TASKS_MAX])
    day = at.astimezone(zone).date()
    for task in tasks:
        readers = _readers(task)
        for person in readers:
            by_person.setdefault(person, []).append(task)
        following = rules.reminder_after(
            day,
            begun_on=task.run.resolved_on,
            due_on=task.due_on,
            before_days=task.remind_before_days,
            every_days=task.remind_every_days,
            weekdays=task.run.weekdays,
        )
        task.next_reminder_at = rules.moment_of_reminder(following, zone) if following else None
        task.reminders += bool(readers)
        task.save(update_fields=["next_reminder_at", "reminders"])
    for person, waiting in by_person.items():
        letters.queue_reminder(person, waiting)
    return len(tasks), len(by_person)


def _readers(task: FlowTask) -> list[Person]:
    incident = task.run.incident
    if task.owner is not None and reads.sees_incident(task.owner, incident):
        return [task.owner]
    return [person for person in reads.managers_of(incident) if reads.sees_incident(person, incident)]
