"""`/api/incidents/{number or unique id}/` in Zenduty's shape, for the clients that people have already.

The keys are those that the strict models of `zenduty-api` 1.0.0 (PyPI) take: one too many or one too few
makes that client fail. What this install does not know is null, or the value of a thing switched off.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from afterword.accounts.keys import caller_of
from afterword.catalog.models import Service
from afterword.incidents import reads
from afterword.incidents.models import Incident, IncidentStatus

router = Router(tags=["Zenduty-compatible"])

STATUS_NUMBERS: dict[str, int] = {
    IncidentStatus.TRIGGERED: 1,
    IncidentStatus.ACKNOWLEDGED: 2,
    IncidentStatus.RESOLVED: 3,
}
URGENCY_HIGH = 1


@router.get("/{reference}", include_in_schema=False)
@router.get("/{reference}/", summary="Get an incident", operation_id="zenduty_get_incident")
def get_incident(request: HttpRequest, reference: str) -> dict[str, Any]:
    """By its number or its unique id, with Zenduty's keys."""
    return describe_incident(reads.get_incident(caller_of(request).person, reference))


def describe_incident(incident: Incident) -> dict[str, Any]:
    """An incident with exactly the keys of Zenduty's."""
    return {
        "summary": incident.summary,
        "incident_number": incident.number,
        "creation_date": write_moment(incident.created_at),
        "status": STATUS_NUMBERS[incident.status],
        "unique_id": incident.unique_id,
        "service_object": describe_service(incident.service),
        "title": incident.title,
        "incident_key": incident.entity_id,
        "service": str(incident.service.unique_id),
        "urgency": URGENCY_HIGH,
        "merged_with": None,
        "assigned_to": None,
        "escalation_policy": None,
        "escalation_policy_object": None,
        "assigned_to_name": None,
        "resolved_date": write_moment(incident.resolved_at),
        "acknowledged_date": write_moment(incident.acknowledged_at),
        "context_window_start": None,
        "context_window_end": None,
        "tags": [],
        "sla": None,
        "sla_object": None,
        "team_priority": None,
        "team_priority_object": None,
        "parent_incident": None,
        "is_parent_incident": False,
        "snooze_time": None,
        "snoozed_till": None,
        "postmortems": [],
        "postmortem_assignee": None,
    }


def describe_service(service: Service) -> dict[str, Any]:
    """A service with exactly the keys of the `service_object` in Zenduty's incident."""
    return {
        "name": service.name,
        "creation_date": write_moment(service.created_at),
        "summary": service.summary,
        "description": "",
        "unique_id": str(service.unique_id),
        "auto_resolve_timeout": 0,
        "created_by": None,
        "team_priority": None,
        "task_template": None,
        "acknowledgement_timeout": 0,
        "acknowledgement_timeout_enabled": False,
        "status": 0,
        "escalation_policy": None,
        "team": str(service.team.unique_id),
        "team_name": service.team.name,
        "sla": None,
        "collation_time": 0,
        "collation": 0,
        "under_maintenance": False,
    }


def write_moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC with microseconds and `Z`, as Zenduty writes it: 2026-03-02T14:05:00.000000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None
