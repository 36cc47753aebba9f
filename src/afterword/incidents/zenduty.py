"""`/api/incidents/{number or unique id}/` in Zenduty's shape, for the clients that people have already.

The keys are those that the strict models of `zenduty-api` 1.0.0 (PyPI) take: one too many or one too few
makes that client fail. What this install does not know is null, or the value of a thing switched off.
Services, SLAs and colours are told as `catalog.zenduty` tells them.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.reads import require_write
from afterword.catalog.models import EscalationPolicy, Priority, Sla, Tag
from afterword.catalog.reads import active_windows, visible_tags
from afterword.catalog.zenduty.colours import write_colour
from afterword.catalog.zenduty.services import describe_service
from afterword.catalog.zenduty.wire import write_seconds
from afterword.incidents import reads, writes
from afterword.incidents.models import Alert, AlertType, Entry, EntryKind, Incident, IncidentStatus
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound

router = Router(tags=["Zenduty-compatible"])

STATUS_NUMBERS: dict[str, int] = {
    IncidentStatus.TRIGGERED: 1,
    IncidentStatus.ACKNOWLEDGED: 2,
    IncidentStatus.RESOLVED: 3,
}
ALERT_NUMBERS: dict[str, int] = {
    AlertType.INFO: 0,
    AlertType.WARNING: 1,
    AlertType.ERROR: 2,
    AlertType.CRITICAL: 3,
    AlertType.ACKNOWLEDGED: 4,
    AlertType.RESOLVED: 5,
}
URGENCY_HIGH = 1
RESULTS_MAX = 500
"""Of the lists, which have no pages in these clients: the newest."""


class NoteIn(Schema):
    note: str


class TagIn(Schema):
    team_tag: uuid.UUID


@router.get("/{reference}", include_in_schema=False)
@router.get("/{reference}/", summary="Get an incident", operation_id="zenduty_get_incident")
def get_incident(request: HttpRequest, reference: str) -> dict[str, Any]:
    """By its number or its unique id, with Zenduty's keys."""
    return describe_incident(reads.get_incident(caller_of(request).person, reference))


@router.get("/{reference}/alerts/", summary="List the alerts", operation_id="zenduty_list_alerts")
def list_alerts(request: HttpRequest, reference: str) -> dict[str, Any]:
    actor = caller_of(request).person
    incident = reads.get_incident(actor, reference)
    found = reads.alerts_of(actor, incident).select_related("incident", "integration__service__team")
    return {"results": [describe_alert(alert) for alert in found[:RESULTS_MAX]]}


@router.get("/{reference}/note/", summary="List the notes", operation_id="zenduty_list_notes")
def list_notes(request: HttpRequest, reference: str) -> dict[str, Any]:
    return {"results": [describe_note(entry) for entry in _notes(request, reference)[:RESULTS_MAX]]}


@router.post("/{reference}/note/", response={201: Any}, summary="Add a note", operation_id="zenduty_add_note")
def add_note(request: HttpRequest, reference: str, given: NoteIn) -> Status[dict[str, Any]]:
    actor = caller_of(request).person
    entry = writes.add_note(actor=actor, incident=reads.get_incident(actor, reference), text=given.note)
    return Status(201, describe_note(entry))


@router.get("/{reference}/note/{note}/", summary="Get a note", operation_id="zenduty_get_note")
def get_note(request: HttpRequest, reference: str, note: uuid.UUID) -> dict[str, Any]:
    entry = _notes(request, reference).filter(unique_id=note).first()
    if entry is None:
        raise NotFound
    return describe_note(entry)


@router.get(
    "/{reference}/tags/", response=list[Any], summary="List the tags", operation_id="zenduty_list_tags"
)
def list_tags(request: HttpRequest, reference: str) -> list[dict[str, Any]]:
    incident = reads.get_incident(caller_of(request).person, reference)
    return [describe_tag(incident, tag) for tag in incident.tags.all()]


@router.post("/{reference}/tags/", response={201: Any}, summary="Add a tag", operation_id="zenduty_add_tag")
def add_tag(request: HttpRequest, reference: str, given: TagIn) -> Status[dict[str, Any]]:
    actor = caller_of(request).person
    incident = reads.get_incident(actor, reference)
    tag = visible_tags(actor, team=incident.service.team).filter(unique_id=given.team_tag).first()
    if tag is None:
        raise InvalidInput(fields={"team_tag": "The team has no such tag."})
    writes.change_tags(actor=actor, incident=incident, tags=[*incident.tags.all(), tag])
    return Status(201, describe_tag(incident, tag))


@router.delete(
    "/{reference}/tags/{tag}/",
    response={204: None},
    summary="Remove a tag",
    operation_id="zenduty_remove_tag",
)
def remove_tag(request: HttpRequest, reference: str, tag: uuid.UUID) -> Status[None]:
    """By the tag's id, or by the id that the incident's tag has in the list."""
    actor = caller_of(request).person
    incident = reads.get_incident(actor, reference)
    kept = [one for one in incident.tags.all() if tag not in _ids_of(incident, one)]
    if len(kept) == incident.tags.count():
        require_write(actor, incident.service.team)
        raise NotFound
    writes.change_tags(actor=actor, incident=incident, tags=kept)
    return Status(204, None)


