"""Lengths of time in a sentence, where it says of what they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from afterword.drafting.citations.reading import Length
from afterword.drafting.record.facts import Record, RecordFinding
from afterword.drafting.record.sentences import Sentence, tail
from afterword.drafting.record.wording import LISTED, ROUGH, SUBJECT

ROUGH_SHARE = 0.15
"""How far an “about” may be off a length, as a share of it."""
BEFORE_CHARACTERS = 24
MINUTE_SECONDS = 60
CUE_CHARACTERS_MAX = 100
"""How far before a length it is looked for what says of what it is."""
NAMED_CHARACTERS_MAX = 60

_IT = rf"\b(?:{SUBJECT}|it)\b[^.;:\d]{{0,40}}?"
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
_IT_OR = {"acknowledged": rf"\b(?:{SUBJECT}|it|page|alert)\b[^.;:\d]{{0,40}}?"}
_AFTER_VERB = {
    key: re.compile(
        rf"{_IT_OR.get(key, _IT)}\b(?:{verbs})\b\s(?:(?:only|just|about|around|some|roughly"
        rf"|approximately)\s)?$",
        re.I,
    )
    for key, verbs in _TOOK.items()
}
_TOOK_BEFORE = re.compile(
    r"\b(?:took|needed|spent) (?:(?:us|the team|them|only|just|about|around|some|nearly|almost|over"
    r"|more than|less"
    r" than|well) )*$",
    re.I,
)
_TO_DO = re.compile(
    r" (?:to|until we(?: had)?|before we(?: had)?) (?:(?P<detected>detect|notic|discover)"
    r"|(?P<acknowledged>acknowledg)|(?P<fixed>fix|mitigat)"
    rf"|(?P<resolved>resolv))(?:e|ed)?(?: (?:the |this )?(?:{SUBJECT}|it|page|alert)\b|(?=[.;]|$))"
    r"|\s(?:to|until we(?: had)?|before we(?: had)?) (?P<identified>find|found|identif(?:y|ied)"
    r"|pinpoint(?:ed)?|"
    r"underst(?:and|ood)|diagnosed?) (?:the (?:root )?cause|what (?:was|went|had gone) wrong|why)\b",
    re.I,
)
"""“It took us 14 minutes to detect the problem.”"""
_TO_DO_KEYS = ("detected", "acknowledged", "fixed", "resolved", "identified")
_ANSWERED = re.compile(
    r"\b(?:page|alert) (?:was|were|had been) (?:answered|accepted|picked up|taken|acked) (?:after"
    r"|within|in) (?:only |just |about )?$",
    re.I,
)
_DETECTION_TOOK = re.compile(
    r"\b(?:detection|detecting (?:it|this|the \w+)|noticing (?:it|this|the \w+)) (?:took|needed) "
    r"(?:(?:us|about|around|some|just|only) )*$",
    re.I,
)
_WHOLE = re.compile(
    r"\b(?:from (?:start|beginning) to (?:finish|end),? )?(?:the |this )(?:incident|outage) took "
    r"(?:(?:us|about|around|some|nearly|almost|over|just|only|more"
    r" than|less than|well|a total of) )*$",
    re.I,
)
_DOWN_FOR = re.compile(
    r"(?:\b(?:could|can|did|were|was) ?(?:not|n['’]t)\b|\b(?:couldn|didn|weren|wasn)['’]t\b"
    r"|\b(?:unable|unavailable|unreachable|offline|impossible|down|failed|failing)\b)"
    r"[^.;:\d]{0,60}\bfor (?:(?:about|around|some|nearly|almost|over|just|only|more than|less than"
    r"|well|a bit) )*$",
    re.I,
)
"""Something did not work for as long; it can have been a part of the incident, and no more."""
_CLOCK_LENGTH = re.compile(
    r"(?<![\d:.])(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d)(?::[0-5]\d)? ?(?:h|hrs?|hours?)\b(?!\w)", re.I
)
"""“3:05 h”."""
_DEED = {
    key: re.compile(
        rf"\b(?:{verbs}) (?:the |this )(?:{SUBJECT}|page|alert) (?:after|within|in)\s(?:only |just "
        rf"|about )?$",
        re.I,
    )
    for key, verbs in _TOOK.items()
}
_LABEL = re.compile(
    r"^[\s>|*_+-]*+(?:total |incident |outage )?(?:duration|downtime)[\s*_|]*[:–|-][\s*_|]*+$", re.I
)
_NAMED = {
    "started": "start|onset|beginning",
    "detected": "detection|detecting",
    "acknowledged": "acknowledge?ment",
    "identified": "identification|finding the cause",
    "fixed": "mitigation|fix",
    "resolved": "resolution|recovery|end",
}
_ANY_NAMED = "|".join(f"(?P<{{0}}_{key}>{words})" for key, words in _NAMED.items())
_FROM_TO = re.compile(
    rf"\b(?:from|between) (?:the )?(?:{_ANY_NAMED.format('a')}) (?:to|and|until) (?:the"
    rf" )?(?:{_ANY_NAMED.format('b')})\b"
    r"[^.;:\d]{0,30}$",
    re.I,
)
"""“From detection to resolution it took 68 minutes.”"""
_AFTER_START = re.compile(
    rf"\s(?:after (?:it|the {SUBJECT}|impact) (?:had )?(?:began|begun|started)"
    rf"|after (?:the |its )?(?:start|beginning|onset)\b|into (?:it|the {SUBJECT})\b)",
    re.I,
)
"""“… was detected 12 minutes after it began.”"""
_TIME_TO = {
    "detected": re.compile(r"\btime to detect(?:ion)?\b", re.I),
    "acknowledged": re.compile(r"\btime to acknowledge(?:ment)?\b", re.I),
    "fixed": re.compile(r"\btime to (?:mitigat(?:e|ion)|fix)\b", re.I),
    "resolved": re.compile(r"\btime to (?:resolve|resolution|repair|recover(?:y)?)\b", re.I),
}
_SAYS_OF_WHAT = (
    (_LASTED, "resolved"),
    *((pattern, key) for key, pattern in _WITHIN.items()),
    *((pattern, key) for key, pattern in _TIME_TO.items()),
)
_LENGTH_BEFORE = re.compile(rf"[- ](?:long )?(?:\w+ )?{SUBJECT}\b", re.I)
_BEFORE_NAMED = re.compile(r"\b(?:an?|the|this)\s$", re.I)
_AT_LEAST = re.compile(r"(?:over|more than|at least)$", re.I)
_AT_MOST = re.compile(r"(?:under|less than|at most|up to|within)$", re.I)
_NOUNS = {
    "started": "start",
    "detected": "detection",
    "acknowledged": "acknowledgement",
    "identified": "identification",
    "fixed": "mitigation",
    "resolved": "resolution",
}
_HOW_LONG = """
    lasted went continued persisted detected noticed acknowledged fixed mitigated resolved restored time took
    needed spent answered accepted picked taken acked could couldn didn weren wasn did were was unable
    unavailable unreachable offline impossible down failed failing detection detecting noticing duration
    downtime from between incident incidents outage outages impact disruption disruptions degradation issue
    issues problem problems trouble failure failures
