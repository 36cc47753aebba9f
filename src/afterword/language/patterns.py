"""A small language of patterns over the words of a sentence, matched without any backtracking.

A pattern is a row of words and classes, such as `[ a:SUBJECT MID fail.. to VERB ]`:

- `should` is that word, in any case; `should|could` is either.
- `FAIL` is a word class of the tables, or a macro; `FAIL&PAST` is in both, `VERB&!ING` in the first only.
- A class that no table defines is refused, and so is a macro beside `|` or `&`: it would match nothing.
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
from collections.abc import Container, Mapping
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


class View:
    """A sentence as patterns see it: for a name, the positions of the words that have it."""

    __slots__ = ("atoms", "everywhere", "length", "names", "steps")

    def __init__(self, length: int, names: dict[str, Positions]) -> None:
        self.length = length
        self.everywhere: Positions = (1 << length) - 1
        self.names = names
        names["_"] = self.everywhere
        self.atoms: dict[Atom, Positions] = {}
        # Many rules begin alike ("somebody, then ..."): what a macro reaches from there is found once.
        self.steps: dict[tuple[Node, Positions], Positions] = {}

    def named(self, name: str) -> Positions:
        """Where the words are that have this name."""
        return self.names.get(name, 0)

    def learn(self, names: Mapping[str, Positions]) -> None:
        """Take these positions for these names from now on."""
        self.names.update(names)
        self.atoms.clear()
        self.steps.clear()


class Atom:
    """One word."""

    __slots__ = ("conjuncts", "source")

    def __init__(self, conjuncts: tuple[Conjunct, ...], source: str) -> None:
        self.conjuncts = conjuncts
        self.source = source

    def step(self, here: Positions, view: View) -> Positions:
        """Where one can stand after the node, having stood `here` before it."""
        found = view.atoms.get(self)
        return (here & (self.find(view) if found is None else found)) << 1

    def find(self, view: View) -> Positions:
        """Where the words are that it matches; the view remembers it."""
        get = view.names.get
        found = view.everywhere
        for names, negative in self.conjuncts:
            some = 0
            for name in names:
                some |= get(name, 0)
            found &= ~some if negative else some
            if not found:
                break
        view.atoms[self] = found
        return found


class Name(Atom):
    """One word that has one name: what the view knows without asking."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__((Conjunct((name,), negative=False),), name)
        self.name = name

    def step(self, here: Positions, view: View) -> Positions:
        return (here & view.names.get(self.name, 0)) << 1

    def find(self, view: View) -> Positions:
        return view.names.get(self.name, 0)


