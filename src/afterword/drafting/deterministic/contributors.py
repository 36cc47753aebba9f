"""What to ask about what contributed, what people said of it, and what made it shorter. Pure.

Nothing here says that one thing led to another. What people wrote about that is quoted as theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.changes import (
    candidates,
    first_of,
    maintained,
    name_of_window,
    under_way,
)
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.noticing import tell_noticed
from afterword.drafting.deterministic.telling import wrote
from afterword.drafting.deterministic.topics import ENDING, REASON, tell_answers
from afterword.drafting.deterministic.words import at_time, capital, in_sentence, plural, write_length
from afterword.drafting.quoting import quote, short_quote

QUOTED_MAX = 5
CHANGES_ASKED_MAX = 2
UPSTREAM_ASKED_MAX = 1
NOTICED_LATE_MINUTES = 5
LOOKED_AFTER_SOON_MINUTES = 5
NOISE_ALERTS_MIN = 20
IDENTIFIED_LATE_SHARE = 0.5
"""Of the duration."""
UNCHECKED = "In the words of who wrote it; not checked."


def tell_contributors(case: Case) -> Iterator[Claim]:
    """What people diagnosed and wrote about why, and what they answered, in their words; then questions."""
    for said in case.reasons.said[:QUOTED_MAX]:
        yield replace(wrote(case, said, characters_max=600), confidence=UNCHECKED)
    for said in case.summary_reasons.said:
        text = f"Its summary says: {quote(said.sentence, 600)}"
        yield Claim(in_sentence(text), (said.piece.id,), confidence=UNCHECKED)
    yield from tell_answers(case, REASON)
    yield from tell_answers(case, None)
    before = [one for one in candidates(case) if one.is_before]
    for one in first_of(before, own_max=CHANGES_ASKED_MAX, upstream_max=UPSTREAM_ASKED_MAX):
        yield Claim(
            f"What did {short_quote(one.piece.text)} change in {one.described_service}, and did it have a "
            "part in this?",
            (one.piece.id,),
            "question",
            asked=case.people_of([one.piece]),
        )
    for window in under_way(case):
        # Closes what is said of the way to it.
        comma = "," if window.data.get("needed_through") else ""
        text = f"Did the maintenance {name_of_window(window)}{maintained(window)}{comma} have a part in this?"
        yield Claim(text, (window.id,), "question", asked=case.people[:2])
    yield Claim(
        f"What else had to be true for this to happen: in {case.service}, in how people work on it, and "
        "outside?",
        (case.about.id,),
        "question",
        asked=case.people[:3],
    )
    yield from _about_noticing(case)
    yield from _about_finding(case)
    yield from _about_noise(case)


def tell_mitigators(case: Case) -> Iterator[Claim]:
    """What shortened it, as far as the record shows."""
    for said in case.deeds.said[:QUOTED_MAX]:
        entry = said.piece
        assert entry.at is not None
        when = capital(at_time(entry.at, case.zone, beside=case.start))
        evidence, until = [entry.id], ""
        if case.end is not None and case.end > entry.at and "resolved" in case.times:
            evidence.append(case.times["resolved"].id)
            until = f", {write_length(case.end - entry.at)} before it was resolved"
        yield Claim(in_sentence(f"{when}{until}: {quote(said.sentence)}"), tuple(evidence), at=entry.at)
    for said in case.endings.said:
        if said.piece.kind == "incident":
            text = f"Its summary says: {quote(said.sentence, 600)}"
            yield Claim(in_sentence(text), (said.piece.id,), confidence=UNCHECKED)
    yield from tell_answers(case, ENDING)
    yield from tell_noticed(case)
    detected = case.detection
    acknowledged = case.times.get("acknowledged")
    if (
        acknowledged is not None
        and acknowledged.at is not None
        and detected is not None
        and detected.at is not None
    ):
        length = acknowledged.at - detected.at
        if timedelta(0) <= length <= timedelta(minutes=LOOKED_AFTER_SOON_MINUTES):
            yield Claim(
                f"Somebody looked after it {write_length(length)} after it was {detected.text.lower()}.",
                (acknowledged.id, detected.id),
            )


def _about_noticing(case: Case) -> Iterator[Claim]:
    late = case.reported_afterwards
    if late is not None and case.end is not None:
        ended = case.times.get("resolved", case.about)
        question = "What would have shown it while it went on? It was reported after it was over."
        yield Claim(question, (ended.id, late.id), "question", asked=case.people[:2])
    detected = case.detection
    if detected is None or detected.at is None:
        return
    length = detected.at - case.start
    if length >= timedelta(minutes=NOTICED_LATE_MINUTES):
        yield Claim(
            f"What would have shown it in the {write_length(length)} between its start and the moment it was "
            f"{detected.text.lower()}?",
            (case.start_time.id, detected.id),
            "question",
            asked=case.people[:2],
        )


def _about_finding(case: Case) -> Iterator[Claim]:
    identified = case.times.get("identified")
    if identified is None or identified.at is None or case.end is None or case.end <= case.start:
        return
    length = identified.at - case.start
    if length >= (case.end - case.start) * IDENTIFIED_LATE_SHARE:
        yield Claim(
            f"It took {write_length(length)} to identify the problem. What would have made that shorter?",
            (identified.id, case.start_time.id),
            "question",
            asked=case.people_of(case.marked("diagnosis")),
        )


def _about_noise(case: Case) -> Iterator[Claim]:
    total = int(case.about.data.get("alerts", 0))
    if total >= NOISE_ALERTS_MIN:
        yield Claim(
            f"Which of the {plural(total, 'alert')} helped, and which made it harder to see what was going "
            "on?",
            (case.about.id,),
            "question",
            asked=case.people[:2],
        )
