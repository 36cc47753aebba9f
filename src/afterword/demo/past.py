"""Giving the demo a past.

The alerts really come in while the demo is loaded, all within seconds. So that its timelines can be read,
each incident is then moved to the day and the minutes that the story gives it. Nobody else's record is ever
moved: this is no part of the product, and it touches only what the demo made a moment ago.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from afterword.accounts.models import Person
from afterword.demo.story import DemoIncident
from afterword.incidents import reads
from afterword.incidents.models import Alert, Entry, Incident

FRESH_MINUTES = 30
"""An incident that began longer ago was moved already, when an earlier load was interrupted."""
STEP_MINUTES = 4
"""Between moments for which the story names no minute."""


@transaction.atomic
def move_into_the_past(owner: Person, incident: Incident, told: DemoIncident, *, now: datetime) -> None:
    """Let the incident's moments happen when the story says; once, however often it is called."""
    if incident.created_at < now - timedelta(minutes=FRESH_MINUTES):
        return
    start = now - timedelta(minutes=told.began_minutes_ago)
    entries = list(reads.entries_of(owner, incident))
    then = _moments(sorted({entry.at for entry in entries}), told.minutes, start)
    for entry in entries:
        entry.at = then[entry.at]
    Entry.objects.bulk_update(entries, ["at"])
    alerts = list(Alert.objects.filter(incident=incident))
    for alert in alerts:
        alert.received_at = then.get(alert.received_at, start)
    Alert.objects.bulk_update(alerts, ["received_at"])
    names = ("created_at", "detected_at", "acknowledged_at", "fixed_at", "resolved_at")
    for name in names:
        moment = getattr(incident, name)
        if moment is not None:
            setattr(incident, name, then.get(moment, then[max(then)]))
    incident.impact_started_at = incident.created_at - timedelta(minutes=told.unnoticed_minutes)
    incident.save(update_fields=[*names, "impact_started_at"])


def _moments(old: list[datetime], minutes: tuple[int, ...], start: datetime) -> dict[datetime, datetime]:
    moved: dict[datetime, datetime] = {}
    minute = 0
    for index, moment in enumerate(old):
        minute = minutes[index] if index < len(minutes) else minute + STEP_MINUTES
        moved[moment] = start + timedelta(minutes=minute, seconds=(index * 17) % 53)
    return moved
