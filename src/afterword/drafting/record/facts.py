"""The record that a text is held against, and what is found when it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Literal

NAMES_MAX = 500

RecordKind = Literal["time", "date", "weekday", "duration", "count", "severity", "service", "version"]
MOMENTS = ("started", "detected", "reported", "acknowledged", "identified", "fixed", "resolved", "closed")
"""The keys of the times of an incident that a text can tell, and `opened`, which no text is held against."""
_ALSO_RIGHT: dict[str, tuple[str, ...]] = {
    "started": ("opened", "detected"),
    "detected": ("opened",),
    "fixed": ("resolved",),
    "resolved": ("fixed", "closed"),
    "acknowledged": (),
}
"""What people call the same: who says that it was over means one of these."""


@dataclass(frozen=True)
class Moment:
    """A time of the record, what it is called, and where it can be seen."""

    label: str
    at: datetime
    url: str = ""


@dataclass(frozen=True)
class Deployed:
    """A version that the record names, of what."""

    version: str
    what: str
    url: str = ""


@dataclass(frozen=True)
class Record:
    """What is known of the incidents that a text is about."""

    moments: Mapping[str, Sequence[Moment]] = field(default_factory=dict)
    """By key, as in `MOMENTS`; of several incidents each."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """`alerts`, `services`, `changes`, `follow-ups`: how many there are."""
    severities: Sequence[str] = ()
    """And priorities."""
    priorities: Sequence[str] = ()
    known_severities: Sequence[str] = ()
    """What a severity or a priority can be here."""
    services: Sequence[str] = ()
    known_services: Sequence[str] = ()
    versions: Sequence[Deployed] = ()
    zone: tzinfo = UTC
    """In which times are told that name none."""
    url: str = ""
    """Where counts and names can be seen."""

    def meant_by(self, key: str) -> list[Moment]:
        """Every moment that may be meant by somebody who names this one."""
        return [moment for one in (key, *_ALSO_RIGHT.get(key, ())) for moment in self.moments.get(one, ())]


@dataclass(frozen=True)
class RecordFinding:
    """A span of the text that the record says otherwise."""

    kind: RecordKind
    start: int
    end: int
    """Characters from the beginning of the text."""
    text: str
    expected: str
    """What the record says."""
    message: str
    suggestion: str
    """What can stand in the place of the span."""
    url: str = ""
    """Where the record says it."""
