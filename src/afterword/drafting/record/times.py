"""Times of day, dates and weekdays in a sentence, where it says of what they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import TypeVar

from afterword.drafting.citations.reading import WEEKDAYS, Clock, Day, Found, words_alone
from afterword.drafting.citations.zones import ZONE, ZONE_MINUTES
from afterword.drafting.record.active import DEED_WORDS, cues_of_deeds, told_by_when
from afterword.drafting.record.dates import DATE_WORDS, dates_of_incident
from afterword.drafting.record.facts import Moment, Record, RecordFinding
from afterword.drafting.record.sentences import Sentence, tail
from afterword.drafting.record.wording import LISTED, ROUGH, SUBJECT, is_of_others

AFTER_VERB_CHARACTERS_MAX = 60
ROUGH_MINUTES = 7
"""How far an “about” may be off a time of day, and noon without one."""
NEAR_MINUTES = 15
"""How far “shortly before” may be off."""
NOON_ROUGH_MINUTES = 30
"""How far “around noon” may be off."""
BEFORE_CHARACTERS = 24
"""As long as the longest word before a time that is asked for."""

Spot = TypeVar("Spot", bound=Found)

_VERBS = {
    "started": r"started|began|begun|starts|begins|start of (?:the )?(?:impact|incident|outage)",
    "detected": r"detected|noticed|discovered",
    "reported": r"reported",
    "acknowledged": r"acknowledged",
    "identified": r"identified|found|pinpointed",
    "fixed": r"fixed|mitigated|repaired",
    "resolved": r"resolved|ended|over",
    "closed": r"closed",
}
_OF = {
    "acknowledged": rf"{SUBJECT}|it|alerts?|page",
    "identified": rf"{SUBJECT}|cause|it",
    "reported": rf"{SUBJECT}|it",
}
_PASSIVE_OF = {"identified": rf"{SUBJECT}|cause|culprit", "acknowledged": rf"{SUBJECT}|page|alert"}
_CUES = {
    key: re.compile(
        rf"\b(?:{_OF.get(key, SUBJECT + '|it')})\b(?P<between>[^.;:\d]{{0,40}}?)\b(?P<verb>{verbs})\b", re.I
    )
    for key, verbs in _VERBS.items()
}
_DONE = {key: re.sub(r"\|start of .*|\|over$", "", verbs) for key, verbs in _VERBS.items()}
"""The verbs alone."""
_GOES_ON = {
    key: re.compile(
        r"(?:(?:and|then|but|it|was|were|has|had|been|finally|fully|only|later)\s+)*"
        rf"(?P<verb>{verbs})\b",
        re.I,
    )
    for key, verbs in _DONE.items()
}
"""The same subject, of which something else is told: “… and was resolved at”."""
_BARE = {
    key: re.compile(
        rf"^[\s>|*_+-]*+(?P<verb>{verbs})"
        r"(?: (?:at|on|around|about|approximately))?\s+(?=\d)",
        re.I,
    )
    for key, verbs in _DONE.items()
}
"""“Detected at 00:59.”, as a line that has no subject."""
_BARE_ENDS = re.compile(r"[\s*_|()]*(?:$|[.,;|(]|and\b|by\b|UTC\b|on\b)", re.I)
_ONLY_WHEN = re.compile(
    r"(?:[\s,()*_>+-]|\b(?:at|on|in|by|the|a|of|around|about|approximately|roughly|same|day|morning|afternoon"
    r"|evening|night|local|time|hours|this|our|an|is|mon|tues|wednes|thurs|fri|satur|sun)(?:day)?\b|(?-i:\b[A-Z]{2,4}\b))*+",
    re.I,
)
"""All that stands beside a time of day and a date that are told by themselves."""
_CUE_WORDS = {
    "started": frozenset({"started", "began", "begun", "starts", "begins", "start"}),
    **{key: frozenset(verbs.split("|")) for key, verbs in _VERBS.items() if key != "started"},
}
"""Of the verbs above."""
_ALL_CUE_WORDS = frozenset().union(*_CUE_WORDS.values())
_DONE_TO = {
    "detected": ("noticed|detected|discovered|spotted|picked up", rf"(?:the |this )?(?:{SUBJECT})|it"),
    "acknowledged": ("acknowledged|acked|took|answered|accepted|picked up", "(?:the )?(?:page|alert)"),
    "identified": (
        "identified|found|pinpointed|understood|knew|located",
        "the (?:root )?cause|the culprit|what (?:was|had gone|went) wrong|what was going on",
    ),
    "fixed": ("fixed|mitigated", rf"(?:the |this )(?:{SUBJECT})|it"),
    "resolved": (
        "resolved|ended|gave|sounded|declared|marked",
        rf"(?<=resolved )(?:the |this )(?:{SUBJECT})|(?<=ended )(?:the |this )(?:{SUBJECT})|(?:the "
        rf")?all[- ]clear"
        rf"|(?:the |this )?(?:{SUBJECT}) (?:as )?(?:resolved|over|closed)",
    ),
}
"""What somebody did, and to what, of which the time stands before."""
_AFTER_TIME = {
    key: re.compile(
        rf"\b(?:{_PASSIVE_OF.get(key, SUBJECT)}) (?:(?:was|were|is|had|has|been|first|finally|fully) "
        rf")*(?:{verbs})\b"
        + (
            rf"|\b(?:we|they|(?:the |our )?(?:on-call|team|engineers?|responders?)(?: \w+)?"
            rf"|(?-i:[A-Z][\w-]+(?: [A-Z][\w-]+)?)) "
            rf"(?:(?:had|have|first|finally|then|also|already) )*(?:{_DONE_TO[key][0]}) "
            rf"(?:{_DONE_TO[key][1]})\b"
            if key in _DONE_TO
            else ""
        ),
        re.I,
    )
    for key, verbs in _DONE.items()
}
_FIRST_OF_VERBS = re.compile(r"(?:^|(?<=\|))[a-z]+")
_AFTER_TIME_WORDS = {
    key: frozenset({*_CUE_WORDS[key], *_FIRST_OF_VERBS.findall(_DONE_TO[key][0] if key in _DONE_TO else "")})
    for key in _DONE
}
_AFTER_ANY = frozenset().union(*_AFTER_TIME_WORDS.values())
_NOUNS = {
    "started": "start|onset",
    "detected": "detection|detected",
    "acknowledged": "acknowledged|acknowledgement|ack",
    "identified": "cause (?:found|identified)",
    "fixed": "fixed|mitigated",
    "resolved": "end|resolved|all[- ]clear",
}
_TIME_FIRST = re.compile(
    r"[\s>|*_+-]*+(?:UTC|GMT|[A-Z]{3,4})?[\s*_|]*+[:,–—-]?[\s*_|]*+(?:the )?(?:(?:incident|impact"
    r"|outage) )?(?:"
    + "|".join(f"(?P<{key}>{words})" for key, words in _NOUNS.items())
    + r")(?: of (?:the )?(?:incident|impact|outage))?[\s*_|]*(?:[,.;(]|$)",
    re.I,
)
"""“22:47 start”, behind the time with which a line begins."""
_TIME_FIRST_WORDS = frozenset(
    {
        "start",
        "onset",
        "detection",
        "detected",
        "acknowledged",
        "acknowledgement",
        "ack",
        "cause",
        "fixed",
        "mitigated",
        "end",
        "resolved",
        "clear",
    }
)
_WINDOW = re.compile(
    r"^[\s>|*_+-]*+(?:(?:time|period|window) of (?:the )?(?:incident|impact|outage)|(?:incident"
    r"|impact|outage|downtime)(?: window| period| time| times)?"
    r"|duration|when)[\s*_|]*[:|][\s*_|]*$",
    re.I,
)
"""Before two times between which it was."""
_WINDOW_WORDS = frozenset(
    {"window", "period", "time", "times", "incident", "impact", "outage", "downtime", "duration", "when"}
)
_IS_OURS = re.compile(rf"(?:{SUBJECT}|it)\b", re.I)
"""Of an alert or a page that was acknowledged nothing else is the incident's."""
_LABELS = {
    "started": r"(?:incident |impact |outage )?(?:start(?:ed)?|began)(?: time| at| of (?:the )?\w+)?",
    "detected": "detected(?: at)?|detection",
    "acknowledged": "acknowledged(?: at)?",
    "identified": "identified(?: at)?|cause found",
    "fixed": "fixed(?: at)?|mitigated(?: at)?",
    "resolved": r"(?:incident |impact )?(?:resolved|ended|end)(?: time| at| of (?:the )?\w+)?",
}
_LABELLED = {
    key: re.compile(
        rf"^[\s>|*_+-]*+(?:{words})(?:[\s*_|]*[:–|-][\s*_|]*+| (?:was|is)(?: at| on)? (?=\d))", re.I
    )
    for key, words in _LABELS.items()
}
_LABEL_WORDS = frozenset(
    {
        *("incident", "impact", "outage", "start", "started", "began", "detected", "detection"),
        *("acknowledged", "identified", "cause", "fixed", "mitigated", "resolved", "ended", "end"),
    }
)
"""With which the labels begin."""
_BARE_WORDS = frozenset(word for verbs in _DONE.values() for word in verbs.split("|"))
_WHEN_WORDS = frozenset({"", "on", "at", "by", "around", "about", "approximately", *WEEKDAYS})
"""With which a sentence begins that says first when it was."""
_FIRST_WORD = re.compile(r"[\s>|*_+-]*+([a-z]*+)")
_SPAN_WORDS = frozenset({"from", "between"})
_SAYS_WHEN = _SPAN_WORDS.union(
    _LABEL_WORDS, DEED_WORDS, DATE_WORDS, _AFTER_ANY, _TIME_FIRST_WORDS, _WINDOW_WORDS, *_CUE_WORDS.values()
)
"""Without any of these a sentence has neither verb nor label nor span."""
_SPAN = re.compile(rf"\b{SUBJECT}\b[^.;:\d]{{0,40}}?\b(?:from|between)\b", re.I)
_TO = re.compile(r"[\s(\w)]{0,12}(?:to|until|till|and|–|-)\s", re.I)
_LOOSE = re.compile(r"(?:before|after|until|by|since|over|under|more than|less than|least|most|up to)$", re.I)
_NEAR = re.compile(r"\b(?:just|shortly|right|soon|a little) (?:before|after)$", re.I)
_ROUGHLY = re.compile(r"\s(?:shortly|just|right|soon|a little) (?:before|after) [a-z]+, at ", re.I)
_WEEKDAYS = frozenset(WEEKDAYS)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)
_BESIDE = re.compile(r"(?: (?:morning|afternoon|evening|night))?,? (?:the )?|,? ?\(")


