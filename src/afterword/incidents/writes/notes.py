"""What people write down while it happens, and after."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.documents import clean_text
from afterword.incidents import rules
from afterword.incidents.models import (
    ENTRY_SOURCE_LENGTH_MAX,
    ENTRY_TEXT_LENGTH_MAX,
    Entry,
    EntryKind,
    EntryMark,
    Incident,
)
from afterword.incidents.reads import lock_incident
from afterword.incidents.timeline.rules import check_known
from afterword.lib import clock
from afterword.lib.errors import InvalidInput


@transaction.atomic
def add_note(
    *,
    actor: Person,
    incident: Incident,
    text: str,
    at: datetime | None = None,
    mark: str = "",
    starred: bool = False,
) -> Entry:
    """Put a note, in Markdown, into the timeline; `at` is when it happened, now unless given.

    `mark` is one of `EntryMark`, and `starred` says that it matters. A resolved incident takes notes too.
    Raises InvalidInput, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    text = usable_text(text)
    check_known("mark", mark, ["", *EntryMark.values])
    now = clock.now()
    at = at or now
    rules.check_note(at, now=now)
    entry = Entry.objects.create(
        incident=incident,
        at=at,
        kind=EntryKind.NOTE,
        text=text,
        person=actor,
        source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
        mark=mark,
        starred_at=now if starred else None,
        starred_by=actor if starred else None,
    )
    record(
        actor=actor,
        action="note.created",
        subject=entry,
        at=now,
        team_id=incident.service.team_id,
        data={"incident": incident.number},
    )
    return entry


def usable_text(text: str) -> str:
    """What is written down, as it is kept. Raises InvalidInput."""
    text = clean_text(text.replace("\r\n", "\n")).strip()
    if not text:
        raise InvalidInput(fields={"text": "Please write something first."})
    if len(text) > ENTRY_TEXT_LENGTH_MAX:
        raise InvalidInput(fields={"text": f"Please use at most {ENTRY_TEXT_LENGTH_MAX:,} characters."})
    return text
