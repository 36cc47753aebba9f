"""What happened, in a paragraph, and how long each part of it took. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.changes import (
    Candidate,
    candidates,
    maintained,
    name_of_window,
    under_way,
)
from afterword.drafting.deterministic.facts import REOPENINGS_CITED_MAX, Case
from afterword.drafting.deterministic.noticing import noticed
from afterword.drafting.deterministic.telling import wrote
from afterword.drafting.deterministic.topics import IDENTIFIED, NOTICING, tell_answers
from afterword.drafting.deterministic.words import (
    at_time,
    in_sentence,
    plural,
    times,
    write_length,
    write_list,
    write_moment,
)
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import quote, short_quote
from afterword.incidents.rules import MILESTONES

MITIGATIONS_IN_SUMMARY_MAX = 2
NOTICED = ("detected", "reported")
SERVICES_NAMED_MAX = 8
"""Of those that were changed."""


def tell_summary(case: Case) -> Iterator[Claim]:
    """What it was, when, how it came to light, what was done, and how much of it there was."""
    yield _what_and_when(case)
    yield from _opened_again(case)
    summary = str(case.about.data.get("summary", ""))
    if summary.strip():
        text = in_sentence(f"Its summary says: {quote(summary, 600)}")
        yield Claim(text, (case.about.id,), drawn_in="summary")
    yield from _how_it_came_to_light(case)
    yield from _what_was_done(case)
    yield from _how_grave(case)
    before = [one for one in candidates(case) if one.is_before]
    yield from _what_was_changed(case, [one for one in before if not one.upstream])
    yield from _what_was_changed(case, [one for one in before if one.upstream])
    for window in under_way(case):
        text = f"It began during the maintenance window {name_of_window(window)}{maintained(window)}."
        yield Claim(text, (window.id, case.start_time.id))


def tell_durations(case: Case) -> Iterator[Claim]:
    """The times between the key timestamps; what is not known is left out."""
    resolved, fixed = case.times.get("resolved"), case.times.get("fixed")
    for name, label, starts, ends in MILESTONES:
        if name == "fix" and resolved and fixed and resolved.at == fixed.at:
            continue  # Nobody said when, and the record takes the end.
        start, end = _first(case, starts), _first(case, ends)
        if start is None or end is None or start.at is None or end.at is None or end.at <= start.at:
            continue
        text = f"{label}: {write_length(end.at - start.at)}."
        yield Claim(text, (start.id, end.id), drawn_in="key-information")
    yield from tell_answers(case, IDENTIFIED)


def _first(case: Case, names: Sequence[str]) -> Piece | None:
    """Of these key timestamps the first that is known; noticed or reported only while it went on."""
    known = [case.times[name] for name in names if name in case.times]
    return next((one for one in known if one.data["name"] not in NOTICED or not case.is_after_end(one)), None)


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
    end = f" {at_time(case.end, case.zone, beside=case.start)},"
    return Claim(
        f"Incident #{case.number} on {case.service}, {short_quote(case.title)}, began on {start} and was "
        f"resolved{end if write_moment(case.end, case.zone) != start else ''} after "
        f"{write_length(case.end - case.start)}.",
        tuple(evidence),
    )


def _opened_again(case: Case) -> Iterator[Claim]:
    again = case.reopenings
    if not again:
        return
    assert again[-1].at is not None
    when = at_time(again[-1].at, case.zone, beside=case.start)
    how_often = f"{times(len(again))}, {'the last time ' if len(again) > 1 else ''}{when}"
    cited = tuple(one.id for one in again[-REOPENINGS_CITED_MAX:])
    yield Claim(f"It was resolved and opened again {how_often}.", cited)


def _how_it_came_to_light(case: Case) -> Iterator[Claim]:
    alert = case.opening_alert
    if alert is not None and alert.at is not None:
        evidence = (alert.id, case.start_time.id)
        when = at_time(alert.at, case.zone, beside=case.start)
        later = alert.at - case.start
        after = f", {write_length(later)} after the start" if later.total_seconds() >= 60 else ""
        yield Claim(
            f"An alert of {alert.source}, {short_quote(alert.text)}, opened it {when}{after}.", evidence
        )
        yield from _before_any_alert(case)
        yield from tell_answers(case, NOTICING)
        return
    reported = case.times.get("reported")
    if reported is not None and reported.at is not None:
        when = at_time(reported.at, case.zone, beside=case.start)
        cited, afterwards = [reported.id, case.about.id], ""
        if case.is_after_end(reported):
            cited.append(case.times.get("resolved", case.about).id)
            afterwards = ", after it was over"
        yield Claim(f"It was reported by hand {when}{afterwards}; no alert opened it.", tuple(cited))
    yield from _before_any_alert(case)
    yield from tell_answers(case, NOTICING)


def _before_any_alert(case: Case) -> Iterator[Claim]:
    """What people noticed before the first alert, or without any."""
    found, alert = noticed(case), case.first_alert
    if found is None or found.moment.at is None or found.by == "monitoring":
        return
    if alert is not None and alert.at is not None:
        when = at_time(found.moment.at, case.zone, beside=case.start)
        ahead = write_length(alert.at - found.moment.at)
        yield Claim(
            f"It was {found.moment.text.lower()} {when}, {ahead} before the first alert.",
            (found.moment.id, alert.id),
        )
    if found.said is not None and found.said.piece.at is not None:
        yield wrote(case, found.said)


def _what_was_done(case: Case) -> Iterator[Claim]:
    acknowledged = case.times.get("acknowledged")
    since = case.detection or case.times.get("opened")
    if acknowledged is not None and acknowledged.at is not None:
        when = at_time(acknowledged.at, case.zone, beside=case.start)
        evidence, after = [acknowledged.id], ""
        if since is not None and since.at is not None and acknowledged.at >= since.at:
            evidence.append(since.id)
            after = f", {write_length(acknowledged.at - since.at)} after it was {_noticed_as(since)}"
        yield Claim(f"It was acknowledged {when}{after}.", tuple(evidence))
    elif case.end is not None and not case.people:
        yield Claim("The record does not say that anybody acknowledged it.", (case.about.id,), "gap")
    for name, words in (("identified", "The problem was identified"), ("fixed", "It was fixed")):
        piece = case.times.get(name)
        resolved = case.times.get("resolved")
        if piece is None or piece.at is None or (name == "fixed" and resolved and resolved.at == piece.at):
            continue
        yield Claim(
            f"{words} {at_time(piece.at, case.zone, beside=case.start)}, "
            f"{write_length(piece.at - case.start)} {'after' if piece.at >= case.start else 'before'} the "
            "start.",
            (piece.id, case.start_time.id),
        )
    yield from _what_people_found(case)
    helped = [one.piece for one in case.deeds.said if one.piece.data.get("mark") == "mitigation"]
    for entry in helped[:MITIGATIONS_IN_SUMMARY_MAX]:
        assert entry.at is not None
        when = at_time(entry.at, case.zone, beside=case.start)
        yield Claim(in_sentence(f"What helped, {when}: {quote(entry.text)}"), (entry.id,), at=entry.at)


def _what_people_found(case: Case) -> Iterator[Claim]:
    """What it meant, and why it was, as people have it: what they marked, else what they wrote."""
    impact = [one for one in case.marked("impact") if one.at is not None][:1]
    found = [one for one in case.marked("diagnosis") if one.at is not None][-1:]
    for pieces, words, written in (
        (impact, "Impact", case.extents.said[:1]),
        (found, "Diagnosis", case.reasons.said[-1:]),
    ):
        for piece in pieces:
            assert piece.at is not None
            when = at_time(piece.at, case.zone, beside=case.start)
            yield Claim(in_sentence(f"{words}, {when}: {quote(piece.text)}"), (piece.id,), at=piece.at)
        for said in () if pieces else written:
            if said.piece.kind == "entry":
                yield wrote(case, said)


def _how_grave(case: Case) -> Iterator[Claim]:
    known = [
        f"{label} {value}"
        for name, label in (("severity", "severity"), ("priority", "priority"), ("type", "type"))
        if (value := case.about.data.get(name))
    ]
    if known:
        yield Claim(f"The record gives {write_list(known)}.", (case.about.id,))
    if len(case.services) > 1:
        affected = [str(name) for name in case.about.data.get("affected", ())]
        if affected:
            yield Claim(f"It also affected {write_list(affected)}.", (case.about.id,))
        if case.joined:
            yield Claim(f"Alerts about {write_list(case.joined)} joined it.", (case.about.id,))


def _what_was_changed(case: Case, before: Sequence[Candidate]) -> Iterator[Claim]:
    """Of changes that are all to the incident's services, or all upstream."""
    if not before:
        return
    nearest = min(before, key=lambda one: (case.before_start(one.at), one.piece.id))
    title = short_quote(nearest.piece.text)
    is_then = case.before_start(nearest.at).total_seconds() < 1
    by = f"by {write_length(case.before_start(nearest.at))}" if not is_then else "in the moment of the start"
    names = sorted({one.service for one in before})
    more = ["others"] if len(names) > SERVICES_NAMED_MAX else []
    services = write_list([*names[:SERVICES_NAMED_MAX], *more])
    count = plural(len(before), "recorded change")
    # Which of them the book leaves out it does not say.
    count = f"At least {count}" if case.book.left_out.get("changes") else count
    if len(before) == 1:
        upstream = " upstream" if nearest.upstream else ""
        preceded = "was made" if is_then else "preceded the start"
        text = f"{count}{upstream}, {title} to {services}, {preceded} {by}."
    else:
        where = f" upstream, to {services}," if nearest.upstream else f" to {services}"
        text = f"{count}{where} preceded the start, the nearest, {title}, {by}."
    yield Claim(text, (case.start_time.id, *(one.piece.id for one in before)))


def _noticed_as(piece: Piece) -> str:
    return {"detected": "detected", "reported": "reported"}.get(str(piece.data.get("name")), "opened")