def names_weekday(sentence: Sentence) -> bool:
    """Whether a day of the week is in it."""
    return sentence.may_have_word(_WEEKDAYS) and _WEEKDAY.search(sentence.shown) is not None


def check_moments(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """Times, dates and weekdays behind a verb, a label or in a span that says of what they are."""
    if not sentence.may_have_word(_SAYS_WHEN):
        return
    shown = sentence.shown
    if sentence.may_have_word(_SPAN_WORDS):
        yield from _spans(sentence, record)
    if sentence.begins_line and sentence.may_have_word(_WINDOW_WORDS):
        yield from _windows(sentence, record)
    if sentence.begins_line and sentence.may_have_word(_TIME_FIRST_WORDS):
        yield from _told_first(sentence, record)
    cues = _cues(sentence)
    yield from _told_before(sentence, record)
    if cues:
        for told, key in told_by_when(sentence):
            yield from _clock(sentence, told, key, record, is_end=True)
    for date_told in dates_of_incident(sentence, record):
        if not any(_is_of(date_told, moments, record.zone) for moments in record.moments.values()):
            yield from _day(sentence, date_told, "started", record)
    ends = sorted(end for end, _ in cues)
    for end, key in cues:
        if not record.moments.get(key):
            continue
        limit = min([other for other in ends if other > end] + [end + AFTER_VERB_CHARACTERS_MAX, len(shown)])
        clock = _first(sentence.reading.clocks, end, limit)
        day = _first(sentence.reading.days, end, limit)
        first = min((one.start for one in (clock, day) if one is not None), default=limit)
        if LISTED.search(shown, end, first) and not _is_apposed(sentence, clock, end):
            continue
        if day is not None:
            yield from _day(sentence, day, key, record)
        if clock is not None and (day is None or _is_of(day, record.moments[key], record.zone)):
            yield from _clock(sentence, clock, key, record)
        if day is None and sentence.may_have_word(_WEEKDAYS):
            for weekday in sentence.reading.weekdays:
                if end <= weekday.start < min(limit, first):
                    yield from _weekday(sentence, weekday.start, weekday.end, key, record)


def _is_apposed(sentence: Sentence, clock: Clock | None, start: int) -> bool:
    """“Began shortly after nine, at 9:12.”"""
    if clock is None or not _ROUGHLY.fullmatch(sentence.shown, start, clock.start):
        return False
    zone = ZONE.match(sentence.shown, clock.end)
    return not sentence.shown[zone.end() if zone else clock.end :].strip(" *_.;)")


def check_weekdays_of_dates(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """A weekday beside its date: that can be computed, whatever the date is of."""
    for weekday in sentence.reading.weekdays:
        for day in sentence.reading.days:
            beside = (
                sentence.shown[weekday.end : day.start]
                if weekday.end <= day.start
                else sentence.shown[day.end : weekday.start]
            )
            if not _BESIDE.fullmatch(beside):
                continue
            known = _date_of(day, record)
            if known is None or f"{known:%A}".casefold() == weekday.text.casefold():
                continue
            yield sentence.finding(
                "weekday",
                weekday.start,
                weekday.end,
                expected=f"{known:%A}",
                message=f"{day.text} is a {known:%A}.",
                suggestion=f"{known:%A}",
                url="",
            )


def _cues(sentence: Sentence) -> list[tuple[int, str]]:
    """Where the words end that say of what the next time is, and of what."""
    shown = sentence.shown
    cues: list[tuple[int, str]] = []
    is_ours = False
    first = _FIRST_WORD.match(sentence.lowered)
    may_be_bare = sentence.begins_line and first is not None and first[1] in _BARE_WORDS
    # Most sentences have none of the words: to ask for them first costs a tenth.
    words = sentence.words_among(_ALL_CUE_WORDS)
    for key, cue in _CUES.items() if words else ():
        if not words.isdisjoint(_CUE_WORDS[key]):
            for found in cue.finditer(shown):
                if is_of_others(shown, found.start()):
                    continue
                cues.append((found.end("verb"), key))
                is_ours = is_ours or _IS_OURS.match(found[0]) is not None
            bare = _BARE[key].match(shown) if may_be_bare else None
            if bare is not None and _ends_bare(sentence, bare.end()):
                cues.append((bare.end("verb"), key))
                is_ours = True
    if not sentence.is_plain or (first and first[1] in _LABEL_WORDS):
        for key, label in _LABELLED.items():
            if match := label.match(shown):
                cues.append((match.end(), key))
                is_ours = True
    cues += cues_of_deeds(sentence)
    return [*cues, *_going_on(sentence, cues)] if is_ours else cues


def _going_on(sentence: Sentence, cues: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """The cues of further verbs of the same subject, where only times stand between."""
    reading = sentence.reading
    if len(reading.clocks) + len(reading.days) < 2:
        return []
    found: list[tuple[int, str]] = []
    told = {key for _, key in cues}
    for end, _ in sorted(cues):
        place: int | None = end
        while place is not None:
            place = _next_verb(sentence, place, told, found)
    return found


def _next_verb(sentence: Sentence, place: int, told: set[str], found: list[tuple[int, str]]) -> int | None:
    """Behind the verb that follows the time at `place`, where one does; it is told and found by then."""
    only_when = _ONLY_WHEN.match(sentence.reading.without_times, place)
    start = only_when.end() if only_when else place
    if start == place or start >= len(sentence.shown):
        return None
    for key, pattern in _GOES_ON.items():
        match = pattern.match(sentence.shown, start) if key not in told else None
        if match is not None:
            told.add(key)
            found.append((match.end("verb"), key))
            return match.end("verb")
    return None


def _ends_bare(sentence: Sentence, place: int) -> bool:
    """Whether a time stands there, and nothing behind it that could be what it is of."""
    for one in (*sentence.reading.clocks, *sentence.reading.days):
        if one.start == place:
            return _BARE_ENDS.match(sentence.shown, one.end) is not None
    return False


def _told_before(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """“On 23 November 2026 the incident started.”"""
    shown = sentence.shown
    first = _FIRST_WORD.match(sentence.lowered)
    if first is None or first[1] not in _WHEN_WORDS:
        return
    words = sentence.words_among(_AFTER_ANY)
    for key, pattern in _AFTER_TIME.items() if words else ():
        if not record.moments.get(key) or words.isdisjoint(_AFTER_TIME_WORDS[key]):
            continue
        match = pattern.search(shown)
        if match is None:
            continue
        reading = sentence.reading
        clock = _first(reading.clocks, 0, match.start())
        day = _first(reading.days, 0, match.start())
        is_behind = _first([*reading.clocks, *reading.days], match.end(), len(shown)) is not None
        if is_behind or not _ONLY_WHEN.fullmatch(reading.without_times, 0, match.start()):
            continue
        if day is not None:
            yield from _day(sentence, day, key, record)
        if clock is not None and (day is None or _is_of(day, record.moments[key], record.zone)):
            yield from _clock(sentence, clock, key, record)


def _told_first(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """“22:47 start.”"""
    for place, clock in enumerate(sentence.reading.clocks):
        before = sentence.shown[: clock.start].rstrip()
        if place == 0 and words_alone(before) and not before.endswith(":"):
            return
        if place > 0 and not before.endswith((",", ";", "|", "–", "→")):
            return
        match = _TIME_FIRST.match(sentence.shown, clock.end)
        if match is None:
            return
        yield from _clock(sentence, clock, next(key for key in _NOUNS if match[key]), record)


def _windows(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """“Impact: 14:05 – 15:17 UTC.”"""
    clocks = sentence.reading.clocks[:3]
    if len(clocks) != 2 or sentence.reading.days or clocks[0].start > AFTER_VERB_CHARACTERS_MAX:
        return
    if not _WINDOW.match(sentence.shown[: clocks[0].start]):
        return
    between = sentence.reading.without_times[clocks[0].end : clocks[1].start]
    if not _TO.fullmatch(" " + " ".join(between.replace(",", " ").split()) + " "):
        return
    for clock, key in zip(clocks, ("started", "resolved"), strict=True):
        yield from _clock(sentence, clock, key, record, is_end=key == "resolved")


def _spans(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """“The outage lasted from 14:05 to 15:07.”"""
    shown = sentence.shown
    for match in _SPAN.finditer(shown):
        clocks = [one for one in sentence.reading.clocks if one.start >= match.end()][:2]
        if len(clocks) < 2 or clocks[0].start - match.end() >= AFTER_VERB_CHARACTERS_MAX:
            continue
        between = sentence.reading.without_times[clocks[0].end : clocks[1].start]
        if not _TO.fullmatch(" " + " ".join(between.replace(",", " ").split()) + " "):
            continue
        for clock, key, start in zip(
            clocks, ("started", "resolved"), (match.end(), clocks[0].end), strict=True
        ):
            day = _first(sentence.reading.days, start, clock.start)
            if day is not None:
                yield from _day(sentence, day, key, record)
            if record.moments.get(key) and (day is None or _is_of(day, record.moments[key], record.zone)):
                yield from _clock(sentence, clock, key, record, is_end=key == "resolved")


def _clock(
    sentence: Sentence, clock: Clock, key: str, record: Record, *, is_end: bool = False
) -> Iterator[RecordFinding]:
    if not record.moments.get(key):
        return
    zone_said = ZONE.match(sentence.shown, clock.end)
    zones: list[tzinfo] = [record.zone, UTC]
    if zone_said:
        zones = [timezone(timedelta(minutes=ZONE_MINUTES[zone_said[1]]))]
    apart = _minutes_apart(clock, record.meant_by(key), zones)
    if apart == 0:
        return
    before = tail(sentence.shown[: clock.start], BEFORE_CHARACTERS)
    is_near = _NEAR.search(before) is not None
    loose = None if is_end or is_near else _LOOSE.search(before)
    if loose is not None and _is_on_side(loose[0].casefold(), clock, record.meant_by(key), zones):
        return
    if is_near and apart <= NEAR_MINUTES:
        return
    is_word = clock.text.isalpha()
    rough = ROUGH.search(before) is not None
    if apart <= (NOON_ROUGH_MINUTES if is_word and rough else ROUGH_MINUTES) and (is_word or rough):
        return
    moment = record.moments[key][0]
    local = moment.at.astimezone(zones[0])
    text = clock.text.rstrip(".")
    shown = _clock_like(text, local)
    yield sentence.finding(
        "time",
        clock.start,
        clock.start + len(text),
        expected=f"{local:%H:%M}" + (f" {zone_said[1]}" if zone_said else ""),
        message=f"The record has {moment.label} at {shown}{' ' + zone_said[1] if zone_said else ''}.",
        suggestion=shown,
        url=moment.url,
    )


def _is_on_side(word: str, clock: Clock, moments: Sequence[Moment], zones: Sequence[tzinfo]) -> bool:
    """Whether it was before, or after, the time that is only a bound; of other words it is not asked."""
    if word not in ("before", "by", "after"):
        return True
    said = clock.hour * 60 + clock.minute
    for moment in moments:
        for zone in zones:
            local = moment.at.astimezone(zone)
            # On the side of the clock's face that is nearer.
            later = (local.hour * 60 + local.minute - said + 720) % 1_440 - 720
            if abs(later) <= ROUGH_MINUTES or (later > 0) == (word == "after") or clock.is_either_half:
                return True
    return False


def _minutes_apart(clock: Clock, moments: Iterable[Moment], zones: Sequence[tzinfo]) -> int:
    """How far a time of day is from the nearest of these, around midnight too."""
    said, nearest = clock.hour * 60 + clock.minute, 1_440
    both = (said, said + 720) if clock.is_either_half else (said,)
    for moment in moments:
        for zone in zones:
            local = moment.at.astimezone(zone)
            for one in both:
                apart = abs(local.hour * 60 + local.minute - one) % 1_440
                nearest = min(nearest, apart, 1_440 - apart)
    return nearest


def _day(sentence: Sentence, day: Day, key: str, record: Record) -> Iterator[RecordFinding]:
    if not record.moments.get(key) or _is_of(day, record.meant_by(key), record.zone):
        return
    if _LOOSE.search(tail(sentence.shown[: day.start], BEFORE_CHARACTERS)):
        return
    moment = record.moments[key][0]
    local = moment.at.astimezone(record.zone)
    yield sentence.finding(
        "date",
        day.start,
        day.end,
        expected=f"{local:%Y-%m-%d}",
        message=f"The record has {moment.label} on {local.day} {local:%B %Y}.",
        suggestion=_day_like(day, local),
        url=moment.url,
    )


def _weekday(sentence: Sentence, start: int, end: int, key: str, record: Record) -> Iterator[RecordFinding]:
    said = sentence.written[start:end].casefold()
    if any(
        f"{moment.at.astimezone(zone):%A}".casefold() == said
        for moment in record.meant_by(key)
        for zone in (record.zone, UTC)
    ):
        return
    moment = record.moments[key][0]
    expected = f"{moment.at.astimezone(record.zone):%A}"
    yield sentence.finding(
        "weekday",
        start,
        end,
        expected=expected,
        message=f"The record has {moment.label} on a {expected}.",
        suggestion=expected,
        url=moment.url,
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


def _first(found: Sequence[Spot], start: int, end: int) -> Spot | None:
    return next((one for one in found if start <= one.start < end), None)


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
