"""When the messages of a log were written, as exactly as its lines tell. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from hashlib import sha256

from afterword.incidents.chat.formats import Given, has_been, kept_markdown
from afterword.incidents.chat.messages import Said, clean_name
from afterword.lib.errors import InvalidInput
from afterword.lib.text import is_blank

BACKWARDS_MAX = timedelta(hours=6)
"""A time of day that is earlier than the one before by more than this is of the next day."""
DIVIDED_DAYS_MAX = 7
"""Between a message and one below a line that says *Today* or *Yesterday*: across more, it was somebody's
answer."""
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}


@dataclass(frozen=True)
class Yearless:
    """“Monday, March 2nd”, as Slack calls days of the last months."""

    weekday: int
    """0 is Monday."""
    month: int
    day: int


@dataclass(frozen=True)
class Ago:
    """“Today” or “Yesterday”, seen from the moment at which the text is read."""

    days: int
    is_sure: bool
    """It stands beside a time, or above everything: it cannot be what somebody said."""


@dataclass
class Line:
    """A message while its lines are still coming."""

    author: str
    date: date | Yearless | Ago | None
    """If it says it itself, or a line above it did. Else it is of the day of the one before, or the next."""
    clock: time
    offset: str = ""
    lines: list[str] = field(default_factory=list)
    half: str = ""
    is_noise: bool = False


def require_day_and_zone(found: Sequence[Line], given: Given) -> None:
    """Raises InvalidInput for `day` and `zone`, where the text needs one that was not given."""
    missing: dict[str, str] = {}
    if given.day is None and found[0].date is None:
        missing["day"] = "Please say on which day it begins: the text tells only times of day."
    elif given.day is None and isinstance(found[0].date, Yearless):
        missing["day"] = "Please say on which day it begins: the text does not name the year."
    if given.zone is None and any(not one.offset for one in found):
        missing["zone"] = "Please say in which time zone the times are: the text does not."
    if missing:
        raise InvalidInput(fields=missing)


def placed(found: Sequence[Line], given: Given) -> tuple[list[Said], int]:
    """Each with its moment and an id that is the same whenever the same text is read; and how many were not
    usable."""
    said: list[Said] = []
    skipped = 0
    day = given.day
    last: datetime | None = None
    twelve = any(one.half for one in found)
    times: dict[str, int] = {}
    for one in found:
        text = "\n".join(one.lines).strip().removesuffix("(edited)").strip()
        author = clean_name(one.author)
        named = _day_of(one.date, day, given)
        day = named or day
        if day is None:
            skipped += 1
            continue
        local = datetime.combine(day, _whole_clock(one, last, twelve))
        if named is None and last is not None and last - local > BACKWARDS_MAX and day < date.max:
            day += timedelta(days=1)
            local = datetime.combine(day, _whole_clock(one, None, twelve))
        last = local
        at = _in_utc(local, one.offset, given.zone)
        markdown = kept_markdown(text, "plain")
        if at is None or not has_been(at, given) or not markdown or is_blank(author):
            skipped += 1
            continue
        known = f"{at.isoformat()}\0{author}\0{text}"
        times[known] = times.get(known, 0) + 1
        key = sha256(f"{known}\0{times[known]}".encode(errors="replace")).hexdigest()[:32]
        said.append(Said(key, at, author, markdown, is_noise=one.is_noise))
    return said, skipped


def _day_of(told: date | Yearless | Ago | None, before: date | None, given: Given) -> date | None:
    """The day that a message names; `before` is that of the one above it, or the first day that was given."""
    if isinstance(told, Ago):
        found = given.now.astimezone(given.zone or UTC).date() - timedelta(days=told.days)
        follows = before is None or timedelta(0) <= found - before <= timedelta(days=DIVIDED_DAYS_MAX)
        return found if told.is_sure or follows else None
    if not isinstance(told, Yearless):
        return told
    if before is None:
        return None
    # In three years that follow on each other a day of the month falls on three days of the week.
    years = (before.year, before.year + 1, before.year - 1)
    days = [day for year in years if (day := _real_day(year, told.month, told.day)) is not None]
    right = [day for day in days if day.weekday() == told.weekday]
    return min(right or days, key=lambda day: abs(day - before), default=None)


def _whole_clock(one: Line, last: datetime | None, twelve: bool) -> time:
    """The time of day in 24 hours; of what names no half of the day, the first that is not before `last`."""
    clock = one.clock
    if one.half and clock.hour <= 12:
        return clock.replace(hour=clock.hour % 12 + (12 if one.half == "p" else 0))
    if twelve and not one.half and 0 < clock.hour <= 12 and last is not None:
        early = clock.replace(hour=clock.hour % 12)
        late = clock.replace(hour=clock.hour % 12 + 12)
        minute = last.time().replace(second=0)
        return early if early >= minute else late
    return clock


def _in_utc(local: datetime, offset: str, zone: tzinfo | None) -> datetime | None:
    try:
        if offset.strip():
            return datetime.fromisoformat(f"{local.isoformat()}{_iso(offset.strip())}").astimezone(UTC)
        return local.replace(tzinfo=zone or UTC).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _iso(offset: str) -> str:
    return "+00:00" if offset in ("Z", "UTC", "GMT") else offset


def clock_of(text: str) -> time | None:
    """The time of day in `7:05`, `07:05:09` and `07:05:09.123`, without the fraction."""
    try:
        return time.fromisoformat(text.split(".")[0].split(",")[0].zfill(5 if text.count(":") == 1 else 8))
    except ValueError:
        return None


def date_of(text: str | None) -> date | None:
    """The day in `2026-03-02`."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def named_day(year: str, month: str, day: str) -> date | None:
    """The day of a month that is named by three letters, as in `Mar`."""
    return _real_day(int(year), MONTHS[month], int(day)) if month in MONTHS else None


def _real_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
