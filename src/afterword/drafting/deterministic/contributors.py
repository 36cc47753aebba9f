"""What to ask about what contributed, what people said of it, and what made it shorter. Pure.

Nothing here says that one thing led to another. What people wrote about that is quoted as theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.changes import candidates
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.words import in_sentence, plural, write_length, write_time
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import plain_line, quote, sentence_with, short_quote

QUOTED_MAX = 5
CHANGES_ASKED_MAX = 2
NOTICED_LATE_MINUTES = 5
NOTICED_SOON_MINUTES = 5
NOISE_ALERTS_MIN = 20
IDENTIFIED_LATE_SHARE = 0.5
"""Of the duration."""
WHY_WORDS = re.compile(
    r"\b(?:caused? by|because|due to|as a result|root cause|led to|resulted in|triggered by|"
    r"stem(?:s|med) from|owing to|the cause|overload\w*|misconfigur\w+|regression|exhaust\w+|saturat\w+|"
    r"expired|race condition|deadlock|out of memory)\b",
    re.IGNORECASE,
)
HELPED_WORDS = re.compile(
    r"\b(?:rolled (?:\w+ )?back|reverted|restarted|rebooted|failed over|scaled (?:up|out)|disabled|mitigated|"
    r"redeployed|(?:applied|deployed|implemented|rolled out) (?:a|the|our) (?:\w+ )?(?:fix|mitigation)|"
    r"paused|redirected|rerouted|rebalanced|replaced|unblocked|raised the (?:limit|pool))\b",
    re.IGNORECASE,
)
"""What was done, not what is being worked on."""


def tell_contributors(case: Case) -> Iterator[Claim]:
    """What people diagnosed and wrote about why, in their words, then questions."""
    for entry in reasons_given(case)[:QUOTED_MAX]:
        assert entry.at is not None
        when = write_time(entry.at, case.zone, beside=case.start)
        text = f"At {when} {entry.source or 'somebody'} wrote: {quote(_reason_in(entry), 600)}"
        yield Claim(
            in_sentence(text),
            (entry.id,),
            at=entry.at,
            confidence="In the words of who wrote it; not checked.",
        )
    before = [one for one in candidates(case) if one.is_before]
    for one in before[:CHANGES_ASKED_MAX]:
        yield Claim(
            f"What did {short_quote(one.piece.text)} change in {one.service}, and did it have a part in "
            "this?",
            (one.piece.id,),
            "question",
            asked=case.people_of([one.piece]),
        )
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
    for entry in what_helped(case)[:QUOTED_MAX]:
        assert entry.at is not None
        when = write_time(entry.at, case.zone, beside=case.start)
        evidence, until = [entry.id], ""
        if case.end is not None and case.end > entry.at and "resolved" in case.times:
            evidence.append(case.times["resolved"].id)
            until = f", {write_length(case.end - entry.at)} before it was resolved"
        yield Claim(in_sentence(f"At {when}{until}: {quote(help_in(entry))}"), tuple(evidence), at=entry.at)
    detected = case.first_time("detected", "reported")
    alert = case.opening_alert
    if alert is not None and detected is not None and detected.at is not None:
        length = detected.at - case.start
        if timedelta(0) <= length <= timedelta(minutes=NOTICED_SOON_MINUTES):
            soon = (
                "in the minute of the start"
                if length < timedelta(minutes=1)
                else f"{write_length(length)} after the start"
            )
            yield Claim(f"Monitoring noticed it {soon}.", (alert.id, detected.id, case.start_time.id))
    acknowledged = case.times.get("acknowledged")
    if (
        acknowledged is not None
        and acknowledged.at is not None
        and detected is not None
        and detected.at is not None
    ):
        length = acknowledged.at - detected.at
        if timedelta(0) <= length <= timedelta(minutes=NOTICED_SOON_MINUTES):
            yield Claim(
                f"Somebody looked after it {write_length(length)} after it was {detected.text.lower()}.",
                (acknowledged.id, detected.id),
            )


def reasons_given(case: Case) -> list[Piece]:
    """The entries in which people say why: marked as diagnosis, or with words that give a reason."""
    marked = case.marked("diagnosis")
    worded = [one for one in case.told if one.data.get("kind") == "note" and WHY_WORDS.search(one.text)]
    return _by_time([*marked, *worded])


def what_helped(case: Case) -> list[Piece]:
    """The entries that tell of something that was done: marked as mitigation, or with words that say so."""
    marked = case.marked("mitigation")
    if marked:
        return _by_time(marked)
    notes = [one for one in case.told if one.data.get("kind") == "note" and one.at and one.at >= case.start]
    return _by_time([one for one in notes if HELPED_WORDS.search(one.text)])


def help_in(entry: Piece) -> str:
    """The sentence of an entry that tells what was done."""
    return sentence_with(entry.text, HELPED_WORDS)


def _reason_in(entry: Piece) -> str:
    return plain_line(entry.text) if entry.data.get("mark") else sentence_with(entry.text, WHY_WORDS)


def _about_noticing(case: Case) -> Iterator[Claim]:
    detected = case.first_time("detected", "reported")
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


def _by_time(pieces: list[Piece]) -> list[Piece]:
    unique = {piece.id: piece for piece in pieces if piece.at is not None}
    return sorted(unique.values(), key=lambda piece: (piece.at, piece.id))
