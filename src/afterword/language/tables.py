"""The tables of a language: its words with their classes, its rules and messages, ready to be matched."""

from __future__ import annotations

import marshal
import os
import re
import zlib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from afterword.language.findings import LANGUAGES, PACKAGE, Severity
from afterword.language.patterns import Node, Pattern, compile_pattern

WORDS_SEEN_MAX = 50_000
# Words that a pattern cannot do without, by which a sentence is known to be none of its concern.
NEEDS_MAX = 4
# What `compiling` leaves in the folder of a language.
COMPILED = "tables.bin"
FINGERPRINT_BYTES = 8

# Word classes that come from a word's spelling; the tables add to them.
SHAPES = (
    "CAP",
    "UPPER",
    "LOWER",
    "NUM",
    "CODE",
    "HANDLE",
    "PUNCT",
    "MASK",
    "ANYWORD",
    "UNKNOWN",
    "PLAIN",
    "NAME",
)
# What a pattern of `[agents]` may say beside that somebody is a person, by the beginning of its name.
AGENTS_OTHERWISE = ("not_team", "not_role", "not_weak", "not_person", "common")
# Positions that the reading of a sentence finds; patterns use them like classes.
DYNAMIC = frozenset(
    {
        "AGENT",
        "ANYAGENT",
        "PERSON",
        "ROLE",
        "TEAM",
        "SELF",
        "WEAK",
        "STRONG",
        "SUBJ",
        "LOOSE",
        "OWNER",
        "LOOSEOWNER",
    }
)


class Token(NamedTuple):
    """What a word falls into.

    Its length, its classes as bits, its small letters, its classes by name, and the patterns that it calls.
    """

    length: int
    tags: int
    lower: str
    names: tuple[str, ...]
    calls: tuple[int, ...]


class Rule:
    """A pattern and what it means. `targets` limits whom `a:` may be; empty is anyone.

    Patterns are compiled when they are first asked for, which most are not in a short text.
    """

    __slots__ = (
        "_after",
        "_before",
        "_pattern",
        "_unless",
        "about_people",
        "category",
        "message",
        "name",
        "question",
        "rewrites",
        "severity",
        "shapes",
        "tables",
        "targets",
    )

    def __init__(self, row: Mapping[str, Any], tables: Tables) -> None:
        self.tables = tables
        self.name: str = row["name"]
        self.category: str = row["category"]
        self.about_people: bool = row["about_people"]
        self.targets: tuple[str, ...] = row["targets"]
        self.severity = Severity(row["severity"]) if row["severity"] else None
        self.message: str = row["message"]
        self.question: str = row["question"]
        self.rewrites: tuple[str, ...] = row["rewrites"]
        self.shapes: tuple[str, ...] = row["shapes"]
        self._pattern: str | Pattern = row["pattern"]
        self._before: tuple[str, ...] = row["before"]
        self._after: tuple[str, ...] = row["after"]
        self._unless: tuple[str, ...] = row["unless"]

    @property
    def pattern(self) -> Pattern:
        """What it finds."""
        if isinstance(self._pattern, str):
            self._pattern = self.tables.pattern(self._pattern)
        return self._pattern

    @property
    def before(self) -> tuple[Pattern, ...]:
        """It is silent where one of these ends at its beginning."""
        return self.tables.patterns(self._before)

    @property
    def after(self) -> tuple[Pattern, ...]:
        """It is silent where one of these begins at its end."""
        return self.tables.patterns(self._after)

    @property
    def unless(self) -> tuple[Pattern, ...]:
        """It is silent where one of these is anywhere in the sentence."""
        return self.tables.patterns(self._unless)


