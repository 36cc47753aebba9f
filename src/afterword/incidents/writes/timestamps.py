"""The key timestamps, as people set them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, Incident
from afterword.incidents.reads import lock_incident
from afterword.incidents.timeline import rules
from afterword.incidents.timeline.errors import TimestampsChanged
from afterword.lib import clock
from afterword.lib.errors import InvalidInput


@transaction.atomic
def change_timestamps(
    *,
    actor: Person,
    incident: Incident,
    times: Mapping[str, datetime | None],
    started_from: str | None = None,
) -> Incident:
    """Set key timestamps by their names; None clears one, and those that are left out stay.

    Each change is an entry of the timeline. `started_from` is the `digest_times` of what the writer saw:
    raises TimestampsChanged when they are others by now. Raises InvalidInput for times that are in the future
    or contradict one another, naming the two; NotAllowed, NotFound.
    """
    for name in times.keys() - rules.LABELS.keys():
        raise InvalidInput(fields={name: f"Please use one of: {', '.join(rules.LABELS)}."})
    incident = lock_incident(actor, incident)
    before = rules.known_times(incident)
    changes = rules.changed_times(before, times)
    if not changes:
        return incident
    if started_from is not None and started_from != rules.digest_times(before):
        raise TimestampsChanged
    now = clock.now()
    rules.check_times(before, changes, created_at=incident.created_at, now=now)
    for name, at in changes.items():
        setattr(incident, f"{name}_at", at)
    incident.save(update_fields=[f"{name}_at" for name in changes])
    Entry.objects.bulk_create(
        Entry(
            incident=incident,
            at=now,
            kind=EntryKind.EDIT,
            text=rules.describe_change(name, before[name], at),
            person=actor,
            source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
        )
        for name, at in changes.items()
    )
    record(
        actor=actor,
        action="incident.timestamps_changed",
        subject=incident,
        at=now,
        team_id=incident.service.team_id,
        data={name: {"before": _told(before[name]), "after": _told(at)} for name, at in changes.items()},
    )
    return incident


def _told(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
