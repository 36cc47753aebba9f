"""What the API takes and gives about the facts of an incident."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from afterword.fields.kinds import FieldKind
from afterword.incidents.facts.models import IncidentField, SummaryVersion
from afterword.lib.bodies import Body

KIND_IN_WORDS = f"One of {', '.join(FieldKind)}."


class LinkIn(Body):
    url: str = Field(description="http or https.")
    title: str = Field("", description="The address unless given.")
    kind: str = Field("other", description="ticket, chat, dashboard or other")


class LinkChangeIn(Body):
    """What is left out stays."""

    url: str | None = None
    title: str | None = None
    kind: str | None = None
    place: int | None = Field(None, ge=1, description="From 1.")


class FieldIn(Body):
    name: str
    kind: str = Field(description=f"{KIND_IN_WORDS} It cannot be changed later.")
    team: uuid.UUID | None = Field(None, description="Whose; null: the whole organisation's.")
    help: str = ""
    options: list[str] = Field([], description="Of a choice.")
    is_required: bool = Field(False, description="Before a person resolves an incident.")


class FieldChangeIn(Body):
    """What is left out, or null, stays."""

    name: str | None = None
    help: str | None = None
    options: list[str] | None = Field(
        None, description="All that are offered. What is taken away stays where it was chosen."
    )
    is_required: bool | None = None


class FieldTeam(Schema):
    unique_id: uuid.UUID
    name: str


class FieldOut(Schema):
    unique_id: uuid.UUID
    name: str
    kind: str = Field(description=KIND_IN_WORDS)
    team: FieldTeam | None = Field(description="Null: the whole organisation's.")
    help: str
    options: list[str]
    is_required: bool
    created_at: datetime
    archived_at: datetime | None

    @staticmethod
    def resolve_options(field: IncidentField) -> Any:
        return field.options


class SummaryVersionOut(Schema):
    number: int
    text: str = Field(description="Markdown.")
    written_by: str = Field(description="A name, as it was then; empty for what came with an alert.")
    written_at: datetime
    restored_from: int | None = Field(description="The version that was brought back.")

    @staticmethod
    def resolve_written_by(version: SummaryVersion) -> str:
        return version.written_by_name


class SuggestionOut(Schema):
    unique_id: uuid.UUID = Field(description="Of the person.")
    name: str
    entries: int = Field(description="How many lines of the timeline are theirs.")