class Tables:
    """Everything that a language brings, from what `compiling.read_folder` gives. Get them by `tables_of`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.settings: Mapping[str, Any] = data["settings"]
        self.messages: Mapping[str, Mapping[str, str]] = data["messages"]
        self.bits: Mapping[str, int] = data["bits"]
        self.shouting = frozenset(data["shouting"])
        self.abbreviations = frozenset(self.settings["abbreviations"].split())
        self._macros: Mapping[str, str] = data["macros"]
        self._known: Mapping[str, int] = data["known"]
        self._literals = frozenset(data["literals"])
        self._calls: Mapping[str, tuple[int, ...]] = data["calls"]
        self._endings: tuple[tuple[str, int, int], ...] = data["endings"]
        self._forms: bytes = data["forms"]
        self._classes = frozenset(self.bits) | DYNAMIC | {"_"}
        self._class_names = tuple(self.bits)
        self._every_class = (1 << len(self.bits)) - 1
        self._nodes: dict[str, Node] = {}
        self._patterns: dict[str, Pattern] = {}
        self._rows: dict[tuple[str, ...], tuple[Pattern, ...]] = {}
        self._named: dict[int, tuple[tuple[str, ...], tuple[int, ...]]] = {}
        self._seen: dict[str, tuple[Token, ...]] = {}
        self.rules = tuple(Rule(row, self) for row in data["rules"])
        self._agents: tuple[tuple[str, str], ...] = data["agents"]
        # The patterns of `[agents]` by what they show, as bits of what words call: they come after the rules.
        self.agents = dict.fromkeys((*AGENTS_OTHERWISE, "person"), 0)
        for number, (name, _) in enumerate(self._agents, start=len(self.rules)):
            self.agents[next((kind for kind in AGENTS_OTHERWISE if name.startswith(kind)), "person")] |= (
                1 << number
            )
        self.about_people = sum(1 << number for number, rule in enumerate(self.rules) if rule.about_people)

    def called(self, calls: Iterable[tuple[int, ...]]) -> int:
        """The rules, and behind them the patterns of `[agents]`, that may match where words call these."""
        first, second, third, fourth = self._calls[""]
        for one, two, three, four in calls:
            first |= one
            second |= two
            third |= three
            fourth |= four
        return first & second & third & fourth

    def agent_patterns(self, called: int) -> list[Pattern]:
        """The patterns of `[agents]` among what is called."""
        return [self.pattern(self._agents[number - len(self.rules)][1]) for number in places_of(called)]

    def pattern(self, source: str) -> Pattern:
        """Compiled by the language's macros, once."""
        found = self._patterns.get(source)
        if found is None:
            found = self._patterns[source] = compile_pattern(
                source, self._macros, classes=self._classes, compiled=self._nodes
            )
        return found

    def patterns(self, sources: tuple[str, ...]) -> tuple[Pattern, ...]:
        """The same for several."""
        found = self._rows.get(sources)
        if found is None:
            found = self._rows[sources] = tuple(self.pattern(source) for source in sources)
        return found

    def bit(self, name: str) -> int:
        """The bit of a class; 0 for one that no word has."""
        return self.bits.get(name, 0)

    def form(self, word: str, slot: str) -> str:
        """The form of a known verb in that slot, such as `BASE`; empty where it is not known."""
        forms, bases = self._inflected
        base = bases.get(word.lower())
        return forms.get((base, slot), "") if base else ""

    @cached_property
    def _inflected(self) -> tuple[dict[tuple[str, str], str], dict[str, str]]:
        forms, bases = marshal.loads(self._forms)  # noqa: S302 - the package wrote it
        return forms, bases

    def read(self, word: str) -> tuple[Token, ...]:
        """What a word as written falls into, by its parts."""
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) >= WORDS_SEEN_MAX:
                self._seen.clear()
            found = self._seen[word] = self._parts(word)
        return found

    @cached_property
    def _split(self) -> re.Pattern[str]:
        return re.compile(self.settings["split"], re.IGNORECASE)

    def _parts(self, word: str) -> tuple[Token, ...]:
        plain = word.replace("’", "'").replace("ʼ", "'")
        split = self._split.search(plain) if "'" in plain else None
        lower = plain.lower()
        if split is None or not split.start() or lower in self._known or lower in self._literals:
            return (self._token(len(word), plain),)
        borders = [0, *(found.start() for found in self._split.finditer(plain)), len(plain)]
        return tuple(self._token(end - start, plain[start:end]) for start, end in pairwise(borders))

    def _token(self, length: int, word: str) -> Token:
        lower = word.lower()
        tags = self._tags(word, lower)
        found = self._named.get(tags)
        if found is None:
            names = tuple(self._class_names[place] for place in places_of(tags))
            found = self._named[tags] = (names, self._called_by(names))
        names, calls = found
        if lower in self._literals:
            names = (*names, lower)
            calls = self._called_by(names)
        return Token(length, tags, lower, names, calls)

    def _called_by(self, names: tuple[str, ...]) -> tuple[int, ...]:
        calls = [0] * NEEDS_MAX
        for name in names:
            for place, numbers in enumerate(self._calls.get(name, ())):
                calls[place] |= numbers
        return tuple(calls)

    def _tags(self, word: str, lower: str) -> int:
        tags = self._known.get(lower, 0)
        bits = self.bits
        first = word[0]
        if first == "￼":
            return tags | bits["MASK"]
        if first == "@" and len(word) > 1:
            return tags | bits["HANDLE"]
        if first.isdigit() or (len(word) > 1 and first in "+-~" and word[1].isdigit()):
            return tags | bits["NUM"]
        if not first.isalpha():
            return tags | bits["PUNCT"]
        if not tags & ~bits["NAME"]:
            # A word that patterns name is known, but its classes still come from its spelling.
            if lower not in self._literals:
                tags |= bits["UNKNOWN"]
            if word.isalpha() or "-" in word:
                for ending, bit, least in self._endings:
                    if lower.endswith(ending) and len(lower) >= least:
                        tags |= bit
                        break
        if not word.replace("-", "").replace("'", "").isalpha():
            tags |= bits["CODE"]
        elif word.isupper() and len(word) > 1:
            tags |= bits["UPPER"]
        elif first.isupper():
            tags |= bits["CAP"]
            if any(sign.isupper() for sign in word[1:]) and "-" not in word:
                tags |= bits["CODE"]
        else:
            tags |= bits["LOWER"] if word.islower() else bits["CODE"]
            if tags & bits["UNKNOWN"]:
                tags |= bits["PLAIN"]
        return tags | bits["ANYWORD"]


