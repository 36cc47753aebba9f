"""What a number is of: the right number of something else is false as well. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from afterword.drafting.citations.clauses import clauses, content_of, stems_of
from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.reading import Number, read

OTHERS_MIN = 2
"""Words that the claim shares with what another number is of, before it is asked whether that is meant."""
NUMBERS_MAX = 20
"""Of one claim, of which it is asked what they are of."""
SENTENCES_MAX = 20
"""With the same number, that are asked."""
WHOLE_SHARE = 0.5
"""Of what the evidence says of a part, that a claim says of the whole."""
PERIOD_WORDS = ("second", "minute", "hour", "day", "week", "month", "year")
_EACH = r"\bper |\b(?:each|every) (?:single )?"
_BEHIND_EACH = (
    rf"(?P<named>{'|'.join(PERIOD_WORDS)})\b"
    r"|(?<=\d)\s?/\s?(?P<letter>s|sec|min|h|hr)\b|\b(?P<often>hourly|daily|weekly|monthly|yearly)\b"
    r"|\b(?P<rps>[rq]ps)\b"
)
_PERIOD_SAID = re.compile(
    rf"(?:{_EACH}|(?<=\d )[a-z]+ an? (?!\w+ (?:later|earlier|before|after|ago|long)\b)){_BEHIND_EACH}",
    re.IGNORECASE,
)
_PERIOD = re.compile(rf"(?:{_EACH}|(?<=\d)\s?/\s?|\b[a-z]+ an? ){_BEHIND_EACH}", re.IGNORECASE)
"""As evidence may have it, too: “3/hour”, “errors an hour”."""
_LETTERS = {"s": "second", "sec": "second", "min": "minute", "h": "hour", "hr": "hour"}
_OFTEN = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
_TO_OR_BY = re.compile(
    r"\b(?:up|down|rose|risen|rising|fell|fallen|falling|grew|grown|went|gone|dropp?\w*|climb\w*|increas\w*|decreas\w*"
    r"|reduc\w*|lower\w*|rais\w*|cut|shrank|shrunk|improv\w*)\b[^.,;\d]{0,40}?"
    r"\b(?P<how>to|by) (?:about |around |over |nearly |almost |roughly |just )?(?P<value>\d+(?:[.,]\d+)*)",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(?<![\w.,])[\w,]+ (?:of|out of) (?:the |all |our )?(?P<whole>\d[\d,]*)(?![\w:])")
_DIGITS = re.compile(r"^[-−+~≈<>]|\s?(?:%|percent)$|(?<=\d)\s?[a-z]+$")
"""What stands around the digits of a number."""
_REST = re.compile(r"\b(?:other|others|rest|remaining)\b", re.IGNORECASE)
_OF_WHOLE = re.compile(r"\b(?:of|all|the|in|from)\b[\w\s]{0,12}$", re.IGNORECASE)


def check_bound(text: str, known: Known) -> Iterator[Finding]:
    """Numbers that the evidence has, but of something else, of another period or as what it was by."""
    yield from _periods(text, known)
    yield from _to_or_by(text, known)
    yield from _of_others(text, known)


def _periods(text: str, known: Known) -> Iterator[Finding]:
    there: set[str] | None = None
    for match in _PERIOD_SAID.finditer(text):
        there = {_period(one) for one in _PERIOD.finditer(known.text)} if there is None else there
        if _period(match) not in there:
            yield Finding("number", match[0], "The evidence does not say how often, or says it otherwise.")


def _period(match: re.Match[str]) -> str:
    if match["rps"]:
        return "second"
    if match["often"]:
        return _OFTEN[match["often"].casefold()]
    return _LETTERS[match["letter"].casefold()] if match["letter"] else match["named"].casefold()


def _to_or_by(text: str, known: Known) -> Iterator[Finding]:
    there: dict[str, set[str]] | None = None
    for match in _TO_OR_BY.finditer(text):
        if there is None:
            there = {}
            for one in _TO_OR_BY.finditer(known.text):
                there.setdefault(one["value"], set()).add(one["how"].casefold())
        told = there.get(match["value"])
        if told and match["how"].casefold() not in told:
            message = "The evidence says by how much, and not to what, or the other way round."
            yield Finding("number", f"{match['how']} {match['value']}", message)


def _of_others(text: str, known: Known) -> Iterator[Finding]:
    numbers = read(text).numbers
    if not numbers:
        return
    parts = clauses(text)
    for number in numbers[:NUMBERS_MAX]:
        there = {one.value for one in known.reading.numbers if one.unit == number.unit}
        if number.value not in there or len(there) < 2:
            continue
        mine = next((part for part in parts if number.text in part), text)
        content = _content(mine)
        if not content:
            continue
        # To read hundreds of sentences takes long, and few have the digits.
        digits = re.escape(_DIGITS.sub("", number.text.casefold()))
        said = re.compile(rf"(?<![\w.,:]){digits}(?![\d:])", re.IGNORECASE)
        beside = [
            one for one in known.as_sentences if said.search(one.text) and _has_value(one.text, number)
        ][:SENTENCES_MAX]
        told = [part.text for one in beside for part in one.parts if _has_value(part.text, number)]
        if not told:
            continue
        yield from _whole(number, text, content, told)
        # Only numbers of one sentence are told apart by their words: elsewhere the words may just be others.
        rivals = [part.text for one in beside for part in one.parts if _has_rival(part.text, number)]
        if not rivals or any(_REST.search(part) for part in told):
            continue
        own = set().union(*(stems_of(part) for part in told))
        has_own = any(_content(part) - content for part in told)
        if content & own or not has_own:
            continue
        if any(len(content & stems_of(other)) >= OTHERS_MIN for other in rivals):
            yield Finding("weak", number.text, "The evidence has this number of something else. Is it so?")


def _whole(number: Number, text: str, content: frozenset[str], told: list[str]) -> Iterator[Finding]:
    """“On 12 gateways”, where it was 4 of 12."""
    if number.unit or _OF_WHOLE.search(text[: number.start][-24:]):
        return
    for part in told:
        wholes = {float(one["whole"].replace(",", "")) for one in _WHOLE.finditer(part)}
        others = [one.value for one in read(part).numbers].count(number.value)
        if number.value in wholes and others == 1:
            there = _content(part)
            if there and len(content & there) >= WHOLE_SHARE * len(there):
                yield Finding("number", number.text, "By the evidence it was a part of these.")
        else:
            return


def _has_value(part: str, number: Number) -> bool:
    return any((one.value, one.unit) == (number.value, number.unit) for one in _numbers(part))


def _has_rival(part: str, number: Number) -> bool:
    return any(one.value != number.value and one.unit == number.unit for one in _numbers(part))


@lru_cache(maxsize=1_024)
def _content(part: str) -> frozenset[str]:
    return frozenset(content_of(read(part).rest))


@lru_cache(maxsize=1_024)
def _numbers(part: str) -> tuple[Number, ...]:
    return tuple(read(part).numbers)
