"""`/api/v1/postmortems/imports`: old post-mortems, sent by a program as Markdown."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.accounts.reads import get_team
from afterword.lib.bodies import Body
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems.importing import writes
from afterword.postmortems.importing.markdown import FILE_BYTES_MAX
from afterword.postmortems.importing.sources import NAME_CHARACTERS_MAX, clean_name, sort_out

router = Router(tags=["Post-mortems"])
FILES_MAX = 100
"""Of one request; the body's own limit may come first."""


class FileIn(Body):
    name: str = Field(
        description="Its path where it comes from: the same one is not taken twice.",
        min_length=1,
        max_length=NAME_CHARACTERS_MAX,
    )
    text: str = Field(description=f"Markdown, at most {FILE_BYTES_MAX // 1024} KB.")


class ImportIn(Body):
    team: uuid.UUID = Field(
        description="The team that they go to, unless a file's front matter names another."
    )
    files: list[FileIn] = Field(description="At most 100.")
    is_trial: bool = Field(False, description="Tell what would be imported, and keep nothing.")


class GuessedSectionOut(Schema):
    title: str
    recognised_as: str = Field(description="The section of the standard template; empty for none.")


class OutcomeOut(Schema):
    """What became of one file."""

    file: str
    result: str = Field(description="imported, changed, unchanged, skipped or failed")
    reason: str
    number: int | None = Field(description="Of the post-mortem, where there is one that you may see.")
    title: str
    date: datetime | None
    sections: list[GuessedSectionOut]
    notes: list[str] = Field(description="What the file says that was left as it is.")


class ReportOut(Schema):
    """What became of each file: the same as `afterword import postmortems --json` prints."""

    dry_run: bool
    team: str
    counts: dict[str, int]
    failed: bool
    files: list[OutcomeOut]


@router.post("/imports", response=ReportOut, summary="Import post-mortems")
def import_postmortems(request: HttpRequest, given: ImportIn) -> dict[str, Any]:
    """Each file by itself: one that fails leaves the others alone, and the report says why.

    What is no Markdown, or by its name a README or a licence, is left out.
    """
    if not 1 <= len(given.files) <= FILES_MAX:
        raise InvalidInput(fields={"files": f"Please send 1 to {FILES_MAX} files at once."})
    actor = caller_of(request).person
    try:
        team = get_team(actor, given.team)
    except NotFound as error:
        raise InvalidInput(fields={"team": f"There is no team {given.team}."}) from error
    report = writes.import_files(
        actor=actor,
        team=team,
        files=[sort_out(clean_name(file.name), file.text.encode(errors="replace")) for file in given.files],
        is_trial=given.is_trial,
    )
    return report.as_json(team.name)
