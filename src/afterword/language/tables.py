"""The tables of a language, read once: its words with their forms, its patterns, its rules and messages."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from afterword.language.findings import CATEGORIES, LANGUAGES, Severity
from afterword.language.patterns import Node, Pattern, compile_pattern

PACKAGE = Path(__file__).parent
WORDS_SEEN_MAX = 50_000

# Word classes that come from a word's spelling; the tables add to them.
SHAPES = ("CAP", "UPPER", "LOWER", "NUM", "CODE", "HANDLE", "PUNCT", "MASK", "ANYWORD", "UNKNOWN", "PLAIN")
# Positions that the reading of a sentence finds; patterns use them like classes.
DYNAMIC = frozenset(
    {"AGENT", "PERSON", "ROLE", "TEAM", "SELF", "WEAK", "STRONG", "SUBJ", "LOOSE", "OWNER", "LOOSEOWNER"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and what it means. `targets` limits whom `a:` may be; empty is anyone."""

    name: str
    category: str
    pattern: Pattern
    before: tuple[Pattern, ...]
    after: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    targets: frozenset[str]
    needs_target: bool
    severity: Severity | None
    message: str
    question: str
    rewrites: tuple[str, ...]
    shapes: frozenset[str]


class Tables:
    """Everything that a language brings. Make them by `tables_of`."""

    def __init__(self, folder: Path) -> None:
        with (folder / "rules.toml").open("rb") as file:
            raw = tomllib.load(file)
        self.folder = folder
        self.settings: Mapping[str, Any] = raw["settings"]
        self.macros: Mapping[str, str] = raw.get("macros", {})
        self.messages: Mapping[str, Mapping[str, str]] = raw["messages"]
        self._compiled: dict[str, Node] = {}
        self.bits: dict[str, int] = {}
        self.known: dict[str, int] = {}
        self.forms: dict[tuple[str, str], str] = {}
        self.bases: dict[str, str] = {}
        self.classes: dict[str, set[str]] = {}
        self._seen: dict[str, tuple[tuple[int, int, str], ...]] = {}
        self._literals = 0
        for shape in SHAPES:
            self._bit(shape)
        self._inflections: list[tuple[re.Pattern[str], str, tuple[str, ...]]] = []
        self._slots: tuple[str, ...] = ()
        self._endings: list[tuple[str, int, int]] = []
        self._split = re.compile(self.settings["split"], re.IGNORECASE)
        self.shouting = frozenset(raw.get("acronyms", {}).get("known", "").split())
        for line in (folder / "words.txt").read_text(encoding="utf-8").splitlines():
            self._read_words(line)
        names = folder / "names.txt"
        if names.is_file():
            for line in names.read_text(encoding="utf-8").splitlines():
                if not line.startswith("#"):
                    self._tag_all(line.lower().split(), ["NAME"])
        self._raw_rules: list[dict[str, Any]] = raw["rule"]
        self._collect_literals(raw)
        self.silence = {
            name: {
                "before": self.patterns(row.get("before", ())),
                "after": self.patterns(row.get("after", ())),
                "anywhere": self.patterns(row.get("anywhere", ())),
            }
            for name, row in raw.get("silence", {}).items()
        }
        self.rules = tuple(self._rule(row) for row in self._raw_rules)
        self.agents: Mapping[str, str] = raw.get("agents", {})
        self.agent_patterns = {name: self.patterns((source,))[0] for name, source in self.agents.items()}
        self.abbreviations = frozenset(self.settings["abbreviations"].split())

    def patterns(self, sources: Iterable[str]) -> tuple[Pattern, ...]:
        """Compiled by the language's macros."""
        return tuple(compile_pattern(source, self.macros, self._compiled) for source in sources)

    def bit(self, name: str) -> int:
        """The bit of a class or a word; 0 for one that no word has."""
        return self.bits.get(name, 0)

    def form(self, word: str, slot: str) -> str:
        """The form of a known verb in that slot, such as `BASE`; empty where it is not known."""
        base = self.bases.get(word.lower())
        return self.forms.get((base, slot), "") if base else ""

    def read(self, word: str) -> tuple[tuple[int, int, str], ...]:
        """What a word as written falls into: for each part its length, its classes and its small letters."""
        found = self._seen.get(word)
        if found is None:
            if len(self._seen) >= WORDS_SEEN_MAX:
                self._seen.clear()
            found = self._seen[word] = self._parts(word)
        return found

    def _parts(self, word: str) -> tuple[tuple[int, int, str], ...]:
        plain = word.replace("’", "'").replace("ʼ", "'")
        split = self._split.search(plain) if "'" in plain or self.settings.get("split_always") else None
        if split is None or not split.start() or plain.lower() in self.known:
            return ((len(word), *self._tags(plain)),)
        borders = [0, *(found.start() for found in self._split.finditer(plain)), len(plain)]
        return tuple((end - start, *self._tags(plain[start:end])) for start, end in pairwise(borders))

    def _tags(self, word: str) -> tuple[int, str]:
        lower = word.lower()
        tags = self.known.get(lower, 0)
        bits = self.bits
        first = word[0]
        if first == "￼":
            return tags | bits["MASK"], lower
        if first == "@" and len(word) > 1:
            return tags | bits["HANDLE"], lower
        if first.isdigit() or (len(word) > 1 and first in "+-~" and word[1].isdigit()):
            return tags | bits["NUM"], lower
        if not first.isalpha():
            return tags | bits["PUNCT"], lower
        if not tags & ~(bits["NAME"] | self._literals):
            # A word that patterns name is known, but its classes still come from its spelling.
            if not tags & self._literals:
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
        return tags | bits["ANYWORD"], lower

    def _bit(self, name: str) -> int:
        bit = self.bits.get(name)
        if bit is None:
            bit = self.bits[name] = 1 << len(self.bits)
        return bit

    def _tag(self, word: str, name: str) -> None:
        self.known[word] = self.known.get(word, 0) | self._bit(name)

    def _tag_all(self, words: Iterable[str], names: Iterable[str]) -> None:
        bits = 0
        for name in names:
            bits |= self._bit(name)
        known = self.known
        for word in words:
            known[word] = known.get(word, 0) | bits

    def _read_words(self, line: str) -> None:
        """One line of `words.txt`; its forms stand in the package's docstring."""
        line = line.strip()
        if not line or line.startswith("#"):
            return
        head, _, rest = line.partition(": ")
        kind, _, names = head.partition(" ")
        if head == "slots":
            self._slots = tuple(rest.split())
        elif head == "inflect":
            pattern, cut, *endings = rest.split()
            self._inflections.append((re.compile(pattern), cut, tuple(endings)))
        elif kind == "ending":
            bit = 0
            for name in names.split():
                bit |= self._bit(name)
            for ending in rest.split():
                self._endings.append((ending, bit, len(ending) + 2))
        elif kind == "verb":
            for entry in rest.split():
                self._verb(entry, names.split())
        else:
            self._tag_all(rest.lower().split(), head.split())

    def _verb(self, entry: str, names: list[str]) -> None:
        base, *given = entry.lower().split(":")
        forms = given or self._inflect(base)
        for slot, form in zip(self._slots, (base, *forms), strict=False):
            self.forms.setdefault((base, slot), form.split("/")[0])
            for variant in form.split("/"):
                self.bases.setdefault(variant, base)
                self._tag_all((variant,), (slot, "VERB", *names))

    def _inflect(self, base: str) -> tuple[str, ...]:
        for pattern, cut, endings in self._inflections:
            if pattern.search(base):
                stem = base if cut == "-" else base[: -len(cut)]
                if endings[0] == "double":
                    stem, endings = base + base[-1], endings[1:]
                return tuple((base if ending[0] == "+" else stem) + ending.lstrip("+") for ending in endings)
        return ()

    def _collect_literals(self, raw: Mapping[str, Any]) -> None:
        """Every word that a pattern names becomes a class of its own."""
        sources: list[str] = list(self.macros.values())
        for row in self._raw_rules:
            for key in ("before", "after", "unless"):
                sources.extend(row.get(key, ()))
            sources.append(row["pattern"])
        for silence in raw.get("silence", {}).values():
            for rows in silence.values():
                sources.extend(rows)
        sources.extend(raw.get("agents", {}).values())
        for source in sources:
            for piece in re.findall(r"[^\s()\[\]{}?*+&|!]+", source):
                word = piece.split(":")[-1] or piece
                if not word.isupper() and word not in {"_", "^", "$"}:
                    self._tag(word, "=" + word)
                    self._literals |= self.bits["=" + word]

    def _rule(self, row: Mapping[str, Any]) -> Rule:
        category = row["category"]
        if category not in CATEGORIES:
            raise ValueError(f"there is no category {category}")
        silence = self.silence.get(category, {"before": (), "after": (), "anywhere": ()})
        everywhere = self.silence.get("all", {"before": (), "after": (), "anywhere": ()})
        messages = self.messages[category]
        return Rule(
            name=row["name"],
            category=category,
            pattern=compile_pattern(row["pattern"], self.macros, self._compiled),
            before=(*everywhere["before"], *silence["before"], *self.patterns(row.get("before", ()))),
            after=(*everywhere["after"], *silence["after"], *self.patterns(row.get("after", ()))),
            unless=(*everywhere["anywhere"], *silence["anywhere"], *self.patterns(row.get("unless", ()))),
            targets=frozenset(row.get("targets", ())),
            needs_target=bool(row.get("targets")),
            severity=Severity(row["severity"]) if "severity" in row else None,
            message=row.get("message", messages["message"]),
            question=row.get("question", messages["question"]),
            rewrites=tuple(row.get("rewrites", ())),
            shapes=frozenset(row.get("shapes", ())),
        )


@cache
def tables_of(language: str) -> Tables:
    """The tables of a language; those of English for one that there is none of."""
    folder = PACKAGE / (language if language in LANGUAGES else "en")
    if not (folder / "rules.toml").is_file():
        folder = PACKAGE / "en"
    return Tables(folder)
