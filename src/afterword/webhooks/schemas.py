"""What the API of outgoing webhooks takes and answers."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ninja import Field, Schema

from afterword.lib.bodies import Body
from afterword.webhooks.models import Delivery, Endpoint


class EventTypeOut(Schema):
    name: str
    when: str


class TeamReference(Schema):
    unique_id: uuid.UUID
    name: str


class EndpointIn(Body):
    url: str = Field(description="https, or http. It is encrypted, and only its host is answered.")
    description: str = ""
    event_types: list[str] | None = Field(None, description="Names of events; null: all, also later ones.")
    teams: list[uuid.UUID] | None = Field(None, description="Whose incidents; null: all.")
    includes_private: bool = False
    is_active: bool = True


class EndpointChangeIn(Body):
    url: str | None = None
    description: str | None = None
    event_types: list[str] | None = Field(None, description="null: all. Left out: as they are.")
    teams: list[uuid.UUID] | None = Field(None, description="null: all. Left out: as they are.")
    includes_private: bool | None = None
    is_active: bool | None = None


class EndpointFacts(Schema):
    unique_id: uuid.UUID
    host: str
    description: str
    event_types: list[str] | None = Field(description="null: all, also those of later versions.")
    teams: list[TeamReference] | None = Field(description="null: all.")
    includes_private: bool
    is_active: bool
    switched_off_at: datetime | None = Field(description="When it was switched off because it kept failing.")
    failing_since: datetime | None
    old_secret_until: datetime | None = Field(description="Until when requests carry two signatures.")
    created_at: datetime


class EndpointOut(EndpointFacts):
    @staticmethod
    def resolve_event_types(endpoint: Endpoint) -> Any:
        return None if endpoint.all_events else endpoint.event_types

    @staticmethod
    def resolve_teams(endpoint: Endpoint) -> Any:
        return None if endpoint.all_teams else list(endpoint.teams.all())


class EndpointWithSecretOut(EndpointFacts):
    secret: str = Field(description="It is answered this once.")


class SecretIn(Body):
    at_once: bool = Field(False, description="Whether the old one stops working now, as when it leaked.")


class AttemptOut(Schema):
    at: datetime
    milliseconds: int
    status: int | None = Field(description="Of HTTP; null when there was no answer.")
    error: str
    answer: str = Field(description="Its beginning. Empty for what is about a private incident.")


class DeliveryOut(Schema):
    unique_id: uuid.UUID
    message_id: str = Field(description="The header webhook-id, the same at every attempt.")
    type: str
    state: str = Field(description="waiting, sent or failed")
    created_at: datetime
    next_attempt_at: datetime | None
    error: str
    body: str | None = Field(description="What is sent; null for what is about a private incident.")
    attempts: list[AttemptOut]

    @staticmethod
    def resolve_message_id(delivery: Delivery) -> str:
        return delivery.event.message_id

    @staticmethod
    def resolve_type(delivery: Delivery) -> str:
        return delivery.event.type

    @staticmethod
    def resolve_next_attempt_at(delivery: Delivery) -> datetime | None:
        return delivery.next_attempt_at if delivery.state == "waiting" else None

    @staticmethod
    def resolve_body(delivery: Delivery) -> str | None:
        return None if delivery.event.is_private else delivery.event.body

    @staticmethod
    def resolve_attempts(delivery: Delivery) -> Any:
        return [
            AttemptOut(
                at=one.at,
                milliseconds=one.milliseconds,
                status=one.status,
                error=one.error,
                answer="" if delivery.event.is_private else one.answer,
            )
            for one in delivery.tries.all()
        ]