class Sequence:
    """Parts one after another."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Node, ...]) -> None:
        self.parts = parts

    def step(self, here: Positions, view: View) -> Positions:
        for part in self.parts:
            here = part.step(here, view)
            if not here:
                break
        return here


class Choice:
    """One of several."""

    __slots__ = ("options",)

    def __init__(self, options: tuple[Node, ...]) -> None:
        self.options = options

    def step(self, here: Positions, view: View) -> Positions:
        found = 0
        for option in self.options:
            found |= option.step(here, view)
        return found


class Repeat:
    """A part that comes several times."""

    __slots__ = ("least", "most", "part")

    def __init__(self, part: Node, least: int, most: int) -> None:
        self.part = part
        self.least = least
        self.most = most

    def step(self, here: Positions, view: View) -> Positions:
        step = self.part.step
        for _ in range(self.least):
            here = step(here, view)
            if not here:
                return 0
        found = here
        for _ in range(self.most - self.least):
            here = step(here, view) & ~found
            if not here:
                break
            found |= here
        return found


class Edge:
    """The beginning of the sentence, or its end."""

    __slots__ = ("at_start",)

    def __init__(self, *, at_start: bool) -> None:
        self.at_start = at_start

    def step(self, here: Positions, view: View) -> Positions:
        return here & (1 if self.at_start else 1 << view.length)


Node = Atom | Sequence | Choice | Repeat | Edge


class Pattern:
    """A compiled pattern. `needs` are atoms without which it matches nowhere."""

    __slots__ = ("closes", "names", "needs", "opens", "parts", "source")

    def __init__(
        self,
        source: str,
        parts: tuple[Node, ...],
        names: tuple[tuple[int, str], ...],
        opens: int,
        closes: int,
    ) -> None:
        self.source = source
        self.parts = parts
        self.names = names
        self.opens = opens
        self.closes = closes
        needs: list[Atom] = []
        for part in parts:
            _collect(part, needs)
        self.needs = tuple(needs)

    def possible(self, view: View) -> bool:
        """False where a word is missing that every match has."""
        atoms = view.atoms
        for atom in self.needs:
            found = atoms.get(atom)
            if not (atom.find(view) if found is None else found):
                return False
        return True

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
            here = part.step(here, view)
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
            if isinstance(part, Atom):
                borders.append(borders[-1] - 1)
                continue
            for start in _bits_down(reached[number] & ((goal << 1) - 1)):
                if part.step(1 << start, view) & goal:
                    borders.append(start)
                    break
        borders.reverse()
        names = {name: (borders[number], borders[number + 1]) for number, name in self.names}
        return Match(borders[self.opens], borders[self.closes], names)


def compile_pattern(
    source: str,
    macros: Mapping[str, str] | None = None,
    *,
    classes: Container[str] = (),
    compiled: dict[str, Node] | None = None,
) -> Pattern:
    """Read a pattern. `classes` are the word classes there are; `compiled` keeps parts between calls.

    Raises PatternError where it cannot be read, or names a class that there is none of.
    """
    return Pattern(
        source, *_Reader(source, macros or {}, classes, {} if compiled is None else compiled).read()
    )


def _step_once(node: Node, here: Positions, view: View) -> Positions:
    """A step with its result kept for the other patterns that have this very node, as macros are."""
    if isinstance(node, Atom):
        return node.step(here, view)
    key = (node, here)
    found = view.steps.get(key)
    if found is None:
        found = view.steps[key] = node.step(here, view)
    return found


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
    def __init__(
        self, source: str, macros: Mapping[str, str], classes: Container[str], compiled: dict[str, Node]
    ) -> None:
        self.source = source
        self.macros = macros
        self.classes = classes
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
        node: Node
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
            node = self._choice(options)
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
            return Edge(at_start=piece == "^")
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
        known = self.compiled.get(piece)
        if known is None:
            conjuncts = tuple(map(self._conjunct, piece.split("&")))
            is_name = len(conjuncts) == 1 and len(conjuncts[0].names) == 1 and not conjuncts[0].negative
            known = Name(conjuncts[0].names[0]) if is_name else Atom(conjuncts, piece)
            self.compiled[piece] = known
        return known

    def _conjunct(self, part: str) -> Conjunct:
        names = tuple(name for name in part.removeprefix("!").split("|") if name)
        if not names or "]" in names or "[" in names:
            raise PatternError(f"cannot read {part!r} in {self.source!r}")
        for name in names:
            if name != name.lower() and name not in self.classes:
                what = "a macro beside other names" if name in self.macros else "no class of words"
                raise PatternError(f"{name} is {what} in {self.source!r}")
        return Conjunct(names, part.startswith("!"))

    def _choice(self, options: list[Node]) -> Node:
        """One of them, with those that are one word each made into one."""
        words = [option for option in options if isinstance(option, Atom) and len(option.conjuncts) == 1]
        words = [word for word in words if not word.conjuncts[0].negative]
        if len(words) > 1:
            names = tuple(dict.fromkeys(name for word in words for name in word.conjuncts[0].names))
            source = "|".join(names)
            either = self.compiled.setdefault(source, Atom((Conjunct(names, negative=False),), source))
            options = [either, *(option for option in options if option not in words)]
        return options[0] if len(options) == 1 else Choice(tuple(options))


def _row(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Sequence(tuple(parts))
