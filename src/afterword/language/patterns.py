"""A small language of patterns over the words of a sentence, matched without any backtracking.

A pattern is a row of words and classes, such as `[ a:SUBJECT MID fail.. to VERB ]`:

- `should` is that word, in any case; `should|could` is either.
- `FAIL` is a word class of the tables, or a macro; `FAIL&PAST` is in both, `VERB&!ING` in the first only.
- `_` is any word. `^` is the beginning of the sentence and `$` its end.
- `?` once or not, `*` up to six times, `+` one to six times, `{2,9}` that often; `( a | b c )` groups.
- `[` and `]` are where the finding begins and ends; without them it is the whole match.
- `a:SUBJECT` gives what it matched a name for messages and rewrites. Names and brackets stand outside of
  groups.

Positions of a sentence are the bits of a number, so a pattern is some shifts and conjunctions for all
beginnings at once: the time is bounded by the pattern's length times the sentence's, whatever the words are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

REPEAT_MAX = 6
# A macro in a macro in a macro: a table that names itself would never end.
MACRO_DEPTH_MAX = 8

Positions = int


class PatternError(ValueError):
    """A pattern of a table cannot be read; the message names it."""


class Match(NamedTuple):
    """Token numbers, ends exclusive. `names` has what was given a name."""

    start: int
    end: int
    names: Mapping[str, tuple[int, int]]


class Conjunct(NamedTuple):
    """One part of an atom: any of these names, or none of them."""

    names: tuple[str, ...]
    negative: bool


@dataclass(frozen=True, slots=True)
class Atom:
    """One word."""

    conjuncts: tuple[Conjunct, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after another."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part that comes several times."""

    part: Node
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning of the sentence, or its end."""

    at_start: bool


Node = Atom | Sequence | Choice | Repeat | Edge


class View:
    """A sentence as patterns see it: for a name, the positions of the words that have it."""

    __slots__ = ("_atoms", "_names", "length", "lookup", "steps")

    def __init__(self, length: int, lookup: Callable[[str], Positions]) -> None:
        self.length = length
        self.lookup = lookup
        self._names: dict[str, Positions] = {}
        self._atoms: dict[str, Positions] = {}
        # Many rules begin alike ("somebody, then ..."): what a macro reaches from there is found once.
        self.steps: dict[tuple[int, Positions], Positions] = {}

    def named(self, name: str) -> Positions:
        """Where the words are that have this name."""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = self.lookup(name)
        return found

    def forget(self, names: Mapping[str, Positions]) -> None:
        """Take these positions for these names from now on."""
        self._names.update(names)
        self._atoms.clear()
        self.steps.clear()

    def atom(self, atom: Atom) -> Positions:
        """Where the words are that this atom matches."""
        found = self._atoms.get(atom.source)
        if found is None:
            found = (1 << self.length) - 1
            for names, negative in atom.conjuncts:
                some = 0
                for name in names:
                    some |= self.named(name)
                found &= ~some if negative else some
                if not found:
                    break
            self._atoms[atom.source] = found
        return found


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. `needs` are atoms without which it matches nowhere."""

    source: str
    parts: tuple[Node, ...]
    names: tuple[tuple[int, str], ...]
    opens: int
    closes: int
    needs: tuple[Atom, ...] = field(default=())

    def possible(self, view: View) -> bool:
        """False where a word is missing that every match has."""
        return all(view.atom(atom) for atom in self.needs)

    def ends(self, view: View) -> Positions:
        """Every position at which a match ends."""
        here: Positions = (2 << view.length) - 1
        for part in self.parts:
            here = _step_once(part, here, view)
            if not here:
                break
        return here

    def starts_from(self, view: View, start: int) -> bool:
        """True when a match begins exactly there."""
        here: Positions = 1 << start
        for part in self.parts:
            here = _step(part, here, view)
            if not here:
                return False
        return True

    def matches(self, view: View) -> list[Match]:
        """The matches, each with the nearest beginning; of those that overlap, the first and longest."""
        if not self.possible(view):
            return []
        reached = [(2 << view.length) - 1]
        for part in self.parts:
            reached.append(_step_once(part, reached[-1], view))
            if not reached[-1]:
                return []
        found = [self._traced(end, reached, view) for end in _bits(reached[-1])]
        found.sort(key=lambda match: (match.start, -match.end))
        kept: list[Match] = []
        for match in found:
            if not kept or match.start >= kept[-1].end:
                kept.append(match)
        return kept

    def _traced(self, end: int, reached: list[Positions], view: View) -> Match:
        borders = [end]
        for number in range(len(self.parts) - 1, -1, -1):
            part, goal = self.parts[number], 1 << borders[-1]
            for start in _bits_down(reached[number] & ((goal << 1) - 1)):
                if _step(part, 1 << start, view) & goal:
                    borders.append(start)
                    break
        borders.reverse()
        names = {name: (borders[number], borders[number + 1]) for number, name in self.names}
        return Match(borders[self.opens], borders[self.closes], names)


def compile_pattern(
    source: str, macros: Mapping[str, str] | None = None, compiled: dict[str, Node] | None = None
) -> Pattern:
    """Read a pattern. `compiled` keeps macros between calls. Raises PatternError where it cannot be read."""
    reader = _Reader(source, macros or {}, {} if compiled is None else compiled)
    parts, names, opens, closes = reader.read()
    needs: list[Atom] = []
    for part in parts:
        _collect(part, needs)
    return Pattern(source, parts, names, opens, closes, tuple(needs))


