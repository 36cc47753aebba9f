"""Times in words, beside those of `lib.clock`. Pure: the clock is an argument."""

from __future__ import annotations

from datetime import UTC, datetime

MINUTE_SECONDS = 60
HOUR_SECONDS = 60 * MINUTE_SECONDS
DAY_SECONDS = 24 * HOUR_SECONDS


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
