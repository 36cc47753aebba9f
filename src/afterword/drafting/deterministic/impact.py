"""How long, what, how much: out of key timestamps, fields, alerts and messages. Pure."""

from __future__ import annotations

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
from afterword.drafting.quoting import quote, short_quote

ALERTS_TOLD_MAX = 3
LABELS_TOLD_MAX = 4
LABEL_NAMES = ("value", "severity", "region", "zone", "cluster", "environment", "env", "instance", "host")
"""Labels that say how much and where, by the last part of their names, in the order in which they are "
"told."""
ENTRIES_TOLD_MAX = 5


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
    yield from _alerts(case)
    yield from _promises(case)
    yield from _messages(case)
    if not says_how_much(case):
        gap = "Nothing in the record says how many customers or requests were affected."
        yield Claim(gap, (case.about.id,), "gap")


def says_how_much(case: Case) -> bool:
    """Whether people filled in or marked something about the impact."""
    return bool(case.of_kind("field") or case.marked("impact"))


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
    yield Claim(f"{plural(total, 'alert')} came in about it.", (case.about.id,))
    wrong = [one for one in case.of_kind("alert") if one.data.get("type") in ("critical", "error", "warning")]
    for alert in sorted(wrong, key=lambda one: -one.count)[:ALERTS_TOLD_MAX]:
        times = f", {plural(alert.count, 'time')}" if alert.count > 1 else ""
        labels = _labels(alert)
        yield Claim(f"{short_quote(alert.text)} of {alert.source}{times}{labels}.", (alert.id,))


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
