"""How programs narrow the list of post-mortems. Days are those of the time zone UTC."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, ClassVar

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from afterword.postmortems.searching.reads import PostmortemFilter, Span

FIELD_PREFIX = "field."
FormatParameter = Annotated[str, Query(description="pdf or markdown")]


class FilterParameters(Schema):
    """What the list can be narrowed to."""

    OPEN_PREFIX: ClassVar[str] = FIELD_PREFIX

    text: str = Field("", description='Words that must all be there, "a phrase", -without; or a number.')
    team: uuid.UUID | None = None
    service: uuid.UUID | None = Field(None, description="Of one of its incidents.")
    status: str = Field("", description="draft, in_review, approved or published")
    author: uuid.UUID | None = None
    owner: uuid.UUID | None = None
    severity: str = Field("", description="The name or the unique id of an incident's severity.")
    incident_type: str = Field("", description="The name or the unique id of an incident's type.")
    created_from: date | None = None
    created_to: date | None = Field(None, description="That day is included, here and below.")
    published_from: date | None = None
    published_to: date | None = None
    incident_from: date | None = Field(None, description="When one of its incidents began.")
    incident_to: date | None = None

    def wanted(self, request: HttpRequest) -> PostmortemFilter:
        """With the custom fields, which stand in the address as `field.SLUG`."""
        fields = {
            name.removeprefix(FIELD_PREFIX): str(value)
            for name, value in request.GET.items()
            if name.startswith(FIELD_PREFIX)
        }
        return PostmortemFilter(
            text=self.text,
            team=self.team,
            service=self.service,
            status=self.status,
            author=self.author,
            owner=self.owner,
            severity=self.severity,
            incident_type=self.incident_type,
            created=_span(self.created_from, self.created_to),
            published=_span(self.published_from, self.published_to),
            incident=_span(self.incident_from, self.incident_to),
            fields=fields,
        )


def _span(first: date | None, last: date | None) -> Span:
    since = datetime.combine(first, time(), tzinfo=UTC) if first else None
    before = (
        datetime.combine(last + timedelta(days=1), time(), tzinfo=UTC) if last and last < date.max else None
    )
    return Span(since, before)
