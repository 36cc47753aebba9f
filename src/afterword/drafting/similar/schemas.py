"""What the API takes and gives about what was seen before."""

from __future__ import annotations

import uuid
from datetime import datetime

from ninja import Schema
from pydantic import Field

from afterword.drafting.similar.models import ConfirmedRepeat
from afterword.drafting.similar.reads import Similar
from afterword.incidents.merging.schemas import IncidentReference
from afterword.lib.bodies import Body


class SimilarPostmortem(Schema):
    number: int
    title: str
    status: str


class OpenFollowUp(Schema):
    """A follow-up that is not completed."""

    unique_id: uuid.UUID
    title: str
    priority: str
    status: str


class SimilarOut(Schema):
    """Something that was seen before."""

    title: str
    at: datetime = Field(description="When it began.")
    incident: IncidentReference | None = Field(description="Null: only the post-mortem is known, or seen.")
    postmortem: SimilarPostmortem | None
    reasons: list[str] = Field(description="In words, what it has in common with what was asked for.")
    follow_ups: list[OpenFollowUp] = Field(description="The most urgent of those that are still open.")
    more_follow_ups: int = Field(description="How many more of them you see.")
    repeat: uuid.UUID | None = Field(description="Of the confirmation that the cause was the same.")

    @staticmethod
    def resolve_repeat(one: Similar) -> uuid.UUID | None:
        return one.repeat.unique_id if one.repeat else None


class RepeatIn(Body):
    """One of the two."""

    incident: str = Field("", description="The number or the unique id of the earlier incident.")
    postmortem: int | None = Field(
        None, description="The number of a post-mortem, of what happened before there were incidents here."
    )


class RepeatOut(Schema):
    """That an incident had the same cause as something before it."""

    unique_id: uuid.UUID
    incident: int = Field(description="Its number.")
    earlier_incident: int | None = Field(description="The number of the one that it repeats.")
    earlier_postmortem: int | None
    confirmed_by: uuid.UUID | None
    confirmed_at: datetime

    @staticmethod
    def resolve_incident(repeat: ConfirmedRepeat) -> int:
        return repeat.incident.number

    @staticmethod
    def resolve_earlier_incident(repeat: ConfirmedRepeat) -> int | None:
        return repeat.earlier_incident.number if repeat.earlier_incident else None

    @staticmethod
    def resolve_earlier_postmortem(repeat: ConfirmedRepeat) -> int | None:
        return repeat.earlier_postmortem.number if repeat.earlier_postmortem else None

    @staticmethod
    def resolve_confirmed_by(repeat: ConfirmedRepeat) -> uuid.UUID | None:
        return repeat.confirmed_by.unique_id if repeat.confirmed_by else None
