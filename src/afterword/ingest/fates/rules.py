"""What became of a signal, and whether an integration has gone silent. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTES_SHOWN = 60
"""Of the rates: the last hour, minute by minute."""
DAY_MINUTES = 24 * 60
SILENCE_DAYS_LOOKED_AT = 7
"""The pauses of these days before its last signal say how long an integration is usually silent."""
SILENCE_FACTOR = 2
SILENCE_MINUTES_MIN = 60
COUNTED_DAYS_KEPT = 8
"""So long the counts of each minute are kept; what was silent for longer is called quiet."""


class Fate(enum.StrEnum):
    """What became of a signal that was accepted."""

    WAITING = "waiting"
    OPENED = "opened"
    ADDED = "added"
    RECORDED = "recorded"
    SUPPRESSED = "suppressed"
    CHANGE = "change"
    MAINTENANCE = "maintenance"
    FAILED = "failed"
    RERUN = "rerun"


def fate_of(
    *,
    failure: str,
    is_rerun: bool,
    is_change: bool,
    suppressed: bool,
    has_incident: bool,
    opened: bool,
) -> Fate:
    """The one word for what the fold wrote down."""
    if failure:
        if is_rerun:
            return Fate.RERUN
        return Fate.MAINTENANCE if failure == "maintenance" else Fate.FAILED
    if is_change:
        return Fate.CHANGE
    if suppressed:
        return Fate.SUPPRESSED
    if not has_incident:
        return Fate.RECORDED
    return Fate.OPENED if opened else Fate.ADDED


@dataclass(frozen=True)
class Tally:
    """What was folded within some time."""

    folded: int = 0
    """Recorded as an alert or a change."""
    suppressed: int = 0
    failed: int = 0
    lag_milliseconds: int = 0
    """The sum over all of them, from acceptance to fold."""
    lag_milliseconds_max: int = 0

    @property
    def total(self) -> int:
        return self.folded + self.suppressed + self.failed

    @property
    def lag_mean_milliseconds(self) -> float | None:
        """None when there was no signal."""
        return self.lag_milliseconds / self.total if self.total else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.folded + other.folded,
            self.suppressed + other.suppressed,
            self.failed + other.failed,
            self.lag_milliseconds + other.lag_milliseconds,
            max(self.lag_milliseconds_max, other.lag_milliseconds_max),
        )


@dataclass(frozen=True)
class Minute:
    """The signals of one minute, for the sparkline."""

    total: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Waiting:
    """How many signals are accepted and not folded. Counted up to a limit."""

    count: int = 0
    is_more: bool = False
    """Whether so many signals wait, of all integrations, that not all were counted."""


@dataclass(frozen=True)
class Figures:
    """How an integration fares."""

    minutes: Sequence[Minute]
    """`MINUTES_SHOWN` of them, the present one last."""
    hour: Tally
    day: Tally
    waiting: Waiting


class Voice(enum.StrEnum):
    """Whether an integration is heard."""

    NEVER = "never"
    HEARD = "heard"
    SILENT = "silent"
    QUIET = "quiet"


@dataclass(frozen=True)
class Hearing:
    """When an integration was heard."""

    last_at: datetime | None
    """Its last signal; None before the first one."""
    pause_max: timedelta | None = None
    """The longest pause of the days before that; None when it does not matter or is no longer known."""


def may_be_silent(last_at: datetime | None, now: datetime) -> bool:
    """Whether it depends on its pauses if an integration is silent."""
    if last_at is None:
        return False
    return timedelta(minutes=SILENCE_MINUTES_MIN) < now - last_at <= timedelta(days=COUNTED_DAYS_KEPT)


def voice_of(hearing: Hearing, now: datetime) -> Voice:
    """Silent: nothing for more than twice the longest pause of the seven days before its last signal.

    Never within an hour. What was heard too long ago to know its pauses is quiet, which is no warning: some
    systems have nothing to say for weeks.
    """
    if hearing.last_at is None:
        return Voice.NEVER
    if hearing.pause_max is None:
        is_recent = now - hearing.last_at <= timedelta(days=COUNTED_DAYS_KEPT)
        return Voice.HEARD if is_recent else Voice.QUIET
    allowed = max(hearing.pause_max * SILENCE_FACTOR, timedelta(minutes=SILENCE_MINUTES_MIN))
    return Voice.SILENT if now - hearing.last_at > allowed else Voice.HEARD
