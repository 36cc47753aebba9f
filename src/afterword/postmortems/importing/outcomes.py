"""What became of each file of an import. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

IMPORTED, CHANGED, UNCHANGED, SKIPPED, FAILED = "imported", "changed", "unchanged", "skipped", "failed"
WORDS = {
    IMPORTED: "Imported",
    CHANGED: "Changed since it was imported",
    UNCHANGED: "Imported already",
    SKIPPED: "Left out",
    FAILED: "Failed",
}
"""What each result is called, in the order in which results are counted."""


@dataclass(frozen=True)
class SourceFile:
    """A file to be imported, or one that is not and why."""

    name: str
    data: bytes = b""
    skipped: str = ""
    failed: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    name: str
    result: str
    reason: str = ""
    number: int | None = None
    """Of the post-mortem, where the importer may see it and there is one."""
    title: str = ""
    written_on: datetime | None = None
    sections: tuple[tuple[str, str], ...] = ()
    """Each title, and the section of our templates that it was taken for, or nothing."""
    notes: tuple[str, ...] = ()
    """What the file says that was left as it is."""

    @property
    def word(self) -> str:
        return WORDS[self.result]

    @property
    def known_sections(self) -> int:
        return sum(1 for _, meaning in self.sections if meaning)

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.name,
            "result": self.result,
            "reason": self.reason,
            "number": self.number,
            "title": self.title,
            "date": self.written_on.isoformat() if self.written_on else None,
            "sections": [{"title": title, "recognised_as": meaning} for title, meaning in self.sections],
            "notes": list(self.notes),
        }


@dataclass
class Report:
    """A whole import; `is_trial` when nothing was kept."""

    is_trial: bool = False
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many files had which result, without those that none had."""
        found = Counter(outcome.result for outcome in self.outcomes)
        return [(result, found[result]) for result in WORDS if found[result]]

    @property
    def has_failed(self) -> bool:
        return any(outcome.result == FAILED for outcome in self.outcomes)

    def as_json(self, team: str) -> dict[str, Any]:
        """As programs read it, of the command line and of the API alike."""
        return {
            "dry_run": self.is_trial,
            "team": team,
            "counts": dict(self.counts),
            "failed": self.has_failed,
            "files": [outcome.as_json() for outcome in self.outcomes],
        }

    def sentence(self) -> str:
        """`12 imported, 1 failed.`"""
        words = {IMPORTED: "would be imported" if self.is_trial else "imported"}
        parts = [f"{count} {words.get(result, WORDS[result].lower())}" for result, count in self.counts]
        return f"{', '.join(parts)}." if parts else "There is nothing to import."
