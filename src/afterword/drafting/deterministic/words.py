"""How the drafter writes times, lengths and lists. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from afterword.lib.clock import describe_duration

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def write_moment(at: datetime, zone: tzinfo) -> str:
    """`2 Mar 2026, 14:05 UTC`."""
    local = at.astimezone(zone)
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} {local.tzname()}"


def write_time(at: datetime, zone: tzinfo, *, beside: datetime | None = None) -> str:
    """`14:05 UTC`, or with its day where that is another than that of `beside`."""
    local = at.astimezone(zone)
    if beside is not None and beside.astimezone(zone).date() != local.date():
        return write_moment(at, zone)
    return f"{local:%H:%M} {local.tzname()}"


def at_time(at: datetime, zone: tzinfo, *, beside: datetime | None = None) -> str:
    """`at 14:05 UTC`, or `on 3 Mar 2026 at 14:05 UTC` where the day is another than that of `beside`."""
    local = at.astimezone(zone)
    clock = f"at {local:%H:%M} {local.tzname()}"
    if beside is None or beside.astimezone(zone).date() == local.date():
        return clock
    return f"on {local.day} {_MONTHS[local.month - 1]} {local.year} {clock}"


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def write_length(length: timedelta) -> str:
    """A length of time for a sentence: `42 min`; never negative."""
    return describe_duration(abs(length))


def write_list(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def plural(count: int, noun: str, nouns: str = "") -> str:
    """`1 alert`, `2 alerts`."""
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def times(count: int) -> str:
    """`once`, `2 times`."""
    return "once" if count == 1 else plural(count, "time")


def in_sentence(claim: str) -> str:
    """The text with a full stop at its end, unless it ends with one, in or out of quotation marks."""
    return claim if re.search(r"[.!?…]”?$", claim) else f"{claim}."
