"""Times and lengths of time in words. Pure: the clock is an argument."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

MINUTE_SECONDS = 60
HOUR_SECONDS = 60 * MINUTE_SECONDS
DAY_SECONDS = 24 * HOUR_SECONDS


def length_in_words(length: timedelta) -> str:
    """The two largest parts, rounded down: `42 s`, `7 min`, `1 h 05 min`, `2 d 3 h`. Never negative."""
    seconds = abs(int(length.total_seconds()))
    if seconds < MINUTE_SECONDS:
        return f"{seconds} s"
    if seconds < HOUR_SECONDS:
        return f"{seconds // MINUTE_SECONDS} min"
    if seconds < DAY_SECONDS:
        hours, rest = divmod(seconds, HOUR_SECONDS)
        minutes = rest // MINUTE_SECONDS
        return f"{hours} h {minutes:02} min" if minutes else f"{hours} h"
    days, rest = divmod(seconds, DAY_SECONDS)
    hours = rest // HOUR_SECONDS
    return f"{days} d {hours} h" if hours else f"{days} d"


def elapsed_in_words(start: datetime, at: datetime) -> str:
    """How long after the start: `+7 min`; before it: `−3 min`."""
    sign = "−" if at < start else "+"
    return sign + length_in_words(at - start)


def relative_in_words(at: datetime, now: datetime) -> str:
    """`just now`, `7 minutes ago`, `in 2 days`: one unit, rounded down."""
    seconds = int((now - at).total_seconds())
    count, unit = _largest_unit(abs(seconds))
    if not count:
        return "just now"
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{words} ago" if seconds > 0 else f"in {words}"


def utc_in_words(at: datetime) -> str:
    """`2026-11-21 07:34:26 UTC`, for those who compare with a log."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _largest_unit(seconds: int) -> tuple[int, str]:
    for size, unit in (
        (365 * DAY_SECONDS, "year"),
        (30 * DAY_SECONDS, "month"),
        (7 * DAY_SECONDS, "week"),
        (DAY_SECONDS, "day"),
        (HOUR_SECONDS, "hour"),
        (MINUTE_SECONDS, "minute"),
    ):
        if seconds >= size:
            return seconds // size, unit
    return 0, ""
