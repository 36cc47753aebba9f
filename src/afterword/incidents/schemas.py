"""What the API takes and gives about incidents. Times are ISO 8601; those given are in UTC."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from afterword.incidents import rules
from afterword.incidents.models import Alert, Entry, Incident


class TeamReference(Schema):
    unique_id: uuid.UUID
    name: str


class ServiceReference(Schema):
    unique_id: uuid.UUID
    name: str


class KeyTimestampOut(Schema):
    """A key timestamp that is known, earliest first."""

    name: str
    label: str
    at: datetime


class MilestoneDurationOut(Schema):
    """The time between two key timestamps that are both known."""

    name: str
    label: str
    seconds: int


class IncidentOut(Schema):
    unique_id: str
    number: int
    title: str
    summary: str = Field(description="Markdown.")
    status: str = Field(description="triggered, acknowledged or resolved")
    service: ServiceReference
    team: TeamReference
    entity_id: str = Field(description="What the alerts that belong to it have in common.")
    created_at: datetime
    started_at: datetime = Field(description="The start of the impact where it is known, else created_at.")
    resolved_at: datetime | None
    key_timestamps: list[KeyTimestampOut]
    milestone_durations: list[MilestoneDurationOut]

    @staticmethod
    def resolve_team(incident: Incident) -> Any:
        return incident.service.team

    @staticmethod
    def resolve_key_timestamps(incident: Incident) -> Any:
        return rules.key_timestamps(incident)

    @staticmethod
    def resolve_milestone_durations(incident: Incident) -> list[dict[str, Any]]:
        return [
            {"name": item.name, "label": item.label, "seconds": int(item.length.total_seconds())}
            for item in rules.milestone_durations(incident)
        ]


class IncidentIn(Schema):
    """A report by hand."""

    service: uuid.UUID = Field(description="The unique id of a service of one of your teams.")
    title: str
    summary: str = Field("", description="Markdown.")
    started_at: AwareDatetime | None = Field(None, description="When the impact began, if it is known.")


class IncidentChangeIn(Schema):
    """What to change; what is left out stays."""

    title: str | None = None
    summary: str | None = None


class ResolutionIn(Schema):
    at: AwareDatetime | None = Field(None, description="When it ended; now unless given.")


class NoteIn(Schema):
    text: str = Field(description="Markdown.")
    at: AwareDatetime | None = Field(None, description="When it happened; now unless given.")


class EntryOut(Schema):
    """One line of a timeline."""

    unique_id: uuid.UUID
    at: datetime
    kind: str = Field(description="alert, status, note or edit")
    text: str = Field(description="Markdown in a note, plain text in everything else.")
    source: str = Field(description="Who or what said it.")
    person: uuid.UUID | None
    alert: str | None

    @staticmethod
    def resolve_person(entry: Entry) -> uuid.UUID | None:
        return entry.person.unique_id if entry.person else None

    @staticmethod
    def resolve_alert(entry: Entry) -> str | None:
        return entry.alert.unique_id if entry.alert else None


class AlertOut(Schema):
    unique_id: str
    trace_id: uuid.UUID
    alert_type: str
    message: str
    summary: str
    entity_id: str
    payload: Any
    urls: list[Any]
    suppressed: bool
    opened_incident: bool
    integration: str = Field(description="The integration's name.")
    received_at: datetime

    @staticmethod
    def resolve_integration(alert: Alert) -> str:
        return alert.integration.name