"""
_SAYS_HOW_LONG = frozenset(_HOW_LONG.split())
"""Without any of these a sentence does not say of what a length is."""
_HAS_LENGTH = re.compile(r"\d[ \u00a0-]?[smhdw]|\b(?:minute|hour|day|week)s?\b", re.I)
_IN_MINUTES = re.compile(r"\d+-min(?:ute)?", re.I)


def check_lengths(sentence: Sentence, record: Record) -> Iterator[RecordFinding]:
    """Lengths that the sentence says to be the incident's, or those of a part of it."""
    shown = sentence.shown
    if not sentence.may_have_word(_SAYS_HOW_LONG) or not _HAS_LENGTH.search(shown):
        return
    for length in (*sentence.reading.lengths, *_as_clocks(shown)):
        found = _is_of(shown, length)
        is_part = found is None and _DOWN_FOR.search(
            shown[max(0, length.start - CUE_CHARACTERS_MAX) : length.start]
        )
        if found is None and not is_part:
            continue
        first, key = found or ("started", "resolved")
        began = [moment.at for moment in record.meant_by(first)]
        ended = record.moments.get(key) or ()
        if not began or not ended:
            continue
        spans = [(one.at - start).total_seconds() for one in record.meant_by(key) for start in began]
        if _is_right(shown, length, spans) or (is_part and length.seconds <= max(spans) * (1 + ROUGH_SHARE)):
            continue
        seconds = (ended[0].at - began[0]).total_seconds()
        if seconds <= 0:
            continue
        expected = describe_length(seconds)
        yield sentence.finding(
            "duration",
            length.start,
            length.end,
            expected=expected,
            message=f"By the record it was {expected} {_between(first, key)}.",
            suggestion=_length_like(length.text, seconds),
            url=ended[0].url,
        )


