"""What a change of a fact leaves behind: a line in the timeline and an audit event."""

from __future__ import annotations

from typing import Any

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, Incident
from afterword.lib import clock


def tell(actor: Person, incident: Incident, text: str, action: str, **data: Any) -> None:
    """Write both, in the caller's transaction."""
    Entry.objects.create(
        incident=incident,
        at=clock.now(),
        kind=EntryKind.EDIT,
        text=text,
        person=actor,
        source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
    )
    record(actor=actor, action=action, subject=incident, team_id=incident.service.team_id, data=data)
