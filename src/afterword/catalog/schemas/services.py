"""The shapes of services in the API."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.schemas.refs import TeamRef


class ServiceIn(Schema):
    team: UUID = Field(description="The `unique_id` of the team that owns it.")
    name: str = Field(max_length=NAME_LENGTH_MAX)
    summary: str = Field("", max_length=SUMMARY_LENGTH_MAX)


class ServiceChangeIn(Schema):
    """What is left out, or null, stays as it is."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    summary: str | None = Field(None, max_length=SUMMARY_LENGTH_MAX)


class ServiceOut(Schema):
    unique_id: UUID
    name: str
    summary: str
    team: TeamRef
    created_at: datetime
