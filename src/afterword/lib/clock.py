"""The one place that asks for the time. Everything else takes the time as an argument."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def describe_duration(duration: timedelta) -> str:
    """A duration as people say it: `45 sec`, `7 min`, `2 h 5 min`, `3 d 4 h`. Two units at most."""
    sign = "-" if duration < timedelta(0) else ""
    seconds = int(abs(duration).total_seconds())
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    if days:
        parts = [f"{days} d", f"{hours} h" if hours else ""]
    elif hours:
        parts = [f"{hours} h", f"{minutes} min" if minutes else ""]
    elif minutes:
        parts = [f"{minutes} min", f"{seconds} sec" if seconds and minutes < 5 else ""]
    else:
        parts = [f"{seconds} sec"]
    return sign + " ".join(part for part in parts if part)


def describe_elapsed(start: datetime, at: datetime) -> str:
    """The time since `start` with its sign, as in `+7 min`; `-2 min` for something before it."""
    text = describe_duration(at - start)
    return text if text.startswith("-") else f"+{text}"
