"""The story in order: key moments line by line, noise folded into few. Pure.

Every entry of the book stands in some line, so nothing is lost: what is folded is cited by the line that
counts it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.changes import (
    WINDOWS_MAX,
    Candidate,
    candidates,
    first_of,
    maintained,
    name_of_window,
)
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.words import at_time, in_sentence, plural, write_length, write_time
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import plain_line, quote, short_quote
from afterword.incidents.rules import RESOLVED_BEGINS

LINES_MAX = 120
KEPT_MAX = 30
"""Lines of the middle that are never folded: key timestamps, and what somebody marked or starred."""
FOLDED_EVIDENCE_MAX = 200
"""Pieces that one line may count."""
FLAPS_MIN = 3
"""So many times must something fire again after it was over to be told as one."""
CHANGES_BEFORE_MAX = 3
UPSTREAM_CHANGES_MAX = 2
"""Of those to what the incident's services depend on: before the start, and after it."""
STILL_WORKING = (
    "continue to investigate",
    "continuing to investigate",
    "still investigating",
    "continue to monitor",
    "continuing to monitor",
    "continue to work",
    "continuing to work",
    "will continue to keep",
    "will provide an update",
    "will provide another update",
)
"""What a sentence says that only tells that somebody is there."""
NEWS = re.compile(r"\b(?:seeing|recover\w*|identified|found|fix(?:ed)?)\b", re.IGNORECASE)
"""What makes such a sentence one that tells something all the same."""
_OVER = "resolved"
"""The severity of an alert that tells that something is over."""
_OTHERS_OPEN = re.compile(r"is resolved; (\d+ others? (?:is|are) still open)\.$")
_MERGED_AWAY = re.compile(r"Merged into (?:#\d+|a private incident)\.")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

_SAID_BY = {_OVER: "Resolved alert of", "acknowledged": "Acknowledged alert of"}
"""How the line of an alert begins that tells of nothing wrong."""

Weight = Literal["key", "plain", "noise"]


@dataclass(frozen=True)
class _Line:
    claim: Claim
    weight: Weight
    noun: str
    """What several of them are called where they are folded."""
    count: int = 1
    place: int = 1
    """Among lines of the same moment: what began stands first, what ended last."""
    is_moment: bool = False
    """A key timestamp, or marked or starred by somebody: never folded as long as there is room."""
    is_behind_left_out: bool = False
    """Whether lines just before it are left out of the book: it is counted together with none before it."""


def tell_timeline(case: Case) -> Iterator[Claim]:
    """At most `LINES_MAX` lines and those of what is folded between them, the earliest first."""
    lines = sorted(_lines(case), key=lambda line: (line.claim.at or case.start, line.place))
    lines = _fold_runs(case, lines, lambda line: line.weight == "noise", least=2)
    if len(lines) > LINES_MAX:
        lines = _fold_runs(case, lines, lambda line: line.weight != "key", least=3)
    if len(lines) > LINES_MAX:
        lines = _fold_middle(case, lines)
    yield from (line.claim for line in lines)
    lost = sum(case.book.left_out.get(kind, 0) for kind in ("entries", "chat messages"))
    if lost:
        yield Claim(
            f"The record has {plural(lost, 'more line')} than this draft was written from.",
            (case.about.id,),
            "gap",
        )


def _lines(case: Case) -> Iterator[_Line]:
    yield from _key_timestamps(case)
    flapping, flaps = _flapping(case)
    yield from flaps
    swinging, swings = _swinging(case)
    yield from swings
    told_twice = _told_twice(case)
    folded = flapping | swinging | {one.id for others in told_twice.values() for one in others}
    seen: dict[tuple[str, int], list[Piece]] = {}
    said: dict[tuple[str, int], list[Piece]] = {}
    holes = 0
    for entry in case.entries:
        holes += entry.id in case.book.behind_left_out
        if entry.id in folded:
            continue
        if entry.data.get("kind") == "chat" and not _is_marked(entry):
            said.setdefault((str(entry.data.get("channel", "")), holes), []).append(entry)
            continue
        if entry.data.get("kind") == "note" and not _is_marked(entry):
            seen.setdefault((_normal(entry.text), holes), []).append(entry)
            continue
        yield _entry_line(case, entry, told_twice.get(entry.id, ()))
    for same in seen.values():
        yield _note_line(case, same)
    for (channel, _), messages in said.items():
        yield from _chat_lines(case, channel, messages)
    rated = candidates(case)
    before = [one for one in rated if one.is_before]
    for one in first_of(before, own_max=CHANGES_BEFORE_MAX, upstream_max=UPSTREAM_CHANGES_MAX):
        yield _change_line(one)
    for window in case.of_kind("maintenance")[:WINDOWS_MAX]:
        if window.at is not None:
            text = f"Maintenance began: {name_of_window(window)}{maintained(window)}."
            yield _Line(Claim(text, (window.id,), at=window.at), "key", "maintenance window")
    during = [one for one in rated if not one.is_before]
    for one in first_of(during, own_max=len(during), upstream_max=UPSTREAM_CHANGES_MAX):
        yield _change_line(one)


