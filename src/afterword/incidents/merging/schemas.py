"""What the API takes and gives about merged and related incidents."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from afterword.incidents.merging.reads import ShownMerge
from afterword.incidents.models import Incident
from afterword.incidents.related.reads import RelatedIncident
from afterword.lib.bodies import Body


class IncidentReference(Schema):
    """Another incident, in short."""

    unique_id: str
    number: int
    title: str
    status: str = Field(description="triggered, acknowledged, resolved or merged")
    service: str = Field(description="The service's name.")
    is_private: bool
    started_at: datetime

    @staticmethod
    def resolve_service(incident: Incident) -> str:
        return incident.service.name


class MergeIn(Body):
    into: str = Field(description="The number or the unique id of the incident that it becomes a part of.")
    reason: str = ""


class MergeOut(Schema):
    """Where a merged incident has gone."""

    into: IncidentReference | None = Field(description="Null: you do not see that incident.")
    reason: str
    merged_by: uuid.UUID | None
    merged_at: datetime

    @staticmethod
    def resolve_into(shown: ShownMerge) -> Any:
        return shown.target

    @staticmethod
    def resolve_reason(shown: ShownMerge) -> str:
        return shown.merge.reason if shown.target else ""

    @staticmethod
    def resolve_merged_by(shown: ShownMerge) -> uuid.UUID | None:
        return shown.merge.merged_by.unique_id if shown.merge.merged_by else None

    @staticmethod
    def resolve_merged_at(shown: ShownMerge) -> datetime:
        return shown.merge.merged_at


class RelationIn(Body):
    other: str = Field(description="The number or the unique id of the other incident.")
    reason: str = ""


class RelationOut(Schema):
    """A link between two incidents. It has no direction."""

    incident: IncidentReference
    reason: str
    made_by: uuid.UUID | None
    made_at: datetime

    @staticmethod
    def resolve_reason(related: RelatedIncident) -> str:
        return related.relation.reason

    @staticmethod
    def resolve_made_by(related: RelatedIncident) -> uuid.UUID | None:
        return related.relation.made_by.unique_id if related.relation.made_by else None

    @staticmethod
    def resolve_made_at(related: RelatedIncident) -> datetime:
        return related.relation.made_at


class SuggestionOut(Schema):
    """An incident that may have to do with this one."""

    incident: IncidentReference
    reasons: list[str] = Field(description="What they have in common.")
