"""How long, what, how much: out of key timestamps, fields, alerts and messages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.facts import REOPENINGS_CITED_MAX, Case
from afterword.drafting.deterministic.statements import Said
from afterword.drafting.deterministic.telling import wrote
from afterword.drafting.deterministic.topics import EXTENT, state_of, tell_answers
from afterword.drafting.deterministic.words import (
    at_time,
    capital,
    in_sentence,
    plural,
    times,
    write_length,
    write_list,
    write_moment,
    write_time,
)
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import quote, short_quote

DRAWN = "impact"
"""The live section that draws how long it lasted, which services it affected and how many alerts came."""
ALERTS_TOLD_MAX = 3
LABELS_TOLD_MAX = 4
LABEL_NAMES = ("value", "severity", "region", "zone", "cluster", "environment", "env", "instance", "host")
"""Labels that say how much and where, by the last part of their names, in the order in which they are "
"told."""
ENTRIES_TOLD_MAX = 5
_NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")


def tell_impact(case: Case) -> Iterator[Claim]:
    """Duration, services, what people filled in, alerts, promises, messages; and what nobody has said."""
    yield _duration(case)
    drawn_in = "" if case.joined else DRAWN
    yield Claim(f"Services: {write_list(case.services)}.", (case.about.id,), drawn_in=drawn_in)
    for field in case.of_kind("field"):
        yield Claim(in_sentence(f"{field.data['name']}: {quote(str(field.data['value']))}"), (field.id,))
    for entry in case.marked("impact")[:ENTRIES_TOLD_MAX]:
        if entry.at is not None:
            when = capital(at_time(entry.at, case.zone, beside=case.start))
            yield Claim(in_sentence(f"{when}: {quote(entry.text)}"), (entry.id,), at=entry.at)
    known: set[str] = set()
    for said in case.extents.said[:ENTRIES_TOLD_MAX]:
        numbers = set(_NUMBER.findall(said.sentence))
        # “All 41 customers have it back” tells nothing new of how many there were.
        if not numbers or not numbers <= known:
            yield _said(case, said)
        known |= numbers
    yield from tell_answers(case, EXTENT)
    yield from _alerts(case)
    yield from _promises(case)
    yield from _messages(case)
    if state_of(case, EXTENT) == "untold":
        yield Claim(EXTENT.gap, (case.about.id,), "gap")


def _said(case: Case, said: Said) -> Claim:
    piece = said.piece
    if piece.kind == "incident" or piece.at is None:
        return Claim(in_sentence(f"Its summary says: {quote(said.sentence)}"), (piece.id,))
    return wrote(case, said)


def _duration(case: Case) -> Claim:
    start = write_moment(case.start, case.zone)
    if case.end is None:
        return Claim(f"It began on {start} and is not over yet.", (case.start_time.id, case.about.id))
    evidence = [case.start_time.id, case.times.get("resolved", case.about).id]
    end = write_time(case.end, case.zone, beside=case.start)
    span = f"from {start} to {end}" if not start.endswith(f", {end}") else f"on {start}"
    again = case.reopenings
    between = f"; in between it was resolved and opened again {times(len(again))}" if again else ""
    return Claim(
        f"It lasted {write_length(case.end - case.start)}, {span}{between}.",
        (*evidence, *(one.id for one in again[-REOPENINGS_CITED_MAX:])),
        drawn_in="" if again else DRAWN,
    )


def _alerts(case: Case) -> Iterator[Claim]:
    total = int(case.about.data.get("alerts", 0))
    if not total:
        return
    wrong = [one for one in case.of_kind("alert") if one.data.get("type") in ("critical", "error", "warning")]
    if total == 1 and len(wrong) == 1:
        alert = wrong[0]
        text = f"1 alert came in about it, {short_quote(alert.text)} of {alert.source}{_labels(alert)}."
        yield Claim(text, (case.about.id, alert.id))
        return
    yield _count(case, total)
    for alert in sorted(wrong, key=lambda one: -one.count)[:ALERTS_TOLD_MAX]:
        often = "came in" if alert.count == 1 else f"came {plural(alert.count, 'time')}"
        text = f"{short_quote(alert.text)} of {alert.source} {often}{_labels(alert)}."
        yield Claim(text, (alert.id,))


def _count(case: Case, total: int) -> Claim:
    """How many alerts, and where they are of several types, how many of each: many tell only of an end."""
    counts: dict[str, int] = {}
    pieces = [one for one in case.of_kind("alert") if one.data.get("type")]
    for one in pieces:
        counts[str(one.data["type"])] = counts.get(str(one.data["type"]), 0) + one.count
    text = f"{plural(total, 'alert')} came in about it"
    # Of which type those are that the book leaves out it does not say.
    if len(counts) < 2 or sum(counts.values()) != total:
        return Claim(f"{text}.", (case.about.id,), drawn_in=DRAWN)
    parts = write_list([plural(count, f"{name} alert") for name, count in counts.items()])
    return Claim(f"{text}: {parts}.", (case.about.id, *(one.id for one in pieces)))


def _labels(alert: Piece) -> str:
    labels = alert.data.get("labels", {})
    by_name = {name: value for name in labels if (value := str(labels[name]))}
    told = [
        f"{name.rpartition('.')[2]} {quote(value, 60)}"
        for wanted in LABEL_NAMES
        for name, value in by_name.items()
        if name.rpartition(".")[2].casefold() == wanted
    ]
    return f", with {write_list(told[:LABELS_TOLD_MAX])}" if told else ""


def _promises(case: Case) -> Iterator[Claim]:
    for name, promised, done in (
        ("acknowledgement_too_late", "promised_acknowledgement", "acknowledged"),
        ("resolution_too_late", "promised_resolution", "resolved"),
    ):
        if case.about.data.get(name) and (due := case.about.data.get(promised)):
            when = write_moment(due, case.zone)
            yield Claim(f"It was promised to be {done} by {when}, and was not.", (case.about.id,))


def _messages(case: Case) -> Iterator[Claim]:
    messages = [one for one in case.of_kind("message") if one.at is not None]
    if messages:
        assert messages[0].at is not None
        first = at_time(messages[0].at, case.zone, beside=case.start)
        yield Claim(
            f"{plural(len(messages), 'message')} went to stakeholders, the first {first}: "
            f"{in_sentence(short_quote(messages[0].text))}",
            tuple(one.id for one in messages),
        )