def _step_once(node: Node, here: Positions, view: View) -> Positions:
    """`_step` with its result kept for the other patterns that have this very node, as macros are."""
    if isinstance(node, Atom):
        return (here & view.atom(node)) << 1
    key = (id(node), here)
    found = view.steps.get(key)
    if found is None:
        found = view.steps[key] = _step(node, here, view)
    return found


def _step(node: Node, here: Positions, view: View) -> Positions:
    """Where one can stand after the node, having stood `here` before it."""
    if isinstance(node, Atom):
        return (here & view.atom(node)) << 1
    if isinstance(node, Sequence):
        for part in node.parts:
            here = _step(part, here, view)
            if not here:
                break
        return here
    if isinstance(node, Choice):
        found = 0
        for option in node.options:
            found |= _step(option, here, view)
        return found
    if isinstance(node, Repeat):
        for _ in range(node.least):
            here = _step(node.part, here, view)
        found = here
        for _ in range(node.most - node.least):
            here = _step(node.part, here, view) & ~found
            if not here:
                break
            found |= here
        return found
    return here & (1 if node.at_start else 1 << view.length)


def _collect(node: Node, needs: list[Atom]) -> None:
    if isinstance(node, Atom):
        if not all(conjunct.negative for conjunct in node.conjuncts):
            needs.append(node)
    elif isinstance(node, Sequence):
        for part in node.parts:
            _collect(part, needs)
    elif isinstance(node, Repeat) and node.least:
        _collect(node.part, needs)


def _bits(positions: Positions) -> list[int]:
    return list(_bits_down(positions))[::-1]


def _bits_down(positions: Positions) -> list[int]:
    found = []
    while positions:
        top = positions.bit_length() - 1
        found.append(top)
        positions ^= 1 << top
    return found


_PIECE = re.compile(r"[()\[\]]|\{\d+,\d+\}|[?*+](?=[\s?*+(){}\[\]]|$)|[^\s()\[\]{}?*+]+")


class _Reader:
    def __init__(self, source: str, macros: Mapping[str, str], compiled: dict[str, Node]) -> None:
        self.source = source
        self.macros = macros
        self.compiled = compiled

    def read(self) -> tuple[tuple[Node, ...], tuple[tuple[int, str], ...], int, int]:
        pieces = _PIECE.findall(self.source)
        if "".join(pieces) != "".join(self.source.split()):
            raise PatternError(f"cannot read {self.source!r}")
        parts: list[Node] = []
        names: list[tuple[int, str]] = []
        opens, closes, at = 0, -1, 0
        while at < len(pieces):
            piece = pieces[at]
            if piece == "[":
                opens, at = len(parts), at + 1
            elif piece == "]":
                closes, at = len(parts), at + 1
            elif piece == "|":
                raise PatternError(f"a choice needs a group in {self.source!r}")
            else:
                label, _, rest = piece.partition(":")
                if rest and label.islower() and len(label) == 1:
                    names.append((len(parts), label))
                    pieces[at] = rest
                elif label and not rest and len(piece) == 2 and piece[1] == ":":
                    # A name for a group: "v:( have been )".
                    names.append((len(parts), label))
                    at += 1
                node, at = self._item(pieces, at, 0)
                parts.append(node)
        return tuple(parts), tuple(names), opens, len(parts) if closes < 0 else closes

    def _item(self, pieces: list[str], at: int, depth: int) -> tuple[Node, int]:
        piece = pieces[at]
        if piece == "(":
            options: list[Node] = []
            row: list[Node] = []
            at += 1
            while at < len(pieces) and pieces[at] != ")":
                if pieces[at] == "|":
                    options.append(_row(row))
                    row, at = [], at + 1
                else:
                    part, at = self._item(pieces, at, depth)
                    row.append(part)
            if at >= len(pieces):
                raise PatternError(f"a group has no end in {self.source!r}")
            options.append(_row(row))
            node: Node = options[0] if len(options) == 1 else Choice(tuple(options))
        else:
            node = self._named(piece, depth)
        at += 1
        while at < len(pieces) and (pieces[at] in "?*+" or pieces[at].startswith("{")):
            mark = pieces[at]
            if mark.startswith("{"):
                least, most = (int(number) for number in mark[1:-1].split(","))
            else:
                least, most = {"?": (0, 1), "*": (0, REPEAT_MAX), "+": (1, REPEAT_MAX)}[mark]
            node, at = Repeat(node, least, most), at + 1
        return node, at

    def _named(self, piece: str, depth: int) -> Node:
        if len(piece) > 2 and piece[1] == ":":
            piece = piece[2:]  # A name within a group says nothing: groups may match several times.
        if piece == "^" or piece == "$":
            return Edge(piece == "^")
        if piece in self.macros:
            if depth >= MACRO_DEPTH_MAX:
                raise PatternError(f"the macro {piece} is too deep in {self.source!r}")
            known = self.compiled.get(piece)
            if known is None:
                pieces = ["(", *_PIECE.findall(self.macros[piece]), ")"]
                known, at = self._item(pieces, 0, depth + 1)
                if at != len(pieces):
                    raise PatternError(f"cannot read the macro {piece}")
                self.compiled[piece] = known
            return known
        conjuncts = []
        for part in piece.split("&"):
            negative = part.startswith("!")
            names = tuple(name for name in part.removeprefix("!").split("|") if name)
            if not names or "]" in names or "[" in names:
                raise PatternError(f"cannot read {piece!r} in {self.source!r}")
            conjuncts.append(Conjunct(names, negative))
        return Atom(tuple(conjuncts), piece)


def _row(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))
