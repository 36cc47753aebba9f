"""What the record does not tell, and who could. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.topics import (
    ENDING,
    EXTENT,
    IDENTIFIED,
    NOTICING,
    REASON,
    Topic,
    doubt,
    state_of,
)
from afterword.drafting.deterministic.words import at_time, write_length, write_time
from afterword.drafting.evidence.book import Piece

SILENCE_MINUTES_MIN = 30
SILENCE_SHARE_MIN = 0.25
"""Of the duration."""


def ask_questions(case: Case) -> Iterator[Claim]:
    """A gap, and then the question that would close it, for each thing that nobody has written down. Where
    somebody may have, only whether that is it.
    """
    people = case.people[:3]
    reporters = tuple(
        str(one.data["person"]) for one in case.of_kind("role") if one.data.get("meaning") == "reporter"
    )
    yield from _ask(case, NOTICING, reporters or people)
    yield from _ask(case, REASON, people)
    if case.end is not None:
        ended = [one for one in case.told if one.at == case.end]
        yield from _ask(case, ENDING, case.people_of(ended))
    yield from _ask(case, EXTENT, people)
    if case.is_start_of_alert and people:
        alert = case.opening_alert
        assert alert is not None
        yield Claim(
            f"Did the impact begin before the alert {at_time(case.start, case.zone)}? The record takes the "
            "alert for its start.",
            (case.start_time.id, alert.id),
            "question",
            asked=people,
        )
    if case.end is not None and people:
        yield from _ask(case, IDENTIFIED, people)
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


def _ask(case: Case, topic: Topic, people: tuple[str, ...]) -> Iterator[Claim]:
    """What is asked about it: whether that tells it which may, or else for it itself."""
    state = state_of(case, topic)
    if state == "doubtful":
        yield doubt(case, topic)
    if state != "untold":
        return
    if topic is not EXTENT:
        yield Claim(topic.gap, (case.about.id,), "gap")
    yield Claim(topic.question, (case.about.id,), "question", asked=people)


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
