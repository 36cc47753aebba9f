"""What can be checked in a sentence: numbers, times, dates, lengths of time, names of things. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

_MONTH_NAMES = """
january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|october oct|
november nov|december dec
"""
MONTHS = {
    name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COUNTING = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""
NUMBER_WORDS = {word: number for number, word in enumerate(_COUNTING.split())}
NUMBER_WORDS |= {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
NUMBER_WORDS |= {"twice": 2, "dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
UNIT_SECONDS = {
    **dict.fromkeys(("ms", "millisecond"), 0.001),
    **dict.fromkeys(("s", "sec", "second"), 1.0),
    **dict.fromkeys(("m", "min", "minute"), 60.0),
    **dict.fromkeys(("h", "hr", "hour"), 3_600.0),
    **dict.fromkeys(("d", "day"), 86_400.0),
    "week": 604_800.0,
}

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    r"(?P<iso>\b(\d{4})-(\d{2})-(\d{2})(?!\d))"
    rf"|(?P<dmy>\b(\d{{1,2}})(?:st|nd|rd|th)?\.? (?P<m1>{_MONTH})\.?(?:,? (\d{{4}}))?\b)"
    rf"|(?P<mdy>\b(?P<m2>{_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?\b(?!:))",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d.:])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?![\d:])(?:\s?([ap])\.?m\b\.?)?", re.I
)
_HOUR = re.compile(r"(?<![\d.:])(1[0-2]|0?[1-9])\s?([ap])\.?m\b", re.IGNORECASE)
_UNITS = "milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?"
_AMOUNT = "|".join([r"\d+(?:[.,]\d+)*", *(word for word in NUMBER_WORDS if word != "zero")])
_PART = rf"({_AMOUNT})[ \u00a0-]?({_UNITS})(?![\w%])"
_AND = r"(?:,| and|, and)?[ \u00a0]?"
_LENGTH = re.compile(rf"(?<![\w.]){_PART}(?:{_AND}{_PART})?(?:{_AND}{_PART})?", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w.,-])[-−+~≈<>]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\.\d)(?:\s?(%|percent\b|[kKMGT]i?[bB]\b|[kKM]\b|x\b))?"
)
_THING = re.compile(
    r"https?://\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|#\d+\b"
    r"|(?<![\w/])[\w]+(?:[-_./:][\w]+)*[-_./:]?(?:[\w]*\d[\w]*)(?:[-_./:][\w]+)*"
    r"|(?<![\w/])(?:[\w]+[_./:])+[\w]+"
    r"|\b[a-z]+[A-Z]\w*|\b[A-Z][a-z]+[A-Z]\w*|\b[A-Z]{2,}[\w]*\b|`[^`]+`"
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SENTENCE_END = re.compile(r"(?<=[.!?…”:;])\s+")


@dataclass(frozen=True)
class Found:
    """Something that can be checked, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Clock(Found):
    """A time of day."""

    hour: int = 0
    minute: int = 0


@dataclass(frozen=True)
class Day(Found):
    """A date; the year is None where it is not given."""

    year: int | None = None
    month: int = 0
    day: int = 0


@dataclass(frozen=True)
class Length(Found):
    """A length of time, and how exactly it is given."""

    seconds: float = 0.0
    exact_to: float = 1.0


@dataclass(frozen=True)
class Number(Found):
    """A number with its unit, `%` or one of sizes, or none."""

    value: float = 0.0
    unit: str = ""


@dataclass
class Reading:
    """All of it in one text."""

    clocks: list[Clock] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    weekdays: list[Found] = field(default_factory=list)
    lengths: list[Length] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    things: list[Found] = field(default_factory=list)
    """Names of machines, versions, files, addresses: whatever looks unlike a word."""
    rest: str = ""
    """The text with all of these blanked out, as long as before."""


