"""What the API takes and gives about follow-ups."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from afterword.followups.models import FollowUp, FollowUpPriority
from afterword.lib.bodies import Body


class PersonReference(Schema):
    unique_id: uuid.UUID
    name: str


class FollowUpOut(Schema):
    unique_id: uuid.UUID
    incident: int | None = Field(description="The incident's number; null for one of a team alone.")
    title: str
    description: str = Field(description="Markdown.")
    owner: PersonReference | None
    due_on: date | None
    priority: str = Field(description="P1 to P4")
    status: str = Field(description="open, in_progress or completed")
    ticket: str = Field(description="Its address in another system, or its number there; empty without one.")
    created_at: datetime
    completed_at: datetime | None

    @staticmethod
    def resolve_incident(follow_up: FollowUp) -> int | None:
        return follow_up.incident.number if follow_up.incident else None


class FollowUpIn(Body):
    incident: int | str = Field(description="The incident's number or unique id.")
    title: str
    description: str = ""
    owner: uuid.UUID | None = Field(None, description="The unique id of one of the team's people.")
    due_on: date | None = None
    priority: str = FollowUpPriority.P3.value
    ticket: str = ""


class FollowUpChangeIn(Body):
    """What to change; what is left out stays, and null takes away."""

    title: str | None = None
    description: str | None = None
    owner: uuid.UUID | None = None
    due_on: date | None = None
    priority: str | None = None
    ticket: str | None = None
    status: str | None = None
