"""Times that a claim tells in words: months, parts of the day, days as seen from today. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC

from afterword.drafting.citations.clauses import clauses, content_of
from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.reading import MONTHS, read

_MONTH = re.compile(
    # With a capital; May and March only where they can be nothing else.
    r"\b(?P<sure>January|February|April|June|July|August|September|October|November|December)\b"
    r"|\b(?i:in|of|since|until|during|early|late|mid|last|this|next|by) (?P<unsure>March|May)\b"
    r"(?! be\b)"
)
_PART = re.compile(
    r"\b(?:(?:in|during|throughout|that|this|one) (?:the )?(?:early |late |same |whole )?"
    r"(?P<part>morning|afternoon|evening|night)"
    r"|at (?P<at>night)|day (?P<day>morning|afternoon|evening|night))\b",
    re.IGNORECASE,
)
_HOURS = {
    "morning": frozenset(range(3, 12)),
    "afternoon": frozenset(range(12, 19)),
    "evening": frozenset(range(16, 24)),
    "night": frozenset({*range(20, 24), *range(7)}),
}
_RELATIVE = re.compile(
    r"\b(?:yesterday|today|tomorrow|tonight|last (?:night|week|weekend|month|year|quarter)"
    r"|next (?:week|month|year)"
    r"|this (?:week|month|year)|the (?:day|night|evening|week) before(?=[,.;]|$)"
    r"|the (?:next|previous|following) (?:day|morning|night|week))\b",
    re.IGNORECASE,
)


def check_moments(rest: str, known: Known) -> Iterator[Finding]:
    """Those that the evidence does not have; `rest` is the text without its dates and times of day."""
    for match in _MONTH.finditer(rest):
        name = match["sure"] or match["unsure"]
        if not _has_month(MONTHS[name.casefold()], name, known):
            yield Finding("date", name, "The evidence is of another month.")
    for match in _PART.finditer(rest):
        part = (match["part"] or match["at"] or match["day"]).casefold()
        hours = {at.astimezone(zone).hour for at in known.moments for zone in (known.zone, UTC)}
        hours |= {one.hour for one in known.reading.clocks}
        if part not in known.folded and not hours & _HOURS[part]:
            yield Finding("time", match[0], "The evidence is of another time of day.")
    for match in _RELATIVE.finditer(rest):
        if match[0].casefold() not in known.folded:
            yield Finding("weak", match[0], "The evidence does not say this of the day. Is it so?")


def check_clocks(text: str, known: Known) -> Iterator[Finding]:
    """Times at which the evidence only was written, of what it tells at another time."""
    for part in clauses(text):
        clocks = read(part).clocks
        if len(clocks) != 1 or not part[: clocks[0].start].endswith("at "):
            continue
        content = content_of(read(part).rest)
        said = (clocks[0].hour, clocks[0].minute)
        there = [one for one in known.as_clauses if content and content <= one.canonical_stems]
        told = [
            (clock.hour, clock.minute)
            for one in there
            for clock in read(one.text).clocks
            if one.text[: clock.start].endswith("at ")
        ]
        if told and said not in told and len(told) == len(there):
            yield Finding("time", clocks[0].text, "The evidence has another time for this.")


def _has_month(month: int, name: str, known: Known) -> bool:
    if known.has_words(name) or known.has_words(name[:3]):
        return True
    if any(day.month == month for day in known.reading.days):
        return True
    return any(at.astimezone(zone).month == month for at in known.moments for zone in (known.zone, UTC))
