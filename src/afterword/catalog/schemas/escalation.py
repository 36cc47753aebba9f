"""The shapes of escalation policies in the API."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.schemas.refs import TEAM, OwnedOut
from afterword.lib.bodies import Body

DELAY = Field(0, description="Minutes after the incident was opened, or after the level before it.")
REPEATS_IN_WORDS = "How often it begins again after its last level."


class TargetIn(Body):
    kind: Literal["person", "team", "schedule"]
    unique_id: UUID = Field(
        description="Of a member of the policy's team, of a team that you see, or of a schedule of its team."
    )


class LevelIn(Body):
    delay_minutes: int = DELAY
    targets: list[TargetIn]
    takes_turns: bool = Field(
        False, description="Round robin: it calls one of its people, each time the next one."
    )


class EscalationPolicyIn(Body):
    team: UUID = TEAM
    name: str = Field(max_length=NAME_LENGTH_MAX)
    summary: str = Field("", max_length=SUMMARY_LENGTH_MAX)
    repeats: int = Field(0, description=REPEATS_IN_WORDS)
    levels: list[LevelIn] = Field(description="In their order.")


class EscalationPolicyChangeIn(Body):
    """What is left out, or null, stays as it is. `levels` replaces all of them."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    summary: str | None = Field(None, max_length=SUMMARY_LENGTH_MAX)
    repeats: int | None = Field(None, description=REPEATS_IN_WORDS)
    levels: list[LevelIn] | None = None


class TargetOut(Schema):
    kind: Literal["person", "team", "schedule"]
    unique_id: UUID
    name: str


class LevelOut(Schema):
    delay_minutes: int
    targets: list[TargetOut]
    takes_turns: bool


class EscalationPolicyOut(OwnedOut):
    summary: str
    repeats: int
    levels: list[LevelOut]
