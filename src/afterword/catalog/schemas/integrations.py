"""The shapes of integrations in the API."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX, IntegrationKind
from afterword.lib.bodies import Body

LIMIT_IN_WORDS = (
    "How many alerts a minute it takes; more are answered with 429. 0: any number. "
    "Null: what the settings say."
)


class IntegrationIn(Body):
    name: str = Field(max_length=NAME_LENGTH_MAX)
    kind: IntegrationKind = IntegrationKind.GENERIC


class IntegrationChangeIn(Body):
    """What is left out stays as it is."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    is_enabled: bool | None = None
    signals_per_minute_max: int | None = Field(None, description=f"{LIMIT_IN_WORDS} Null sets it back.")


class IntegrationOut(Schema):
    unique_id: UUID
    service: UUID
    name: str
    kind: IntegrationKind
    is_enabled: bool
    signals_per_minute_max: int | None = Field(description=LIMIT_IN_WORDS)
    webhook_url: str | None = Field(description="Where alerts are sent to. Null for those who may only read.")
    created_at: datetime


class IntegrationWithSecretOut(IntegrationOut):
    """As it is told once, when the secret was made."""

    secret: str | None = Field(
        description="What its sender signs with; it is never told again. Null for a kind that does not sign."
    )
