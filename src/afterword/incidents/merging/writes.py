"""Merging two incidents, and taking them apart.

Nothing is copied. The merged incident keeps its rows and ends with the status `merged`; reads of the other
one join them in (`incidents.reads.family_of`). Only its entities move, with a mark of where they came from:
the fold looks them up, and finds the incident that later alerts belong to.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, Q

from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.incidents.errors import AlreadyMerged, IncidentsClosed, NotMerged
from afterword.incidents.merging import reads
from afterword.incidents.merging.models import REASON_LENGTH_MAX, IncidentMerge
from afterword.incidents.models import (
    ENTRY_SOURCE_LENGTH_MAX,
    Entry,
    EntryKind,
    Incident,
    IncidentEntity,
    IncidentStatus,
)
from afterword.incidents.reads import FAMILY_MAX, family_of, get_incident, lock_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.lib.text import one_line


@transaction.atomic
def merge_incident(*, actor: Person, source: Incident, target: Incident, reason: str = "") -> IncidentMerge:
    """Have `source` be a part of `target`: nobody is called about it any more, and its alerts go there.

    Who sees the target then sees the source. Of two people who merge the same at once the second gets
    AlreadyMerged. Raises InvalidInput, naming `into`, for a target that cannot be: itself, one that is merged
    itself, a resolved one for what is still open, a public one for what is private; IncidentsClosed,
    NotAllowed, NotFound.
    """
    reason = one_line("reason", reason, characters_max=REASON_LENGTH_MAX, required=False)
    locked = _lock(actor, {source.pk: source, target.pk: target})
    if source.pk == target.pk:
        raise _refuse("An incident cannot be merged into itself.")
    source, target = locked[source.pk], locked[target.pk]
    _require_mergeable(source, target)
    now = clock.now()
    merge = IncidentMerge.objects.create(
        source=source,
        target=target,
        reason=reason,
        source_status=source.status,
        source_resolved_at=source.resolved_at,
        merged_by=actor,
        merged_at=now,
    )
    # Also what was merged into the source before; that keeps the mark of where it came from.
    IncidentEntity.objects.filter(incident=source, origin=0).update(incident=target, origin=source.pk)
    IncidentEntity.objects.filter(incident=source).update(incident=target)
    source.status = IncidentStatus.MERGED
    source.resolved_at = source.resolved_at or max(now, source.started_at)
    source.merged_into = target
    source.save(update_fields=["status", "resolved_at", "merged_into"])
    _count([source.pk, target.pk])
    if target.resolved_at is None and source.last_alert_at is not None:
        # Silence is counted from the last alert about any of its entities.
        target.last_alert_at = max(target.last_alert_at or source.last_alert_at, source.last_alert_at)
        target.save(update_fields=["last_alert_at"])
    hides = target.is_private and not source.is_private
    because = f" {reason}" if reason else ""
    # No title, and no number of what some readers of the line may not see: a line outlives rights.
    into = "a private incident" if target.is_private else f"#{target.number}"
    _tell(source, actor, f"Merged into {into}.{'' if hides else because}", now)
    _tell(target, actor, f"Merged #{source.number} into this incident.{because}", now)
    told: dict[str, str | int | None] = {} if hides else {"into": target.number, "reason": reason}
    _record(actor, "incident.merged", source, now, **told)
    _record(actor, "incident.extended", target, now, by=source.number, reason=reason)
    return merge


@transaction.atomic
def unmerge_incident(*, actor: Person, source: Incident) -> Incident:
    """Take a merged incident out of the other one; both are as they were, plus what has come since.

    Alerts that came meanwhile stay with the incident that they came to, and a line says how many. Where
    all entities of an incident that was open were resolved meanwhile, it comes back resolved; where one of
    a resolved incident is open again, it comes back open. Raises NotMerged, NotAllowed, NotFound.
    """
    source = get_incident(actor, source.number)
    chain = reads.chain_of(source)
    others = {one.pk: one for one in Incident.objects.select_related("service__team").filter(pk__in=chain)}
    try:
        locked = _lock(actor, {source.pk: source, **others})
    except NotFound:
        raise NotAllowed(
            "You cannot see the incident that this one was merged into. "
            "Somebody who responds there can take it out."
        ) from None
    source = locked[source.pk]
    if not source.is_merged:
        raise NotMerged
    if reads.chain_of(source) != chain:
        # Merged on while this waited for the lock.
        raise NotMerged("It was merged into another incident meanwhile. Please look again.")
    target, now = locked[chain[0]], clock.now()
    merge = IncidentMerge.objects.get(source=source, unmerged_at__isnull=True)
    count, latest = reads.heard_since(merge, chain)
    _take_back_entities(source, chain)
    merge.unmerged_at, merge.unmerged_by = now, actor
    merge.save(update_fields=["unmerged_at", "unmerged_by"])
    action = _restore(source, merge, latest)
    _count([source.pk, *chain])
    meanwhile = ""
    if count:
        alerts = "An alert" if count == 1 else f"{count} alerts"
        came = "came and stays" if count == 1 else "came and stay"
        where = "the other incident" if target.is_private else f"#{target.number}"
        meanwhile = f" {alerts} about its entities {came} in {where}."
    out_of = "a private incident" if target.is_private else f"#{target.number}"
    _tell(source, actor, f"Taken out of {out_of}.{meanwhile}", now)
    _tell(target, actor, f"Took #{source.number} out of this incident.", now)
    hides = target.is_private and not source.is_private
    _record(actor, "incident.unmerged", source, now, out_of=None if hides else target.number, alerts=count)
    _record(actor, "incident.reduced", target, now, by=source.number)
    if action:
        _record(actor, action, source, now)
    return source


def _lock(actor: Person, incidents: dict[int, Incident]) -> dict[int, Incident]:
    """All of them in the order of their keys, as the fold locks them: no two wait for one another."""
    return {key: lock_incident(actor, incidents[key]) for key in sorted(incidents)}


def _require_mergeable(source: Incident, target: Incident) -> None:
    if source.is_merged:
        raise AlreadyMerged
    if target.is_merged:
        raise _refuse(f"#{target.number} is merged into another incident itself. Please choose that one.")
    if source.closed_at is not None or target.closed_at is not None:
        raise IncidentsClosed
    if target.is_resolved and not source.is_resolved:
        raise _refuse(f"#{target.number} is resolved, and this one goes on. Resolve this one first.")
    if source.is_private and not target.is_private:
        raise _refuse(
            f"This incident is private, and everybody in its team sees #{target.number}. "
            "Make that one private first."
        )
    if len(family_of(source)) + len(family_of(target)) > FAMILY_MAX:
        raise _refuse(f"At most {FAMILY_MAX} incidents can be one.")


def _take_back_entities(source: Incident, chain: list[int]) -> None:
    below = family_of(source)[1:]
    IncidentEntity.objects.filter(incident__in=chain, origin__in=below).update(incident=source)
    reads.entities_from(source, chain).update(incident=source, origin=0)


def _restore(source: Incident, merge: IncidentMerge, latest: datetime | None) -> str:
    """Give the source its status; the action that tells of it when that is not the one it had."""
    entities = IncidentEntity.objects.filter(incident=source).aggregate(
        ended_at=Max("resolved_at"), open_pk=Max("pk", filter=Q(resolved_at__isnull=True))
    )
    was_resolved = merge.source_resolved_at is not None
    source.status, source.resolved_at = merge.source_status, merge.source_resolved_at
    source.merged_into = None
    action = ""
    if was_resolved and entities["open_pk"] is not None:
        source.status = IncidentStatus.TRIGGERED
        source.resolved_at = source.fixed_at = None
        action = "incident.reopened"
    elif not was_resolved and entities["open_pk"] is None and entities["ended_at"] is not None:
        source.status = IncidentStatus.RESOLVED
        source.resolved_at = max(entities["ended_at"], source.started_at)
        source.fixed_at = source.fixed_at or source.resolved_at
        action = "incident.resolved"
    if latest is not None:
        source.last_alert_at = max(source.last_alert_at or latest, latest)
    source.save(update_fields=["status", "resolved_at", "fixed_at", "merged_into", "last_alert_at"])
    return action


def _count(keys: Iterable[int]) -> None:
    Incident.objects.filter(pk__in=list(keys)).update(merges=F("merges") + 1)


def _refuse(reason: str) -> InvalidInput:
    return InvalidInput(fields={"into": reason})


def _tell(incident: Incident, actor: Person, text: str, at: datetime) -> None:
    Entry.objects.create(
        incident=incident,
        at=at,
        kind=EntryKind.STATUS,
        text=text,
        person=actor,
        source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
    )


def _record(actor: Person, action: str, incident: Incident, at: datetime, **data: str | int | None) -> None:
    record(actor=actor, action=action, subject=incident, at=at, team_id=incident.service.team_id, data=data)
