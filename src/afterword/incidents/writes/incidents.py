"""What people do with an incident: report, acknowledge, resolve, rename, summarise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.numbers import take_numbers
from afterword.accounts.reads import require_write
from afterword.accounts.writes import just_made
from afterword.audit.writes import record
from afterword.catalog.models import Meaning, Service
from afterword.catalog.reads import role_meaning, sla_in_force
from afterword.documents import clean_text, plain_text
from afterword.incidents import alert_rules, rules
from afterword.incidents.errors import AlreadyAcknowledged, AlreadyResolved, IncidentMerged, SummaryChanged
from afterword.incidents.facts.errors import FieldsMissing
from afterword.incidents.facts.reads import missing_fields
from afterword.incidents.facts.writes.summaries import keep_summary
from afterword.incidents.models import (
    ENTRY_SOURCE_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Entry,
    EntryKind,
    Incident,
    IncidentEntity,
    IncidentStatus,
    RoleAssignment,
)
from afterword.incidents.privacy.writes import begin_membership
from afterword.incidents.reads import lock_incident, visible_incidents
from afterword.incidents.rules import summary_digest
from afterword.lib import clock, ids
from afterword.lib.errors import InvalidInput

NUMBERS = "incident"
"""The counter that incidents take their numbers from, whoever opens them."""

MANUAL_ENTITY_PREFIX = "manual-"


@transaction.atomic
def create_incident(
    *,
    actor: Person,
    service: Service,
    title: str,
    summary: str = "",
    started_at: datetime | None = None,
    once: bool = False,
    is_private: bool = False,
    members: Sequence[Person] = (),
) -> Incident:
    """Report an incident by hand; it is open. `started_at` is when the impact began, where that is known.

    `is_private`: only the actor, `members`, who gets a role in it and who is paged about it see it; so it is
    as well where the service's incidents start private, and its team's managers are members then.
    `once`: the same again within a minute, as a form that is sent twice, is the one that is there.
    Raises InvalidInput, NotAllowed, and NotFound for a service of a team that is not the actor's.
    """
    require_write(actor, service.team)
    now = clock.now()
    if started_at is not None:
        rules.check_start(started_at, now=now)
    wanted: dict[str, Any] = {
        "service": service,
        "title": _usable_title(title),
        "summary": _usable_summary(summary),
        "impact_started_at": started_at,
    }
    if once:
        made = just_made(actor=actor, action="incident.created", at=now)
        twin = visible_incidents(actor).filter(pk__in=made, **wanted).first()
        if twin is not None:
            return twin
    incident = Incident.objects.create(
        number=take_numbers(NUMBERS)[0],
        entity_id=f"{MANUAL_ENTITY_PREFIX}{ids.new_short_id()}",
        is_private=is_private or service.starts_private,
        created_at=now,
        reported_at=now,
        **_response_of(service, now),
        **wanted,
    )
    if incident.is_private:
        # Before anybody hears of it.
        begin_membership(actor=actor, incident=incident, people=members, at=now)
    reporter = role_meaning(Meaning.REPORTER)
    if reporter is not None:
        RoleAssignment.objects.create(incident=incident, role=reporter, person=actor, assigned_at=now)
    if incident.summary:
        keep_summary(incident, actor, at=now)
    _tell(incident, actor, "Reported the incident.", at=now)
    _record(actor, "incident.created", incident, now)
    return incident


@transaction.atomic
def acknowledge_incident(*, actor: Person, incident: Incident, at: datetime | None = None) -> Incident:
    """Say that someone looks after it.

    Raises AlreadyAcknowledged, AlreadyResolved, IncidentMerged, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    if incident.is_merged:
        raise IncidentMerged
    if incident.is_resolved:
        raise AlreadyResolved
    if incident.status == IncidentStatus.ACKNOWLEDGED:
        raise AlreadyAcknowledged
    at = at or clock.now()
    incident.status = IncidentStatus.ACKNOWLEDGED
    incident.acknowledged_at = at
    incident.save(update_fields=["status", "acknowledged_at"])
    _tell(incident, actor, "Acknowledged the incident.", at=at)
    _record(actor, "incident.acknowledged", incident, at)
    return incident


