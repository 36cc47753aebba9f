"""Alerts become incidents and lines of their timelines, many in one go."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from afterword.accounts.numbers import take_numbers
from afterword.audit.writes import record
from afterword.catalog.models import Integration
from afterword.documents import clean_text
from afterword.incidents import alert_rules
from afterword.incidents.models import (
    ENTRY_SOURCE_LENGTH_MAX,
    ENTRY_TEXT_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Alert,
    Entry,
    EntryKind,
    Incident,
    IncidentStatus,
)
from afterword.incidents.writes.incidents import NUMBERS

Entity = tuple[int, str]
"""The integration's primary key and the entity's id: what alerts about the same thing have in common."""

STATUS_TEXTS = {
    IncidentStatus.ACKNOWLEDGED.value: "Acknowledged the incident.",
    IncidentStatus.RESOLVED.value: "Resolved the incident.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """An alert to record. `integration` is the actor; its service and team must be loaded with it."""

    trace_id: uuid.UUID
    integration: Integration
    alert_type: str
    entity_id: str
    message: str
    summary: str
    payload: Any
    urls: list[Any]
    suppressed: bool
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAlert:
    """What became of it."""

    trace_id: uuid.UUID
    alert_unique_id: str
    incident_unique_id: str
    """Empty when the alert belongs to no incident."""
    incident_number: int | None
    is_incident_created: bool
    suppressed: bool


@transaction.atomic
def record_alerts(*, alerts: Sequence[NewAlert]) -> list[RecordedAlert]:
    """Record alerts in the order given, with all that they do to incidents and timelines.

    The result has the order of `alerts`. The caller keeps two transactions from recording alerts of one
    entity at the same time; people may acknowledge and resolve meanwhile, for open incidents are locked.
    Costs a dozen queries however many alerts, and an audit event for each status that changes.
    """
    plan = _Plan(_lock_open_incidents(alerts))
    for alert in alerts:
        plan.add(alert)
    plan.save()
    return [
        RecordedAlert(
            trace_id=row.trace_id,
            alert_unique_id=row.unique_id,
            incident_unique_id=row.incident.unique_id if row.incident else "",
            incident_number=row.incident.number if row.incident else None,
            is_incident_created=row.opened_incident,
            suppressed=row.suppressed,
        )
        for row in plan.rows
    ]


def _lock_open_incidents(alerts: Sequence[NewAlert]) -> dict[Entity, Incident]:
    """The open incidents of the alerts' entities. Asks for more pairs than there are, and drops the rest."""
    entities = {(alert.integration.pk, alert.entity_id) for alert in alerts}
    found = (
        Incident.objects.select_for_update(of=("self",))
        .filter(
            integration_id__in={integration for integration, _ in entities},
            entity_id__in={entity for _, entity in entities},
            resolved_at__isnull=True,
        )
        .order_by("pk")
    )
    by_entity = {(incident.integration_id or 0, incident.entity_id): incident for incident in found}
    return {entity: incident for entity, incident in by_entity.items() if entity in entities}


@dataclass
class _Plan:
    """All that a batch of alerts does, worked out in memory, then written table by table."""

    open_incidents: dict[Entity, Incident]
    opened: list[Incident] = field(default_factory=list)
    changed: dict[int, Incident] = field(default_factory=dict)
    rows: list[Alert] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    events: list[tuple[str, Incident, Alert]] = field(default_factory=list)

    def add(self, alert: NewAlert) -> None:
        entity = (alert.integration.pk, alert.entity_id)
        incident = self.open_incidents.get(entity)
        decision = alert_rules.decide(
            alert.alert_type, suppressed=alert.suppressed, status=incident.status if incident else None
        )
        if decision.opens:
            incident = self.open_incidents[entity] = _open(alert)
            self.opened.append(incident)
        row = _row(alert, incident if decision.joins else None, opened=decision.opens)
        self.rows.append(row)
        if incident is None or not decision.joins:
            return
        self.entries.append(_entry(EntryKind.ALERT, alert.message or row.alert_type, incident, row))
        if alert.summary and not incident.summary:
            incident.summary = _summary(alert)
            self._note_change(incident)
        if decision.status is not None:
            self.events.append((f"incident.{decision.status}", incident, row))
        if decision.status in STATUS_TEXTS:
            _change_status(incident, decision.status, alert.received_at)
            self._note_change(incident)
            self.entries.append(_entry(EntryKind.STATUS, STATUS_TEXTS[decision.status], incident, row))
        if incident.is_resolved:
            del self.open_incidents[entity]

    def _note_change(self, incident: Incident) -> None:
        if incident.pk is not None:
            self.changed[incident.pk] = incident

    def save(self) -> None:
        if self.opened:
            numbers = take_numbers(NUMBERS, len(self.opened))
            for number, incident in zip(numbers, self.opened, strict=True):
                incident.number = number
            Incident.objects.bulk_create(self.opened)
        if self.changed:
            fields = ["status", "summary", "acknowledged_at", "fixed_at", "resolved_at"]
            Incident.objects.bulk_update(self.changed.values(), fields)
        Alert.objects.bulk_create(self.rows)
        Entry.objects.bulk_create(self.entries)
        for action, incident, row in self.events:
            record(
                actor=row.integration,
                action=action,
                subject=incident,
                at=row.received_at,
                team_id=row.integration.service.team_id,
                data={"alert": row.unique_id},
            )


def _open(alert: NewAlert) -> Incident:
    return Incident(
        service=alert.integration.service,
        integration=alert.integration,
        entity_id=alert.entity_id,
        title=alert_rules.title_of(alert.message, characters_max=TITLE_LENGTH_MAX),
        summary=_summary(alert),
        created_at=alert.received_at,
        impact_started_at=alert.received_at,
        detected_at=alert.received_at,
    )


def _summary(alert: NewAlert) -> str:
    return alert_rules.cut(alert.summary, characters_max=SUMMARY_LENGTH_MAX)


def _row(alert: NewAlert, incident: Incident | None, *, opened: bool) -> Alert:
    return Alert(
        trace_id=alert.trace_id,
        integration=alert.integration,
        incident=incident,
        alert_type=alert.alert_type,
        entity_id=alert.entity_id,
        message=alert.message,
        summary=alert.summary,
        payload=alert.payload,
        urls=alert.urls,
        suppressed=alert.suppressed,
        opened_incident=opened,
        received_at=alert.received_at,
    )


def _entry(kind: EntryKind, text: str, incident: Incident, row: Alert) -> Entry:
    # The alert keeps what was sent; a line of the timeline is set beside lines of ours.
    return Entry(
        incident=incident,
        at=alert_rules.not_before(row.received_at, incident.started_at),
        kind=kind,
        text=alert_rules.cut(clean_text(text), characters_max=ENTRY_TEXT_LENGTH_MAX),
        source=row.integration.name[:ENTRY_SOURCE_LENGTH_MAX],
        alert=row,
    )


def _change_status(incident: Incident, status: str, received_at: datetime) -> None:
    at = alert_rules.not_before(received_at, incident.started_at)
    incident.status = status
    if status == IncidentStatus.ACKNOWLEDGED:
        incident.acknowledged_at = incident.acknowledged_at or at
        return
    incident.resolved_at = at
    incident.fixed_at = incident.fixed_at or at
