"""What the shapes of the catalogue have in common."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from afterword.catalog.colours import NAMES

COLOUR_IN_WORDS = f"One of {', '.join(NAMES)}; or a value as `#dc2626`, shown in the nearest of these."


class TeamRef(Schema):
    unique_id: UUID
    name: str


class Ref(Schema):
    """A thing by its id, with the name that it has now."""

    unique_id: UUID
    name: str


class ArchivableOut(Schema):
    unique_id: UUID = Field(description="What an alert names it by.")
    name: str
    created_at: datetime
    archived_at: datetime | None = Field(description="Since when it is no longer offered; null while it is.")


class OwnedOut(ArchivableOut):
    team: TeamRef


class ColouredOut(OwnedOut):
    colour: str = Field(description="The name of the colour that it has on the pages.")
    colour_value: str = Field(description="The colour as other programs know it: `#dc2626`.")


TEAM = Field(description="The `unique_id` of the team that owns it.")
COLOUR = Field("grey", description=COLOUR_IN_WORDS)
COLOUR_CHANGE = Field(None, description=COLOUR_IN_WORDS)
