"""What was before what: where a claim orders two things of which the record has the times. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from afterword.drafting.citations.clauses import clauses, content_of, stems_of
from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.reading import WEEKDAYS, read, sentences

PIECES_MAX = 30
"""Of more it is not asked which is meant."""
SAME_SHARE = 0.5
"""Of what one side is about, that a piece must say."""
_BEHIND = re.compile(
    r"^(?P<first>.+?),? (?P<how>before|after|once|until) (?P<second>[^,;]+)", re.IGNORECASE | re.DOTALL
)
_AHEAD = re.compile(
    r"^(?P<how>before|after|once) (?P<second>[^,;]+), (?P<first>.+)", re.IGNORECASE | re.DOTALL
)
_THEN = re.compile(r"^(?P<second>.+?),? (?:and )?(?P<how>then|afterwards) (?P<first>[^,;]+)", re.IGNORECASE)
_BOUNDS = re.compile(r"\b(?:before|after|since|until|from|to|between|and) $")
"""Before a time that only bounds what the note tells, which was when it was written."""
_EARLIER = frozenset({"before", "until"})


def check_order(text: str, known: Known) -> Iterator[Finding]:
    """Two things of which the claim says that one came first, and the record that it came last."""
    if not 2 <= len(known.pieces) <= PIECES_MAX:
        return
    for sentence in sentences(text):
        match = _AHEAD.match(sentence) or _BEHIND.match(sentence) or _THEN.match(sentence)
        if match is None:
            continue
        first, second = (_moment_of(match[side], known) for side in ("first", "second"))
        if first is None or second is None or first == second:
            continue
        if (first < second) != (match["how"].casefold() in _EARLIER):
            yield Finding("order", match["how"], "By the evidence it was the other way round.")


def _moment_of(side: str, known: Known) -> datetime | None:
    """When that was of which this side speaks, where one piece alone tells it, and at its own time."""
    content = content_of(side)
    if not content:
        return None
    shares = [(len(content & stems_of(piece.text)) / len(content), piece) for piece in known.pieces]
    best = max(share for share, _ in shares)
    nearest = [piece for share, piece in shares if share == best]
    if best < SAME_SHARE or len(nearest) != 1 or nearest[0].count > 1:
        return None
    told = known.reading_of(nearest[0])
    others = [one for one in told.clocks if not _BOUNDS.search(nearest[0].text[: one.start])]
    at = nearest[0].at
    if at is not None and len(told.weekdays) == 1 and not (others or told.days):
        # The last one before it was written.
        days = (at.astimezone(known.zone).weekday() - WEEKDAYS.index(told.weekdays[0].text)) % 7
        return at - timedelta(days=days) if days and _is_of_day(content, nearest[0].text) else None
    return None if others or told.days or told.weekdays else at


def _is_of_day(content: set[str], text: str) -> bool:
    """Whether the clause that names the day of the week is the one that is meant."""
    part = next((one for one in clauses(text) if read(one).weekdays), "")
    return len(content & stems_of(part)) >= SAME_SHARE * len(content)
