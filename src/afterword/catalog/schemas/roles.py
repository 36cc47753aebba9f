"""The shapes of incident roles in the API."""

from __future__ import annotations

from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.schemas.refs import ArchivableOut
from afterword.lib.bodies import Body

RANK_IN_WORDS = "Its place among the others, from 1."


class IncidentRoleIn(Body):
    name: str = Field(max_length=NAME_LENGTH_MAX)
    description: str = Field("", max_length=SUMMARY_LENGTH_MAX)
    is_single: bool = Field(False, description="One person at a time: the next takes it over.")
    rank: int | None = Field(None, description=f"{RANK_IN_WORDS} Left out: the last.")


class IncidentRoleChangeIn(Body):
    """What is left out, or null, stays as it is."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    description: str | None = Field(None, max_length=SUMMARY_LENGTH_MAX)
    is_single: bool | None = Field(None, description="The same.")
    rank: int | None = Field(None, description=RANK_IN_WORDS)


class IncidentRoleOut(ArchivableOut):
    description: str
    rank: int = Field(description="The lowest stands first.")
    is_single: bool
    meaning: str = Field(description="lead, reporter, participant or observer; empty for your own.")
