"""The shapes of signals in the API."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from afterword.ingest.fates.rules import Fate


class SignalOut(Schema):
    """What was accepted, and what became of it."""

    trace_id: UUID
    state: Fate
    received_at: datetime
    folded_at: datetime | None = Field(description="Null while it waits.")
    took_milliseconds: int | None = Field(description="From acceptance to fold.")
    entity_id: str = Field(description="Empty where the sender named none.")
    message: str = Field(description="Of its alert, or the title of its change.")
    alert_type: str
    alert: str = Field(description="The unique id of its alert; empty without one.")
    change: str = Field(description="The unique id of its change; empty without one.")
    incident_number: int | None = Field(description="Null without one, and for one that is not yours to see.")
    error: str = Field(description="Why it became nothing; empty for one that has not failed.")
    failure: str = Field(description="refused, maintenance or fault; empty for one that has not failed.")
    retried_at: datetime | None = Field(description="When it was run again.")
    rerun_trace_id: UUID | None = Field(description="The signal as which it was run again.")


class SignalDetailOut(SignalOut):
    remarks: list[str] = Field(description="What was ignored and why, and which rules changed the alert.")
    body: str | None = Field(
        description="As it was sent, while it is kept. Null for those who may only read: it may hold secrets."
    )


class RerunOut(Schema):
    trace_id: UUID = Field(description="Of the new signal.")
