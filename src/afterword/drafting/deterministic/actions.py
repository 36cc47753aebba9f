"""Action items to agree on: from gaps, from open questions, and from what is unfinished. Pure.

Each begins with a verb, names a thing, and has an end that can be checked. What is agreed on already is not
proposed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from afterword.drafting.claims import ActionType, Claim
from afterword.drafting.deterministic.changes import candidates
from afterword.drafting.deterministic.contributors import NOISE_ALERTS_MIN, NOTICED_LATE_MINUTES
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.noticing import noticed
from afterword.drafting.deterministic.past import open_since
from afterword.drafting.deterministic.topics import EXTENT, state_of
from afterword.drafting.deterministic.words import at_time, plural, write_length
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import short_quote

UNFINISHED_MAX = 5
ACTIONS_MAX = 8


def propose_actions(case: Case) -> Iterator[Claim]:
    """At most `ACTIONS_MAX`; at least one that prevents."""
    agreed = {one.text.strip().casefold() for one in _agreed(case)}
    found = [one for one in _proposals(case) if one.text.casefold().rstrip(".") not in agreed]
    yield from found[:ACTIONS_MAX]


def _proposals(case: Case) -> Iterator[Claim]:
    yield from _unfinished(case)
    yield from _detection(case)
    yield from _changes(case)
    yield from _mitigation(case)
    yield from _response(case)
    yield from _noise(case)
    yield from _calling(case)
    if state_of(case, EXTENT) == "untold":
        yield _propose(
            f"Count the requests that {case.service} cannot serve, so that the next incident's impact is a "
            "number.",
            "detect",
            case.about,
        )


def _unfinished(case: Case) -> Iterator[Claim]:
    count = 0
    for similar in case.of_kind("similar"):
        for follow_up in open_since(case, similar):
            if count < UNFINISHED_MAX:
                count += 1
                since = f"{similar.data['noun']} {similar.data['number']}"
                text = f"Finish {short_quote(follow_up.text)}, open since {since}."
                yield _propose(text, "prevent", follow_up, similar)


def _detection(case: Case) -> Iterator[Claim]:
    """No alert before the report, or a late one, or people who noticed it before any."""
    if case.opening_alert is None:
        yield _propose(
            f"Add an alert on {case.service} that fires on what people noticed in {short_quote(case.title)}.",
            "detect",
            case.about,
        )
        return
    found, first = noticed(case), case.first_alert
    if found is not None and found.moment.at is not None and found.by != "monitoring" and first is not None:
        assert first.at is not None
        when = at_time(found.moment.at, case.zone, beside=case.start)
        yield _propose(
            f"Add an alert on {case.service} that fires on what was {found.moment.text.lower()} {when}, "
            f"{write_length(first.at - found.moment.at)} before the first alert.",
            "detect",
            found.moment,
            first,
            case.about,
            *([found.said.piece] if found.said is not None else []),
        )
        return
    detected = case.detection
    if detected is None or detected.at is None:
        return
    late = detected.at - case.start
    if late >= timedelta(minutes=NOTICED_LATE_MINUTES):
        yield _propose(
            f"Add an alert on {case.service} that fires sooner than {write_length(late)} after the start.",
            "detect",
            case.start_time,
            detected,
            case.about,
        )


def _changes(case: Case) -> Iterator[Claim]:
    nearest = next((one for one in candidates(case) if one.is_before), None)
    if nearest is not None:
        yield _propose(
            f"Compare {nearest.service} before and after {short_quote(nearest.piece.text)}, and write down "
            "what "
            "differs.",
            "investigate",
            nearest.piece,
        )
    # Of what is upstream the release is seldom the same people's: they can test what they depend on.
    if nearest is not None and not nearest.upstream:
        yield _propose(
            f"Add a check to the release of {nearest.service} that stops on what {short_quote(case.title)} "
            "showed.",
            "prevent",
            nearest.piece,
            case.about,
        )
    elif case.reasons.said:
        reason = case.reasons.said[-1]
        yield _propose(
            f"Agree on what keeps {short_quote(reason.sentence)} from happening again.",
            "prevent",
            reason.piece,
            case.about,
        )
    else:
        yield _propose(
            f"Write a test for {case.service} that shows {short_quote(case.title)} again, and keep it "
            "running.",
            "prevent",
            case.about,
        )


def _mitigation(case: Case) -> Iterator[Claim]:
    helped = case.deeds.said
    if helped:
        yield _propose(
            f"Write the steps of {short_quote(helped[-1].sentence)} into the runbook of {case.service}.",
            "mitigate",
            helped[-1].piece,
            case.about,
        )


def _response(case: Case) -> Iterator[Claim]:
    if case.about.data.get("acknowledgement_too_late"):
        yield _propose(
            f"Add a level to the escalation policy of {case.service} that calls somebody else before the "
            "promised "
            "acknowledgement.",
            "mitigate",
            case.about,
        )


def _noise(case: Case) -> Iterator[Claim]:
    total = int(case.about.data.get("alerts", 0))
    loudest = max(case.of_kind("alert"), key=lambda one: one.count, default=None)
    if total >= NOISE_ALERTS_MIN and loudest is not None and loudest.count > 1:
        yield _propose(
            f"Group the alert {short_quote(loudest.text)}, which came {plural(loudest.count, 'time')}, so "
            "that it "
            "calls once.",
            "detect",
            loudest,
        )


def _calling(case: Case) -> Iterator[Claim]:
    """Of an alert that was over before anybody did anything: whether it has to call somebody."""
    alert = case.opening_alert
    if alert is None or case.end is None or case.people or "acknowledged" in case.times:
        return
    yield _propose(
        f"Decide whether {short_quote(alert.text)} should call somebody: it was over after "
        f"{write_length(case.end - case.start)}, before anybody acknowledged it.",
        "detect",
        alert,
        case.start_time,
        case.times.get("resolved", case.about),
        case.about,
    )


def _agreed(case: Case) -> list[Piece]:
    return [one for one in case.of_kind("follow-up") if not one.data.get("of_similar")]


def _propose(text: str, action: ActionType, *evidence: Piece) -> Claim:
    return Claim(text, tuple(piece.id for piece in evidence), "proposal", action=action)
