"""The shapes of severities and incident types in the API."""

from __future__ import annotations

from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.schemas.refs import COLOUR, COLOUR_CHANGE, ArchivableOut
from afterword.lib.bodies import Body

RANK_IN_WORDS = "Its place among the others, from 1; of severities the worst."


class IncidentTypeIn(Body):
    name: str = Field(max_length=NAME_LENGTH_MAX)
    description: str = Field("", max_length=SUMMARY_LENGTH_MAX)
    rank: int | None = Field(None, description=f"{RANK_IN_WORDS} Left out: the last.")


class SeverityIn(IncidentTypeIn):
    colour: str = COLOUR


class IncidentTypeChangeIn(Body):
    """What is left out, or null, stays as it is."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    description: str | None = Field(None, max_length=SUMMARY_LENGTH_MAX)
    rank: int | None = Field(None, description=RANK_IN_WORDS)


class SeverityChangeIn(IncidentTypeChangeIn):
    """What is left out, or null, stays as it is."""

    colour: str | None = COLOUR_CHANGE


class IncidentTypeOut(ArchivableOut):
    description: str
    rank: int = Field(description="The lowest stands first.")


class SeverityOut(IncidentTypeOut):
    colour: str = Field(description="The name of the colour that it has on the pages.")
    colour_value: str = Field(description="The colour as other programs know it: `#dc2626`.")
