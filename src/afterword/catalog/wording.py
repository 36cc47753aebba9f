"""A maintenance window in plain words. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from afterword.catalog.maintenance import DAILY, MONTHLY, ONCE, WEEKLY, Window
from afterword.catalog.minutes import describe_minutes

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_IN_EVERY_MONTH = 28


def describe_window(window: Window, now: datetime) -> str:
    """As in `Every Tuesday 02:00–04:00 Europe/Berlin until 1 March 2027`.

    The first day is told while it lies ahead, the last one where there is one.
    """
    zone = ZoneInfo(window.time_zone)
    start, end = window.starts_at.astimezone(zone), window.ends_at.astimezone(zone)
    if window.repeats == ONCE:
        return f"{_span(start, end)} {window.time_zone}"
    words = f"{_rhythm(window.repeats, start)} {_times(start, end, window)} {window.time_zone}"
    if window.starts_at > now:
        words += f" from {_day(start.date())}"
    if window.repeat_until is not None:
        words += f" until {_day(window.repeat_until.astimezone(zone).date())}"
    return words


def _span(start: datetime, end: datetime) -> str:
    if start.date() == end.date():
        return f"{_day(start.date())}, {start:%H:%M}–{end:%H:%M}"
    return f"{_day(start.date())}, {start:%H:%M} to {_day(end.date())}, {end:%H:%M}"


def _rhythm(repeats: str, start: datetime) -> str:
    if repeats == DAILY:
        return "Every day"
    if repeats == WEEKLY:
        return f"Every {WEEKDAYS[start.weekday()]}"
    assert repeats == MONTHLY, repeats
    words = f"On the {_ordinal(start.day)} of every month"
    return words if start.day <= DAYS_IN_EVERY_MONTH else f"{words} that has one,"


def _times(start: datetime, end: datetime, window: Window) -> str:
    days = (end.date() - start.date()).days
    if days == 0:
        return f"{start:%H:%M}–{end:%H:%M}"
    if days == 1 and end.time() <= start.time():
        return f"{start:%H:%M}–{end:%H:%M} the next day"
    length = int((window.ends_at - window.starts_at).total_seconds()) // 60
    return f"{start:%H:%M} for {describe_minutes(length)}"


def _ordinal(number: int) -> str:
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
