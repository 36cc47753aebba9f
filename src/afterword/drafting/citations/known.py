"""All that the cited evidence says, ready to be looked up. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

from afterword.drafting.citations.clauses import Clause, clause_of, clauses, content_of, stems_of
from afterword.drafting.citations.reading import (
    NUMBER_WORDS,
    WEEKDAYS,
    Clock,
    Length,
    Number,
    Reading,
    clock_of,
    read,
    sentences,
)
from afterword.drafting.citations.rounding import hedge_before, is_on_side, is_rounded
from afterword.drafting.citations.zones import ZONE, ZONE_MINUTES
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import plain_line

MOMENTS_PAIRED_MAX = 60
EVIDENCE_REMEMBERED_MAX = 8
NEAR_SHARE = 0.5
DAY_MINUTES = 1_440
HALF_DAY_MINUTES = 720
JUST_MINUTES = 15
"""How long before four it was who says “just before four”."""
ABOUT_MINUTES = 5
CLOCKS_OF_PIECE_MAX = 4
_NEAR_CLOCK = re.compile(
    r"\b(?:just|shortly|right|soon|a little) (?:(?P<before>before)|(?P<after>after)) $", re.IGNORECASE
)
PERCENT_ROUNDED = 0.005
"""How far whole percents may be off `4 of 12`."""
BEFORE_CHARACTERS = 40
_STATUSES = re.compile(r"[45]\d\ds")
"""“504s” are answers of that kind, and no length."""
_NUMBERED = re.compile(r"(?:#|\b(?:incident|post-mortem|postmortem) )$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s+(?:\w+\s)?(?:alerts?|entr(?:y|ies)|notes?|pages?|messages?|assignments?|times|time|changes?|lines?|"
    r"timestamps?)\b",
    re.IGNORECASE,
)
"""What the pieces of evidence are, so that counting them is no invention."""
_FALLS = re.compile(
    r"\b(?:minus|fell|falls?|fallen|drop\w*|decreas\w*|declin\w*|reduc\w*|lower\w*|shr[aiu]nk\w*|cut|lost|down|less|"
    r"below zero|negative)\b[^.;\d]*$",
    re.IGNORECASE,
)
_SOME_NUMBER = "|".join([r"\d[\d,]*(?:\.\d+)?", *NUMBER_WORDS])
_OF = re.compile(
    rf"(?<![\w.,])({_SOME_NUMBER})\s?(?:of|out of|in every|/)\s(?:the |all |our )?({_SOME_NUMBER})(?![\w.:])",
    re.IGNORECASE,
)
_ODDS = re.compile(
    rf"(?<![\w.,-])({_SOME_NUMBER}) in (?:every )?({_SOME_NUMBER})(?![\w.:]|,\d| (?:minutes?|hours?"
    rf"|days?|weeks?)\b)",
    re.IGNORECASE,
)
_OF_THEM = re.compile(
    rf"(?<![\w.,-])(?P<whole>{_SOME_NUMBER})\s[^\W\d_][^.;:\d]{{0,60}}?[,(]\s?(?:and "
    rf")?(?P<part>{_SOME_NUMBER}) of"
    r" (?:them|these|those|which|whom)\b",
    re.IGNORECASE,
)
"""“58 tickets, 51 of them from there”."""
_IN_ALL = re.compile(
    r"\b(?:together|between them|in total|in all|altogether|combined|a total of|all told)\b", re.IGNORECASE
)
_ALL_BUT = re.compile(r"\b(?:all|everything) (?:but|except) (?:for )?$", re.IGNORECASE)
_HUMPS = re.compile(r"[A-Z][a-z]{2,}")
"""The words of a name such as `CrashLoopBackOff`."""
SUMMED_MAX = 6
"""Numbers of one sentence, of which the sum is told “in all”."""
_FRACTION = re.compile(
    r"\b(?:(?P<count>an?|one|two|three|four|five|six|seven|eight|nine)[ -])?"
    r"(?P<part>half|halves|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)(?P<many>s)?\b(?P<of> of\b)?",
    re.IGNORECASE,
)
_PARTS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}


@dataclass
class Known:
    """All that the cited pieces say, ready to be looked up."""

    pieces: Sequence[Piece]
    zone: tzinfo
    text: str = ""
    plain: str = ""
    folded: str = ""
    moments: list[datetime] = field(default_factory=list)
    reading: Reading = field(default_factory=Reading)
    numbers: set[float] = field(default_factory=set)
    """Of incidents and post-mortems."""
    counts: set[float] = field(default_factory=set)
    _readings: dict[str, Reading] = field(default_factory=dict)
    _nearest: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        texts: list[str] = []
        for piece in self.pieces:
            texts += [piece.text, piece.source]
            self.moments += [at for at in (piece.at, piece.until) if at is not None]
            self._gather(piece.data, texts)
            if piece.incident is not None:
                self.numbers.add(float(piece.incident))
        self.text = "\n".join(filter(None, texts))
        self.plain = "\n".join(plain_line(one) for one in texts)
        self.folded = f"{self.text}\n{self.plain}".casefold()
        self.reading = _read_evidence(self.text)
        self.moments = list(dict.fromkeys(self.moments))
        self.counts = self.numbers | set(self._counts())

    @cached_property
    def stems(self) -> frozenset[str]:
        """Of all words that they say."""
        return stems_of(self.text)

    @cached_property
    def stems_of_parts(self) -> frozenset[str]:
        """Of the words of which names such as `CrashLoopBackOff` are made."""
        return stems_of(" ".join(part for one in self.reading.things for part in _HUMPS.findall(one.text)))

    @cached_property
    def shares(self) -> frozenset[float]:
        """The parts of a whole that they tell: `3 of 12`, `25%`, “a quarter”."""
        return frozenset(shares_in(self.text))

    @cached_property
    def longest(self) -> float:
        """In seconds: the longest that they tell, or that lies between their moments."""
        told = [one.seconds for one in self.reading.lengths]
        apart = (max(self.moments) - min(self.moments)).total_seconds() if self.moments else 0.0
        return max([*told, apart])

    def nearest(self, text: str) -> list[str]:
        """The sentences that share most with a text, half of what it is about at least."""
        if text not in self._nearest:
            content = content_of(text)
            rated = [(len(content & stems), one) for one, stems in self._stems_of_sentences]
            best = max((share for share, _ in rated), default=0)
            is_near = best > 0 and best >= NEAR_SHARE * len(content)
            self._nearest[text] = [one for share, one in rated if share == best] if is_near else []
        return self._nearest[text]

    @cached_property
    def _stems_of_sentences(self) -> list[tuple[str, frozenset[str]]]:
        return [(one, stems_of(one)) for one in sentences(self.text)]

    def nearest_clauses(self, text: str) -> list[str]:
        """The clauses of the nearest sentences that share most with a text."""
        content = content_of(text)
        parts = (part for one in self.nearest(text) for line in one.splitlines() for part in clauses(line))
        rated = [(len(content & stems_of(part)), part) for part in parts]
        best = max((share for share, _ in rated), default=0)
        return [part for share, part in rated if share == best] if best else []

    def _gather(self, told: Any, texts: list[str]) -> None:
        if isinstance(told, Mapping):
            for name, value in told.items():
                texts.append(str(name))
                # A distance in the catalogue is no number of an incident and counts nothing.
                if name != "upstream":
                    self._gather(value, texts)
        elif isinstance(told, datetime):
            self.moments.append(told)
        elif isinstance(told, bool):
            pass
        elif isinstance(told, int | float):
            self.numbers.add(float(told))
        elif isinstance(told, str):
            texts.append(told)
        elif isinstance(told, list | tuple):
            for one in told:
                self._gather(one, texts)

    def _counts(self) -> Iterator[float]:
        """How many pieces there are, in all and of each kind, and how many they stand for."""
        groups: dict[str, list[Piece]] = {"": list(self.pieces)}
        for piece in self.pieces:
            for name in (piece.kind, f"{piece.kind}.{piece.data.get('kind', '')}"):
                groups.setdefault(name, []).append(piece)
            if piece.kind == "entry" and piece.data.get("severity") is not None:
                groups.setdefault(f"severity.{piece.data['severity']}", []).append(piece)
            if piece.kind == "alert":
                groups.setdefault(f"type.{piece.data.get('type', '')}", []).append(piece)
        fired = [
            one for one in self.pieces if one.data.get("severity") not in (None, "resolved", "acknowledged")
        ]
        others = [one for one in self.pieces if one.data.get("kind") in (None, "status", "edit", "sla")]
        for members in (*groups.values(), fired, others):
            yield float(len(members))
            yield float(sum(piece.count for piece in members))

    def has_clock(self, clock: Clock, text: str) -> bool:
        """Whether this time of day, read in the zone that stands behind it in the text, is there."""
        zone = ZONE.match(text, clock.end)
        near = _NEAR_CLOCK.search(text[: clock.start]) if clock.is_rough else None
        before, after = (JUST_MINUTES if near and near[one] else 0 for one in ("after", "before"))
        if clock.is_rough and hedge_before(text, clock.start) == "about":
            before = after = ABOUT_MINUTES
        said = [clock.hour * 60 + clock.minute]
        if clock.is_either_half:
            said.append((said[0] + HALF_DAY_MINUTES) % DAY_MINUTES)
        if zone is not None:
            said = [one - ZONE_MINUTES[zone[1]] for one in said]
        there = self._minutes_in_utc if zone is not None else self._minutes
        return any(
            (one - minutes + before) % DAY_MINUTES <= before + after for one in said for minutes in there
        )

    @cached_property
    def _minutes_in_utc(self) -> frozenset[int]:
        """The minutes of the day of all their times, as they stand where they have no zone."""
        found = {hour * 60 + minute for hour, minute in (clock_of(at, UTC) for at in self.moments)}
        for one in self.reading.clocks:
            zone = ZONE.match(self.text, one.end)
            found.add((one.hour * 60 + one.minute - (ZONE_MINUTES[zone[1]] if zone else 0)) % DAY_MINUTES)
        return frozenset(found)

    @cached_property
    def _minutes(self) -> frozenset[int]:
        """The same as somebody may tell them who names no zone."""
        found = {hour * 60 + minute for hour, minute in (clock_of(at, self.zone) for at in self.moments)}
        found |= {one.hour * 60 + one.minute for one in self.reading.clocks}
        return self._minutes_in_utc | found

    def reading_of(self, piece: Piece) -> Reading:
        """What can be checked in the text of one of them."""
        return self._readings.setdefault(piece.id, read(piece.text))

    @cached_property
    def as_sentences(self) -> list[Clause]:
        """Each of their sentences, to be compared as a whole."""
        lines = (line for one in sentences(self.text) for line in one.splitlines())
        return [clause_of(line) for line in lines if line.strip()]

    @cached_property
    def as_clauses(self) -> list[Clause]:
        """Their clauses, one after the other."""
        return [part for one in self.as_sentences for part in one.parts]

    @cached_property
    def _told_moments(self) -> list[datetime]:
        """Those that texts tell by a time of day, on the day that is nearest to when they were written."""
        found = []
        for piece in self.pieces:
            if piece.at is None or piece.count > 1:
                continue
            for one in self.reading_of(piece).clocks[:CLOCKS_OF_PIECE_MAX]:
                zone = ZONE.match(piece.text, one.end)
                at = piece.at.astimezone(UTC if zone else self.zone)
                told = at.replace(hour=one.hour, minute=one.minute, second=0, microsecond=0)
                told -= timedelta(minutes=ZONE_MINUTES[zone[1]] if zone else 0)
                days = round((at - told) / timedelta(days=1))
                found.append(told + timedelta(days=days))
        return found[:MOMENTS_PAIRED_MAX]

    @cached_property
    def _told_days(self) -> list[datetime]:
        """Those that texts tell by their weekday: the last before they were written."""
        found = []
        for piece in self.pieces:
            if piece.at is None or piece.count > 1:
                continue
            at = piece.at.astimezone(self.zone)
            for one in self.reading_of(piece).weekdays[:CLOCKS_OF_PIECE_MAX]:
                found.append(at - timedelta(days=(at.weekday() - WEEKDAYS.index(one.text)) % 7))
        return found

    def has_day(self, year: int | None, month: int, day: int) -> bool:
        for at in self.moments:
            for local in (at.astimezone(self.zone), at.astimezone(UTC)):
                if (local.month, local.day) == (month, day) and year in (None, local.year):
                    return True
        if any(
            (one.month, one.day) == (month, day) and (year is None or one.year in (None, year))
            for one in self.reading.days
        ):
            return True
        return any(
            (one.month, one.day) == (month, day) and year in (None, one.year) for one in self._told_days
        )

    def has_weekday(self, name: str, text: str) -> bool:
        """Whether it is named, or one of their moments is on it, and what is nearest names no other."""
        if name in self.folded:
            return True
        if any(one in near.casefold() for near in self.nearest(text) for one in WEEKDAYS):
            return False
        return any(f"{at.astimezone(self.zone):%A}".casefold() == name for at in self.moments)

    def has_length(self, length: Length, hedge: str | None = None) -> bool:
        """Whether the evidence has this length, or a finer one of which this is what is left by rounding.

        What is hedged as “less than five hours” or “more than” must be on that side of it.
        """
        seconds, exact_to = length.seconds, length.exact_to
        if _STATUSES.fullmatch(length.text):
            return any(one.value == seconds for one in self.reading.numbers) or length.text in self.folded
        for one in self.reading.lengths:
            is_finer = one.unit < length.unit
            is_exacter = is_finer or one.exact_to < exact_to
            if is_exacter and hedge is not None and is_on_side(seconds, hedge, one.seconds):
                return True
            if one.seconds == seconds or (is_finer and 0 <= one.seconds - seconds < exact_to):
                return True
        moments = self.moments
        if len(moments) > MOMENTS_PAIRED_MAX:
            moments = [min(moments), max(moments), *moments[:MOMENTS_PAIRED_MAX]]
        if _is_between(moments, length, hedge) or (seconds == 0 and moments):
            return True
        return bool(self._told_moments) and _is_between([*moments, *self._told_moments], length, hedge)

    def has_number(self, number: Number, text: str) -> bool:
        """Whether it stands in the evidence with the same unit, or counts what the text says it counts."""
        for one in self.reading.numbers:
            is_same = one.value == number.value
            is_of_unit = not number.unit or not one.unit or one.unit == number.unit
            if is_same and is_of_unit and _is_same_sign(number, text, one, self.text):
                return True
        if not number.unit and any(
            one.exact_to * number.value == one.seconds for one in self.reading.lengths
        ):
            return True
        if self._has_rounded(number, text) or self._has_rest_or_sum(number, text):
            return True
        if number.unit == "%" and self._has_percent(number, text):
            return True
        before, after = text[: number.start], text[number.end :]
        if _NUMBERED.search(before):
            return number.value in self.numbers
        return _COUNTED.match(after) is not None and number.value in self.counts

    def _has_percent(self, number: Number, text: str) -> bool:
        """Whether a part that is told by two numbers is so many percent."""
        share, hedge = number.value / 100, hedge_before(text, number.start)
        for _, one in parts_in(self.text):
            if number.value.is_integer() and abs(one - share) < PERCENT_ROUNDED:
                return True
            if hedge is not None and is_on_side(share, hedge, one):
                return True
        return False

    def _has_rest_or_sum(self, number: Number, text: str) -> bool:
        """Whether it is what “all but” leaves of a hundred percent, or the sum that is told “in all”."""
        if number.unit == "%" and _ALL_BUT.search(text[: number.start]):
            return any(one.unit == "%" and one.value + number.value == 100 for one in self.reading.numbers)
        if number.unit or not _IN_ALL.search(text):
            return False
        for line in self.text.splitlines():
            for sentence in line.split(". "):
                values = [one.value for one in read(sentence).numbers if not one.unit]
                if 2 <= len(values) <= SUMMED_MAX and number.value in (
                    sum(values),
                    *(a + b for a, b in combinations(values, 2)),
                ):
                    return True
        return False

    def _has_rounded(self, number: Number, text: str) -> bool:
        hedge = hedge_before(text, number.start)
        same = (one.value for one in self.reading.numbers if one.unit == number.unit)
        return hedge is not None and not number.sign and is_rounded(number.value, hedge, same)

    def has_words(self, text: str) -> bool:
        return re.search(rf"(?<!\w){re.escape(text.casefold())}(?!\w)", self.folded) is not None


@lru_cache(maxsize=EVIDENCE_REMEMBERED_MAX)
def _read_evidence(text: str) -> Reading:
    """As it was read for the claim before, which often cites the same."""
    return Reading(text)


def _is_between(moments: Sequence[datetime], length: Length, hedge: str | None) -> bool:
    """Whether two of them are so far apart."""
    for first, second in combinations(moments, 2):
        apart = abs((second - first).total_seconds())
        if (hedge == "below" and apart > length.seconds) or (hedge == "above" and apart < length.seconds):
            continue
        if (
            0 <= apart - length.seconds < length.exact_to
            or abs(apart - length.seconds) * 2 <= length.exact_to
        ):
            return True
    return False


def fractions_in(text: str) -> Iterator[tuple[str, float]]:
    """“A third of” and its like, and how much that is. A third attempt is none."""
    for match in _FRACTION.finditer(text):
        count, part = (match["count"] or "").casefold(), match["part"].casefold()
        if part == "half":
            if not text[match.end("part") : match.end("part") + 1].startswith("-"):
                yield match[0], 0.5
        elif count in NUMBER_WORDS and (match["many"] or count == "one"):
            yield match[0], NUMBER_WORDS[count] / _PARTS[part]
        elif count == "a" and match["of"]:
            yield match[0], 1 / _PARTS[part]


def shares_in(text: str) -> Iterator[float]:
    """The parts of a whole in a text, in digits or words."""
    yield from (share for _, share in parts_in(text))
    reading = read(text)
    for number in reading.numbers:
        if number.unit == "%":
            yield number.value / 100
    for _, share in fractions_in(reading.rest):
        yield share


def odds_in(text: str) -> Iterator[tuple[int, int, float]]:
    """“One in 25” and its like: where it stands, and how much that is."""
    for match in _ODDS.finditer(text):
        if share := _share(match):
            yield match.start(), match.end(), share


def _share(match: re.Match[str]) -> float:
    part, whole = (_as_number(one) for one in match.groups())
    return part / whole if whole else 0.0


def _as_number(said: str) -> float:
    word = said.casefold()
    return float(NUMBER_WORDS[word] if word in NUMBER_WORDS else said.replace(",", ""))


def parts_in(text: str) -> Iterator[tuple[str, float]]:
    """`3 of 12` and its like, and how much that is."""
    for match in _OF.finditer(text):
        if share := _share(match):
            yield match[0], share
    if " of " in text:
        for match in _OF_THEM.finditer(text):
            whole = _as_number(match["whole"])
            if whole and (share := _as_number(match["part"]) / whole) <= 1:
                yield match[0], share


def without_fractions(text: str) -> str:
    """The text without shares in words, which are compared by themselves."""
    return _FRACTION.sub(" ", text)


def _is_same_sign(first: Number, first_text: str, second: Number, second_text: str) -> bool:
    """Whether both are above nothing, or both below; “fell by 5” says what “-5” does."""
    minus = [one.sign == "-" for one in (first, second)]
    if minus[0] == minus[1]:
        return True
    other, text = (second, second_text) if minus[0] else (first, first_text)
    before = text[max(0, other.start - BEFORE_CHARACTERS) : other.start]
    return not other.sign and _FALLS.search(before) is not None
