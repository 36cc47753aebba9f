"""What happens to incidents when time passes and nobody does anything: broken promises, silence.

Every function takes the time as it is, does what has become due by then, and may be called by several
workers at once: each thing is done once. What was due while nobody called is told with the time at which it
was due.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from afterword.audit.writes import SystemActor, record
from afterword.catalog.models import Service
from afterword.incidents import rules
from afterword.incidents.models import (
    ACKNOWLEDGE_IS_OWED,
    ENTRY_SOURCE_LENGTH_MAX,
    RESOLVE_IS_OWED,
    Entry,
    EntryKind,
    Incident,
    IncidentEntity,
    IncidentStatus,
)
from afterword.incidents.rules import Promise

SLA_TIMER = SystemActor("SLA timer")
AUTO_RESOLUTION = SystemActor("Auto-resolution")
TIMED_INCIDENTS_MAX = 500
"""In one call; the next goes on."""


def note_broken_promises(*, at: datetime) -> int:
    """Write down each promise of an SLA that is broken at `at`; how many.

    Each gets an entry at the time at which it was due, and the audit event `incident.sla_breached`.
    """
    owed: tuple[tuple[Promise, Q], ...] = (
        ("acknowledge", ACKNOWLEDGE_IS_OWED),
        ("resolve", RESOLVE_IS_OWED),
    )
    noted = 0
    for promise, condition in owed:
        due = Incident.objects.filter(condition, **{f"{promise}_due_at__lt": at})
        noted += sum(_note(due, promise, pk, at) for pk in _keys(due, f"{promise}_due_at"))
    return noted


def resolve_silent_incidents(*, at: datetime) -> int:
    """Resolve what no alert has spoken of for as long as its service says; how many.

    Not what a person reported and no alert ever spoke of: nobody is silent there.
    """
    resolved = 0
    for service in Service.objects.filter(auto_resolve_minutes__gt=0).order_by("pk"):
        silence = timedelta(minutes=service.auto_resolve_minutes)
        silent = Incident.objects.filter(
            service=service, resolved_at__isnull=True, last_alert_at__lte=at - silence
        )
        resolved += sum(_resolve(silent, pk, silence) for pk in _keys(silent, "last_alert_at"))
    return resolved


def _keys(due: QuerySet[Incident], by: str) -> Iterable[int]:
    return list(due.order_by(by, "pk").values_list("pk", flat=True)[:TIMED_INCIDENTS_MAX])


def _lock(due: QuerySet[Incident], pk: int) -> Incident | None:
    """None when it is not due any more, or when another worker is about to see to it."""
    locked = due.filter(pk=pk).select_related("service__team", "sla")
    return locked.select_for_update(of=("self",), skip_locked=True).first()


@transaction.atomic
def _note(due: QuerySet[Incident], promise: Promise, pk: int, at: datetime) -> bool:
    incident = _lock(due, pk)
    if incident is None:
        return False
    promised: datetime = getattr(incident, f"{promise}_due_at")
    done = rules.kept_at(incident, promise)
    setattr(incident, f"{promise}_breached_at", at)
    incident.save(update_fields=[f"{promise}_breached_at"])
    Entry.objects.create(
        incident=incident,
        at=promised,
        kind=EntryKind.SLA,
        text=rules.describe_broken_promise(
            promise, sla=str(incident.sla or ""), promised=promised, done=done, now=at
        ),
        source=SLA_TIMER.name,
    )
    record(
        actor=SLA_TIMER,
        action="incident.sla_breached",
        subject=incident,
        at=at,
        team_id=incident.service.team_id,
        data={
            "promise": promise,
            "sla": str(incident.sla.unique_id) if incident.sla else None,
            "due_at": promised.isoformat(),
            "done_at": done.isoformat() if done else None,
        },
    )
    return True


@transaction.atomic
def _resolve(silent: QuerySet[Incident], pk: int, silence: timedelta) -> bool:
    incident = _lock(silent, pk)
    if incident is None:
        return False
    assert incident.last_alert_at is not None
    due = incident.last_alert_at + silence
    # A person who did something meanwhile was not silent: the end does not stand before it.
    at = max(moment for moment in (due, incident.started_at, incident.acknowledged_at) if moment)
    incident.status = IncidentStatus.RESOLVED
    incident.resolved_at = at
    incident.fixed_at = incident.fixed_at or at
    incident.save(update_fields=["status", "resolved_at", "fixed_at"])
    IncidentEntity.objects.filter(incident=incident, resolved_at__isnull=True).update(resolved_at=at)
    minutes = int(silence.total_seconds() // 60)
    Entry.objects.create(
        incident=incident,
        at=at,
        kind=EntryKind.STATUS,
        text=f"{rules.RESOLVED_BEGINS}: no alert has come for {rules.describe_minutes(minutes)}, "
        f"as the service {incident.service} has it.",
        source=AUTO_RESOLUTION.name[:ENTRY_SOURCE_LENGTH_MAX],
    )
    record(
        actor=AUTO_RESOLUTION,
        action="incident.resolved",
        subject=incident,
        at=at,
        team_id=incident.service.team_id,
        data={"minutes_of_silence": minutes},
    )
    return True