@cache
def tables_of(language: str) -> Tables:
    """The tables of a language; those of English for one that there is none of."""
    folder = os.path.join(PACKAGE, language if language in LANGUAGES else "en")
    if not os.path.isfile(os.path.join(folder, "rules.toml")):
        folder = os.path.join(PACKAGE, "en")
    data = _read_compiled(folder)
    if data is None:
        from afterword.language.compiling import read_folder

        data = read_folder(folder)
    return Tables(data)


def fingerprint_of(folder: str) -> bytes:
    """What changes with the tables of a folder, and with the code that compiles them."""
    total = 0
    code = (os.path.join(PACKAGE, name) for name in ("compiling.py", "patterns.py", "tables.py"))
    for path in (*(os.path.join(folder, name) for name in ("rules.toml", "words.txt", "names.txt")), *code):
        try:
            with open(path, "rb") as file:
                total = zlib.crc32(file.read(), total)
        except FileNotFoundError:
            continue
    return f"{total:0{FINGERPRINT_BYTES}x}".encode()


def _read_compiled(folder: str) -> dict[str, Any] | None:
    """What the build left there; None where there is none, or where the tables have changed since."""
    try:
        with open(os.path.join(folder, COMPILED), "rb") as file:
            content = file.read()
        if content[:FINGERPRINT_BYTES] != fingerprint_of(folder):
            return None
        data: dict[str, Any] = marshal.loads(content[FINGERPRINT_BYTES:])  # noqa: S302 - the build wrote it
    except (OSError, ValueError, EOFError, TypeError):
        return None  # Another Python wrote it, or half of it: the tables themselves are there.
    return data


def places_of(bits: int) -> list[int]:
    """The places of the bits that are set, from the lowest."""
    found = []
    while bits:
        low = bits & -bits
        found.append(low.bit_length() - 1)
        bits ^= low
    return found