def _as_clocks(shown: str) -> Iterator[Length]:
    """Lengths that are written as times of day are."""
    if ":" not in shown:
        return
    for match in _CLOCK_LENGTH.finditer(shown):
        seconds = (int(match["hours"]) * 60 + int(match["minutes"])) * 60.0
        yield Length(match[0], match.start(), match.end(), seconds, 60.0, 60.0)


def _is_right(shown: str, length: Length, spans: Sequence[float]) -> bool:
    """Whether one of these is meant, as exactly as the words before it say."""
    before = tail(shown[: length.start], BEFORE_CHARACTERS)
    if _AT_LEAST.search(before):
        return max(spans) > length.seconds - MINUTE_SECONDS
    if _AT_MOST.search(before):
        return min(spans) < length.seconds + MINUTE_SECONDS
    # Rounded to what is given, or cut to it.
    if any(-length.exact_to / 2 <= one - length.seconds < length.exact_to for one in spans):
        return True
    return ROUGH.search(before) is not None and any(
        abs(one - length.seconds) < ROUGH_SHARE * length.seconds for one in spans
    )


def _between(first: str, key: str) -> str:
    if first != "started":
        return f"from its {_NOUNS[first]} to its {_NOUNS[key]}"
    what = {"resolved": "from its start to its resolution", "detected": "from its start to its detection"}
    return what.get(key, f"from its start until it was {key}")


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


def _is_of(shown: str, length: Length) -> tuple[str, str] | None:
    """The keys of the moments at which it began and ended."""
    before = shown[max(0, length.start - CUE_CHARACTERS_MAX) : length.start]
    for pattern, key in _SAYS_OF_WHAT:
        for match in pattern.finditer(before):
            rest = before[match.end() :]
            if len(rest) <= 25 and not LISTED.search(rest):
                return "started", key
    if (span := _FROM_TO.search(before)) is not None:
        keys = [next(key for key in _NAMED if span[f"{side}_{key}"]) for side in "ab"]
        return keys[0], keys[1]
    if _LABEL.match(before):
        return "started", "resolved"
    if _TOOK_BEFORE.search(before) and (done := _TO_DO.match(shown, length.end)) is not None:
        return "started", next(key for key in _TO_DO_KEYS if done[key])
    if _DETECTION_TOOK.search(before):
        return "started", "detected"
    if _ANSWERED.search(before):
        return "started", "acknowledged"
    if _WHOLE.search(before):
        return "started", "resolved"
    for key, pattern in _DEED.items():
        if pattern.search(before):
            return "started", key
    if _AFTER_START.match(shown, length.end):
        for key, pattern in _AFTER_VERB.items():
            if pattern.search(before):
                return "started", key
    is_named = _LENGTH_BEFORE.match(shown, length.end, length.end + NAMED_CHARACTERS_MAX)
    return ("started", "resolved") if is_named and _BEFORE_NAMED.search(before[-8:]) else None


def _length_like(said: str, seconds: float) -> str:
    if _IN_MINUTES.fullmatch(said):
        return f"{int(seconds // 60)}-minute"
    return describe_length(seconds)


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
