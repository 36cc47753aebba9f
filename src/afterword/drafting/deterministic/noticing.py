"""Who or what noticed it, and when, as far as the record tells. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.statements import Findings, Said, split_sentences
from afterword.drafting.deterministic.words import in_sentence, write_length
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import quote

SAME_MOMENT = timedelta(minutes=1)
TOLD_WITHIN = timedelta(minutes=15)
"""After it was detected: what is noted later may tell of somebody else."""
NOTICED_SOON_MINUTES = 5


@dataclass(frozen=True)
class Noticed:
    """The moment at which it was detected, and what the record has at that moment."""

    moment: Piece
    by: Literal["monitoring", "people", "unknown"]
    said: Said | None = None
    """The note that tells it of people."""

    @property
    def evidence(self) -> tuple[str, ...]:
        return (self.moment.id,) if self.said is None else (self.moment.id, self.said.piece.id)


def noticed(case: Case) -> Noticed | None:
    """Who noticed it, by what is recorded at the detection: an alert until then, or a note of a person."""
    moment = case.detection
    if moment is None or moment.at is None:
        return None
    alert = case.first_alert
    if alert is not None and alert.at is not None and alert.at <= moment.at + SAME_MOMENT:
        return Noticed(moment, "monitoring")
    marked = {one.id for one in case.marked("detection")}
    for one in case.noticings.said:
        if one.piece.at is not None and one.piece.at <= moment.at + SAME_MOMENT:
            return Noticed(moment, "people", one)
    for piece in case.notes:
        is_then = piece.at is not None and abs(piece.at - moment.at) <= SAME_MOMENT
        if is_then and piece.id in marked:
            return Noticed(moment, "people", Said(piece, piece.text))
    return Noticed(moment, "unknown")


def noticings(case: Case) -> Findings:
    """What tells how it was noticed."""
    alert, moment = case.opening_alert, case.detection
    known = [Said(one, one.text) for one in (*([alert] if alert else []), *case.marked("detection"))]
    until = (moment.at if moment is not None and moment.at is not None else case.start) + TOLD_WITHIN
    found = case.noticings
    soon = [one for one in found.said if one.piece.at is not None and one.piece.at <= until]
    late = [one for one in found.said if one not in soon]
    maybe = [one for one in found.doubtful if one.piece.at is not None and one.piece.at <= until]
    by_hand = [] if alert else _first_words(case)
    return Findings((*known, *soon, *case.summary_noticings.said), (*late, *maybe, *by_hand))


def _first_words(case: Case) -> list[Said]:
    """What was noted as somebody reported it: mostly how it came to them."""
    moment = case.detection
    if moment is None or moment.at is None:
        return []
    soon = timedelta(minutes=NOTICED_SOON_MINUTES)
    notes = [one for one in case.notes if one.at is not None and abs(one.at - moment.at) <= soon]
    return [Said(one, split_sentences(one.text)[0]) for one in notes if split_sentences(one.text)][:1]


def tell_noticed(case: Case) -> Iterator[Claim]:
    """That it was noticed soon, and by whom."""
    found = noticed(case)
    if found is None or found.moment.at is None:
        return
    length = found.moment.at - case.start
    if found.by == "monitoring" and case.is_start_of_alert:
        return  # The record only takes the alert for the start.
    if not timedelta(0) <= length <= timedelta(minutes=NOTICED_SOON_MINUTES):
        return
    soon = f"{write_length(length)} after the start"
    if length < timedelta(minutes=1):
        soon = "in the minute of the start"
    evidence = (*found.evidence, case.start_time.id)
    if found.by == "monitoring":
        assert case.first_alert is not None
        yield Claim(f"Monitoring noticed it {soon}.", (case.first_alert.id, *evidence))
    elif found.said is not None:
        yield Claim(in_sentence(f"People noticed it {soon}: {quote(found.said.sentence)}"), evidence)
    else:
        yield Claim(f"It was {found.moment.text.lower()} {soon}.", evidence)


def is_before_any_alert(case: Case) -> bool:
    """Whether it was detected, and the first alert came later."""
    found, alert = noticed(case), case.first_alert
    return found is not None and found.by != "monitoring" and alert is not None
