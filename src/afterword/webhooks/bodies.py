"""What an event says: thin, so that a receiver asks for the rest with rights of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from afterword.accounts.models import Team
from afterword.audit.models import AuditEvent
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem, Section
from afterword.webhooks.events import TOLD_BY, changed_fields


@dataclass(frozen=True)
class Told:
    """A change of the record as other programs hear of it."""

    type: str
    body: str
    subject: str
    team_id: int
    incident_id: int | None
    is_private: bool


def tell(event: AuditEvent, subject: models.Model) -> Told:
    """What is sent about a change. `subject` is what was changed, as it is now."""
    changed = changed_fields(event.action, event.data)
    if isinstance(subject, Section):
        subject = subject.postmortem
    if isinstance(subject, Incident):
        data, team = _describe_incident(subject), subject.service.team
        incident: int | None = subject.pk
        words, is_private = f"incident {subject.number}", subject.is_private
    elif isinstance(subject, Postmortem):
        about = list(subject.incidents.order_by("links__position", "pk"))
        data, team = _describe_postmortem(subject, about), subject.team
        words, incident = f"post-mortem {subject.number}", about[0].pk if about else None
        is_private = any(one.is_private for one in about)
    else:
        assert isinstance(subject, FollowUp), f"nothing is told about {subject!r}"
        data, team, incident = _describe_follow_up(subject), subject.team, subject.incident_id
        after = subject.incident
        words = f"follow-up of incident {after.number}" if after else f"follow-up of {team}"
        is_private = after is not None and after.is_private
    data["team"] = {"id": str(team.unique_id), "name": team.name}
    data["changed"] = changed
    name = TOLD_BY[event.action]
    return Told(name, write_body(name, event.at, data), words, _pk(team), incident, is_private)


def write_body(type: str, at: datetime, data: dict[str, Any]) -> str:
    """The JSON that is signed and sent."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return json.dumps(
        {"type": type, "timestamp": moment, "data": data}, ensure_ascii=False, separators=(",", ":")
    )


def _pk(team: Team) -> int:
    return team.pk


def _describe_incident(incident: Incident) -> dict[str, Any]:
    service = incident.service
    return {
        "id": incident.unique_id,
        "number": incident.number,
        "title": incident.title,
        "status": incident.status,
        "url": settings.PUBLIC_URL + reverse("incidents:page", args=[incident.number]),
        "service": {"id": str(service.unique_id), "name": service.name},
    }


def _describe_postmortem(postmortem: Postmortem, about: list[Incident]) -> dict[str, Any]:
    return {
        "id": str(postmortem.unique_id),
        "number": postmortem.number,
        "title": postmortem.title,
        "status": postmortem.status,
        "url": settings.PUBLIC_URL + reverse("postmortems:read", args=[postmortem.number]),
        "incidents": [one.number for one in about],
    }


def _describe_follow_up(follow_up: FollowUp) -> dict[str, Any]:
    return {
        "id": str(follow_up.unique_id),
        "title": follow_up.title,
        "status": follow_up.status,
        "ticket": follow_up.ticket,
        "url": settings.PUBLIC_URL + reverse("followups:page", args=[follow_up.unique_id]),
        "incident": follow_up.incident.number if follow_up.incident else None,
    }
