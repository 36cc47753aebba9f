"""Three texts become one: what two people made of the same text, line by line. Pure.

What only one of them changed is taken over. Where both changed the same lines, both versions stand there,
marked, for a person to decide: no line that somebody wrote gets lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LINES_MATCHED_MAX = 4_000
"""Of each text. Of longer ones only the same beginning and the same end are found."""

MINE = "<<<<<<< Your words"
BETWEEN = "======="
THEIRS = ">>>>>>> Saved meanwhile"
"""The lines around the two versions of what both changed."""


@dataclass(frozen=True)
class Merged:
    """One text made of two."""

    text: str
    conflicts: int
    """How often both versions stand in the text, between the marks."""


def merge_texts(base: str | None, mine: str, theirs: str) -> Merged:
    """What becomes of `base` when both changes are made. Changes conflict where they touch.

    Without a base, what both texts have is taken as it: then everything else that differs is a conflict.
    """
    if base == theirs or mine == theirs:
        return Merged(mine, 0)
    if base == mine:
        return Merged(theirs, 0)
    ours, others = _lines(mine), _lines(theirs)
    if base is None:
        return _merge(_shared(ours, others), ours, others, is_known=False)
    return _merge(_lines(base), ours, others, is_known=True)


def holds_marks(text: str) -> bool:
    """Whether both versions of something still stand in this text, between the marks."""
    lines = {line.rstrip() for line in text.replace("\r", "\n").split("\n")}
    return MINE in lines or THEIRS in lines


@dataclass(frozen=True)
class _Region:
    """A run of lines of the base, and what stands there in both texts."""

    base: tuple[int, int]
    mine: tuple[int, int]
    theirs: tuple[int, int]
    is_stable: bool


def _merge(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str], *, is_known: bool) -> Merged:
    lines: list[str] = []
    conflicts = 0
    for region in _regions(base, mine, theirs):
        before = list(base[slice(*region.base)])
        ours, others = list(mine[slice(*region.mine)]), list(theirs[slice(*region.theirs)])
        if region.is_stable or ours == others:
            lines += ours
        elif is_known and ours == before:
            lines += others
        elif is_known and others == before:
            lines += ours
        else:
            lines += [MINE, *ours, BETWEEN, *others, THEIRS]
            conflicts += 1
    return Merged("\n".join(lines), conflicts)


def _regions(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> Iterator[_Region]:
    """Stable runs, which stand in all three, and what is between them, in order and without gaps."""
    at_base = at_mine = at_theirs = 0
    for start, end, in_mine, in_theirs in _stable_runs(base, mine, theirs):
        between = _Region((at_base, start), (at_mine, in_mine), (at_theirs, in_theirs), is_stable=False)
        if start > at_base or in_mine > at_mine or in_theirs > at_theirs:
            yield between
        size = end - start
        yield _Region((start, end), (in_mine, in_mine + size), (in_theirs, in_theirs + size), is_stable=True)
        at_base, at_mine, at_theirs = end, in_mine + size, in_theirs + size
    if at_base < len(base) or at_mine < len(mine) or at_theirs < len(theirs):
        yield _Region((at_base, len(base)), (at_mine, len(mine)), (at_theirs, len(theirs)), is_stable=False)


def _stable_runs(
    base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]
) -> Iterator[tuple[int, int, int, int]]:
    """Where a run of base lines begins and ends, and where it begins in both texts."""
    ours, others = _matches(base, mine), _matches(base, theirs)
    place = other_place = 0
    while place < len(ours) and other_place < len(others):
        first, second = ours[place], others[other_place]
        start = max(first.a, second.a)
        end = min(first.a + first.size, second.a + second.size)
        if start < end:
            yield start, end, first.b + start - first.a, second.b + start - second.a
        if first.a + first.size < second.a + second.size:
            place += 1
        else:
            other_place += 1


@dataclass(frozen=True)
class _Match:
    a: int
    b: int
    size: int


def _matches(old: Sequence[str], new: Sequence[str]) -> list[_Match]:
    """Runs of lines that stand in both, in order; of long texts only the common start and end."""
    if len(old) > LINES_MATCHED_MAX or len(new) > LINES_MATCHED_MAX:
        start = _common(old, new)
        end = _common(old[start:][::-1], new[start:][::-1])
        found = [_Match(0, 0, start), _Match(len(old) - end, len(new) - end, end)]
        return [match for match in found if match.size]
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > 1_000_000)
    return [_Match(*block) for block in matcher.get_matching_blocks() if block.size]


def _shared(mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    return [line for match in _matches(mine, theirs) for line in mine[match.a : match.a + match.size]]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        if before != after:
            return index
    return min(len(old), len(new))


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []
