"""The shapes of on-call schedules in the API."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from ninja import Schema
from pydantic import Field

from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.schemas.refs import TEAM, OwnedOut, Ref
from afterword.lib.bodies import Body

PEOPLE_IN_WORDS = "The `unique_id` of each person, in the order of their turns of a week."
WEEKDAY_IN_WORDS = "On which turns end: 0 is Monday, 6 is Sunday."
ZONE_IN_WORDS = "As in Europe/Berlin; day and time of the handover are meant in it."


class OnCallScheduleIn(Body):
    team: UUID = TEAM
    name: str = Field(max_length=NAME_LENGTH_MAX)
    summary: str = Field("", max_length=SUMMARY_LENGTH_MAX)
    people: list[UUID] = Field(description=PEOPLE_IN_WORDS)
    time_zone: str = Field("UTC", description=ZONE_IN_WORDS)
    starts_on: date = Field(description="The day on which the first turn begins, at the time of handover.")
    handover_weekday: int = Field(0, description=WEEKDAY_IN_WORDS)
    handover_time: time = Field(time(9), description="As in 09:00.")


class OnCallScheduleChangeIn(Body):
    """What is left out, or null, stays as it is. `people` replaces all of them."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    summary: str | None = Field(None, max_length=SUMMARY_LENGTH_MAX)
    people: list[UUID] | None = Field(None, description=PEOPLE_IN_WORDS)
    time_zone: str | None = Field(None, description=ZONE_IN_WORDS)
    starts_on: date | None = None
    handover_weekday: int | None = Field(None, description=WEEKDAY_IN_WORDS)
    handover_time: time | None = None


class ShiftOut(Schema):
    person: Ref | None = Field(description="Null: nobody is on call then.")
    starts_at: datetime
    ends_at: datetime
    is_override: bool


class OnCallScheduleOut(OwnedOut):
    summary: str
    people: list[Ref]
    time_zone: str
    starts_on: date
    handover_weekday: int
    handover_time: time
    on_call_now: Ref | None


class OverrideIn(Body):
    person: UUID
    starts_at: datetime
    ends_at: datetime


class OverrideOut(Schema):
    unique_id: UUID
    person: Ref
    starts_at: datetime
    ends_at: datetime
    created_at: datetime
