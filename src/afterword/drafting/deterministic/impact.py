"""How long, what, how much: out of key timestamps, fields, alerts and messages. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterword.drafting.claims import Claim
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
from afterword.drafting.quoting import quote, sentence_with, short_quote

ALERTS_TOLD_MAX = 3
LABELS_TOLD_MAX = 4
LABEL_NAMES = ("value", "severity", "region", "zone", "cluster", "environment", "env", "instance", "host")
"""Labels that say how much and where, by the last part of their names, in the order in which they are "
"told."""
ENTRIES_TOLD_MAX = 5
_WHO = r"(?:customers?|users?|people|accounts?|orders?|payments?|requests?|jobs?|messages?|mails?)"
HOW_MUCH = re.compile(
    rf"(?<![\w:.,])\d[\d,.]*\s?%?(?: of)?(?: the| all| our)?(?: \w+){{0,2}} {_WHO}\b"
    rf"|\b(?:error|failure) rates?\b[^.]*\d\s?%",
    re.IGNORECASE,
)
"""A number of those whom it reached."""


def tell_impact(case: Case) -> Iterator[Claim]:
    """Duration, services, what people filled in, alerts, promises, messages; and what nobody has said."""
    yield _duration(case)
    yield Claim(f"Services: {write_list(case.services)}.", (case.about.id,))
    for field in case.of_kind("field"):
        yield Claim(in_sentence(f"{field.data['name']}: {quote(str(field.data['value']))}"), (field.id,))
    for entry in case.marked("impact")[:ENTRIES_TOLD_MAX]:
        if entry.at is not None:
            when = write_time(entry.at, case.zone, beside=case.start)
            yield Claim(in_sentence(f"At {when}: {quote(entry.text)}"), (entry.id,), at=entry.at)
    for entry in _said_in_notes(case):
        assert entry.at is not None
        when = write_time(entry.at, case.zone, beside=case.start)
        text = f"At {when} {entry.source or 'somebody'} wrote: {quote(sentence_with(entry.text, HOW_MUCH))}"
        yield Claim(in_sentence(text), (entry.id,), at=entry.at)
    yield from _alerts(case)
    yield from _promises(case)
    yield from _messages(case)
    if not says_how_much(case):
        gap = "Nothing in the record says how many customers or requests were affected."
        yield Claim(gap, (case.about.id,), "gap")


def says_how_much(case: Case) -> bool:
    """Whether people filled in or marked something about the impact."""
    return bool(case.of_kind("field") or case.marked("impact") or _said_in_notes(case))


def _said_in_notes(case: Case) -> list[Piece]:
    """The notes, not marked, in which a sentence has a number of people or of what they asked for."""
    notes = [one for one in case.told if one.data.get("kind") == "note" and not one.data.get("mark")]
    return [one for one in notes if one.at is not None and HOW_MUCH.search(one.text)][:ENTRIES_TOLD_MAX]


def _duration(case: Case) -> Claim:
    start = write_moment(case.start, case.zone)
    if case.end is None:
        return Claim(f"It began on {start} and is not over yet.", (case.start_time.id, case.about.id))
    resolved = case.times.get("resolved", case.about)
    return Claim(
        f"It lasted {write_length(case.end - case.start)}, from {start} to "
        f"{write_time(case.end, case.zone, beside=case.start)}.",
        (case.start_time.id, resolved.id),
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
    yield Claim(f"{plural(total, 'alert')} came in about it.", (case.about.id,))
    for alert in sorted(wrong, key=lambda one: -one.count)[:ALERTS_TOLD_MAX]:
        text = (
            f"{short_quote(alert.text)} of {alert.source} came {plural(alert.count, 'time')}{_labels(alert)}."
        )
        yield Claim(text, (alert.id,))


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
        first = write_time(messages[0].at, case.zone, beside=case.start)
        yield Claim(
            f"{plural(len(messages), 'message')} went to stakeholders, the first at {first}: "
            f"{in_sentence(short_quote(messages[0].text))}",
            tuple(one.id for one in messages),
        )
