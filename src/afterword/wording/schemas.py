"""What the API takes and gives about words. Offsets count characters, lines and columns count from 1."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from afterword.language import Finding, Kind
from afterword.lib.bodies import Body
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX
from afterword.postmortems.schemas import PersonReference
from afterword.wording.models import WordingSettings
from afterword.wording.reads import DocumentFindings, Remark, SectionFindings

PLACES = "section, title, field, summary or follow_up"
SECTION = "The unique id of the section, or of the title, field, summary or follow-up, as findings have it."

LevelName = Literal["error", "warning", "info"]


class FindingOut(Schema):
    """Some words, and what to say about them."""

    kind: str = Field(description="blame or clarity")
    category: str = Field(description="Its page is at /help/wording/ and this name.")
    severity: str = Field(description="error, warning or info")
    target: str = Field(description="person, role, team, self or none")
    start: int = Field(description="Where the words begin, in characters from 0.")
    end: int = Field(description="Behind the last character.")
    line: int = Field(description="From 1, as column, end_line and end_column.")
    column: int
    end_line: int
    end_column: int
    text: str
    message: str
    suggestions: list[str] = Field(description="Each could stand in the place of the words.")
    question: str = Field(description="What to ask instead, where no rewrite reads right.")


class TextIn(Body):
    text: str = Field(max_length=SECTION_TEXT_BYTES_MAX)
    markdown: bool = Field(
        True, description="Whether code, quotes and links are left out, as Markdown marks them."
    )


class TextFindingsOut(Schema):
    """What is found in a text, by where it starts."""

    findings: list[FindingOut]


class MuteOut(Schema):
    """Why some words may stand although they are a finding."""

    unique_id: uuid.UUID
    place: str = Field(description=PLACES)
    section: uuid.UUID = Field(description=SECTION)
    section_title: str = Field(description="As it was called then.")
    category: str
    quote: str
    reason: str
    made_at: datetime
    made_by: PersonReference | None


class MuteIn(Body):
    section: uuid.UUID = Field(description=SECTION)
    category: str = Field(max_length=100)
    quote: str = Field(max_length=2_000, description="The words, as `text` of the finding has them.")
    before: str = Field("", max_length=1_000, description="What stands before them, where they stand twice.")
    after: str = Field("", max_length=1_000, description="What stands behind them, where they stand twice.")
    reason: str


class SectionFindingOut(FindingOut):
    """A finding in a section of a post-mortem, or in what else people write in it."""

    place: str = Field(description=PLACES)
    section: uuid.UUID = Field(description=SECTION)
    section_title: str
    mute: MuteOut | None = Field(description="The reason that somebody gave, if anybody did.")


class CountOut(Schema):
    open: int
    muted: int


class DocumentFindingsOut(Schema):
    """What is found in what people wrote in a post-mortem, by section and where it starts."""

    counts: dict[str, CountOut] = Field(description="By kind, of all findings.")
    findings: list[SectionFindingOut]
    next: str | None = Field(description="The cursor of the findings behind these, if there are any.")


class FlaggedTerm(Schema):
    term: str
    why: str = ""


class KnownAcronym(Schema):
    acronym: str
    meaning: str = ""


class SettingsOut(Schema):
    """What the check looks for, and what the organisation asks of words."""

    language: str = Field(description="en or de")
    kinds: list[str] = Field(description="What it looks for: blame, clarity.")
    off: list[str] = Field(description="Categories that it does not look for.")
    severities: dict[str, str] = Field(description="By category, where it is not the usual one.")
    flagged: list[FlaggedTerm] = Field(description="Terms to avoid.")
    allowed: list[str] = Field(description="Terms that are never a finding.")
    acronyms: list[KnownAcronym] = Field(
        description="Abbreviations that need no explanation, as those in names of teams, services and tags."
    )
    names: list[str] = Field(description="Names of people beside those who are known here.")
    requires_reasons: bool = Field(
        description="Whether findings of blame are gone or have a reason before anybody approves."
    )

    @staticmethod
    def resolve_kinds(settings: WordingSettings) -> list[str]:
        return [str(kind) for kind in Kind if kind.value not in settings.kinds_off]

    @staticmethod
    def resolve_acronyms(settings: WordingSettings) -> list[dict[str, str]]:
        return [{"acronym": term, "meaning": meaning} for term, meaning in settings.known_acronyms]

    @staticmethod
    def resolve_flagged(settings: WordingSettings) -> list[dict[str, str]]:
        return [{"term": term, "why": why} for term, why in settings.terms]


class FlaggedTermIn(Body):
    term: str
    why: str = ""


class KnownAcronymIn(Body):
    acronym: str
    meaning: str = ""


class SettingsIn(Body):
    """What is left out stays as it is."""

    language: str | None = None
    kinds: list[str] | None = Field(None, max_length=10)
    off: list[str] | None = Field(None, max_length=100)
    severities: dict[str, LevelName] | None = None
    flagged: list[FlaggedTermIn] | None = Field(None, max_length=1_000)
    allowed: list[str] | None = Field(None, max_length=1_000)
    acronyms: list[KnownAcronymIn] | None = Field(None, max_length=1_000)
    names: list[str] | None = Field(None, max_length=1_000)
    requires_reasons: bool | None = None


def describe_text(text: str, findings: list[Finding]) -> dict[str, Any]:
    """The findings in a text, with their lines."""
    lines = _Lines(text)
    return {"findings": [_describe(finding, lines) for finding in findings]}


def describe_document(
    found: DocumentFindings, rows: Sequence[tuple[SectionFindings, Remark]], behind: str | None
) -> dict[str, Any]:
    """Some findings of a post-mortem, each with its section and the reason that was given; the counts of all,
    and the cursor of those behind them."""
    lines: dict[uuid.UUID, _Lines] = {}
    findings = []
    for part, remark in rows:
        its = lines.setdefault(part.section.unique_id, _Lines(part.section.text))
        findings.append(
            {
                **_describe(remark.finding, its),
                "place": str(part.section.place),
                "section": part.section.unique_id,
                "section_title": part.section.title,
                "mute": remark.mute,
            }
        )
    of_kind = {kind: [one for one in found.every if one.finding.kind == kind] for kind in Kind}
    counts = {
        str(kind): {
            "open": sum(one.mute is None for one in remarks),
            "muted": sum(one.mute is not None for one in remarks),
        }
        for kind, remarks in of_kind.items()
    }
    return {"counts": counts, "findings": findings, "next": behind}


class _Lines:
    """Where the lines of a text begin."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _describe(finding: Finding, lines: _Lines) -> dict[str, Any]:
    (line, column), (end_line, end_column) = lines.place(finding.start), lines.place(finding.end)
    return {
        "kind": str(finding.kind),
        "category": finding.category,
        "severity": str(finding.severity),
        "target": str(finding.target),
        "start": finding.start,
        "end": finding.end,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "text": finding.text,
        "message": finding.message,
        "suggestions": list(finding.suggestions),
        "question": finding.question,
    }
