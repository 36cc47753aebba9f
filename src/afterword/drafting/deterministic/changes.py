"""Which changes may have to do with it: ranked, and never called a cause. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.facts import Case, words_of
from afterword.drafting.deterministic.words import write_length, write_list, write_moment, write_time
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import short_quote

CANDIDATES_MAX = 5
DURING_MAX = 5
WORDS_SHOWN_MAX = 4
SAME_SERVICE_POINTS = 3.0
CLOSE_POINTS = 3.0
"""Of a change in the very moment of the start; half of it for each `HALF_LIFE_HOURS` before."""
HALF_LIFE_HOURS = 2.0
WORD_POINTS = 0.75
WORD_POINTS_MAX = 2.25


@dataclass(frozen=True)
class Candidate:
    """A change, and how much it has to do with the incident as far as service, time and words tell."""

    piece: Piece
    at: datetime
    is_before: bool
    score: float
    shared: tuple[str, ...]
    """Words that it has in common with the alerts and the title."""

    @property
    def service(self) -> str:
        return str(self.piece.data.get("service", ""))


def candidates(case: Case) -> list[Candidate]:
    """The changes before the start and during the incident, the likeliest to matter first."""
    found = [_rate(case, piece, piece.at) for piece in case.of_kind("change") if piece.at is not None]
    return sorted(found, key=lambda one: (-one.score, -one.at.timestamp(), one.piece.id))


def tell_changes(case: Case) -> Iterator[Claim]:
    """What was changed before, how close to the start, and what it has in common with the alerts."""
    rated = candidates(case)
    before = [one for one in rated if one.is_before]
    for place, one in enumerate(before[:CANDIDATES_MAX]):
        yield Claim(
            _tell(case, one),
            (one.piece.id, case.start_time.id),
            confidence=_how_sure(case, one, is_first=place == 0),
        )
    if not before:
        yield Claim(
            f"No change to {case.service} is recorded for the day before the start.", (case.about.id,), "gap"
        )
    during = sorted((one for one in rated if not one.is_before), key=lambda one: one.at)
    for one in during[:DURING_MAX]:
        yield Claim(
            f"{_name(one)} was made at {write_time(one.at, case.zone, beside=case.start)}, "
            f"{write_length(one.at - case.start)} after the start.",
            (one.piece.id, case.start_time.id),
        )
    for window in case.of_kind("maintenance"):
        if window.at is None or window.until is None:
            continue
        yield Claim(
            f"A maintenance window, {short_quote(str(window.data.get('name', window.text)))}, ran from "
            f"{write_moment(window.at, case.zone)} to "
            f"{write_time(window.until, case.zone, beside=window.at)}.",
            (window.id,),
        )


def _rate(case: Case, piece: Piece, at: datetime) -> Candidate:
    hours = max(case.before_start(at).total_seconds(), 0) / 3_600
    texts = (piece.text, piece.data.get("summary", ""), piece.data.get("version", ""))
    shared = tuple(sorted(case.words & words_of(" ".join(str(text) for text in texts))))
    score = CLOSE_POINTS * 0.5 ** (hours / HALF_LIFE_HOURS)
    score += SAME_SERVICE_POINTS if piece.data.get("own_service") else 0.0
    score += min(WORD_POINTS * len(shared), WORD_POINTS_MAX)
    return Candidate(piece, at, at <= case.start, score, shared)


def _tell(case: Case, one: Candidate) -> str:
    ahead = case.before_start(one.at)
    preceded = f"preceded the start by {write_length(ahead)}"
    if ahead.total_seconds() < 1:
        preceded = "was made in the moment of the start"
    return f"{_name(one)} {preceded}.{_details(one)}"


def _name(one: Candidate) -> str:
    kind = str(one.piece.data.get("kind", "Change"))
    kind = "A change" if kind == "Other" else f"The {kind.lower()}"
    if kind == "The configuration":
        kind = "The configuration change"
    return f"{kind} {short_quote(one.piece.text)} to {one.service}"


def _details(one: Candidate) -> str:
    details = []
    version, state = str(one.piece.data.get("version", "")), str(one.piece.data.get("state", ""))
    if version and version not in one.piece.text:
        details.append(f"version {version}")
    if state and state.casefold() not in ("success", "succeeded", "completed"):
        details.append(f"state {state}")
    told = f" Recorded with it: {write_list(details)}." if details else ""
    if one.shared:
        words = write_list([f"“{word}”" for word in one.shared[:WORDS_SHOWN_MAX]])
        told += f" It shares the {'word' if len(one.shared) == 1 else 'words'} {words} with the incident."
    return told


def _how_sure(case: Case, one: Candidate, *, is_first: bool) -> str:
    reasons = ["the same service" if one.piece.data.get("own_service") else "another service"]
    if is_first:
        reasons.append("the first in rank")
    if one.shared:
        reasons.append("words in common")
    return f"{write_list(reasons).capitalize()}; whether it had a part in this is for people to say."