def _key_timestamps(case: Case) -> Iterator[_Line]:
    """Those that no entry tells of in the same minute."""
    entries = [entry for entry in case.entries if entry.at is not None and entry.data.get("kind") != "chat"]
    told = {entry.at.replace(second=0, microsecond=0) for entry in entries if entry.at is not None}
    for name, words in (
        ("impact_started", "The impact began."),
        ("detected", "It was detected."),
        ("identified", "The problem was identified."),
        ("fixed", "It was fixed."),
        ("resolved", "The incident was resolved."),
        ("closed", "The incident was closed."),
    ):
        piece = case.times.get(name)
        if piece is None or piece.at is None:
            continue
        minute = piece.at.replace(second=0, microsecond=0)
        resolved = case.times.get("resolved")
        if name == "fixed" and resolved is not None and resolved.at == piece.at:
            continue
        if name in ("detected", "resolved", "closed") and minute in told:
            continue
        if name == "impact_started" and case.is_start_of_alert:
            continue
        if name == "identified" and any(one.at == piece.at for one in case.marked("diagnosis")):
            continue
        place = {"impact_started": 0}.get(name, 2)
        yield _Line(Claim(words, (piece.id,), at=piece.at), "key", "timestamp", place=place, is_moment=True)


def _flapping(case: Case) -> tuple[set[str], list[_Line]]:
    """Entries of an alert that fires and clears again and again become one line."""
    alerts: dict[str, list[Piece]] = {}
    for entry in case.entries:
        if entry.data.get("kind") == "alert" and not _is_marked(entry):
            alerts.setdefault(entry.source, []).append(entry)
    ids: set[str] = set()
    lines = []
    for source, entries in alerts.items():
        fired = [one for one in entries if one.data.get("severity") not in ("resolved", "acknowledged")]
        cleared = [one for one in entries if one.data.get("severity") == "resolved"]
        times = sum(one.count for one in fired)
        again = min(times, sum(one.count for one in cleared))
        if again < FLAPS_MIN or len(fired) > 1 or not cleared:
            continue
        members = [*fired, *cleared]
        last = max((one.until or one.at for one in members if one.at is not None), default=case.start)
        when = write_time(last or case.start, case.zone, beside=fired[0].at)
        text = (
            f"{short_quote(fired[0].text)} of {source} fired {plural(times, 'time')} and was over "
            f"{plural(sum(one.count for one in cleared), 'time')}, until {when}."
        )
        claim = Claim(text, tuple(one.id for one in members), at=fired[0].at)
        lines.append(_Line(claim, "key", "alert", times))
        ids |= {one.id for one in members}
    return ids, lines


def _swinging(case: Case) -> tuple[set[str], list[_Line]]:
    """That it was resolved and opened again, again and again, becomes one line; the last end stays."""
    again = [one for one in case.reopenings if not _is_marked(one)]
    if len(again) < FLAPS_MIN:
        return set(), []
    last = again[-1]
    assert last.at is not None
    ended = [
        one
        for one in case.entries
        if one.data.get("kind") == "status" and one.text.startswith(RESOLVED_BEGINS) and not _is_marked(one)
    ]
    members = [*again, *(one for one in ended if one.at is not None and one.at <= last.at)]
    members.sort(key=lambda one: (one.at or case.start, one.id))
    first = members[0]
    until = write_time(last.at, case.zone, beside=first.at)
    text = f"The incident was resolved and opened again, {plural(len(again), 'time')} until {until}."
    claim = Claim(text, tuple(one.id for one in members)[:FOLDED_EVIDENCE_MAX], at=first.at)
    return {one.id for one in members}, [_Line(claim, "key", "status", len(again))]


