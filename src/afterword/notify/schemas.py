"""What the API takes and gives about messages to stakeholders."""

from __future__ import annotations

import uuid
from datetime import datetime

from ninja import Schema
from pydantic import Field

from afterword.incidents.models import StakeholderDelivery, StakeholderMessage
from afterword.lib.bodies import Body

RECIPIENTS_LISTED_MAX = 500


class MessageIn(Body):
    """At least one of `people`, `teams` and `emails` names somebody."""

    subject: str
    body: str = Field(description="Markdown.")
    time_zone: str = Field("UTC", description="In which the mail tells times, as in Europe/Berlin.")
    people: list[uuid.UUID] = Field([], max_length=RECIPIENTS_LISTED_MAX)
    teams: list[uuid.UUID] = Field([], max_length=RECIPIENTS_LISTED_MAX)
    emails: list[str] = Field([], max_length=RECIPIENTS_LISTED_MAX)


class DeliveryOut(Schema):
    """A message on its way to one address."""

    id: int
    email: str
    person: uuid.UUID | None
    state: str = Field(description="waiting, sent or failed")
    attempts: int
    next_attempt_at: datetime | None = Field(description="While it waits.")
    sent_at: datetime | None
    error: str = Field(description="Why it failed, or why it waits. Empty: all is well.")

    @staticmethod
    def resolve_person(delivery: StakeholderDelivery) -> uuid.UUID | None:
        return delivery.person.unique_id if delivery.person else None

    @staticmethod
    def resolve_next_attempt_at(delivery: StakeholderDelivery) -> datetime | None:
        return delivery.next_attempt_at if delivery.state == "waiting" else None


class MessageOut(Schema):
    unique_id: uuid.UUID
    subject: str
    body: str = Field(description="Markdown.")
    time_zone: str
    created_at: datetime
    created_by: uuid.UUID | None = Field(description="Who wrote it, or whom an alert named as its writer.")
    alert: str | None = Field(description="The alert that asked for it.")
    deliveries: list[DeliveryOut]

    @staticmethod
    def resolve_created_by(message: StakeholderMessage) -> uuid.UUID | None:
        return message.created_by.unique_id if message.created_by else None

    @staticmethod
    def resolve_alert(message: StakeholderMessage) -> str | None:
        return message.alert.unique_id if message.alert else None

    @staticmethod
    def resolve_deliveries(message: StakeholderMessage) -> list[StakeholderDelivery]:
        return list(message.deliveries.all())
