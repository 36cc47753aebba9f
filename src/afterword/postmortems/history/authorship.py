"""Who wrote what of a text as it stands, by its earlier versions. Pure.

Each version is compared with the one before, by line and by word within a line. What was there already keeps
its revision; what came takes the new one. A text, or a line, that stood there in an earlier version and comes
back belongs to the revision that first had it: who restores or moves words has not written them.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from afterword.documents import Change, DifferenceLine, Effort, compare_texts

LINES_REMEMBERED_MAX = 20_000
"""Lines of earlier versions of one text by which one that comes back is known."""
LINE_REMEMBERED_CHARACTERS_MIN = 8
"""A shorter line says too little to be somebody's."""
VERSIONS_REMEMBERED_MAX = 100
"""Whole earlier versions of one text by which one that comes back is known."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of one line, and the revision that it came with."""

    text: str
    revision: int


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Passage:
    """Lines one below the other that came with the same revisions."""

    lines: tuple[Line, ...]

    @property
    def revisions(self) -> list[int]:
        """Those that it came with, the one with the most characters first."""
        counts: Counter[int] = Counter()
        for line in self.lines:
            for run in line:
                if run.text.strip():
                    counts[run.revision] += len(run.text)
        if not counts:
            return [self.lines[0][0].revision]
        return sorted(counts, key=lambda number: (-counts[number], number))


@dataclass
class Tracer:
    """Follows one text from version to version."""

    effort: Effort
    """Shared by all texts that are followed for the same page. Where it is used up, what changed counts as
    written anew, line by line."""
    lines: list[Line] = field(default_factory=list)
    """The newest version, each piece with its revision."""
    _text: str = ""
    _versions: dict[str, list[Line]] = field(default_factory=dict)
    _known: dict[str, Line] = field(default_factory=dict)

    def follow(self, revision: int, text: str) -> None:
        """Take the next version, which came with `revision`. The same text again changes nothing."""
        if text == self._text:
            return
        known = self._versions.get(text)
        self.lines = list(known) if known is not None else list(self._annotate(revision, text))
        self._text = text
        if len(self._versions) < VERSIONS_REMEMBERED_MAX:
            self._versions[text] = self.lines
        for line, words in zip(self.lines, text.split("\n"), strict=False):
            if len(words) >= LINE_REMEMBERED_CHARACTERS_MIN and len(self._known) < LINES_REMEMBERED_MAX:
                self._known.setdefault(words, line)

    def _annotate(self, revision: int, text: str) -> Iterator[Line]:
        old = deque(zip(self._text.split("\n"), self.lines, strict=False) if self._text else ())
        new = text.split("\n") if text else []
        place = 0
        for difference in compare_texts(self._text, text, self.effort):
            before, after = _side(difference, Change.REMOVED), _side(difference, Change.ADDED)
            was: Line | None = None
            if before is not None:
                # A comparison says nothing of an empty line that became one with words, or the other way.
                while old and old[0][0] != before and not old[0][0]:
                    old.popleft()
                was = old.popleft()[1] if old else None
            if after is None:
                continue
            while place < len(new) and new[place] != after and not new[place]:
                place += 1
                yield (Run("", revision),)
            place += 1
            if was is not None:
                yield _woven(difference, was, revision) if difference.is_changed else was
            else:
                yield self._known.get(after) or (Run(after, revision),)
        for words in new[place:]:
            yield (Run(words, revision),)


def passages_of(lines: Sequence[Line]) -> list[Passage]:
    """The same lines, those together that came with the same one revision. An empty line joins what is
    before it."""
    found: list[list[Line]] = []
    last: frozenset[int] = frozenset()
    for line in lines:
        revisions = frozenset(run.revision for run in line if run.text.strip())
        if found and (not revisions or (revisions == last and len(revisions) == 1)):
            found[-1].append(line)
            continue
        found.append([line])
        last = revisions
    return [Passage(tuple(group)) for group in found]


def _side(line: DifferenceLine, change: Change) -> str | None:
    """What stood there before (with REMOVED) or stands there now (with ADDED); None for no line."""
    spans = [span.text for span in line.spans if span.change in (Change.SAME, change)]
    return "".join(spans) if spans else None


def _woven(difference: DifferenceLine, was: Line, revision: int) -> Line:
    """A line that was rewritten in part: what stayed keeps its revisions."""
    runs: list[Run] = []
    at = 0
    for span in difference.spans:
        if span.change is Change.ADDED:
            runs.append(Run(span.text, revision))
            continue
        if span.change is Change.SAME:
            runs += _cut(was, at, at + len(span.text))
        at += len(span.text)
    return tuple(_joined(runs)) or (Run("", revision),)


def _cut(line: Line, start: int, end: int) -> Iterator[Run]:
    at = 0
    for run in line:
        piece = run.text[max(start - at, 0) : max(end - at, 0)]
        if piece:
            yield Run(piece, run.revision)
        at += len(run.text)


def _joined(runs: Sequence[Run]) -> Iterator[Run]:
    """Neighbours of the same revision as one; blanks between words belong to the words before them."""
    text, revision = "", 0
    for run in runs:
        if text and run.revision != revision and run.text.strip():
            yield Run(text, revision)
            text = ""
        if not text or run.text.strip():
            revision = run.revision
        text += run.text
    if text:
        yield Run(text, revision)
