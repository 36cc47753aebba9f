"""What changed between two texts: by line, and by word within the lines that changed. Pure.

Lines are matched first, so that a moved paragraph does not blur its neighbours; only lines that stand in
each other's place are compared word by word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LINES_MATCHED_MAX = 4_000
"""Of each text. With more of them the whole text counts as replaced where both ends differ."""
WORDS_MATCHED_MAX = 3_000
"""Of each side of one change. Above it the lines stand as removed and added as they are."""
PAIRS_MATCHED_MAX = 4_000_000
"""Pairs of equal words (and of equal lines) that one comparison looks at, over all its texts: half a second
to two. What comes after that stands as removed and added as it is."""
ALIKE_MIN = 0.3
"""Lines that have less in common than this are easier to read one below the other."""
CONTEXT_LINES = 2

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Change(StrEnum):
    """What became of a span of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Span:
    """A piece of a line."""

    change: Change
    text: str


@dataclass(frozen=True)
class DifferenceLine:
    """One line of a comparison. A line with spans of both kinds was rewritten in part."""

    spans: tuple[Span, ...]

    @property
    def is_changed(self) -> bool:
        return any(span.change is not Change.SAME for span in self.spans)


@dataclass(frozen=True)
class Gap:
    """Lines that did not change and are left out."""

    lines: int


@dataclass
class Effort:
    """How much more may be looked at; one for all the texts that are compared for the same page."""

    pairs_left: int = PAIRS_MATCHED_MAX

    def takes(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Whether these may be matched still. Matching costs what there is of equal pairs."""
        counts, others = Counter(old), Counter(new)
        pairs = sum(count * others[one] for one, count in counts.items())
        if pairs > self.pairs_left:
            return False
        self.pairs_left -= pairs
        return True


def compare_texts(before: str, after: str, effort: Effort | None = None) -> list[DifferenceLine]:
    """Every line of both texts, in the order of the newer one, with what was added and removed.

    The added and unchanged spans make `after`, the removed and unchanged ones `before`, line by line.
    Without an `effort` that is shared, this comparison has one of its own.
    """
    old, new = before.split("\n") if before else [], after.split("\n") if after else []
    return list(_compare_lines(old, new, effort or Effort()))


def fold_unchanged(
    lines: Sequence[DifferenceLine], context: int = CONTEXT_LINES
) -> list[DifferenceLine | Gap]:
    """The same comparison with long unchanged runs left out; nothing at all where nothing changed."""
    changed = [index for index, line in enumerate(lines) if line.is_changed]
    shown = {
        near
        for index in changed
        for near in range(max(index - context, 0), min(index + context + 1, len(lines)))
    }
    folded: list[DifferenceLine | Gap] = []
    left_out = 0
    for index, line in enumerate(lines):
        if index in shown:
            if left_out:
                folded.append(Gap(left_out))
                left_out = 0
            folded.append(line)
        else:
            left_out += 1
    if left_out and folded:
        folded.append(Gap(left_out))
    return folded


def _compare_lines(old: Sequence[str], new: Sequence[str], effort: Effort) -> Iterator[DifferenceLine]:
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    yield from (_whole(Change.SAME, line) for line in new[:start])
    yield from _compare_middle(old[start : len(old) - end], new[start : len(new) - end], effort)
    yield from (_whole(Change.SAME, line) for line in new[len(new) - end :])


def _compare_middle(old: Sequence[str], new: Sequence[str], effort: Effort) -> Iterator[DifferenceLine]:
    if len(old) > LINES_MATCHED_MAX or len(new) > LINES_MATCHED_MAX or not effort.takes(old, new):
        yield from (_whole(Change.REMOVED, line) for line in old)
        yield from (_whole(Change.ADDED, line) for line in new)
        return
    # Without `autojunk`, a line that stands there often (an empty one) still counts as the same line.
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > 1_000_000)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield from (_whole(Change.SAME, line) for line in new[new_from:new_to])
        else:
            yield from _replace(old[old_from:old_to], new[new_from:new_to], effort)


def _replace(old: Sequence[str], new: Sequence[str], effort: Effort) -> Iterator[DifferenceLine]:
    """Pairs of lines word by word, as far as both have lines; the rest as it is."""
    both = min(len(old), len(new))
    for before, after in zip(old[:both], new[:both], strict=True):
        yield from _compare_words(before, after, effort)
    yield from (_whole(Change.REMOVED, line) for line in old[both:])
    yield from (_whole(Change.ADDED, line) for line in new[both:])


def _compare_words(before: str, after: str, effort: Effort) -> Iterator[DifferenceLine]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    is_long = max(len(old), len(new)) > WORDS_MATCHED_MAX or not effort.takes(old, new)
    if is_long or _alike(old, new, matcher) < ALIKE_MIN:
        if before:
            yield _whole(Change.REMOVED, before)
        if after:
            yield _whole(Change.ADDED, after)
        return
    spans: list[Span] = []
    for is_same, old_from, old_to, new_from, new_to in _runs(matcher, new):
        if is_same:
            spans.append(Span(Change.SAME, "".join(new[new_from:new_to])))
            continue
        if old_to > old_from:
            spans.append(Span(Change.REMOVED, "".join(old[old_from:old_to])))
        if new_to > new_from:
            spans.append(Span(Change.ADDED, "".join(new[new_from:new_to])))
    yield DifferenceLine(tuple(spans))


def _alike(old: Sequence[str], new: Sequence[str], matcher: SequenceMatcher[str]) -> float:
    """How much both have in common, from 0 to 1. Blanks are in every line and say nothing."""
    words = sum(not word.isspace() for side in (old, new) for word in side)
    if not words:
        return 1.0
    counts, others = Counter(old), Counter(new)
    most = sum(min(count, others[one]) for one, count in counts.items() if not one.isspace())
    if 2 * most / words < ALIKE_MIN:
        # That is what they have in any order: it is seldom worth to look for more.
        return 0.0
    same = sum(
        not word.isspace()
        for block in matcher.get_matching_blocks()
        for word in old[block.a : block.a + block.size]
    )
    return 2 * same / words


def _runs(matcher: SequenceMatcher[str], new: Sequence[str]) -> list[tuple[bool, int, int, int, int]]:
    """What is the same and what is not, in turns. A blank between two changed words is changed with them, so
    that phrases stand beside each other and not word by word."""
    runs: list[tuple[bool, int, int, int, int]] = []
    codes = matcher.get_opcodes()
    for place, (tag, old_from, old_to, new_from, new_to) in enumerate(codes):
        is_between = 0 < place < len(codes) - 1
        is_same = tag == "equal" and not (is_between and all(word.isspace() for word in new[new_from:new_to]))
        if runs and not is_same and not runs[-1][0]:
            runs[-1] = (False, runs[-1][1], old_to, runs[-1][3], new_to)
        else:
            runs.append((is_same, old_from, old_to, new_from, new_to))
    return runs


def _whole(change: Change, line: str) -> DifferenceLine:
    return DifferenceLine((Span(change, line),))


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines both begin with."""
    for index, (before, after) in enumerate(zip(old, new, strict=False)):
        if before != after:
            return index
    return min(len(old), len(new))