@transaction.atomic
def resolve_incident(*, actor: Person, incident: Incident, at: datetime | None = None) -> Incident:
    """End it, once; `at` is when it ended, now unless given. What follows listens to `incident.resolved`.

    All that its alerts are about counts as resolved then: the next alert about it opens another incident.
    The time at which it was fixed is the same where nobody said otherwise. Of two people who resolve it
    at the same time the second gets AlreadyResolved. Raises InvalidInput for a time before the start or
    in the future, FieldsMissing for custom fields that are to be filled in first, IncidentMerged, NotAllowed,
    NotFound.
    """
    incident = lock_incident(actor, incident)
    if incident.is_merged:
        raise IncidentMerged
    if incident.is_resolved:
        raise AlreadyResolved
    now = clock.now()
    at = at or now
    rules.check_resolution(at, started_at=incident.started_at, now=now)
    if missing := missing_fields(incident):
        raise FieldsMissing(missing)
    incident.status = IncidentStatus.RESOLVED
    incident.resolved_at = at
    incident.fixed_at = incident.fixed_at or at
    incident.save(update_fields=["status", "resolved_at", "fixed_at"])
    IncidentEntity.objects.filter(incident=incident, resolved_at__isnull=True).update(resolved_at=at)
    _tell(incident, actor, f"{rules.RESOLVED_BEGINS}.", at=at)
    _record(actor, "incident.resolved", incident, now)
    return incident


@transaction.atomic
def change_title(*, actor: Person, incident: Incident, title: str) -> Incident:
    """Call it something else. The same title changes nothing. Raises InvalidInput, NotAllowed, NotFound."""
    incident = lock_incident(actor, incident)
    before, title = incident.title, _usable_title(title)
    if title == before:
        return incident
    incident.title = title
    incident.save(update_fields=["title"])
    _tell(incident, actor, f"Renamed “{before}” to “{title}”.", kind=EntryKind.EDIT)
    _record(actor, "incident.renamed", incident, before=before, after=title)
    return incident


@transaction.atomic
def change_summary(
    *, actor: Person, incident: Incident, summary: str, started_from: str | None = None
) -> Incident:
    """Write what is known, in Markdown. The same summary changes nothing.

    `started_from` is the `summary_digest` of what the writer saw: raises SummaryChanged when someone else
    has written since, so that nobody's words are lost. Raises InvalidInput, NotAllowed, NotFound.
    """
    incident = lock_incident(actor, incident)
    before, summary = incident.summary, _usable_summary(summary)
    if summary == before:
        return incident
    if started_from is not None and started_from != summary_digest(before):
        raise SummaryChanged
    incident.summary = summary
    incident.save(update_fields=["summary"])
    keep_summary(incident, actor, before=before)
    _tell(incident, actor, "Changed the summary.", kind=EntryKind.EDIT)
    _record(actor, "incident.summarised", incident, before=before, after=summary)
    return incident


def _response_of(service: Service, at: datetime) -> dict[str, Any]:
    """What the service's incidents get, however they come about: priority, SLA, and whom they call."""
    priority, policy, sla = service.priority, service.escalation_policy, sla_in_force(service)
    return {
        "priority": priority if priority is not None and priority.archived_at is None else None,
        "escalation_policy": policy if policy is not None and policy.archived_at is None else None,
        "sla": sla,
        "acknowledge_due_at": alert_rules.due_at(at, sla.acknowledge_minutes if sla else None),
        "resolve_due_at": alert_rules.due_at(at, sla.resolve_minutes if sla else None),
    }


def _usable_title(value: str) -> str:
    title = plain_text(value)
    if not title:
        raise InvalidInput(fields={"title": "Please say in a few words what is wrong."})
    if len(title) > TITLE_LENGTH_MAX:
        raise InvalidInput(fields={"title": f"Please use at most {TITLE_LENGTH_MAX} characters."})
    return title


def _usable_summary(value: str) -> str:
    summary = clean_text(value.replace("\r\n", "\n")).strip()
    if len(summary) > SUMMARY_LENGTH_MAX:
        raise InvalidInput(fields={"summary": f"Please use at most {SUMMARY_LENGTH_MAX:,} characters."})
    return summary


def _tell(
    incident: Incident,
    actor: Person,
    text: str,
    *,
    at: datetime | None = None,
    kind: EntryKind = EntryKind.STATUS,
) -> None:
    Entry.objects.create(
        incident=incident,
        at=at or clock.now(),
        kind=kind,
        text=text,
        person=actor,
        source=str(actor)[:ENTRY_SOURCE_LENGTH_MAX],
    )


def _record(actor: Person, action: str, incident: Incident, at: datetime | None = None, **data: str) -> None:
    record(actor=actor, action=action, subject=incident, at=at, team_id=incident.service.team_id, data=data)
