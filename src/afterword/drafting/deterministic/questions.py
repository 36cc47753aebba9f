"""What the record does not tell, and who could. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.contributors import reasons_given, what_helped
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.impact import says_how_much
from afterword.drafting.deterministic.words import write_length, write_time
from afterword.drafting.evidence.book import Piece

SILENCE_MINUTES_MIN = 30
SILENCE_SHARE_MIN = 0.25
"""Of the duration."""


def ask_questions(case: Case) -> Iterator[Claim]:
    """A gap, and then the question that would close it, for each thing that nobody has written down."""
    people = case.people[:3]
    if case.opening_alert is None and not case.marked("detection"):
        reporters = tuple(
            str(one.data["person"]) for one in case.of_kind("role") if one.data.get("meaning") == "reporter"
        )
        yield from _ask(
            case,
            "No entry says how this was detected.",
            "Who or what noticed it first, and how?",
            reporters or people,
        )
    if not reasons_given(case):
        yield from _ask(
            case,
            "No entry says what was found out about the reason.",
            "What did you find out while you looked for the reason, and what ruled other reasons out?",
            people,
        )
    if case.end is not None and not what_helped(case):
        ended = [one for one in case.told if one.at == case.end]
        yield from _ask(case, "No entry says what ended it.", "What ended it?", case.people_of(ended))
    if not says_how_much(case):
        yield from _ask(
            case,
            "",
            "How many customers or requests were affected, and what could they not do?",
            people,
        )
    if "identified" not in case.times and case.end is not None:
        yield from _ask(
            case,
            "The record does not say when the problem was identified.",
            "When was it clear what it was?",
            people,
        )
    silence = _longest_silence(case)
    if silence is not None:
        before, after = silence
        assert before.at is not None
        assert after.at is not None
        first = write_time(before.at, case.zone, beside=case.start)
        last = write_time(after.at, case.zone, beside=case.start)
        yield Claim(
            f"Nothing was written between {first} and {last}. What was done in these "
            f"{write_length(after.at - before.at)}?",
            (before.id, after.id),
            "question",
            asked=people,
        )


def _ask(case: Case, gap: str, question: str, people: tuple[str, ...]) -> Iterator[Claim]:
    if gap:
        yield Claim(gap, (case.about.id,), "gap")
    yield Claim(question, (case.about.id,), "question", asked=people)


def _longest_silence(case: Case) -> tuple[Piece, Piece] | None:
    """Two entries between which people wrote nothing for long, while it went on."""
    if case.end is None:
        return None
    told = [one for one in case.told if one.at is not None and case.start <= one.at <= case.end]
    pairs = [(first, second) for first, second in pairwise(told) if first.at and second.at]
    if not pairs:
        return None
    before, after = max(pairs, key=_length)
    least = max(timedelta(minutes=SILENCE_MINUTES_MIN), (case.end - case.start) * SILENCE_SHARE_MIN)
    return (before, after) if _length((before, after)) >= least else None


def _length(pair: tuple[Piece, Piece]) -> timedelta:
    before, after = pair
    assert before.at is not None
    assert after.at is not None
    return after.at - before.at
