"""What changed between two revisions, section by section. Pure: revisions come as plain sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from afterword.documents import Change, DifferenceLine, Effort, Gap, compare_texts, fold_unchanged

StoredSection = Mapping[str, Any]
"""A section as a revision keeps it."""
StoredCover = Mapping[str, Any]
"""A cover as a revision keeps it; empty where it is not known."""


class Fate(StrEnum):
    """What became of a section."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    SAME = "same"


@dataclass(frozen=True)
class SectionDifference:
    """One section in both revisions, or in one of them."""

    unique_id: str
    title: str
    title_before: str
    fate: Fate
    lines: tuple[DifferenceLine | Gap, ...]
    words_added: int
    words_removed: int

    @property
    def is_renamed(self) -> bool:
        return self.title != self.title_before


@dataclass(frozen=True)
class CoverDifference:
    """What changed on the cover beside the title; nothing where it is not known of both revisions."""

    is_known: bool
    status_text: tuple[DifferenceLine, ...] = ()
    people: tuple[tuple[str, str, str], ...] = ()
    """Part, name before and name after, as they were called then; no name where nobody was named."""
    incidents_added: tuple[int, ...] = ()
    incidents_removed: tuple[int, ...] = ()
    summaries: tuple[tuple[int, tuple[DifferenceLine | Gap, ...]], ...] = ()
    """Number of an incident, and what changed in its summary, where both revisions show it."""


def compare_covers(before: StoredCover, after: StoredCover) -> CoverDifference:
    """Incidents are given by number: which of them the reader may see is another question."""
    if not before or not after:
        return CoverDifference(is_known=False)
    is_same_text = before["status_text"] == after["status_text"]
    old, new = before["incidents"], after["incidents"]
    return CoverDifference(
        is_known=True,
        status_text=() if is_same_text else tuple(compare_texts(before["status_text"], after["status_text"])),
        people=tuple(
            (label, _name(before[part]), _name(after[part]))
            for part, label in (("owner", "Owner"), ("author", "Author"))
            if _key(before[part]) != _key(after[part])
        ),
        incidents_added=tuple(number for number in new if number not in old),
        incidents_removed=tuple(number for number in old if number not in new),
        summaries=_compare_summaries(before.get("summaries") or {}, after.get("summaries") or {}),
    )


def _compare_summaries(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[tuple[int, tuple[DifferenceLine | Gap, ...]], ...]:
    effort = Effort()
    return tuple(
        (int(number), tuple(fold_unchanged(compare_texts(before[number], text, effort))))
        for number, text in after.items()
        if number in before and before[number] != text
    )


def _key(person: Mapping[str, str] | None) -> str:
    return person["unique_id"] if person else ""


def _name(person: Mapping[str, str] | None) -> str:
    return person["name"] if person else ""


def compare_sections(
    before: Sequence[StoredSection], after: Sequence[StoredSection]
) -> list[SectionDifference]:
    """Every section of both, in the newer order; those that are gone stand behind what they followed."""
    old = {str(section["unique_id"]): section for section in before}
    new = {str(section["unique_id"]): section for section in after}
    stayed = [key for key in old if key in new]
    moved = _moved(stayed, [key for key in new if key in old])
    effort = Effort()
    found = [_compare(old.get(key), section, effort, is_moved=key in moved) for key, section in new.items()]
    previous = ""
    for key, section in old.items():
        if key not in new:
            place = next((i for i, one in enumerate(found) if one.unique_id == previous), -1)
            found.insert(place + 1, _compare(section, None, effort, is_moved=False))
        previous = key
    return found


def _compare(
    before: StoredSection | None, after: StoredSection | None, effort: Effort, *, is_moved: bool
) -> SectionDifference:
    section = after or before
    assert section is not None
    text_before = str(before["text"]) if before else ""
    text_after = str(after["text"]) if after else ""
    lines = compare_texts(text_before, text_after, effort)
    title_before = str((before or section)["title"])
    if before is None:
        fate = Fate.ADDED
    elif after is None:
        fate = Fate.REMOVED
    elif text_before != text_after or title_before != after["title"]:
        fate = Fate.CHANGED
    else:
        fate = Fate.MOVED if is_moved else Fate.SAME
    return SectionDifference(
        unique_id=str(section["unique_id"]),
        title=str(section["title"]),
        title_before=title_before,
        fate=fate,
        lines=tuple(fold_unchanged(lines)),
        words_added=_count(lines, Change.ADDED),
        words_removed=_count(lines, Change.REMOVED),
    )


def _count(lines: Sequence[DifferenceLine], change: Change) -> int:
    return sum(len(span.text.split()) for line in lines for span in line.spans if span.change is change)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Which stand in another order now: those that are not in the longest run that kept its order."""
    places = {key: place for place, key in enumerate(before)}
    # Patience: `tails[n]` is the last key of a run of n + 1 that kept its order.
    runs: list[list[str]] = []
    for key in after:
        best = max((run for run in runs if places[run[-1]] < places[key]), key=len, default=[])
        runs.append([*best, key])
    kept = max(runs, key=len, default=[])
    return set(before) - set(kept)
