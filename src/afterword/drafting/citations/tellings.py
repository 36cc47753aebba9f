"""Which value is told of what: where another value of the evidence fits the words of a claim better. Pure.

“212 orders were repeated” has a number of the evidence that says “212 orders failed, 198 of them were
repeated”. A clause of the claim is laid beside the clauses that tell its value, and beside those that tell
another one of the same kind: words that only those share with it give it away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.clauses import CLAUSES_REMEMBERED_MAX, clause_of, clauses
from afterword.drafting.citations.findings import Finding, FindingKind
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.names import names_in
from afterword.drafting.citations.reading import (
    NUMBER_WORDS,
    UNIT_SECONDS,
    Number,
    Reading,
    read,
    stem,
    words_alone,
)
from afterword.drafting.evidence.book import EvidenceBook

VALUES_MAX = 20
"""Of one claim, of which it is asked what they are told of."""
LINES_MAX = 60
"""With a value, of one piece of evidence, that are read."""
PIECES_MAX = 40
"""Of a claim that cites more it is not asked."""
FITS_SHARE = 0.6
"""Of a clause's words, that another value's clause must have to be the one that is meant."""
APART_MIN = 2
"""Words that only another value's clause shares with the claim, to be sure."""
NOUN_WORDS_MAX = 3
SAID_MIN = 2
"""Words of a clause that has none of those beside its value, before it is asked about."""
_LINE_END = re.compile(r"(?<=[.!?…;])\s+|\n+")
_MAY_TELL = re.compile(rf"\d|\b(?:{'|'.join(NUMBER_WORDS)}|half|quarters?|an?)\b", re.IGNORECASE)
_MULTIPLES = frozenset({"twice", "thrice", "dozen", "hundred", "thousand", "million", "billion"})
_REST = re.compile(r"\b(?:other|others|rest|remaining|left(?= over\b|[.,;]|$))\b", re.IGNORECASE)
_NAME = re.compile(r"(?<!^)(?<![.!?:] )\b[A-Z][\w-]+")
_OF = re.compile(r"\b(?:of|out of) (?:the |our |all |these |those )*$", re.IGNORECASE)
OF_CHARACTERS = 24
_UNITS = frozenset(stem(unit) for unit in UNIT_SECONDS) | {stem("incident")}
_BREAKS = re.compile(
    r"[^\w\s-]|\b(?:is|are|was|were|has|have|had|do|does|did|in|on|at|of|to|from|by|with|for|than|over|under|and"
    r"|or|\w{2,}ed|after|before|while|need|needs)\b",
    re.IGNORECASE,
)
"""What ends the noun behind a number."""

_Value = tuple[str, float]
"""Of what kind, and how much."""


_OF_REST = ("rest", 0.0)
"""How many the others are is not said."""


@dataclass(frozen=True)
class Telling:
    """A clause that tells values, and of what."""

    text: str
    values: frozenset[_Value]
    words: frozenset[str]
    """Of the clause, its names in small letters among them, and what it takes from the clause before."""
    line: frozenset[str]
    """The words of the whole line."""
    names: frozenset[str]
    """Those of its words that are names."""
    noun: frozenset[str] = frozenset()
    """What its first number counts."""
    wholes: frozenset[_Value] = frozenset()
    """Of the values those of which it tells a part."""


def check_tellings(text: str, known: Known, book: EvidenceBook) -> Iterator[Finding]:
    """Values that the evidence tells of something else, where it has another one of this."""
    if len(known.pieces) > PIECES_MAX:
        return
    claimed = [one for one in tellings_in(text) if one.values]
    if not claimed:
        return
    there = [one for piece in known.pieces for one in tellings_in(piece.text)]
    names = names_in(text, book)
    sources = frozenset(stem(word) for piece in known.pieces for word in words_alone(piece.source))
    for mine in claimed:
        for value in islice(sorted(mine.values - mine.wholes), VALUES_MAX):
            found = _elsewhere(mine, value, there, sources)
            if found is None and names and _is_named_otherwise(mine, value, there, names, book):
                found = True
            if found is None and _counts_otherwise(mine, value, there, known):
                found = False
            if found is not None:
                kind: FindingKind = "number" if found else "weak"
                said = f"{value[1]:g}{value[0].partition(':')[2]}"
                yield Finding(kind, said, "The evidence has this value of something else. Is it so?")
                return


def _elsewhere(
    mine: Telling, value: _Value, there: Sequence[Telling], sources: frozenset[str]
) -> bool | None:
    """Whether it is surely of something else; None where nothing speaks for it."""
    own = [one for one in there if value in one.values]
    said = mine.words - sources
    if not own or not said:
        return None
    mine_here = frozenset().union(*(one.words for one in own))
    mine_line = frozenset().union(*(one.line for one in own))
    lines = {one.line for one in own}
    for rival in there:
        is_same_kind = _OF_REST in rival.values or any(kind == value[0] for kind, _ in rival.values)
        if value in rival.values or not is_same_kind:
            continue
        # The claim tells both values in one clause: then nothing keeps them apart.
        if rival.values & mine.values:
            continue
        theirs = mine_here if rival.line in lines else mine_line
        if said & (mine_here - rival.words):
            continue
        apart = said & (rival.words - theirs)
        if not apart:
            continue
        fits = len(said & rival.words) >= FITS_SHARE * len(said)
        return bool(apart & rival.names) or len(apart) >= APART_MIN or fits
    said -= vocabulary.RECORD_STEMS
    if len(said) >= SAID_MIN and not said & mine_line:
        return False
    return None


