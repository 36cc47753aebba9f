"""What a text says of the times, lengths, numbers and names of an incident, held against the record. Pure.

It looks at few things and is sure of them. A time is compared only where the sentence says of what it is
("the incident started at ..."), and a number only with the noun that the record counts. Quotations, code,
other incidents, thresholds, habits and plans are left alone: a finding that is wrong costs more than one
that is not made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cached_property, lru_cache
from typing import Literal, TypeVar

from afterword.drafting.citations.reading import Clock, Day, Found, Length, Number, Reading, read

TEXT_CHARACTERS_MAX = 64 * 1024
FINDINGS_MAX = 200
NAMES_MAX = 500
SENTENCE_CHARACTERS_MAX = 2_000
"""What is longer is no sentence, and is not looked at."""
AFTER_VERB_CHARACTERS_MAX = 60
ROUGH_SHARE = 0.15
"""How far an “about” may be off a length, as a share of it."""
ROUGH_MINUTES = 7

Spot = TypeVar("Spot", bound=Found)
RecordKind = Literal["time", "date", "weekday", "duration", "count", "severity", "service", "version"]


@dataclass(frozen=True)
class Moment:
    """A time of the record, what it is called, and where it can be seen."""

    label: str
    at: datetime
    url: str = ""


@dataclass(frozen=True)
class Deployed:
    """A version that the record names, of what."""

    version: str
    what: str
    url: str = ""


@dataclass(frozen=True)
class Record:
    """What is known of the incidents that a text is about."""

    moments: Mapping[str, Sequence[Moment]] = field(default_factory=dict)
    """By key, as in `MOMENTS`; of several incidents each."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """`alerts`, `services`, `changes`, `follow-ups`: how many there are."""
    severities: Sequence[str] = ()
    known_severities: Sequence[str] = ()
    """What a severity or a priority can be here."""
    services: Sequence[str] = ()
    known_services: Sequence[str] = ()
    versions: Sequence[Deployed] = ()
    zone: tzinfo = UTC
    """In which times are told that name none."""
    url: str = ""
    """Where counts and names can be seen."""


@dataclass(frozen=True)
class RecordFinding:
    """A span of the text that the record says otherwise."""

    kind: RecordKind
    start: int
    end: int
    """Characters from the beginning of the text."""
    text: str
    expected: str
    """What the record says."""
    message: str
    suggestion: str
    """What can stand in the place of the span."""
    url: str = ""
    """Where the record says it."""


def check_record(text: str, record: Record) -> list[RecordFinding]:
    """The findings in a text of Markdown, in their order, at most `FINDINGS_MAX`.

    Of a text longer than `TEXT_CHARACTERS_MAX` its beginning is read.
    """
    text = text[:TEXT_CHARACTERS_MAX]
    shown = _without_quotations(text)
    found: list[RecordFinding] = []
    names = _names(record)
    for start, end in _sentences(shown):
        sentence = shown[start:end]
        if not _SAYS_SOMETHING.search(sentence) and not (names and names.search(sentence)):
            continue
        for one in _check_sentence(_Sentence(sentence, text[start:end], start), record):
            found.append(one)
        if len(found) >= FINDINGS_MAX:
            break
    return sorted(_one_for_each_span(found), key=lambda one: one.start)[:FINDINGS_MAX]


MOMENTS = ("started", "detected", "reported", "acknowledged", "identified", "fixed", "resolved", "closed")
_ALSO_RIGHT: dict[str, tuple[str, ...]] = {
    "started": ("opened", "detected"),
    "detected": ("opened",),
    "fixed": ("resolved",),
    "resolved": ("fixed", "closed"),
    "acknowledged": (),
}
"""What people call the same: who says that it was over means one of these."""
_SUBJECT = r"(?:incident|outage|impact|disruption|degradation|issue|problem|downtime|failure)s?"
_VERBS = {
    "started": r"started|began|begun|starts|begins|start of (?:the )?(?:impact|incident|outage)",
    "detected": r"detected|noticed|discovered",
    "reported": r"reported",
    "acknowledged": r"acknowledged",
    "identified": r"identified",
    "fixed": r"fixed|mitigated|repaired",
    "resolved": r"resolved|ended|over",
    "closed": r"closed",
}
_OF = {
    "acknowledged": rf"{_SUBJECT}|it|alerts?|page",
    "identified": rf"{_SUBJECT}|cause|it",
    "reported": rf"{_SUBJECT}|it",
}
_CUES = {
    key: re.compile(
        rf"\b(?:{_OF.get(key, _SUBJECT + '|it')})\b(?P<between>[^.;:\d]{{0,40}}?)\b(?P<verb>{verbs})\b", re.I
    )
    for key, verbs in _VERBS.items()
}
_BEGINNINGS = {
    "started": ("start", "beg"),
    "detected": ("detect", "notic", "discover"),
    "reported": ("reported",),
    "acknowledged": ("acknowledged",),
    "identified": ("identified",),
    "fixed": ("fixed", "mitigated", "repaired"),
    "resolved": ("resolved", "ended", "over"),
    "closed": ("closed",),
}
"""Of the verbs above."""
_LABELS = {
    "started": "(?:incident |impact |outage )?(?:start(?:ed)?|began)(?: time| at)?",
    "detected": "detected(?: at)?|detection",
    "acknowledged": "acknowledged(?: at)?",
    "identified": "identified(?: at)?|cause found",
    "fixed": "fixed(?: at)?|mitigated(?: at)?",
    "resolved": "(?:incident |impact )?(?:resolved|ended|end)(?: time| at)?",
}
_LABELLED = {
    key: re.compile(rf"^[\s>|*_+-]*(?:{words})[\s*_|]*[:–|-][\s*_|]*", re.I) for key, words in _LABELS.items()
}
_SPAN = re.compile(rf"\b{_SUBJECT}\b[^.;:\d]{{0,40}}?\b(?:from|between)\b", re.I)
_IT = rf"\b(?:{_SUBJECT}|it)\b[^.;:\d]{{0,40}}?"
_LASTED = re.compile(rf"{_IT}\b(?:lasted|went on|continued|persisted)\b", re.I)
_TOOK = {
    "detected": r"detected|noticed",
    "acknowledged": r"acknowledged",
    "fixed": r"fixed|mitigated",
    "resolved": r"resolved|restored",
}
_WITHIN = {
    key: re.compile(rf"{_IT}\b(?:{verbs})\b (?:after|within|in)\b", re.I) for key, verbs in _TOOK.items()
}
_TIME_TO = {
    "detected": re.compile(r"\btime to detect(?:ion)?\b", re.I),
    "acknowledged": re.compile(r"\btime to acknowledge(?:ment)?\b", re.I),
    "resolved": re.compile(r"\btime to (?:resolve|resolution|repair|recover(?:y)?)\b", re.I),
}
_LENGTH_BEFORE = re.compile(rf"^[- ](?:long )?(?:\w+ )?{_SUBJECT}\b", re.I)
_ROUGH = re.compile(
    r"(?:about|around|approximately|approx\.?|roughly|nearly|almost|some|circa|ca\.|~|≈|just (?:over|under)"
    r"|shortly (?:before|after)|before|after|until|by|since|over|under|more than|less than|at least|at most"
    r"|up to)\s*$",
    re.I,
)
_BOUND = re.compile(r"(?:over|under|more than|less than|least|most|up to|within)\s*$", re.I)
_LOOSE = re.compile(
    r"(?:before|after|until|by|since|over|under|more than|less than|least|most|up to)\s*$", re.I
)
_ELSEWHERE = re.compile(
    r"(?<!\w)#\d+|\b(?:threshold|slos?|slas?|target|previous(?:ly)?|earlier"
    r"|last (?:week|month|year|time|quarter)"
    r"|another|other|similar|unrelated|historical(?:ly)?|usual(?:ly)?|normal(?:ly)?|typical(?:ly)?|average"
    r"|median|per|every|each|whenever|would|should|could|might|may|will|shall|if|unless|plan(?:ned|s)?"
    r"|in future|next|expect(?:ed|s)?|p\d\d|timeout|retention|interval|example|instead of|rather than"
    r"|ago|not|never|no longer|n't)\b",
    re.I,
)
"""The sentence talks of something else, or of what is not."""
_LISTED = re.compile(r"[;,]| but | and | while | when | whereas ")
_SAYS_SOMETHING = re.compile(
    r"\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|twenty|thirty|forty|fifty)\b",
    re.I,
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)
_SAYS_WHEN = re.compile(
    r"started|began|begun|starts|begins|start\b|detect|notice|discover|reported|acknowledged|identified|fixed"
    r"|mitigated|repaired|resolved|ended|over\b|closed|found|from|between|\bend\b",
    re.I,
)
_SAYS_HOW_LONG = re.compile(
    r"lasted|went on|continued|persisted|detected|noticed|acknowledged|fixed|mitigated|resolved|restored"
    rf"|time to|\d[- ]?\w+[- ](?:long )?(?:\w+ )?{_SUBJECT}",
    re.I,
)
_HAS_LENGTH = re.compile(r"\d[ \u00a0-]?[smhdw]", re.I)
_SAYS_HOW_MANY = re.compile(r"\balerts?\b|\bservices?\b|\bfollow-?ups?\b|\baction items?\b", re.I)
_ZONE = re.compile(r"\s?\(?(UTC|GMT|Z|CET|CEST|BST|IST|EET|EEST|EST|EDT|CST|CDT|MST|MDT|PST|PDT|JST)\b")
_ZONE_MINUTES = {
    **dict.fromkeys(("UTC", "GMT", "Z"), 0),
    **dict.fromkeys(("CET", "BST"), 60),
    **dict.fromkeys(("CEST", "EET"), 120),
    **dict.fromkeys(("CST", "MDT"), -360),
    **dict.fromkeys(("EST", "CDT"), -300),
    **dict.fromkeys(("MST", "PDT"), -420),
    "EEST": 180,
    "EDT": -240,
    "PST": -480,
    "JST": 540,
    "IST": 330,
}
_COUNTED = {
    "alerts": (
        re.compile(r"^\s(?:\w+ )?alerts? (?:fired|were|came|arrived|went off|had fired)\b", re.I),
        re.compile(r"\b(?:received|raised|fired|sent|got|made up of|consists? of)\s$", re.I),
        re.compile(r"^\salerts?\b", re.I),
    ),
    "services": (
        re.compile(r"^\sservices? (?:were|was|became|had been) (?:affected|impacted|degraded|down)\b", re.I),
        re.compile(r"\b(?:affected|impacted|degraded|hit)\s$", re.I),
        re.compile(r"^\sservices?\b", re.I),
    ),
    "follow-ups": (
        re.compile(r"^\s(?:follow-?ups?|action items?) (?:were|are|came|have been)\b", re.I),
        re.compile(r"\b(?:agreed on|created|opened|made)\s$", re.I),
        re.compile(r"^\s(?:follow-?ups?|action items?)\b", re.I),
    ),
}
_SEVERITY_SAID = (
    r"(?:severity(?: level)?(?: was| of| is|:)?(?: set to)?\s+(?P<after>{names})"
    r"|(?:this|the incident|it|which|outage)(?: \w+)? was (?:declared |classified as |rated )?(?:an? )?"
    r"(?P<was>{names})"
    r"|(?:this|the) (?P<this>{names}) (?:incident|outage))(?![\w-])"
)
_CHANGED = re.compile(r"\b(?:upgraded|downgraded|raised|lowered|escalated|initially|first|from)\b", re.I)
_VERSION = re.compile(r"(?<![\w./-])v?(\d+\.\d+(?:\.\d+)?(?:[-+][\w.]+)?)(?![\w/]|\.\d|-\d|%)", re.I)
_VERSION_SAID = re.compile(
    r"\b(?:deploy(?:ed|ment of|ing|s)?|releas(?:ed|e of|ing|e)|rolled out|shipped|upgraded to|updated to"
    r"|version)[^.;:,]{0,40}$",
    re.I,
)
_ROLLED_BACK = re.compile(r"\b(?:roll(?:ed|ing)?[ -]?back|revert(?:ed|ing)?|downgrad(?:ed|ing))\b", re.I)
_AFFECTED_BEFORE = re.compile(
    r"\b(?:affected|impacted|degraded|outage of|took down|brought down)(?: services?)?:?(?: the)?\s$", re.I
)
_AFFECTED_AFTER = re.compile(
    r"^(?: service| API)? (?:was|were|became|went)"
    r" (?:down|unavailable|affected|impacted|degraded|slow|offline)\b",
    re.I,
)


@dataclass(frozen=True)
class _Sentence:
    shown: str
    """With quotations and code blanked out."""
    written: str
    offset: int

    @cached_property
    def reading(self) -> Reading:
        """Of the whole sentence, once somebody asks: most sentences say nothing that could be compared."""
        return read(self.shown)

    def span(self, start: int, end: int) -> str:
        return self.written[start:end]


def _check_sentence(sentence: _Sentence, record: Record) -> Iterator[RecordFinding]:
    if _WEEKDAY.search(sentence.shown):
        yield from _weekdays_of_dates(sentence, record)
    if _ELSEWHERE.search(sentence.shown):
        return
    if _SAYS_WHEN.search(sentence.shown):
        yield from _moments(sentence, record)
    if _HAS_LENGTH.search(sentence.shown) and _SAYS_HOW_LONG.search(sentence.shown):
        yield from _durations(sentence, record)
    if _SAYS_HOW_MANY.search(sentence.shown):
        yield from _counts(sentence, record)
    yield from _severities(sentence, record)
    yield from _services(sentence, record)
    yield from _versions(sentence, record)


# Times, dates and weekdays --------------------------------------------------------------------------------


def _moments(sentence: _Sentence, record: Record) -> Iterator[RecordFinding]:
    shown = sentence.shown
    cues: list[tuple[int, str]] = []
    lowered = shown.lower()
    for key, cue in _CUES.items():
        # Most sentences have none of the words: to ask for their beginnings costs a tenth.
        if not any(letters in lowered for letters in _BEGINNINGS[key]):
            continue
        cues += [(match.end("verb"), key) for match in cue.finditer(shown)]
    for key, label in _LABELLED.items():
        if match := label.match(shown):
            cues.append((match.end(), key))
    for match in _SPAN.finditer(shown):
        clocks = [one for one in sentence.reading.clocks if one.start >= match.end()][:2]
        if len(clocks) == 2 and clocks[0].start - match.end() < AFTER_VERB_CHARACTERS_MAX:
            between = shown[clocks[0].end : clocks[1].start]
            if re.fullmatch(r"[\s(\w)]{0,12}(?:to|until|till|and|–|-)\s", between, re.I):
                yield from _clock(sentence, clocks[0], "started", record)
                yield from _clock(sentence, clocks[1], "resolved", record, is_end=True)
    ends = sorted(end for end, _ in cues)
    for end, key in cues:
        if not record.moments.get(key):
            continue
        limit = min([other for other in ends if other > end] + [end + AFTER_VERB_CHARACTERS_MAX, len(shown)])
        clock = _first(sentence.reading.clocks, end, limit)
        day = _first(sentence.reading.days, end, limit)
        first = min((one.start for one in (clock, day) if one is not None), default=limit)
        if _LISTED.search(shown[end:first]):
            continue
        if day is not None:
            yield from _day(sentence, day, key, record)
        if clock is not None and (day is None or _is_of(day, record.moments[key], record.zone)):
            yield from _clock(sentence, clock, key, record)
        if day is None:
            for weekday in sentence.reading.weekdays:
                if end <= weekday.start < min(limit, first):
                    yield from _weekday(sentence, weekday.start, weekday.end, key, record)


def _clock(
    sentence: _Sentence, clock: Clock, key: str, record: Record, *, is_end: bool = False
) -> Iterator[RecordFinding]:
    before = sentence.shown[: clock.start]
    if not record.moments.get(key):
        return
    if not is_end and _LOOSE.search(before):
        return
    zone_said = _ZONE.match(sentence.shown, clock.end)
    zones: list[tzinfo] = [record.zone, UTC]
    if zone_said:
        zones = [timezone(timedelta(minutes=_ZONE_MINUTES[zone_said[1]]))]
    moments = _right(key, record)
    rough = ROUGH_MINUTES if _ROUGH.search(before) else 0
    said = clock.hour * 60 + clock.minute
    for moment in moments:
        for zone in zones:
            local = moment.at.astimezone(zone)
            apart = abs(local.hour * 60 + local.minute - said)
            if min(apart, 1_440 - apart) <= rough:
                return
    moment = record.moments[key][0]
    local = moment.at.astimezone(zones[0])
    shown = _clock_like(clock.text.rstrip("."), local)
    yield _finding(
        sentence,
        "time",
        clock.start,
        clock.start + len(clock.text.rstrip(".")),
        f"{local:%H:%M}" + (f" {zone_said[1]}" if zone_said else ""),
        f"The record has {moment.label} at {shown}{' ' + zone_said[1] if zone_said else ''}.",
        shown,
        moment.url,
    )


def _day(sentence: _Sentence, day: Day, key: str, record: Record) -> Iterator[RecordFinding]:
    if _is_of(day, _right(key, record), record.zone) or _LOOSE.search(sentence.shown[: day.start]):
        return
    moment = record.moments[key][0]
    local = moment.at.astimezone(record.zone)
    yield _finding(
        sentence,
        "date",
        day.start,
        day.end,
        f"{local:%Y-%m-%d}",
        f"The record has {moment.label} on {local.day} {local:%B %Y}.",
        _day_like(day, local),
        moment.url,
    )


def _weekday(sentence: _Sentence, start: int, end: int, key: str, record: Record) -> Iterator[RecordFinding]:
    name = sentence.span(start, end)
    said = name.casefold()
    if any(
        f"{moment.at.astimezone(zone):%A}".casefold() == said
        for moment in _right(key, record)
        for zone in (record.zone, UTC)
    ):
        return
    moment = record.moments[key][0]
    expected = f"{moment.at.astimezone(record.zone):%A}"
    yield _finding(
        sentence,
        "weekday",
        start,
        end,
        expected,
        f"The record has {moment.label} on a {expected}.",
        expected,
        moment.url,
    )


def _weekdays_of_dates(sentence: _Sentence, record: Record) -> Iterator[RecordFinding]:
    """A weekday beside its date: that can be computed, whatever the date is of."""
    for weekday in sentence.reading.weekdays:
        for day in sentence.reading.days:
            beside = (
                sentence.shown[weekday.end : day.start]
                if weekday.end <= day.start
                else sentence.shown[day.end : weekday.start]
            )
            if not re.fullmatch(r",? (?:the )?|,? ?\(", beside):
                continue
            known = _date_of(day, record)
            if known is None or f"{known:%A}".casefold() == weekday.text.casefold():
                continue
            yield _finding(
                sentence,
                "weekday",
                weekday.start,
                weekday.end,
                f"{known:%A}",
                f"{day.text} is a {known:%A}.",
                f"{known:%A}",
                "",
            )


def _date_of(day: Day, record: Record) -> date | None:
    years = [day.year] if day.year is not None else []
    if not years:
        near = [
            moment.at.astimezone(record.zone).date()
            for moments in record.moments.values()
            for moment in moments
        ]
        years = sorted({one.year for one in near if (one.month, one.day) == (day.month, day.day)})
    if len(years) != 1:
        return None
    try:
        return date(years[0], day.month, day.day)
    except ValueError:
        return None


def _is_of(day: Day, moments: Iterable[Moment], zone: tzinfo) -> bool:
    return any(
        (day.month, day.day) == (local.month, local.day) and day.year in (None, local.year)
        for moment in moments
        for local in (moment.at.astimezone(zone), moment.at.astimezone(UTC))
    )


def _right(key: str, record: Record) -> list[Moment]:
    """Every moment that may be meant."""
    return [moment for one in (key, *_ALSO_RIGHT.get(key, ())) for moment in record.moments.get(one, ())]


def _clock_like(said: str, at: datetime) -> str:
    """A time of day, written as another one is."""
    lowered = said.casefold()
    if lowered.rstrip(".").endswith("m"):
        half = "am" if at.hour < 12 else "pm"
        half = half.upper() if said.rstrip(".").endswith("M") else half
        space = " " if " " in said else ""
        return f"{at.hour % 12 or 12}:{at.minute:02}{space}{half}"
    seconds = f":{at.second:02}" if said.count(":") == 2 else ""
    hour = f"{at.hour:02}" if len(said.partition(":")[0]) > 1 else f"{at.hour}"
    return f"{hour}:{at.minute:02}{seconds}"


def _day_like(day: Day, at: datetime) -> str:
    """A date, written as another one is."""
    if re.match(r"\d{4}-", day.text):
        return f"{at:%Y-%m-%d}"
    year = f" {at.year}" if day.year is not None else ""
    if day.text[:1].isdigit():
        return f"{at.day} {at:%B}{year}"
    return f"{at:%B} {at.day}{',' if year else ''}{year}"


# Durations ------------------------------------------------------------------------------------------------


def _durations(sentence: _Sentence, record: Record) -> Iterator[RecordFinding]:
    shown = sentence.shown
    for length in sentence.reading.lengths:
        key = _length_is_of(shown, length)
        if key is None:
            continue
        began = [moment.at for moment in _right("started", record)]
        ended = record.moments.get(key) or ()
        also = _right(key, record)
        if not began or not ended:
            continue
        before = shown[: length.start]
        if _BOUND.search(before):
            continue
        slack = length.exact_to
        if _ROUGH.search(before):
            slack = max(slack, ROUGH_SHARE * length.seconds)
        lengths = [(one.at - start).total_seconds() for one in also for start in began]
        if any(abs(one - length.seconds) < slack for one in lengths):
            continue
        seconds = (ended[0].at - began[0]).total_seconds()
        if seconds <= 0:
            continue
        expected = describe_length(seconds)
        what = {"resolved": "from its start to its resolution", "detected": "from its start to its detection"}
        yield _finding(
            sentence,
            "duration",
            length.start,
            length.end,
            expected,
            f"By the record it was {expected} {what.get(key, f'from its start until it was {key}')}.",
            _length_like(length.text, seconds),
            ended[0].url,
        )


def _length_is_of(shown: str, length: Length) -> str | None:
    before = shown[max(0, length.start - 100) : length.start]
    for pattern, key in (
        (_LASTED, "resolved"),
        *((pattern, key) for key, pattern in _WITHIN.items()),
        *((pattern, key) for key, pattern in _TIME_TO.items()),
    ):
        for match in pattern.finditer(before):
            rest = before[match.end() :]
            if len(rest) <= 25 and not _LISTED.search(rest):
                return key
    is_named = _LENGTH_BEFORE.match(shown[length.end : length.end + 60])
    return "resolved" if is_named and re.search(r"\b(?:an?|the|this)\s$", before, re.I) else None


def describe_length(seconds: float) -> str:
    """A length of time in words, to the minute where it has some: `1 hour 12 minutes`."""
    if seconds < 60:
        return _times(round(seconds), "second")
    minutes = int(seconds // 60)
    days, minutes = divmod(minutes, 1_440)
    hours, minutes = divmod(minutes, 60)
    parts = [_times(days, "day")] if days else []
    parts += [_times(hours, "hour")] if hours else []
    parts += [_times(minutes, "minute")] if minutes else []
    return " ".join(parts[:2])


def _length_like(said: str, seconds: float) -> str:
    if re.fullmatch(r"\d+-min(?:ute)?", said, re.I):
        return f"{int(seconds // 60)}-minute"
    return describe_length(seconds)


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


# Counts, severities, services, versions -------------------------------------------------------------------


def _counts(sentence: _Sentence, record: Record) -> Iterator[RecordFinding]:
    for number in sentence.reading.numbers:
        end = number.start + len(number.text)
        before, after = sentence.shown[: number.start], sentence.shown[end:]
        if number.unit or _ROUGH.search(before) or re.search(r"[#/.,-]$|\bof (?:the )?$", before):
            continue
        for noun, (said, verb, plain) in _COUNTED.items():
            count = record.counts.get(noun)
            if count is None or not (said.match(after) or (verb.search(before) and plain.match(after))):
                continue
            if number.value != count:
                yield _counted(sentence, number, noun, count, record.url)


def _counted(sentence: _Sentence, number: Number, noun: str, count: int, url: str) -> RecordFinding:
    told = f"{count:,} {noun if count != 1 else noun.removesuffix('s')}"
    return _finding(
        sentence,
        "count",
        number.start,
        number.start + len(number.text),
        str(count),
        f"The record has {told}.",
        f"{count:,}",
        url,
    )


def _severities(sentence: _Sentence, record: Record) -> Iterator[RecordFinding]:
    if not record.severities:
        return
    pattern = _said_severity(tuple(record.known_severities[:NAMES_MAX]))
    if pattern is None or _CHANGED.search(sentence.shown):
        return
    ours = {_plain(name) for name in record.severities}
    for match in pattern.finditer(sentence.shown):
        group = next(name for name in ("after", "was", "this") if match[name])
        if _plain(match[group]) in ours:
            continue
        expected = record.severities[0]
        yield _finding(
            sentence,
            "severity",
            match.start(group),
            match.end(group),
            expected,
            f"The record has {expected}.",
            expected,
            record.url,
        )


@lru_cache(maxsize=64)
def _said_severity(names: tuple[str, ...]) -> re.Pattern[str] | None:
    spelled = [_spelled(name) for name in names if name.strip()]
    if not spelled:
        return None
    # Longer names first: SEV-10 before SEV-1.
    any_of = "|".join(sorted(spelled, key=len, reverse=True))
    return re.compile(_SEVERITY_SAID.replace("{names}", f"(?:{any_of})"), re.I)


def _spelled(name: str) -> str:
    """A name with or without its hyphen: SEV-1, SEV 1, sev1."""
    return "[- ]?".join(re.escape(part) for part in re.findall(r"[^\W\d_]+|\d+", name)) or re.escape(name)


@lru_cache(maxsize=4_096)
def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _names(record: Record) -> re.Pattern[str] | None:
    names = [*_others(record), *record.known_severities[:NAMES_MAX]]
    return _any_name(tuple(names)) if names else None


def _others(record: Record) -> tuple[str, ...]:
    return _without(tuple(record.known_services[:NAMES_MAX]), tuple(record.services))


@lru_cache(maxsize=64)
def _without(known: tuple[str, ...], ours: tuple[str, ...]) -> tuple[str, ...]:
    """The names of services that the incident has nothing to do with."""
    plain = {_plain(name) for name in ours}
    return tuple(name for name in known if _plain(name) not in plain and len(name) > 2)


@lru_cache(maxsize=64)
def _any_name(names: tuple[str, ...]) -> re.Pattern[str]:
    any_of = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])")


def _services(sentence: _Sentence, record: Record) -> Iterator[RecordFinding]:
    others = _others(record)
    if not others or not record.services:
        return
    for match in _any_name(others).finditer(sentence.shown):
        before, after = sentence.shown[: match.start()], sentence.shown[match.end() :]
        if not (_AFFECTED_BEFORE.search(before) or _AFFECTED_AFTER.match(after)):
            continue
        expected = ", ".join(record.services)
        yield _finding(
            sentence,
            "service",
            match.start(),
            match.end(),
            expected,
            f"By the record this affected {expected}.",
            record.services[0] if len(record.services) == 1 else "",
            record.url,
        )


def _versions(sentence: _Sentence, record: Record) -> Iterator[RecordFinding]:
    if not record.versions or _ROLLED_BACK.search(sentence.shown):
        return
    known = {_bare(one.version): one for one in record.versions}
    for match in _VERSION.finditer(sentence.shown):
        said = match[1].casefold()
        if said in known or not _VERSION_SAID.search(sentence.shown[: match.start()]):
            continue
        # Only what was surely meant: the same in all but one of its parts.
        near = [one for version, one in known.items() if _is_near(said, version)]
        if len(near) != 1:
            continue
        one = near[0]
        letter = "" if match[0][:1].isdigit() else match[0][:1]
        yield _finding(
            sentence,
            "version",
            match.start(),
            match.end(),
            one.version,
            f"The record has {one.version} of {one.what}.",
            letter + _bare(one.version),
            one.url,
        )


def _bare(version: str) -> str:
    return version.casefold().removeprefix("v")


def _is_near(first: str, second: str) -> bool:
    parts, others = re.split(r"[.+-]", first), re.split(r"[.+-]", second)
    return len(parts) == len(others) and sum(a != b for a, b in zip(parts, others, strict=True)) == 1


# The text ------------------------------------------------------------------------------------------------

_QUOTATIONS = re.compile(
    r"(?ms)^(?P<fence>```|~~~).*?^(?P=fence)[^\n]*$"
    r"|(?m:^ {0,3}>[^\n]*$)"
    r"|(?m:^:::[^\n]*$)"
    r"|`[^`\n]{1,500}`"
    r"|“[^”\n]{1,1000}”"
    r"|(?<![\w\"])\"[^\"\n]{1,1000}\"(?!\w)"
    r"|\]\([^)\s]{1,2000}\)"
    r"|https?://[^\s)>]{1,2000}"
)
_ENDS = re.compile(r"\n(?=\s*(?:\n|[-*+>#|]|\d+[.)]\s|$))|(?<=[.!?])\s+(?=[A-Z(\[*_“\"0-9])")


def _without_quotations(text: str) -> str:
    """The text as long as before, with spaces where code, quotations and addresses stand."""
    return _QUOTATIONS.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _ENDS.finditer(text):
        if 0 < match.start() - start <= SENTENCE_CHARACTERS_MAX:
            yield start, match.start()
        start = match.end()
    if 0 < len(text) - start <= SENTENCE_CHARACTERS_MAX:
        yield start, len(text)


def _first(found: Sequence[Spot], start: int, end: int) -> Spot | None:
    return next((one for one in found if start <= one.start < end), None)


def _finding(
    sentence: _Sentence,
    kind: RecordKind,
    start: int,
    end: int,
    expected: str,
    message: str,
    suggestion: str,
    url: str,
) -> RecordFinding:
    return RecordFinding(
        kind=kind,
        start=sentence.offset + start,
        end=sentence.offset + end,
        text=sentence.span(start, end),
        expected=expected,
        message=message,
        suggestion=suggestion,
        url=url,
    )


def _one_for_each_span(found: Iterable[RecordFinding]) -> list[RecordFinding]:
    kept: dict[tuple[int, int], RecordFinding] = {}
    for one in found:
        kept.setdefault((one.start, one.end), one)
    return list(kept.values())