def _told_twice(case: Case) -> dict[str, list[Piece]]:
    """By the entry that tells it: those that tell the same of the same moment in poorer words.

    Of an alert that ends something, the line that says what is left; of the incident's end, the alert that
    ended it; of a merger, the line of the incident that is gone.
    """
    found: dict[str, list[Piece]] = {}
    moments: dict[tuple[object, str], list[Piece]] = {}
    for entry in case.entries:
        if entry.data.get("kind") in ("alert", "status") and not _is_marked(entry):
            moments.setdefault((entry.at, entry.source), []).append(entry)
    for together in moments.values():
        ends = [
            one
            for one in together
            if one.data.get("kind") == "status" and one.text.startswith(RESOLVED_BEGINS)
        ]
        merged = [one for one in together if one.text.startswith("Merged #")]
        clears = [one for one in together if _is_all_clear(one)]
        if ends:
            poorer = [one for one in together if one.count == 1 and (_is_all_clear(one) or _is_partial(one))]
            found[ends[0].id] = poorer
        elif len(clears) == 1:
            found[clears[0].id] = [one for one in together if _is_partial(one)][:1]
        if merged:
            found[merged[0].id] = [one for one in together if _MERGED_AWAY.match(one.text)][:1]
    return {told: others for told, others in found.items() if others}


def _is_all_clear(entry: Piece) -> bool:
    return entry.data.get("kind") == "alert" and entry.data.get("severity") == _OVER


def _is_partial(entry: Piece) -> bool:
    return entry.data.get("kind") == "status" and _OTHERS_OPEN.search(entry.text) is not None


def _entry_line(case: Case, entry: Piece, others: Iterable[Piece] = ()) -> _Line:
    """A line of its own; `others` tell the same of the same moment, and are cited with it."""
    line = _own_line(case, entry)
    more = tuple(one.id for one in others)
    if not more:
        return line
    text = line.claim.text
    left = [found[1] for one in others if (found := _OTHERS_OPEN.search(one.text))]
    if left and _is_all_clear(entry):
        text = f"{text.removesuffix('.')}; {left[0]}."
    return replace(line, claim=replace(line.claim, text=text, evidence=(*line.claim.evidence, *more)))


def _own_line(case: Case, entry: Piece) -> _Line:
    kind = entry.data.get("kind")
    text = entry.text
    if kind == "alert":
        text = f"{_SAID_BY.get(str(entry.data.get('severity')), 'Alert of')} {entry.source}: "
        text += quote(entry.text)
    elif (kind == "status" and entry.source) or (kind == "message" and entry.data.get("person")):
        text = _done_by(entry)
    elif kind == "chat":
        text = f"{entry.source or 'Somebody'} wrote: {quote(entry.text)}"
    elif kind == "note":
        text = f"{entry.source or 'Somebody'} noted: {quote(entry.text)}"
    elif entry.source and not entry.data.get("person"):
        text = f"{quote(entry.text)} ({entry.source})"
    else:
        text = f"{entry.source}: {quote(entry.text)}" if entry.source else quote(entry.text)
    if entry.count > 1 and entry.until is not None:
        text = f"{text.removesuffix('.')}, {plural(entry.count, 'time')} until "
        text += f"{write_time(entry.until, case.zone, beside=entry.at)}"
    is_key = _is_marked(entry) or kind in ("status", "note", "sla")
    is_noise = kind in ("page", "message", "assignment") or (kind == "alert" and not _is_news(entry))
    weight: Weight = "key" if is_key else "noise" if is_noise else "plain"
    nouns = {"page": "page", "message": "message", "assignment": "assignment", "alert": "alert"}
    noun = "resolved alert" if _is_all_clear(entry) else nouns.get(str(kind), "entry")
    claim = Claim(in_sentence(text), (entry.id,), at=entry.at)
    return _Line(
        claim,
        weight,
        noun,
        entry.count,
        is_moment=_is_marked(entry),
        is_behind_left_out=entry.id in case.book.behind_left_out,
    )


def _note_line(case: Case, same: Sequence[Piece]) -> _Line:
    """A note, and how often the same was noted again."""
    first = same[0]
    text = f"{first.source or 'Somebody'} noted: {quote(first.text)}"
    if len(same) > 1:
        last = same[-1].at or case.start
        text += f", {plural(len(same), 'time')} until {write_time(last, case.zone, beside=first.at)}"
    told = [_normal(one) for one in _SENTENCE_END.split(first.text)]
    is_filler = NEWS.search(first.text) is None
    is_filler = is_filler and all(any(words in one for words in STILL_WORKING) for one in told)
    claim = Claim(in_sentence(text), tuple(one.id for one in same)[:FOLDED_EVIDENCE_MAX], at=first.at)
    weight: Weight = "noise" if is_filler else "key"
    return _Line(claim, weight, "note", len(same), is_behind_left_out=first.id in case.book.behind_left_out)


