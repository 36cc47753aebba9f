"""The shapes of priorities in the API."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.schemas.refs import COLOUR, COLOUR_CHANGE, TEAM, ColouredOut
from afterword.lib.bodies import Body

RANK_IN_WORDS = "Its place among the team's, from 1, the most urgent."


class PriorityIn(Body):
    team: UUID = TEAM
    name: str = Field(max_length=NAME_LENGTH_MAX)
    description: str = Field("", max_length=SUMMARY_LENGTH_MAX)
    colour: str = COLOUR
    rank: int | None = Field(None, description=f"{RANK_IN_WORDS} Left out: the last.")


class PriorityChangeIn(Body):
    """What is left out, or null, stays as it is."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    description: str | None = Field(None, max_length=SUMMARY_LENGTH_MAX)
    colour: str | None = COLOUR_CHANGE
    rank: int | None = Field(None, description=RANK_IN_WORDS)


class PriorityOut(ColouredOut):
    description: str
    rank: int = Field(description="The lowest is the most urgent of the team's.")
