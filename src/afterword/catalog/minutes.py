"""Lengths of time as people type and read them: `90 min`, `4 h`, `1 d 12 h`. Pure."""

from __future__ import annotations

import re

from afterword.lib.errors import InvalidInput

MINUTES_OF_UNITS = {"d": 24 * 60, "h": 60, "min": 1}
_UNITS = {
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("", "m", "min", "mins", "minute", "minutes"), "min"),
}
_PART = re.compile(r"(\d{1,9}(?:[.,]\d{1,3})?)\s*([a-z]*)[\s,]*")
NOT_UNDERSTOOD = "Please give a time as in 30 min, 4 h or 1 d 12 h."


def describe_minutes(minutes: int) -> str:
    """All of it, in the largest units that fit: `1 d 2 h 5 min`; `0 min`."""
    parts = []
    left = minutes
    for unit, length in MINUTES_OF_UNITS.items():
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 min"


def parse_minutes(text: str, *, field: str, minutes_max: int) -> int:
    """Whole minutes; a number without a unit is minutes. Raises InvalidInput at `field`."""
    rest, minutes = text.strip().lower(), 0.0
    if not rest:
        raise InvalidInput(fields={field: NOT_UNDERSTOOD})
    while rest:
        part = _PART.match(rest)
        unit = _UNITS.get(part[2]) if part else None
        if part is None or unit is None:
            raise InvalidInput(fields={field: NOT_UNDERSTOOD})
        minutes += float(part[1].replace(",", ".")) * MINUTES_OF_UNITS[unit]
        rest = rest[part.end() :]
    if minutes != int(minutes):
        raise InvalidInput(fields={field: "Please give whole minutes."})
    return check_minutes(int(minutes), field=field, minutes_max=minutes_max)


def check_minutes(minutes: int, *, field: str, minutes_max: int, minutes_min: int = 0) -> int:
    """Raises InvalidInput at `field` for a length that is out of bounds."""
    if not minutes_min <= minutes <= minutes_max:
        bounds = f"{describe_minutes(minutes_min)} to {describe_minutes(minutes_max)}"
        raise InvalidInput(fields={field: f"Please give {bounds}."})
    return minutes
