"""What people do with the lines of a timeline: correct, star, mark, hide and bring back."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.incidents import rules
from afterword.incidents.models import Entry, EntryKind, EntryMark, Incident, touch_incidents
from afterword.incidents.reads import entries_of, lock_incident
from afterword.incidents.timeline.errors import EntryChanged
from afterword.incidents.timeline.models import EntryRevision
from afterword.incidents.timeline.rules import check_known
from afterword.incidents.writes.notes import usable_text
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound

ENTRIES_AT_ONCE_MAX = 500
"""Hidden or shown in one go."""


@transaction.atomic
def correct_entry(
    *,
    actor: Person,
    entry: Entry,
    text: str | None = None,
    at: datetime | None = None,
    started_from: int | None = None,
) -> Entry:
    """Say it better, or at its right time; what is None stays. The same again changes nothing.

    What it said before, who corrected it and when stays in its revisions. Only notes are corrected: what
    the program and machines said stays as they said it. `started_from` is the edition that the writer saw:
    raises EntryChanged when it is another by now. Raises InvalidInput, NotAllowed, NotFound.
    """
    incident, entry = _lock(actor, entry)
    if entry.kind != EntryKind.NOTE:
        raise NotAllowed("Only notes can be corrected. You can hide this entry, and write what is true.")
    now = clock.now()
    text = entry.text if text is None else usable_text(text)
    at = entry.at if at is None else at
    if (text, at) == (entry.text, entry.at):
        return entry
    if started_from is not None and started_from != entry.edition:
        raise EntryChanged
    if at != entry.at:
        rules.check_note(at, now=now)
    EntryRevision.objects.create(
        entry=entry,
        edition=entry.edition,
        text=entry.text,
        at=entry.at,
        corrected_by=actor,
        corrected_by_name=str(actor),
        corrected_at=now,
    )
    entry.text, entry.at = text, at
    entry.edition += 1
    entry.save(update_fields=["text", "at", "edition"])
    _record(actor, "entry.corrected", incident, entry, edition=entry.edition)
    return entry


@transaction.atomic
def star_entry(*, actor: Person, entry: Entry, starred: bool = True) -> Entry:
    """Say that it matters, or no more. Raises NotAllowed, NotFound."""
    incident, entry = _lock(actor, entry)
    if starred == (entry.starred_at is not None):
        return entry
    entry.starred_at, entry.starred_by = (clock.now(), actor) if starred else (None, None)
    entry.save(update_fields=["starred_at", "starred_by"])
    _record(actor, "entry.starred" if starred else "entry.unstarred", incident, entry)
    return entry


@transaction.atomic
def mark_entry(*, actor: Person, entry: Entry, mark: str) -> Entry:
    """Say what it stands for in the story, one of `EntryMark`; empty: nothing special.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    check_known("mark", mark, ["", *EntryMark.values])
    incident, entry = _lock(actor, entry)
    before = entry.mark
    if mark == before:
        return entry
    entry.mark = mark
    entry.save(update_fields=["mark"])
    _record(actor, "entry.marked", incident, entry, before=before, after=mark)
    return entry


@transaction.atomic
def hide_entries(
    *, actor: Person, incident: Incident, entries: Collection[uuid.UUID], hidden: bool = True
) -> list[Entry]:
    """Fold away what only disturbs, or bring it back; those that it changed.

    Nothing is deleted. Raises InvalidInput for too many, NotAllowed, and NotFound when one of them is not of
    this incident; then none is changed.
    """
    wanted = set(entries)
    if not wanted:
        raise InvalidInput(fields={"entries": "Please choose at least one entry."})
    if len(wanted) > ENTRIES_AT_ONCE_MAX:
        raise InvalidInput(fields={"entries": f"Please choose at most {ENTRIES_AT_ONCE_MAX} entries."})
    incident = lock_incident(actor, incident)
    found = list(entries_of(actor, incident).filter(unique_id__in=wanted).order_by("at", "id"))
    if len(found) < len(wanted):
        raise NotFound
    changed = [entry for entry in found if (entry.hidden_at is not None) != hidden]
    if not changed:
        return []
    at, by = (clock.now(), actor) if hidden else (None, None)
    for entry in changed:
        entry.hidden_at, entry.hidden_by = at, by
    Entry.objects.filter(pk__in=[entry.pk for entry in changed]).update(hidden_at=at, hidden_by=by)
    touch_incidents({incident.pk, *(entry.incident_id for entry in changed)})
    record(
        actor=actor,
        action="incident.entries_hidden" if hidden else "incident.entries_shown",
        subject=incident,
        team_id=incident.service.team_id,
        data={"entries": [str(entry.unique_id) for entry in changed]},
    )
    return changed


def _lock(actor: Person, entry: Entry) -> tuple[Incident, Entry]:
    incident = lock_incident(actor, entry.incident)
    # It may have gone to another incident since it was read.
    present = Entry.objects.filter(pk=entry.pk, incident=incident).first()
    if present is None:
        raise NotFound
    present.incident = incident
    return incident, present


def _record(actor: Person, action: str, incident: Incident, entry: Entry, **data: str | int) -> None:
    record(
        actor=actor,
        action=action,
        subject=entry,
        team_id=incident.service.team_id,
        data={"incident": incident.number, **data},
    )
