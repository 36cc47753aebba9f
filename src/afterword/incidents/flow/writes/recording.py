"""What the writes of the flow have in common: who acts for it, its audit events, its reminders' times."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models

from afterword.audit.writes import Actor, SystemActor, record
from afterword.incidents.flow import rules
from afterword.incidents.flow.models import FlowRun, FlowTask
from afterword.incidents.models import Incident

FLOW = SystemActor("Post-incident flow")
"""Who does what nobody does by hand."""


def record_in(
    actor: Actor, action: str, subject: models.Model, incident: Incident, at: datetime, **data: Any
) -> None:
    """An audit event about something that belongs to an incident."""
    record(
        actor=actor,
        action=action,
        subject=subject,
        at=at,
        team_id=incident.service.team_id,
        data={"incident": incident.number, **data},
    )


def schedule(task: FlowTask, run: FlowRun, *, today: date, zone: ZoneInfo, after: date | None = None) -> None:
    """Set when its next reminder is, counted from `today`; `after` leaves out what is not after that day."""
    day = rules.reminder_after(
        after or today,
        begun_on=today,
        due_on=task.due_on,
        before_days=task.remind_before_days,
        every_days=task.remind_every_days,
        weekdays=run.weekdays,
    )
    goes_on = task.is_open and run.paused_at is None and run.closed_at is None
    task.next_reminder_at = rules.moment_of_reminder(day, zone) if day and goes_on else None
