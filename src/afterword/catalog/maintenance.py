"""When a maintenance window is active. Pure: no Django, and the time is an argument.

A window that repeats keeps the time of day of its first start and end in its own time zone, so that every
Tuesday from 02:00 to 04:00 in Berlin stays that, in summer and in winter. From this follows:

- Where the clocks are put forward over a start or an end, it comes as much later: 02:30 becomes 03:30.
- Where an hour is there twice, starts and ends are meant the first time.
- A monthly window is left out in months that have no such day: one of the 31st comes seven times a year.
- An occurrence takes in its start and no longer its end. One that is longer than its period meets the next:
  such a window is active without a break.
- `repeat_until` is the last moment at which a repetition may begin. What has begun ends as late as it would.
  The first occurrence is always there.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

ONCE, DAILY, WEEKLY, MONTHLY = "once", "daily", "weekly", "monthly"
State = Literal["active", "upcoming", "ended"]
STEP_DAYS = {DAILY: 1, WEEKLY: 7}
STEPS_LOOKED_AHEAD = 5
"""Of two months in a row at least one has every day, and no zone ever left out more than one day."""


class Window(Protocol):
    """What is asked of a maintenance window; a MaintenanceWindow is one."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def repeats(self) -> str: ...
    @property
    def repeat_until(self) -> datetime | None: ...


class Occurrence(NamedTuple):
    """One time that a window is active: from `starts_at` until just before `ends_at`, both in UTC."""

    starts_at: datetime
    ends_at: datetime


def is_active(window: Window, at: datetime) -> bool:
    """Whether alerts that come in at `at` open no incident."""
    return occurrence_at(window, at) is not None


def occurrence_at(window: Window, at: datetime) -> Occurrence | None:
    """The occurrence that `at` lies in; of two that overlap the one that began last."""
    found = last_occurrence(window, at)
    return found if found is not None and at < found.ends_at else None


def last_occurrence(window: Window, at: datetime) -> Occurrence | None:
    """The occurrence that began last, at `at` or before; None before the first."""
    if at < window.starts_at:
        return None
    return _last_begun(window, at if window.repeat_until is None else min(at, window.repeat_until))


def next_occurrence(window: Window, after: datetime) -> Occurrence | None:
    """The first occurrence that begins later than `after`; None when there will be none."""
    if after < window.starts_at:
        return _first(window)
    if window.repeats == ONCE:
        return None
    near = _steps_until(window, after)
    for step in range(max(near - 1, 1), near + STEPS_LOOKED_AHEAD):
        found = _occurrence(window, step)
        if found is not None and found.starts_at > after:
            is_within = window.repeat_until is None or found.starts_at <= window.repeat_until
            return found if is_within else None
    return None


def state_of(window: Window, at: datetime) -> State:
    """`active`, `upcoming` (not now, but again or for the first time) or `ended`."""
    if is_active(window, at):
        return "active"
    return "ended" if next_occurrence(window, at) is None else "upcoming"


def _last_begun(window: Window, at: datetime) -> Occurrence:
    """The occurrence that began last, at `at` or before; the first one when all others begin later."""
    if window.repeats != ONCE:
        # One too far: where clocks are put back over midnight, a day begins before the day before it ends.
        for step in range(_steps_until(window, at) + 1, 0, -1):
            found = _occurrence(window, step)
            if found is not None and found.starts_at <= at:
                return found
    return _first(window)


def _first(window: Window) -> Occurrence:
    return Occurrence(window.starts_at.astimezone(UTC), window.ends_at.astimezone(UTC))


def _steps_until(window: Window, at: datetime) -> int:
    """How many days, weeks or months lie between the local day of the first start and that of `at`."""
    zone = ZoneInfo(window.time_zone)
    first, day = window.starts_at.astimezone(zone).date(), at.astimezone(zone).date()
    if window.repeats == MONTHLY:
        return (day.year - first.year) * 12 + day.month - first.month
    return (day - first).days // STEP_DAYS[window.repeats]


def _occurrence(window: Window, step: int) -> Occurrence | None:
    """The occurrence so many days, weeks or months after the first; None where there is no such day."""
    zone = ZoneInfo(window.time_zone)
    first_start, first_end = window.starts_at.astimezone(zone), window.ends_at.astimezone(zone)
    start_day = _day(first_start.date(), step, window.repeats)
    if start_day is None:
        return None
    end_day = start_day + (first_end.date() - first_start.date())
    starts_at = datetime.combine(start_day, first_start.time(), zone).astimezone(UTC)
    ends_at = datetime.combine(end_day, first_end.time(), zone).astimezone(UTC)
    if ends_at <= starts_at:
        # A change of clocks lies between the two and is longer than the window.
        ends_at = starts_at + (window.ends_at - window.starts_at)
    return Occurrence(starts_at, ends_at)


def _day(first: date, step: int, repeats: str) -> date | None:
    try:
        if repeats != MONTHLY:
            return first + timedelta(days=step * STEP_DAYS[repeats])
        years, month = divmod(first.month - 1 + step, 12)
        return date(first.year + years, month + 1, first.day)
    except (ValueError, OverflowError):
        return None
