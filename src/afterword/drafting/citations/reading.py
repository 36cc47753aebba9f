"""What can be checked in a sentence: numbers, times, dates, lengths of time, names of things. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

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
NUMBER_WORDS |= {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
NUMBER_WORDS |= {"seventy": 70, "eighty": 80, "ninety": 90, "thrice": 3, "billion": 1_000_000_000}
NUMBER_WORDS |= {"twice": 2, "dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
UNIT_SECONDS = {
    **dict.fromkeys(("ms", "millisecond"), 0.001),
    **dict.fromkeys(("s", "sec", "second"), 1.0),
    **dict.fromkeys(("m", "min", "minute"), 60.0),
    **dict.fromkeys(("h", "hr", "hour"), 3_600.0),
    **dict.fromkeys(("d", "day"), 86_400.0),
    "week": 604_800.0,
}
MONTH_SECONDS = 2_592_000.0
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = tuple(word for word, number in NUMBER_WORDS.items() if 1 <= number <= 9)
_ORDINALS = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
_ORDINAL_DAYS = {word: number for number, word in enumerate(_ORDINALS.split(), start=1)}
_ORDINAL_DAYS |= {f"twenty-{word}": 20 + number for word, number in [*_ORDINAL_DAYS.items()][:9]}
_ORDINAL_DAYS |= {"thirtieth": 30, "thirty-first": 31}
_AT = re.compile(r"\b(?:at|by|since|until|till|around|about|before|after|from) $", re.IGNORECASE)
_WORD_CLOCKS = {"noon": 12, "midday": 12, "midnight": 0}

_CLOCK_NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|1[0-2]|[1-9]"
_CLOCK_MINUTES = "twenty-five|twenty five|twenty|five|ten|quarter|half"
_DAY_PART = r"(?:,? (?:in the|on \w+day|this|that) (?P<{0}>morning|afternoon|evening)|,? (?P<{0}n>at night))"
_CLOCK_IN_WORDS = re.compile(
    # Twenty to six, half past two in the afternoon; six minutes past midnight; nine in the morning.
    rf"\b(?:(?:a )?(?P<minutes>{_CLOCK_MINUTES}|\w+(?= minutes?)|\d{{1,2}}(?= minutes? ))(?:"
    rf" minutes?)? (?P<way>past|to) "
    rf"(?P<hour>{_CLOCK_NUMBER}|noon|midday|midnight)\b(?! (?:minutes?|hours?|seconds?|days?|of)\b"
    rf"|[.,:]?\d|%)"
    rf"{_DAY_PART.format('a')}?"
    rf"|(?P<plain>{_CLOCK_NUMBER})(?: o['’]clock(?:{_DAY_PART.format('b')})?|{_DAY_PART.format('c')}))(?!\w)",
    re.IGNORECASE,
)
_CLOCK_WORDS = (
    *(" past ", "minutes to ", "quarter to ", "five to ", "ten to ", "twenty to ", "o'clock", "o’clock"),
    *(" in the m", " in the a", " in the e", " at night", "day morning", "day afternoon", "day evening"),
)
_CLOCK_MINUTE_WORDS = {"quarter": 15, "half": 30, "twenty-five": 25, "twenty five": 25}
_MONTH_BEGINNINGS = tuple(sorted({name[:3] for name in MONTHS}))
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    r"(?P<iso>\b(\d{4})-(\d{2})-(\d{2})(?!\d))"
    rf"|(?P<dmy>\b(\d{{1,2}})(?:(?:st|nd|rd|th)(?: of)?)?\.? (?P<m1>{_MONTH})\.?(?:,? (\d{{4}}))?\b)"
    rf"|(?P<mdy>\b(?P<m2>{_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?(?:,? (\d{{4}}))?\b(?!:))",
    re.IGNORECASE,
)
_ORDINAL = "|".join(sorted(_ORDINAL_DAYS, key=len, reverse=True)).replace("-", "[- ]")
_DATE_IN_WORDS = re.compile(
    rf"\b(?:the )?({_ORDINAL}) of ({_MONTH})\b(?:,? (\d{{4}})\b)?"
    rf"|\b({_MONTH}) the ({_ORDINAL})\b(?:,? (\d{{4}})\b)?",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d.:])([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?(?![\d:])(?:\s?([ap])\.?m\b\.?)?", re.I
)
_HOUR = re.compile(r"(?<![\d.:])(1[0-2]|0?[1-9])\s?([ap])\.?m\b", re.IGNORECASE)
_DOTTED = re.compile(r"(?<![\d.:])(1[0-2]|0?[1-9])\.([0-5]\d)\s?([ap])\.?m\b", re.IGNORECASE)
_UNITS = "milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?"
_COMPOUND = rf"(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_ONES)})"
_COUNT = "|".join([_COMPOUND, *(word for word in NUMBER_WORDS if word != "zero")])
# A word stands apart from its unit: dozens are no seconds.
_AMOUNT = rf"\d++(?:[.,]\d++)*+|(?:{_COUNT})(?=[ \u00a0-])"
_PART = rf"({_AMOUNT})[ \u00a0-]?({_UNITS})(?![\w%])"
_AND = r"(?:,| and|, and)?[ \u00a0]?"
_LENGTH = re.compile(rf"(?<![\w.]){_PART}(?:{_AND}{_PART})?(?:{_AND}{_PART})?", re.IGNORECASE)
_HALVES = re.compile(
    # Half an hour, three quarters of an hour, an hour and a half, two and a half hours.
    r"(?<![\w.-])(?:(?P<half>(?:a )?half(?: an?)?|half-an|(?:an?|three) quarters? of an?)[ -]"
    r"(?P<of>minute|hour|day|week|month|year)(?!\w)"
    r"|an? (?P<one>minute|hour|day|week|month|year) and (?:a (?P<plus>half|quarter)|(?P<three>three "
    r"quarters))\b"
    rf"|(?P<amount>\d{{1,3}}|{_COMPOUND}|{'|'.join(_ONES)}|ten|eleven|twelve) and (?:(?:a|one) "
    rf"(?P<more>half|quarter)|(?P<most>three quarters)) "
    r"(?P<some>minute|hour|day|week|month|year)s\b)",
    re.IGNORECASE,
)
_HALF_EXACT_TO = 1 / 6
"""Of its unit: who says half an hour does not mean a minute more or less."""
_ONE_UNIT = re.compile(
    r"\b(?:for|lasted|took|after|within|in|than|about|around|nearly|almost|roughly|over|under|just|only|full)\s"
    r"(?P<after>an? (?:whole |full |entire )?(?:minute|hour|day|week|month|year))\b(?! and a half)"
    r"|\b(?P<before>an? (?:minute|hour|day|week|month|year)) (?:later|earlier|before|after|ago|long)\b",
    re.IGNORECASE,
)
"""“An hour” where it is a length: “errors an hour” is a rate."""
_NUMBER = re.compile(
    r"(?<![\w.,-])[-−+~≈<>]?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?!\.\d)(?:\s?(%|percent\b|[kKMGT]i?[bB]\b|[kKM]\b|x\b))?"
)
_SIZE = re.compile(r"[ \u00a0](hundred|thousand|million|billion)\b", re.IGNORECASE)
_UNLIKE_WORDS = (
    r"https?://\S+|{mail}#\d+\b"
    # Parts with one mark between each, with a digit behind the first letter. Nothing is given back, so that
    # no name takes longer than it is long: `(?:\w+_)+` and its like try each way to cut snake_case_in_two.
    r"|(?<![\w/])\w(?:[^\W\d]|[-./:](?=\w))*+\d\w*+(?:[-./:]\w++)*+"
    r"|(?<![\w/])(?:\w++(?:[./:]\w++)++|\w[^\W_]*+_\w++)"
    r"|\b[a-z]+[A-Z]\w*|\b[A-Z][a-z]+[A-Z]\w*|\b[A-Z]{2,}[\w]*\b|`[^`]++`"
)
_THING = re.compile(_UNLIKE_WORDS.replace("{mail}", ""))
_THING_OR_MAIL = re.compile(_UNLIKE_WORDS.replace("{mail}", r"\b[\w.+-]++@[\w-]++(?:\.[\w-]++)++|"))
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_PARTED = re.compile(
    r"[ -](?:halves|thirds|quarters|fifths|sixths|sevenths|eighths|ninths|tenths)\b", re.IGNORECASE
)
"""Behind a word for a number: a part of something, and no number of things."""
_HALF_A = re.compile(r"\bhalf an? $", re.IGNORECASE)
_ONE_UNIT_PARTS = ("an hour", "a minute", "a day", "a week", "a month", "a year", "whole", "full", "entire")
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
    is_either_half: bool = False
    """In words, without a part of the day: of the morning or of the afternoon."""
    is_rough: bool = False
    """In words, or to the hour: so that “just before” it says something."""


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
    unit: float = 1.0
    """Seconds of the smallest unit in which it is given."""


@dataclass(frozen=True)
class Number(Found):
    """A number with its unit, `%` or one of sizes, or none."""

    value: float = 0.0
    unit: str = ""
    sign: str = ""
    """`+`, `-` or none."""


_Times = tuple[list[Day], list[Clock], list[Length], str]
_Others = tuple[list[Found], list[Number], list[Found], str]


class Reading:
    """All that can be checked in one text. Each character belongs to one thing at most.

    It is looked for once somebody asks: most who ask want a part of it.
    """

    __slots__ = ("_known_others", "_known_times", "text")

    def __init__(self, text: str = "") -> None:
        self.text = text
        self._known_times: _Times | None = None
        self._known_others: _Others | None = None

    @property
    def days(self) -> list[Day]:
        """The dates."""
        return self._times[0]

    @property
    def clocks(self) -> list[Clock]:
        """The times of day, where no date is."""
        return self._times[1]

    @property
    def lengths(self) -> list[Length]:
        """The lengths of time, where neither is."""
        return self._times[2]

    @property
    def without_times(self) -> str:
        """The text with dates, times and lengths blanked out, as long as before."""
        return self._times[3]

    @property
    def things(self) -> list[Found]:
        """Names of machines, versions, files, addresses: whatever looks unlike a word."""
        return self._others[0]

    @property
    def numbers(self) -> list[Number]:
        """The numbers that are of none of these, in digits or words."""
        return self._others[1]

    @property
    def weekdays(self) -> list[Found]:
        """The days of the week."""
        return self._others[2]

    @property
    def rest(self) -> str:
        """The text with all of these blanked out, as long as before."""
        return self._others[3]

    @property
    def _times(self) -> _Times:
        if self._known_times is None:
            self._known_times = self._find_times()
        return self._known_times

    @property
    def _others(self) -> _Others:
        if self._known_others is None:
            self._known_others = self._find_others()
        return self._known_others

    def _find_times(self) -> _Times:
        rest, days, clocks = self.text, [], []
        # Most texts have no date, and no hour without minutes: to look for letters costs a tenth of that.
        lowered = rest.lower() if rest.isascii() else None
        if lowered is None or "-" in lowered or any(one in lowered for one in _MONTH_BEGINNINGS):
            for match in _DATE.finditer(rest):
                days.append(_day(match))
            rest = _blank(rest, days)
            if lowered is None or " of " in lowered or " the " in lowered:
                in_words = [_day_in_words(match) for match in _DATE_IN_WORDS.finditer(rest)]
                rest = _blank(rest, in_words)
                days += in_words
        if ":" in rest:
            found = [_clock(match, int(match[1]), int(match[2]), match[3]) for match in _TIME.finditer(rest)]
            rest = _blank(rest, found)
            clocks += found
        if lowered is None or any(one in lowered for one in ("am", "pm", ".m")):
            found = [
                _clock(match, int(match[1]), int(match[2]), match[3]) for match in _DOTTED.finditer(rest)
            ]
            rest = _blank(rest, found)
            clocks += found
            found = [_clock(match, int(match[1]), 0, match[2]) for match in _HOUR.finditer(rest)]
            rest = _blank(rest, found)
            clocks += found
        if lowered is None or any(one in lowered for one in _CLOCK_WORDS):
            in_clock_words = (_clock_in_words(match) for match in _CLOCK_IN_WORDS.finditer(rest))
            found = [one for one in in_clock_words if one is not None]
            rest = _blank(rest, found)
            clocks += found
        if lowered is None or "noon" in lowered or "mid" in lowered:
            found = [
                Clock(
                    match[0], match.start(), match.end(), _WORD_CLOCKS[match[0].casefold()], 0, is_rough=True
                )
                for match in _WORD.finditer(rest)
                if match[0].casefold() in _WORD_CLOCKS
            ]
            rest = _blank(rest, found)
            clocks += found
        lengths = []
        if lowered is None or "half" in lowered or "quarter" in lowered:
            lengths = [_half(match) for match in _HALVES.finditer(rest)]
            rest = _blank(rest, lengths)
        found_lengths = [one for match in _LENGTH.finditer(rest) if (one := _length(match)) is not None]
        rest = _blank(rest, found_lengths)
        lengths += found_lengths
        if lowered is None or any(one in lowered for one in _ONE_UNIT_PARTS):
            ones = [_one_unit(match) for match in _ONE_UNIT.finditer(rest)]
            rest = _blank(rest, ones)
            lengths += ones
        return days, clocks, lengths, rest

    def _find_others(self) -> _Others:
        rest = self._times[3]
        things = []
        for match in (_THING_OR_MAIL if "@" in rest else _THING).finditer(rest):
            if _NUMBER.fullmatch(match[0].strip()) is None:
                things.append(Found(match[0].strip("`.,:;"), match.start(), match.end()))
        rest = _blank(rest, things)
        numbers = []
        has_size = "illion" in rest or "undred" in rest or "housand" in rest
        for match in _NUMBER.finditer(rest):
            value = float(match[1].replace(",", ""))
            sign = {"-": "-", "−": "-", "+": "+"}.get(match[0][0], "")
            end, size = match.end(), _SIZE.match(rest, match.end()) if has_size and not match[2] else None
            if size is not None:
                end, value = size.end(), round(value * NUMBER_WORDS[size[1].casefold()], 6)
            numbers.append(
                Number(rest[match.start() : end].strip(), match.start(), end, value, _unit(match[2]), sign)
            )
        rest = _blank(rest, numbers)
        weekdays = []
        in_words: list[Number] = []
        tens: re.Match[str] | None = None
        for match in _WORD.finditer(rest):
            word = match[0].casefold()
            if "day" in word and word[:-2] in WEEKDAYS:
                # Monday's.
                word = word[:-2]
            if word in WEEKDAYS:
                weekdays.append(Found(word, match.start(), match.start() + len(word)))
            elif word in NUMBER_WORDS and (word != "one" or tens) and not _PARTED.match(rest, match.end()):
                value = float(NUMBER_WORDS[word])
                start = match.start()
                if word == "dozen" and (half := _HALF_A.search(rest, 0, start)) is not None:
                    value, start = value / 2, half.start()
                if tens is not None and word in _ONES and rest[tens.end() : start] in ("-", " "):
                    value += numbers.pop().value
                    start = tens.start()
                elif word == "one":
                    continue
                numbers.append(Number(rest[start : match.end()], start, match.end(), value))
                if tens is not None and start != match.start():
                    in_words.pop()
                in_words.append(numbers[-1])
                tens = match if word in _TENS else None
                continue
            tens = None
        told = sorted([*weekdays, *in_words], key=lambda one: one.start) if in_words else weekdays
        return things, numbers, weekdays, _blank(rest, told)


READ_CHARACTERS_MAX = 600
READINGS_REMEMBERED_MAX = 1_000


def read(text: str) -> Reading:
    """What can be checked in the text; a short one is remembered, for it is asked for again and again."""
    return _read_again(text) if len(text) <= READ_CHARACTERS_MAX else Reading(text)


@lru_cache(maxsize=READINGS_REMEMBERED_MAX)
def _read_again(text: str) -> Reading:
    return Reading(text)


def words(text: str) -> Iterator[Found]:
    """The words of letters alone, with where they stand."""
    for match in _WORD.finditer(text):
        yield Found(match[0], match.start(), match.end())


def words_alone(text: str) -> list[str]:
    """The same words, for those who do not ask where they stand."""
    return _WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The text in sentences."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def clock_of(at: datetime, zone: tzinfo) -> tuple[int, int]:
    """The time of day in a zone, by hour and minute."""
    local = at.astimezone(zone)
    return local.hour, local.minute


STEMS_REMEMBERED_MAX = 20_000


@lru_cache(maxsize=STEMS_REMEMBERED_MAX)
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


def _blank(text: str, found: Sequence[Found]) -> str:
    """The text with spaces where these stand, in their order."""
    if not found:
        return text
    parts, done = [], 0
    for one in found:
        parts += [text[done : one.start], " " * (one.end - one.start)]
        done = one.end
    return "".join([*parts, text[done:]])


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


def _day_in_words(match: re.Match[str]) -> Day:
    ordinal, month, year = match.groups()[:3] if match[1] else (match[5], match[4], match[6])
    day = _ORDINAL_DAYS[ordinal.casefold().replace(" ", "-")]
    return Day(
        match[0],
        match.start(),
        match.end(),
        int(year) if year else None,
        MONTHS[month.casefold()],
        day,
    )


def _clock(match: re.Match[str], hour: int, minute: int, half: str | None) -> Clock:
    if half:
        hour = hour % 12 + (12 if half.casefold() == "p" else 0)
    return Clock(match[0].strip(), match.start(), match.end(), hour, minute, is_rough=minute % 30 == 0)


def _clock_in_words(match: re.Match[str]) -> Clock | None:
    """None where the words only look like a time of day, as in “five to ten”."""
    hour_said = (match["hour"] or match["plain"]).casefold()
    hour = _WORD_CLOCKS.get(hour_said, NUMBER_WORDS.get(hour_said, -1))
    hour = int(hour_said) if hour < 0 else hour
    minute = 0
    part = next((match[one] for one in ("a", "an", "b", "bn", "c", "cn") if match[one]), "").casefold()
    if match["minutes"]:
        said = match["minutes"].casefold()
        minute = _CLOCK_MINUTE_WORDS.get(said, NUMBER_WORDS.get(said, -1))
        minute = int(said) if said.isdigit() else minute
        is_number = said in NUMBER_WORDS or said.isdigit()
        is_range = is_number and match["way"].casefold() == "to" and not part and "minute" not in match[0]
        if not 0 <= minute < 60 or (is_range and not _AT.search(match.string[: match.start()])):
            return None
        if match["way"].casefold() == "to":
            hour, minute = (hour - 1) % 24, 60 - minute
    if part in ("afternoon", "evening") or (part == "at night" and hour in range(6, 12)):
        hour = hour % 12 + 12
    elif part:
        hour %= 12
    is_either = not part and hour_said not in _WORD_CLOCKS
    hour = hour % 12 if is_either else hour
    return Clock(match[0], match.start(), match.end(), hour, minute, is_either, is_rough=True)


def _length(match: re.Match[str]) -> Length | None:
    """None where what looks like an amount is none, as in `1.7.4 hosts`: a version before a word."""
    seconds, smallest, unit_seconds = 0.0, float("inf"), float("inf")
    for amount, unit in zip(match.groups()[::2], match.groups()[1::2], strict=True):
        if amount:
            size = UNIT_SECONDS[_singular(unit)]
            counted = _counted(amount)
            if counted is None and amount.count(".") > 1:
                return None
            seconds += (float(amount.replace(",", "")) if counted is None else counted) * size
            # Who gives tenths of an hour means them.
            decimals = len(amount.partition(".")[2]) if counted is None else 0
            smallest = min(smallest, size / 10**decimals)
            unit_seconds = min(unit_seconds, size)
    return Length(match[0].strip(), match.start(), match.end(), seconds, smallest, unit_seconds)


def _counted(amount: str) -> int | None:
    """What a number in words is; None where it is in digits."""
    first, _, second = amount.casefold().replace("-", " ").partition(" ")
    if first not in NUMBER_WORDS:
        return None
    return NUMBER_WORDS[first] + (NUMBER_WORDS[second] if second else 0)


def _half(match: re.Match[str]) -> Length:
    """A length in halves or quarters of a unit."""
    size = _long_unit(match["of"] or match["one"] or match["some"])
    if match["of"]:
        amount = {"a": 0.25, "t": 0.75}[match["half"][0].casefold()] if "uarter" in match["half"] else 0.5
    else:
        part = match["plus"] or match["more"]
        beside = 0.75 if part is None else {"h": 0.5, "q": 0.25}[part[0].casefold()]
        counted = 1 if match["one"] else _counted(match["amount"])
        amount = (float(match["amount"]) if counted is None else counted) + beside
    return Length(match[0], match.start(), match.end(), amount * size, size * _HALF_EXACT_TO, size)


def _one_unit(match: re.Match[str]) -> Length:
    group = "after" if match["after"] else "before"
    size = _long_unit(match[group].rpartition(" ")[2])
    return Length(match[group], match.start(group), match.end(group), size, size, size)


def _long_unit(unit: str) -> float:
    unit = unit.casefold()
    return {"month": MONTH_SECONDS, "year": 365 * UNIT_SECONDS["day"]}.get(unit) or UNIT_SECONDS[unit]


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
