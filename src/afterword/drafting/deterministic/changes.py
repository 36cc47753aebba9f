"""Which changes may have to do with it: ranked, and never called a cause. Pure.

Those to the incident's services come first, then those to what these depend on, the nearest first. Each of
the two has room of its own: a service that is changed all day hides nothing upstream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.facts import Case, words_of
from afterword.drafting.deterministic.words import at_time, write_length, write_list, write_moment, write_time
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import short_quote

CANDIDATES_MAX = 5
DURING_MAX = 5
UPSTREAM_CANDIDATES_MAX = 3
UPSTREAM_DURING_MAX = 3
WINDOWS_MAX = 5
NEEDED_NAMED_MAX = 3
"""Services that a gap names; of more it says that there are some."""
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

    @property
    def upstream(self) -> int:
        """0: to a service of the incident; else how many steps upstream of one."""
        return int(self.piece.data.get("upstream", 0))

    @property
    def described_service(self) -> str:
        """`Checkout`; of one upstream `Basket, which Checkout depends on`."""
        if not self.upstream:
            return self.service
        first, *between = (str(name) for name in self.piece.data.get("needed_through") or ("the service",))
        through = f" through {write_list(between)}" if between else ""
        return f"{self.service}, which {first} depends on{through}"


def candidates(case: Case) -> list[Candidate]:
    """The changes before the start and during the incident: those to its services, then those upstream, the
    nearest first; of these the likeliest to matter first.
    """
    found = [_rate(case, piece, piece.at) for piece in case.of_kind("change") if piece.at is not None]
    return sorted(found, key=lambda one: (one.upstream, -one.score, -one.at.timestamp(), one.piece.id))


def first_of(rated: Iterable[Candidate], *, own_max: int, upstream_max: int) -> list[Candidate]:
    """So many of those to the incident's services, and so many of those upstream, in their order."""
    kept = list(rated)
    own = [one for one in kept if not one.upstream][:own_max]
    return [*own, *[one for one in kept if one.upstream][:upstream_max]]


def tell_changes(case: Case) -> Iterator[Claim]:
    """What was changed before, how close to the start, and what it has in common with the alerts."""
    rated = candidates(case)
    before = first_of(
        (one for one in rated if one.is_before),
        own_max=CANDIDATES_MAX,
        upstream_max=UPSTREAM_CANDIDATES_MAX,
    )
    for place, one in enumerate(before):
        yield Claim(
            _tell(case, one),
            (one.piece.id, case.start_time.id),
            confidence=_how_sure(case, one, is_first=place == 0),
        )
    if all(one.upstream for one in before):
        yield _nothing_own(case, before)
    during = sorted((one for one in rated if not one.is_before), key=lambda one: one.at)
    for one in first_of(during, own_max=DURING_MAX, upstream_max=UPSTREAM_DURING_MAX):
        yield Claim(
            f"{_name(one)} was made {at_time(one.at, case.zone, beside=case.start)}, "
            f"{write_length(one.at - case.start)} after the start.",
            (one.piece.id, case.start_time.id),
        )
    for window in case.of_kind("maintenance")[:WINDOWS_MAX]:
        if window.at is None or window.until is None:
            continue
        meanwhile, evidence = "", [window.id]
        if is_under_way(case, window):
            meanwhile = " The incident began during it."
            evidence.append(case.start_time.id)
        yield Claim(
            f"A maintenance window{maintained(window)}, {name_of_window(window)}, ran from "
            f"{write_moment(window.at, case.zone)} to "
            f"{write_time(window.until, case.zone, beside=window.at)}.{meanwhile}",
            tuple(evidence),
        )


def under_way(case: Case) -> list[Piece]:
    """The maintenance windows that were going on at the start."""
    return [one for one in case.of_kind("maintenance") if is_under_way(case, one)][:WINDOWS_MAX]


def is_under_way(case: Case, window: Piece) -> bool:
    """Whether this maintenance was going on at the start."""
    return window.at is not None and window.until is not None and window.at <= case.start <= window.until


def name_of_window(window: Piece) -> str:
    """What a maintenance window is called, as a quotation."""
    return short_quote(str(window.data.get("name", window.text)))


def maintained(window: Piece) -> str:
    """` of orders-db, which Ledger API depends on`; empty where the record does not say of what."""
    services = [str(name) for name in window.data.get("services", ())]
    if not services:
        return ""
    way = [str(name) for name in window.data.get("needed_through", ())]
    through = f" through {write_list(way[1:])}" if way[1:] else ""
    return f" of {write_list(services)}" + (f", which {way[0]} depends on{through}" if way else "")


def _nothing_own(case: Case, upstream: Sequence[Candidate]) -> Claim:
    """That nothing is recorded of the incident's services before, and what of those upstream."""
    if upstream:
        return Claim(
            f"For the day before the start changes are recorded upstream, and none to {case.service} itself.",
            (case.about.id, *(one.piece.id for one in upstream)),
            "gap",
        )
    needed = [str(name) for name in case.about.data.get("depends_on", ())]
    named = f"{write_list(needed)}, which it depends on"
    if len(needed) > NEEDED_NAMED_MAX:
        named = "the services that it depends on"
    nor = f", nor to {named}," if needed else ""
    return Claim(
        f"No change to {case.service}{nor} is recorded for the day before the start.",
        (case.about.id,),
        "gap",
    )


def _rate(case: Case, piece: Piece, at: datetime) -> Candidate:
    hours = max(case.before_start(at).total_seconds(), 0) / 3_600
    texts = (piece.text, piece.data.get("summary", ""), piece.data.get("version", ""))
    shared = tuple(sorted(case.words & words_of(" ".join(str(text) for text in texts))))
    score = CLOSE_POINTS * 0.5 ** (hours / HALF_LIFE_HOURS)
    score += SAME_SERVICE_POINTS if _is_own(case, piece) else 0.0
    score += min(WORD_POINTS * len(shared), WORD_POINTS_MAX)
    return Candidate(piece, at, at <= case.start, score, shared)


def _is_own(case: Case, piece: Piece) -> bool:
    """Of a change that is of several incidents the book says it of one."""
    return bool(piece.data.get("own_service")) or piece.data.get("service") == case.service


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
    comma = "," if one.upstream else ""
    return f"{kind} {short_quote(one.piece.text)} to {one.described_service}{comma}"


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
    where = "the same service" if _is_own(case, one.piece) else "another service"
    if one.upstream:
        where = "one step upstream" if one.upstream == 1 else f"{one.upstream} steps upstream"
    reasons = [where]
    if is_first:
        reasons.append("the first in rank")
    if one.shared:
        reasons.append("words in common")
    return f"{write_list(reasons).capitalize()}; whether it had a part in this is for people to say."
