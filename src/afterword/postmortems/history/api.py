"""`/api/v1/postmortems/{number}/writers`: who wrote what. Who reads a post-mortem reads its history."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.history import reads
from afterword.postmortems.history.authorship import Line
from afterword.postmortems.models import Postmortem
from afterword.postmortems.review.api import RevisionOut

router = Router(tags=["Post-mortems"])


class WrittenOut(Schema):
    """Some words of one line."""

    line: int = Field(description="Of the section's text, from 1.")
    text: str
    revision: int = Field(description="The one that they came with.")


class SectionWritersOut(Schema):
    section: uuid.UUID
    title: str
    written: list[WrittenOut] = Field(description="The whole text, in order; empty lines are left out.")


class WritersOut(Schema):
    """Who wrote what of the texts as they stand. What was restored, moved or merged stays with the revision
    that first had it."""

    revisions: list[RevisionOut] = Field(description="Those that something came with, oldest first.")
    oldest: int = Field(description="The oldest revision that was read: what came with it may be older.")
    sections: list[SectionWritersOut]


@router.get("/{int:number}/writers", response=WritersOut, summary="See who wrote what")
def get_writers(request: HttpRequest, number: int) -> dict[str, Any]:
    """Of each section's present text, by line, and by word where a line was rewritten."""
    found = reads.writers_of(_postmortem(request, number))
    return {
        "revisions": [found.revisions[key] for key in sorted(found.revisions)],
        "oldest": found.oldest,
        "sections": [
            {
                "section": section.unique_id,
                "title": section.title,
                "written": _written([line for passage in section.passages for line in passage.lines]),
            }
            for section in found.sections
        ],
    }


def _written(lines: list[Line]) -> list[dict[str, Any]]:
    return [
        {"line": place, "text": run.text, "revision": run.revision}
        for place, line in enumerate(lines, 1)
        for run in line
        if run.text
    ]


def _postmortem(request: HttpRequest, number: int) -> Postmortem:
    return postmortem_reads.get_postmortem(caller_of(request).person, number)