def _chat_lines(case: Case, channel: str, messages: Sequence[Piece]) -> Iterator[_Line]:
    """How much was said in a channel, and from when to when. What matters of it somebody starred.

    `messages` are without a hole: what the book leaves out of a channel is between two of these.
    """
    for start in range(0, len(messages), FOLDED_EVIDENCE_MAX):
        some = messages[start : start + FOLDED_EVIDENCE_MAX]
        first, last = some[0].at or case.start, some[-1].at or case.start
        when = f"between {write_time(first, case.zone)} and {write_time(last, case.zone, beside=first)}"
        if write_time(first, case.zone) == write_time(last, case.zone):
            when = at_time(first, case.zone)
        where = f" in #{channel}" if channel else ""
        claim = Claim(
            f"{plural(len(some), 'message')}{where} {when}.", tuple(one.id for one in some), at=first
        )
        is_behind = some[0].id in case.book.behind_left_out
        yield _Line(claim, "plain", "message", len(some), place=3, is_behind_left_out=is_behind)


def _change_line(change: Candidate) -> _Line:
    piece = change.piece
    kind = str(piece.data.get("kind", "Change"))
    kind = {"Configuration": "Configuration change", "Other": "Change"}.get(kind, kind)
    text = f"{kind} to {change.described_service}: {short_quote(piece.text)}"
    return _Line(Claim(in_sentence(text), (piece.id,), at=piece.at), "key", "change")


def _done_by(entry: Piece) -> str:
    """`Bob acknowledged the incident.` out of `Acknowledged the incident.`"""
    person = entry.data.get("person")
    first, _, rest = plain_line(entry.text).partition(" ")
    if first.isascii() and first.isalpha() and (first.endswith("ed") or first == "Wrote"):
        return f"{person or entry.source} {first.lower()} {rest}"
    return f"{entry.source}: {quote(entry.text)}" if person else f"{quote(entry.text)} ({entry.source})"


def _is_marked(entry: Piece) -> bool:
    return bool(entry.data.get("mark") or entry.data.get("starred"))


def _is_news(entry: Piece) -> bool:
    """Whether an alert tells that something is wrong; that it is over again is told by the status."""
    return entry.data.get("severity") in ("critical", "error", "warning", None)


def _normal(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".! ")


def _fold_runs(
    case: Case, lines: Sequence[_Line], is_folded: Callable[[_Line], bool], *, least: int
) -> list[_Line]:
    """Lines of which that is true, and that follow one another, become one, from `least` of them on. What is
    left out of the book between two of them parts them: the line that counts them would count too few.
    """
    told: list[_Line] = []
    run: list[_Line] = []
    for line in [*lines, None]:
        folds = line is not None and is_folded(line)
        goes_on = line is not None and not (run and line.is_behind_left_out)
        if line is not None and folds and goes_on and len(run) < FOLDED_EVIDENCE_MAX:
            run.append(line)
            continue
        told += [_folded(case, run)] if len(run) >= least else run
        run = [line] if line is not None and folds else []
        if line is not None and not run:
            told.append(line)
    return told


def _fold_middle(case: Case, lines: Sequence[_Line]) -> list[_Line]:
    """Still too many: what no moment hangs on is folded in the middle, so that both ends can be read."""
    half = LINES_MAX // 2
    middle = lines[half:-half]
    kept = [line for line in middle if line.is_moment][:KEPT_MAX]
    return [*lines[:half], *_fold_runs(case, middle, lambda line: line not in kept, least=2), *lines[-half:]]


def _folded(case: Case, run: Sequence[_Line]) -> _Line:
    counts: dict[str, int] = {}
    for line in run:
        counts[line.noun] = counts.get(line.noun, 0) + line.count
    nouns = {"entry": "entries"}
    what = ", ".join(plural(count, noun, nouns.get(noun, "")) for noun, count in counts.items())
    first, last = run[0].claim.at or case.start, run[-1].claim.at or case.start
    until = "" if last - first < timedelta(minutes=1) else f" in {write_length(last - first)}"
    evidence = tuple(dict.fromkeys(one for line in run for one in line.claim.evidence))
    claim = Claim(f"{what}{until}.", evidence, at=first)
    count, is_behind = sum(line.count for line in run), run[0].is_behind_left_out
    return _Line(claim, "plain", "entry", count, is_behind_left_out=is_behind)