def _ids_of(incident: Incident, tag: Tag) -> tuple[uuid.UUID, uuid.UUID]:
    return tag.unique_id, uuid.uuid5(tag.unique_id, incident.unique_id)


def _notes(request: HttpRequest, reference: str) -> QuerySet[Entry]:
    actor = caller_of(request).person
    entries = reads.entries_of(actor, reads.get_incident(actor, reference))
    return entries.filter(kind=EntryKind.NOTE).select_related("incident", "person").order_by("-at", "-id")


def describe_incident(incident: Incident) -> dict[str, Any]:
    """An incident with exactly the keys of Zenduty's."""
    return {
        "summary": incident.summary,
        "incident_number": incident.number,
        "creation_date": write_moment(incident.created_at),
        "status": STATUS_NUMBERS[incident.status],
        "unique_id": incident.unique_id,
        "service_object": describe_service(incident.service, active_windows([incident.service], clock.now())),
        "title": incident.title,
        "incident_key": incident.entity_id,
        "service": str(incident.service.unique_id),
        "urgency": URGENCY_HIGH,
        "merged_with": None,
        "assigned_to": None,
        "escalation_policy": _id(incident.escalation_policy),
        "escalation_policy_object": _escalation_policy(incident.escalation_policy),
        "assigned_to_name": None,
        "resolved_date": write_moment(incident.resolved_at),
        "acknowledged_date": write_moment(incident.acknowledged_at),
        "context_window_start": None,
        "context_window_end": None,
        "tags": [describe_tag(incident, tag) for tag in incident.tags.all()],
        "sla": _id(incident.sla),
        "sla_object": _sla(incident.sla),
        "team_priority": _id(incident.priority),
        "team_priority_object": _priority(incident.priority),
        "parent_incident": None,
        "is_parent_incident": False,
        "snooze_time": None,
        "snoozed_till": None,
        "postmortems": [],
        "postmortem_assignee": None,
    }


def describe_tag(incident: Incident, tag: Tag) -> dict[str, Any]:
    """A tag of an incident with exactly the keys of Zenduty's."""
    return {
        # The incident has the tag once: both together name it, for ever and without a row of its own.
        "unique_id": str(uuid.uuid5(tag.unique_id, incident.unique_id)),
        "incident": incident.unique_id,
        "team_tag": str(tag.unique_id),
        "name": tag.name,
        "color": write_colour(tag.colour),
        "tag_id": str(tag.unique_id),
        "creation_date": write_moment(tag.created_at),
    }


def describe_alert(alert: Alert) -> dict[str, Any]:
    """An alert with exactly the keys of Zenduty's."""
    integration = alert.integration
    return {
        "integration_object": {
            "name": integration.name,
            "creation_date": write_moment(integration.created_at),
            "summary": "",
            "unique_id": str(integration.unique_id),
            "service": str(integration.service.unique_id),
            "team": str(integration.service.team.unique_id),
            # The key lets anybody send alerts: it is told to managers alone, on the integration's page.
            "integration_key": "",
            "is_enabled": integration.is_enabled,
            "integration_type": 0,
        },
        "summary": alert.summary,
        "incident": alert.incident.unique_id if alert.incident else None,
        "creation_date": write_moment(alert.received_at),
        "message": alert.message,
        "integration": str(integration.unique_id),
        "suppressed": alert.suppressed,
        "entity_id": alert.entity_id,
        "payload": alert.payload,
        "alert_type": str(ALERT_NUMBERS[alert.alert_type]),
        "unique_id": alert.unique_id,
        "images": alert.images,
        "notes": alert.remarks,
        "urls": alert.urls,
    }


def describe_note(entry: Entry) -> dict[str, Any]:
    """A note with exactly the keys of Zenduty's."""
    return {
        "unique_id": str(entry.unique_id),
        "incident": entry.incident.unique_id,
        "user": str(entry.person.unique_id) if entry.person else None,
        "note": entry.text,
        "user_name": str(entry.person or entry.source),
        "creation_date": write_moment(entry.at),
    }


def _id(thing: Priority | Sla | EscalationPolicy | None) -> str | None:
    return str(thing.unique_id) if thing else None


def _escalation_policy(policy: EscalationPolicy | None) -> dict[str, Any] | None:
    if policy is None:
        return None
    return {"unique_id": _id(policy), "name": policy.name, "team": str(policy.team.unique_id)}


def _sla(sla: Sla | None) -> dict[str, Any] | None:
    if sla is None:
        return None
    return {
        "unique_id": _id(sla),
        "name": sla.name,
        "is_active": sla.is_active,
        "acknowledge_time": write_seconds(sla.acknowledge_minutes),
        "resolve_time": write_seconds(sla.resolve_minutes),
        "creation_date": write_moment(sla.created_at),
    }


def _priority(priority: Priority | None) -> dict[str, Any] | None:
    if priority is None:
        return None
    return {
        "unique_id": _id(priority),
        "name": priority.name,
        "description": priority.description,
        "color": write_colour(priority.colour),
    }


def write_moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with microseconds and `Z`, as Zenduty writes it: 2026-03-02T14:05:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None
