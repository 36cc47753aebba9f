"""The shapes of tags in the API."""

from __future__ import annotations

from uuid import UUID

from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX
from afterword.catalog.schemas.refs import COLOUR, COLOUR_CHANGE, TEAM, ColouredOut
from afterword.lib.bodies import Body


class TagIn(Body):
    team: UUID = TEAM
    name: str = Field(max_length=NAME_LENGTH_MAX)
    colour: str = COLOUR


class TagChangeIn(Body):
    """What is left out, or null, stays as it is."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    colour: str | None = COLOUR_CHANGE


class TagOut(ColouredOut):
    pass
