"""What every change to the nouns of a team, and to those of the organisation, has in common.

What something has is archived: it is no longer offered and what has it keeps it. What nothing has can be
deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models, transaction
from django.db.models import QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.audit.writes import record
from afterword.catalog.models import (
    EscalationPolicy,
    IncidentRole,
    IncidentType,
    OnCallSchedule,
    Priority,
    Severity,
    Sla,
    Tag,
)
from afterword.catalog.reads.owned import Archivable, OfOrganisation, OfTeam, is_used
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput
from afterword.lib.names import name_given_once

NOUNS: dict[type[models.Model], str] = {
    Priority: "priority",
    Tag: "tag",
    Sla: "sla",
    EscalationPolicy: "escalation_policy",
    OnCallSchedule: "on_call_schedule",
    IncidentRole: "incident_role",
    Severity: "severity",
    IncidentType: "incident_type",
}
"""How an audit event calls them: `sla.archived`."""


class InUse(Conflict):
    """Something has this, so it cannot be deleted. Archive it: then it is no longer offered."""


@transaction.atomic
def archive(*, actor: Person, thing: Archivable) -> None:
    """Offer it no longer; what has it keeps it. Doing it twice changes nothing.

    Raises NotAllowed, NotFound.
    """
    require_right(actor, thing)
    if thing.archived_at is not None:
        return
    thing.archived_at = clock.now()
    thing.save(update_fields=["archived_at"])
    _record(actor, thing, "archived")


@transaction.atomic
def restore(*, actor: Person, thing: Archivable) -> None:
    """Offer it again. Raises InvalidInput when its name was given to another since; NotAllowed, NotFound."""
    require_right(actor, thing)
    if thing.archived_at is None:
        return
    thing.archived_at = None
    reason = f"There is another {_word(thing)} with this name now. Rename one of the two."
    with name_given_once(thing, _namesakes(thing), reason):
        thing.save(update_fields=["archived_at"])
    _record(actor, thing, "restored")


@transaction.atomic
def delete(*, actor: Person, thing: Archivable) -> None:
    """Remove it for good. Raises InUse when anything has it; NotAllowed, NotFound."""
    require_right(actor, thing)
    if is_used(thing):
        raise InUse
    _record(actor, thing, "deleted")
    try:
        thing.delete()
    except models.ProtectedError as error:
        raise InUse from error


def require_right(actor: Person, thing: Archivable | OfTeam) -> None:
    """A team's are its managers', the organisation's the administrators'. Raises NotAllowed, NotFound."""
    if isinstance(thing, OfOrganisation):
        accounts.require_admin(actor)
    else:
        accounts.require_manager(actor, thing.team)


def require_room(rows: QuerySet[Any], rows_max: int, noun: str) -> None:
    """Raises InvalidInput when there are as many as there may be."""
    if rows.count() >= rows_max:
        raise InvalidInput(fields={"name": f"There may be at most {rows_max:,} {noun}."})


def add(*, actor: Person, thing: Archivable, name_taken: str, data: Mapping[str, Any] | None = None) -> None:
    """Write a new row and its audit event. Raises InvalidInput with `name_taken` at `name`."""
    with name_given_once(thing, _namesakes(thing), name_taken):
        thing.save(force_insert=True)
    _record(actor, thing, "created", data)


def change(*, actor: Person, thing: Archivable, wanted: Mapping[str, Any], name_taken: str) -> list[str]:
    """Write what differs from `wanted` and its audit event; nothing when nothing does.

    Gives the names of the fields that were changed. Raises InvalidInput with `name_taken` at `name`.
    """
    changed = [field for field, value in wanted.items() if getattr(thing, field) != value]
    if not changed:
        return []
    data = {"changed": changed, **({"from": thing.name} if "name" in changed else {})}
    for field in changed:
        setattr(thing, field, wanted[field])
    with name_given_once(thing, _namesakes(thing), name_taken):
        thing.save(update_fields=changed)
    _record(actor, thing, "changed", data)
    return changed


def place_of(place: int | None, count: int) -> int:
    """A place from 1 to `count`, kept within them; None is the last."""
    return count if place is None else min(max(place, 1), count)


def move(*, actor: Person, thing: Priority | OfOrganisation, among: QuerySet[Any], place: int) -> None:
    """Put a thing at a place, from 1, among rows that are kept in an order; the others make room."""
    require_right(actor, thing)
    rows = [row for row in among.select_for_update() if row.pk != thing.pk]
    place = place_of(place, len(rows) + 1)
    rows.insert(place - 1, thing)
    moved = [row for rank, row in enumerate(rows, start=1) if row.rank != rank]
    for rank, row in enumerate(rows, start=1):
        row.rank = rank
    if not moved:
        return
    type(thing).objects.bulk_update(moved, ["rank"])
    _record(actor, thing, "moved", {"rank": place})


def team_of(thing: Archivable) -> Team | None:
    return None if isinstance(thing, OfOrganisation) else thing.team


def _namesakes(thing: Archivable) -> QuerySet[Any]:
    """Among which its name is given once: those in use, of its team where it has one."""
    rows: QuerySet[Any] = type(thing).objects.filter(archived_at=None)
    team = team_of(thing)
    if thing.archived_at is not None:
        return rows.none()
    return rows if team is None else rows.filter(team=team)


def _record(actor: Person, thing: Archivable, done: str, data: Mapping[str, Any] | None = None) -> None:
    team = team_of(thing)
    record(
        actor=actor,
        action=f"{NOUNS[type(thing)]}.{done}",
        subject=thing,
        team_id=team.pk if team else None,
        data=data,
    )


def _word(thing: Archivable) -> str:
    return str(thing._meta.verbose_name)
