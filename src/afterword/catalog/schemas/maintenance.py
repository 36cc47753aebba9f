"""The shapes of maintenance windows in the API."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema
from pydantic import AwareDatetime, Field

from afterword.catalog.models import NAME_LENGTH_MAX, Repeat
from afterword.catalog.schemas.refs import TEAM, Ref, TeamRef
from afterword.lib.bodies import Body

SERVICES_IN_WORDS = "The `unique_id`s of services of the team."
START_IN_WORDS = "The first time. A repetition keeps its time of day in `time_zone`."
UNTIL_IN_WORDS = "No repetition begins after it. Null: for ever."


class MaintenanceWindowIn(Body):
    """While it is active, alerts of its services open no incident."""

    team: UUID = TEAM
    name: str = Field(max_length=NAME_LENGTH_MAX)
    services: list[UUID] = Field(description=SERVICES_IN_WORDS)
    starts_at: AwareDatetime = Field(description=START_IN_WORDS)
    ends_at: AwareDatetime
    time_zone: str = Field("UTC", description="As in `Europe/Berlin`.")
    repeats: Repeat = Repeat.ONCE
    repeat_until: AwareDatetime | None = Field(None, description=UNTIL_IN_WORDS)


class MaintenanceWindowChangeIn(Body):
    """What is left out stays as it is; null for `repeat_until` lets it repeat for ever."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    services: list[UUID] | None = Field(None, description=SERVICES_IN_WORDS)
    starts_at: AwareDatetime | None = Field(None, description=START_IN_WORDS)
    ends_at: AwareDatetime | None = None
    time_zone: str | None = None
    repeats: Repeat | None = None
    repeat_until: AwareDatetime | None = Field(None, description=UNTIL_IN_WORDS)


class MaintenanceWindowOut(Schema):
    unique_id: UUID
    team: TeamRef
    name: str
    services: list[Ref]
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    repeats: Repeat
    repeat_until: datetime | None
    state: Literal["active", "upcoming", "ended"]
    words: str = Field(description="As in `Every Tuesday 02:00–04:00 Europe/Berlin until 1 March 2027`.")
    active_until: datetime | None = Field(description="When it ends this time; null when it is not active.")
    next_starts_at: datetime | None = Field(description="When it begins the next time.")
    created_at: datetime
