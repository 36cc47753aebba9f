"""The one place that asks for the time. Everything else takes the time as an argument."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def describe_duration(duration: timedelta) -> str:
    """A length of time in its two largest parts, rounded down: `42 s`, `7 min`, `1 h 5 min`, `2 d 3 h`.

    A negative one has a minus sign before it.
    """
    sign = "−" if duration < timedelta(0) else ""
    seconds = int(abs(duration).total_seconds())
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    if days:
        parts = [(days, "d"), (hours, "h")]
    elif hours:
        parts = [(hours, "h"), (minutes, "min")]
    elif minutes:
        parts = [(minutes, "min")]
    else:
        return f"{sign}{seconds} s"
    return sign + " ".join(f"{count} {unit}" for count, unit in parts if count)


def describe_elapsed(start: datetime, at: datetime) -> str:
    """The time since `start` with its sign, as in `+7 min`; `−2 min` for something before it."""
    return describe_duration(at - start) if at < start else f"+{describe_duration(at - start)}"
