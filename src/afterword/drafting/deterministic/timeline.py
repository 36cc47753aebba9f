"""The story in order: key moments line by line, noise folded into few. Pure.

Every entry of the book stands in some line, so nothing is lost: what is folded is cited by the line that
counts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from afterword.drafting.claims import Claim
from afterword.drafting.deterministic.changes import candidates
from afterword.drafting.deterministic.facts import Case
from afterword.drafting.deterministic.words import in_sentence, plural, write_length, write_time
from afterword.drafting.evidence.book import Piece
from afterword.drafting.quoting import quote, short_quote

LINES_MAX = 120
FOLDED_EVIDENCE_MAX = 200
"""Pieces that one line may count."""
FLAPS_MIN = 3
"""So many times must something fire again after it was over to be told as one."""
CHANGES_BEFORE_MAX = 3
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
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

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


def tell_timeline(case: Case) -> Iterator[Claim]:
    """At most `LINES_MAX` lines and those of what is folded between them, the earliest first."""
    lines = sorted(_lines(case), key=lambda line: (line.claim.at or case.start, line.place))
    lines = _fold_runs(case, lines, ("noise",))
    if len(lines) > LINES_MAX:
        lines = _fold_runs(case, lines, ("noise", "plain"))
    if len(lines) > LINES_MAX:
        lines = _fold_middle(case, lines)
    yield from (line.claim for line in lines)
    lost = case.book.left_out.get("entries", 0)
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
    seen: dict[str, list[Piece]] = {}
    for entry in case.entries:
        if entry.id in flapping:
            continue
        if entry.data.get("kind") == "note" and not _is_marked(entry):
            seen.setdefault(_normal(entry.text), []).append(entry)
            continue
        yield _entry_line(case, entry)
    for same in seen.values():
        yield _note_line(case, same)
    for one in [one for one in candidates(case) if one.is_before][:CHANGES_BEFORE_MAX]:
        yield _change_line(one.piece)
    for one in candidates(case):
        if not one.is_before:
            yield _change_line(one.piece)


def _key_timestamps(case: Case) -> Iterator[_Line]:
    """Those that no entry tells of in the same minute."""
    told = {entry.at.replace(second=0, microsecond=0) for entry in case.entries if entry.at is not None}
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
        if name == "identified" and any(one.at == piece.at for one in case.marked("diagnosis")):
            continue
        place = {"impact_started": 0}.get(name, 2)
        yield _Line(Claim(words, (piece.id,), at=piece.at), "key", "timestamp", place=place)


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


def _entry_line(case: Case, entry: Piece) -> _Line:
    kind = entry.data.get("kind")
    text = entry.text
    if kind == "alert":
        text = f"Alert of {entry.source}: {quote(entry.text)}"
    elif kind == "status" and entry.data.get("person"):
        text = _done_by(entry)
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
    claim = Claim(in_sentence(text), (entry.id,), at=entry.at)
    return _Line(claim, weight, nouns.get(str(kind), "entry"), entry.count)


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
    return _Line(claim, "noise" if is_filler else "key", "note", len(same))


def _change_line(piece: Piece) -> _Line:
    kind = str(piece.data.get("kind", "Change"))
    kind = {"Configuration": "Configuration change", "Other": "Change"}.get(kind, kind)
    text = f"{kind} to {piece.data.get('service', '')}: {short_quote(piece.text)}"
    return _Line(Claim(in_sentence(text), (piece.id,), at=piece.at), "key", "change")


def _done_by(entry: Piece) -> str:
    """`Bob acknowledged the incident.` out of `Acknowledged the incident.`"""
    first, _, rest = entry.text.partition(" ")
    if first.isascii() and first.isalpha() and first.endswith("ed"):
        return f"{entry.data['person']} {first.lower()} {rest}"
    return f"{entry.source}: {quote(entry.text)}"


def _is_marked(entry: Piece) -> bool:
    return bool(entry.data.get("mark") or entry.data.get("starred"))


def _is_news(entry: Piece) -> bool:
    """Whether an alert tells that something is wrong; that it is over again is told by the status."""
    return entry.data.get("severity") in ("critical", "error", "warning", None)


def _normal(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".! ")


def _fold_runs(case: Case, lines: Sequence[_Line], weights: tuple[Weight, ...]) -> list[_Line]:
    """Lines of these weights that follow one another become one, from two of noise or three of others on."""
    told: list[_Line] = []
    run: list[_Line] = []
    least = 3 if "plain" in weights else 2
    for line in [*lines, None]:
        if line is not None and line.weight in weights and len(run) < FOLDED_EVIDENCE_MAX:
            run.append(line)
            continue
        told += [_folded(case, run)] if len(run) >= least else run
        run = [line] if line is not None and line.weight in weights else []
        if line is not None and not run:
            told.append(line)
    return told


def _fold_middle(case: Case, lines: Sequence[_Line]) -> list[_Line]:
    """Still too many: what is key and not marked is folded in the middle, so that both ends can be read."""
    half = LINES_MAX // 2
    middle = lines[half:-half]
    folded = []
    for start in range(0, len(middle), FOLDED_EVIDENCE_MAX):
        part = middle[start : start + FOLDED_EVIDENCE_MAX]
        folded.append(_folded(case, part) if len(part) > 1 else part[0])
    return [*lines[:half], *folded, *lines[-half:]]


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
    return _Line(claim, "plain", "entry", sum(line.count for line in run))
