"""The API of the record check."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.postmortems.reads import get_postmortem

if TYPE_CHECKING:
    from afterword.drafting.record.facts import RecordFinding
    from afterword.drafting.record.reads import SectionRecord

router = Router(tags=["Record check"])


class RecordFindingOut(Schema):
    """Some words of a section that the record says otherwise."""

    section: uuid.UUID
    section_title: str
    kind: str = Field(description="time, date, weekday, duration, count, severity, service or version")
    start: int = Field(description="The first character, counted from 0 in the section's text.")
    end: int = Field(description="Behind the last one.")
    text: str
    expected: str = Field(description="What the record says.")
    message: str
    suggestion: str = Field(description="What can stand in their place; empty where that is not sure.")
    url: str = Field(description="Where the record says it; empty where you do not see that.")


@router.get(
    "/{int:number}/record-check",
    response=list[RecordFindingOut],
    summary="Hold a post-mortem against the record",
)
def check(request: HttpRequest, number: int) -> list[RecordFindingOut]:
    """What its written sections say otherwise than the record, in their order. Times are read in UTC."""
    from afterword.drafting.record import reads

    actor = caller_of(request).person
    return [
        _told(part, one)
        for part in reads.findings_of(actor, get_postmortem(actor, number))
        for one in part.findings
    ]


def _told(part: SectionRecord, one: RecordFinding) -> RecordFindingOut:
    return RecordFindingOut(
        section=part.section.unique_id,
        section_title=part.section.title,
        kind=one.kind,
        start=one.start,
        end=one.end,
        text=one.text,
        expected=one.expected,
        message=one.message,
        suggestion=one.suggestion,
        url=f"{settings.PUBLIC_URL}{one.url}" if one.url else "",
    )
