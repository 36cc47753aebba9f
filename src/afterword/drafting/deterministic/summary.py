"""What happened, in a paragraph, and how long each part of it took. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.changes import candidates
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.words import (
    in_sentence,
    plural,
    write_length,
    write_list,
    write_moment,
    write_time,
)
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import quote, short_quote
from afterword.incidents.rules import MILESTONES

MITIGATIONS_IN_SUMMARY_MAX = 2


def tell_summary(case: Case) -> Iterator[Claim]:
    """What it was, when, how it came to light, what was done, and how much of it there was."""
    yield _what_and_when(case)
    summary = str(case.about.data.get("summary", ""))
    if summary.strip():
        yield Claim(in_sentence(f"Its summary says: {quote(summary, 600)}"), (case.about.id,))
    yield from _how_it_came_to_light(case)
    yield from _what_was_done(case)
    yield from _how_grave(case)
    before = [one for one in candidates(case) if one.is_before]
    if before:
        nearest = write_length(min(case.before_start(one.at) for one in before))
        services = write_list(sorted({one.service for one in before}))
        by = f"by {nearest}" if len(before) == 1 else f"the nearest by {nearest}"
        comma = "" if len(before) == 1 else ","
        yield Claim(
            f"{plural(len(before), 'recorded change')} to {services} preceded the start{comma} {by}.",
            (case.start_time.id, *(one.piece.id for one in before)),
        )


def tell_durations(case: Case) -> Iterator[Claim]:
    """The times between the key timestamps; what is not known is left out."""
    resolved, fixed = case.times.get("resolved"), case.times.get("fixed")
    for name, label, starts, ends in MILESTONES:
        if name == "fix" and resolved and fixed and resolved.at == fixed.at:
            continue  # Nobody said when, and the record takes the end.
        start, end = case.first_time(*starts), case.first_time(*ends)
        if start is None or end is None or start.at is None or end.at is None or end.at <= start.at:
            continue
        yield Claim(f"{label}: {write_length(end.at - start.at)}.", (start.id, end.id))


def _what_and_when(case: Case) -> Claim:
    start = write_moment(case.start, case.zone)
    evidence = [case.about.id, case.start_time.id]
    if case.end is None:
        return Claim(
            f"Incident #{case.number} on {case.service}, {short_quote(case.title)}, began on {start} and is "
            "not resolved yet.",
            tuple(evidence),
        )
    if "resolved" in case.times:
        evidence.append(case.times["resolved"].id)
    return Claim(
        f"Incident #{case.number} on {case.service}, {short_quote(case.title)}, began on {start} and was "
        f"resolved at {write_time(case.end, case.zone, beside=case.start)}, after "
        f"{write_length(case.end - case.start)}.",
        tuple(evidence),
    )


def _how_it_came_to_light(case: Case) -> Iterator[Claim]:
    alert = case.opening_alert
    if alert is not None and alert.at is not None:
        evidence = (alert.id, case.start_time.id)
        when = write_time(alert.at, case.zone, beside=case.start)
        later = alert.at - case.start
        after = f", {write_length(later)} after the start" if later.total_seconds() >= 60 else ""
        yield Claim(
            f"An alert of {alert.source}, {short_quote(alert.text)}, opened it at {when}{after}.", evidence
        )
        return
    reported = case.times.get("reported")
    if reported is not None and reported.at is not None:
        when = write_time(reported.at, case.zone, beside=case.start)
        yield Claim(f"It was reported by hand at {when}; no alert opened it.", (reported.id, case.about.id))


def _what_was_done(case: Case) -> Iterator[Claim]:
    acknowledged = case.times.get("acknowledged")
    noticed = case.first_time("detected", "reported", "opened")
    if acknowledged is not None and acknowledged.at is not None:
        when = write_time(acknowledged.at, case.zone, beside=case.start)
        evidence, after = [acknowledged.id], ""
        if noticed is not None and noticed.at is not None and acknowledged.at >= noticed.at:
            evidence.append(noticed.id)
            after = f", {write_length(acknowledged.at - noticed.at)} after it was {_noticed_as(noticed)}"
        yield Claim(f"It was acknowledged at {when}{after}.", tuple(evidence))
    for name, words in (("identified", "The problem was identified"), ("fixed", "It was fixed")):
        piece = case.times.get(name)
        resolved = case.times.get("resolved")
        if piece is None or piece.at is None or (name == "fixed" and resolved and resolved.at == piece.at):
            continue
        yield Claim(
            f"{words} at {write_time(piece.at, case.zone, beside=case.start)}, "
            f"{write_length(piece.at - case.start)} {'after' if piece.at >= case.start else 'before'} the "
            "start.",
            (piece.id, case.start_time.id),
        )
    for entry in case.marked("mitigation")[:MITIGATIONS_IN_SUMMARY_MAX]:
        assert entry.at is not None
        when = write_time(entry.at, case.zone, beside=case.start)
        yield Claim(in_sentence(f"What helped, at {when}: {quote(entry.text)}"), (entry.id,), at=entry.at)


def _how_grave(case: Case) -> Iterator[Claim]:
    known = [
        f"{label} {value}"
        for name, label in (("severity", "severity"), ("priority", "priority"), ("type", "type"))
        if (value := case.about.data.get(name))
    ]
    if known:
        yield Claim(f"The record gives {write_list(known)}.", (case.about.id,))
    if len(case.services) > 1:
        yield Claim(f"It also affected {write_list(case.services[1:])}.", (case.about.id,))


def _noticed_as(piece: Piece) -> str:
    return {"detected": "detected", "reported": "reported"}.get(str(piece.data.get("name")), "opened")