def _is_named_otherwise(
    mine: Telling, value: _Value, there: Sequence[Telling], names: Sequence[str], book: EvidenceBook
) -> bool:
    """Whether the clauses with the value all name something else, and none of what the claim names."""
    said = [_words(read(name)) for name in names if name in mine.text]
    own = [one for one in there if value in one.values]
    if not said or not own or not any(name <= one.line for name in said for one in there):
        return False
    return all(names_in(one.text, book) and not any(name <= one.words for name in said) for one in own)


def _counts_otherwise(mine: Telling, value: _Value, there: Sequence[Telling], known: Known) -> bool:
    """Whether it counts what the evidence names elsewhere, and the evidence counts something else by it."""
    own = [one for one in there if value in one.values]
    if value[0] != "number:" or not mine.noun or not own or len(mine.values) > 1:
        return False
    if not mine.noun <= known.stems:
        return False
    return all(
        one.noun and not one.noun & mine.words and not mine.noun & (one.words | one.line) for one in own
    )


@lru_cache(maxsize=CLAUSES_REMEMBERED_MAX)
def tellings_in(text: str) -> tuple[Telling, ...]:
    """The clauses of a text that tell values, in their order."""
    return tuple(_read_tellings(text))


def _read_tellings(text: str) -> Iterator[Telling]:
    lines = (line for line in _LINE_END.split(text) if line.strip())
    for line in islice(lines, LINES_MAX):
        parts = clauses(line)
        if not _MAY_TELL.search(line):
            continue
        readings = [read(part) for part in parts]
        read_parts = [
            (part, reading, _values(reading)) for part, reading in zip(parts, readings, strict=True)
        ]
        if not any(values for _, _, values in read_parts):
            continue
        if any(values and _REST.search(part) for part, _, values in read_parts):
            continue
        words_of = [_words(reading) for reading in readings]
        names = _names(line, readings)
        all_words = frozenset().union(*words_of)
        heading: frozenset[str] = frozenset()
        noun: frozenset[str] = frozenset()
        before: frozenset[str] = frozenset()
        for place, (part, reading, values) in enumerate(read_parts):
            own = words_of[place]
            if place and not values and _REST.search(part):
                # “The others were charging.”
                yield Telling(part, frozenset({_OF_REST}), own | noun, all_words, names & own)
            if not values:
                heading |= own if part.endswith(":") or f"{part}: " in line else frozenset()
                continue
            begins = place > 0 and _begins_with_value(reading)
            carried = heading | (noun if begins else frozenset())
            if not own and clause_of(part).has_verb:
                # “Was 40 requests and is 80 now.”
                carried |= before
            yield Telling(
                part, values, own | carried, all_words, names & own, _noun(reading), _wholes(reading)
            )
            noun, before = _noun(reading) or noun, own | carried


def _values(reading: Reading) -> frozenset[_Value]:
    found = {(f"number:{one.unit}", one.value) for one in reading.numbers if _is_amount(one)}
    found |= {("length", one.seconds) for one in reading.lengths}
    return frozenset(found)


def _is_amount(number: Number) -> bool:
    return number.text.casefold() not in _MULTIPLES


def _wholes(reading: Reading) -> frozenset[_Value]:
    return frozenset(
        (f"number:{one.unit}", one.value)
        for one in reading.numbers
        if _OF.search(reading.text[max(0, one.start - OF_CHARACTERS) : one.start])
    )


def _words(reading: Reading) -> frozenset[str]:
    found = {
        vocabulary.canonical(word)
        for word in words_alone(vocabulary.in_single_words(reading.rest))
        if len(word) > 1 and stem(word) not in vocabulary.FUNCTION_STEMS
    }
    return frozenset((found - _UNITS) | {one.text.casefold() for one in reading.things})


def _names(line: str, readings: Sequence[Reading]) -> frozenset[str]:
    """Its names, as they stand among its words."""
    found = {
        vocabulary.canonical(name) for name in _NAME.findall(line) if name.casefold() not in NUMBER_WORDS
    }
    return frozenset(found | {one.text.casefold() for reading in readings for one in reading.things})


def _begins_with_value(reading: Reading) -> bool:
    starts = [one.start for one in (*reading.numbers, *reading.lengths)]
    return bool(starts) and not words_alone(reading.text[: min(starts)])


def _noun(reading: Reading) -> frozenset[str]:
    """What the first number of a clause counts."""
    numbers = reading.numbers
    if not numbers:
        return frozenset()
    behind = reading.rest[numbers[0].end :]
    end = _BREAKS.search(behind)
    told = words_alone(behind[: end.start()] if end else behind)[:NOUN_WORDS_MAX]
    return frozenset(
        vocabulary.canonical(word)
        for word in told
        if len(word) > 2 and stem(word) not in vocabulary.FUNCTION_STEMS
    )