def read(text: str) -> Reading:
    """What can be checked in the text. Each character belongs to one thing at most."""
    found = Reading()
    rest = text
    for match in _DATE.finditer(text):
        found.days.append(_day(match))
        rest = _blank(rest, match.start(), match.end())
    for match in _TIME.finditer(rest):
        found.clocks.append(_clock(match, int(match[1]), int(match[2]), match[3]))
        rest = _blank(rest, match.start(), match.end())
    for match in _HOUR.finditer(rest):
        found.clocks.append(_clock(match, int(match[1]), 0, match[2]))
        rest = _blank(rest, match.start(), match.end())
    for match in _LENGTH.finditer(rest):
        found.lengths.append(_length(match))
        rest = _blank(rest, match.start(), match.end())
    for match in _THING.finditer(rest):
        if _NUMBER.fullmatch(match[0].strip()) is None:
            found.things.append(Found(match[0].strip("`.,:;"), match.start(), match.end()))
            rest = _blank(rest, match.start(), match.end())
    for match in _NUMBER.finditer(rest):
        value = float(match[1].replace(",", ""))
        found.numbers.append(Number(match[0].strip(), match.start(), match.end(), value, _unit(match[2])))
        rest = _blank(rest, match.start(), match.end())
    for match in _WORD.finditer(rest):
        word = match[0].casefold()
        if word in WEEKDAYS:
            found.weekdays.append(Found(word, match.start(), match.end()))
            rest = _blank(rest, match.start(), match.end())
        elif word in NUMBER_WORDS and word != "one":
            value = float(NUMBER_WORDS[word])
            found.numbers.append(Number(match[0], match.start(), match.end(), value))
    found.rest = rest
    return found


def words(text: str) -> Iterator[Found]:
    """The words of letters alone, with where they stand."""
    for match in _WORD.finditer(text):
        yield Found(match[0], match.start(), match.end())


def sentences(text: str) -> list[str]:
    """The text in sentences."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def clock_of(at: datetime, zone: tzinfo) -> tuple[int, int]:
    """The time of day in a zone, by hour and minute."""
    local = at.astimezone(zone)
    return local.hour, local.minute


def stem(word: str) -> str:
    """A word without the endings of English, so that forms of one word are the same."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    for ending in (
        "ations",
        "ation",
        "ments",
        "ment",
        "ingly",
        "edly",
        "ings",
        "ing",
        "ions",
        "ion",
        "ers",
        "er",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word.removesuffix(ending)
            break
    for ending in ("ies", "ied", "es", "ed", "ly", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def _blank(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _day(match: re.Match[str]) -> Day:
    groups = match.groups()
    if match["iso"]:
        year, month, day = (int(part) for part in groups[1:4])
        return Day(match[0], match.start(), match.end(), year, month, day)
    if match["dmy"]:
        month, day, year_text = MONTHS[match["m1"].casefold()], int(groups[5]), groups[7]
    else:
        month, day, year_text = MONTHS[match["m2"].casefold()], int(groups[10]), groups[11]
    return Day(match[0], match.start(), match.end(), int(year_text) if year_text else None, month, day)


def _clock(match: re.Match[str], hour: int, minute: int, half: str | None) -> Clock:
    if half:
        hour = hour % 12 + (12 if half.casefold() == "p" else 0)
    return Clock(match[0].strip(), match.start(), match.end(), hour, minute)


def _length(match: re.Match[str]) -> Length:
    seconds, smallest = 0.0, float("inf")
    for amount, unit in zip(match.groups()[::2], match.groups()[1::2], strict=True):
        if amount:
            size = UNIT_SECONDS[_singular(unit)]
            counted = NUMBER_WORDS.get(amount.casefold())
            seconds += (float(amount.replace(",", "")) if counted is None else counted) * size
            smallest = min(smallest, size)
    return Length(match[0].strip(), match.start(), match.end(), seconds, smallest)


def _singular(unit: str) -> str:
    unit = unit.casefold()
    return unit if unit in UNIT_SECONDS else unit.removesuffix("s")


def _unit(unit: str | None) -> str:
    if not unit:
        return ""
    return "%" if unit == "percent" else unit.casefold()


def as_length(length: timedelta) -> float:
    """A length of time in seconds, never negative."""
    return abs(length.total_seconds())
