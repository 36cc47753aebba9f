"""Incidents, alerts, notes and tags with exactly the keys of Zenduty's."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import prefetch_related_objects

from afterword.accounts.models import Person
from afterword.catalog.models import EscalationPolicy, Meaning, Priority, Sla, Tag
from afterword.catalog.reads import active_windows
from afterword.catalog.zenduty.colours import write_colour
from afterword.catalog.zenduty.services import describe_service
from afterword.catalog.zenduty.wire import write_seconds
from afterword.incidents.models import Alert, AlertType, Entry, Incident, IncidentStatus
from afterword.incidents.written import postmortems_about
from afterword.incidents.zenduty import reads
from afterword.lib import clock

STATUS_NUMBERS: dict[str, int] = {
    IncidentStatus.TRIGGERED: 1,
    IncidentStatus.ACKNOWLEDGED: 2,
    IncidentStatus.RESOLVED: 3,
    IncidentStatus.MERGED: 3,
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
ALERTS_IN = 0


def describe_incident(actor: Person, incident: Incident) -> dict[str, Any]:
    """An incident with exactly the keys of Zenduty's."""
    return describe_incidents(actor, [incident])[0]


def describe_incidents(actor: Person, incidents: Sequence[Incident]) -> list[dict[str, Any]]:
    """The same of many, in a few queries for all of them."""
    prefetch_related_objects(incidents, *reads.TOLD)
    under_maintenance = active_windows([incident.service for incident in incidents], clock.now())
    merged_into = [key for incident in incidents if (key := incident.merged_into_id) is not None]
    numbers = reads.numbers_of(actor, merged_into)
    written = postmortems_about(actor, incidents)
    told = []
    for incident in incidents:
        lead = lead_of(incident)
        postmortems = written[incident.pk]
        told.append(
            {
                "summary": incident.summary,
                "incident_number": incident.number,
                "creation_date": write_moment(incident.created_at),
                "status": STATUS_NUMBERS[incident.status],
                "unique_id": incident.unique_id,
                "service_object": describe_service(incident.service, under_maintenance),
                "title": incident.title,
                "incident_key": incident.entity_id,
                "service": str(incident.service.unique_id),
                "urgency": URGENCY_HIGH,
                "merged_with": numbers.get(incident.merged_into_id) if incident.merged_into_id else None,
                "assigned_to": str(lead.unique_id) if lead else None,
                "escalation_policy": _id(incident.escalation_policy),
                "escalation_policy_object": _escalation_policy(incident.escalation_policy),
                "assigned_to_name": str(lead) if lead else None,
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
                "postmortems": [{"unique_id": str(one.unique_id), "title": one.title} for one in postmortems],
                "postmortem_assignee": str(postmortems[0].assignee) if postmortems else None,
            }
        )
    return told


def lead_of(incident: Incident) -> Person | None:
    """Who leads it. They know one, so of several it is the one who began first."""
    leads = [one for one in incident.role_assignments.all() if one.role.meaning == Meaning.LEAD]
    return min(leads, key=lambda one: one.pk).person if leads else None


def describe_tag(incident: Incident, tag: Tag) -> dict[str, Any]:
    """A tag of an incident with exactly the keys of Zenduty's."""
    return {
        "unique_id": str(tag_id(incident, tag)),
        "incident": incident.number,
        "team_tag": str(tag.unique_id),
        "name": tag.name,
        "color": write_colour(tag.colour),
        "tag_id": str(tag.unique_id),
        "creation_date": write_moment(tag.created_at),
    }


def tag_id(incident: Incident, tag: Tag) -> uuid.UUID:
    """The incident has the tag once: both together name it, for ever and without a row of its own."""
    return uuid.uuid5(tag.unique_id, incident.unique_id)


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
            "integration_type": ALERTS_IN,
        },
        "summary": alert.summary,
        "incident": alert.incident.number if alert.incident else None,
        "creation_date": write_moment(alert.received_at),
        "message": alert.message,
        "integration": str(integration.unique_id),
        "suppressed": alert.suppressed,
        "entity_id": alert.entity_id,
        "payload": alert.payload,
        "alert_type": str(ALERT_NUMBERS[alert.alert_type]),
        "unique_id": alert.unique_id,
        "images": [
            {
                "image_src": image.get("src") or "",
                "image_url": image.get("href") or "",
                "image_text": image.get("alt") or "",
            }
            for image in alert.images
        ],
        "notes": [{"note_title": "", "note_text": remark} for remark in alert.remarks],
        "urls": alert.urls,
    }


def describe_note(entry: Entry) -> dict[str, Any]:
    """A note with exactly the keys of Zenduty's."""
    return {
        "unique_id": str(entry.unique_id),
        "incident": entry.incident.number,
        "user": str(entry.person.unique_id) if entry.person else None,
        "note": entry.text,
        "user_name": str(entry.person or entry.source),
        "creation_date": write_moment(entry.at),
    }


def write_moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with microseconds and `Z`, as Zenduty writes it: 2026-03-02T14:05:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None


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
