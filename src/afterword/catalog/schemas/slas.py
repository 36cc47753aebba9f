"""The shapes of SLAs in the API."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.schemas.refs import TEAM, OwnedOut
from afterword.lib.bodies import Body

ACKNOWLEDGE_IN_WORDS = "From the incident's creation. Null: no promise."
ACTIVE_IN_WORDS = "An inactive one is ignored when an alert names it."


class SlaIn(Body):
    """It promises at least one of the two times."""

    team: UUID = TEAM
    name: str = Field(max_length=NAME_LENGTH_MAX)
    description: str = Field("", max_length=SUMMARY_LENGTH_MAX)
    is_active: bool = Field(True, description=ACTIVE_IN_WORDS)
    acknowledge_minutes: int | None = Field(None, description=ACKNOWLEDGE_IN_WORDS)
    resolve_minutes: int | None = Field(None, description=ACKNOWLEDGE_IN_WORDS)


class SlaChangeIn(Body):
    """What is left out stays as it is; null takes a promise away."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    description: str | None = Field(None, max_length=SUMMARY_LENGTH_MAX)
    is_active: bool | None = Field(None, description=ACTIVE_IN_WORDS)
    acknowledge_minutes: int | None = Field(None, description=ACKNOWLEDGE_IN_WORDS)
    resolve_minutes: int | None = Field(None, description=ACKNOWLEDGE_IN_WORDS)


class SlaOut(OwnedOut):
    description: str
    is_active: bool
    acknowledge_minutes: int | None
    resolve_minutes: int | None
