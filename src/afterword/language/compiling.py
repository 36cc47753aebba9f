"""The tables of a language, read from its folder and made into plain values.

`python -m afterword.language.compiling` leaves them as `tables.bin` in each language's folder, as the build
of the package does: reading the files themselves takes a fifth of a second of a slow machine, and a program
that an editor starts at every pause has less.
"""

from __future__ import annotations

import marshal
import os
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from afterword.language import patterns
from afterword.language.findings import CATEGORIES, LANGUAGES, PACKAGE, Severity
from afterword.language.patterns import Atom, Choice, Node, Pattern, Repeat, compile_pattern
from afterword.language.tables import COMPILED, DYNAMIC, NEEDS_MAX, SHAPES, fingerprint_of, places_of

# A word of these classes is in every other sentence, and a shape in each: they tell little of a sentence.
_COMMON = (
    "STOP",
    "PREP",
    "DET",
    "BE",
    "HAVE",
    "DO",
    "MODAL",
    "PUNCT",
    "ADV",
    "CONJ",
    "ARTIKEL",
    "HATTE",
    "IST",
)
COMMON_WORD_WEIGHT = 50
COMMON_SHAPE_WEIGHT = 10_000
# What keeps a rule silent, and what the same is called where it holds for a category.
_SILENT = (("before", "before"), ("after", "after"), ("unless", "anywhere"))


def read_folder(folder: str) -> dict[str, Any]:
    """Everything that the folder of a language brings, as `Tables` wants it: plain values only.

    Raises PatternError, ValueError or KeyError, which name what is wrong with a table.
    """
    return _Folder(folder).data()


def write_compiled(folder: str) -> bool:
    """Leave what the folder brings as a file in it; False when the one there is right already."""
    path = os.path.join(folder, COMPILED)
    fingerprint = fingerprint_of(folder)
    try:
        with open(path, "rb") as file:
            if file.read(len(fingerprint)) == fingerprint:
                return False
    except OSError:
        pass
    content = fingerprint + marshal.dumps(read_folder(folder))
    beside = f"{path}.{os.getpid()}"
    with open(beside, "wb") as file:
        file.write(content)
    os.replace(beside, path)
    return True


class _Folder:
    """One reading of `words.txt`, `names.txt` and `rules.toml`; the package's docstring has their forms."""

    def __init__(self, folder: str) -> None:
        with open(os.path.join(folder, "rules.toml"), "rb") as file:
            self.raw: dict[str, Any] = tomllib.load(file)
        self.macros: dict[str, str] = self.raw.get("macros", {})
        self.bits: dict[str, int] = {}
        self.known: dict[str, int] = {}
        self.forms: dict[tuple[str, str], str] = {}
        self.bases: dict[str, str] = {}
        self.endings: list[tuple[str, int, int]] = []
        self._inflections: list[tuple[re.Pattern[str], str, tuple[str, ...]]] = []
        self._slots: tuple[str, ...] = ()
        for shape in SHAPES:
            self._bit(shape)
        self._words(os.path.join(folder, "words.txt"))
        self._names(os.path.join(folder, "names.txt"))
        self.classes = frozenset(self.bits) | DYNAMIC | {"_"}
        self._compiled: dict[str, Node] = {}
        self._words_with: Counter[str] = Counter()

    def data(self) -> dict[str, Any]:
        """What `Tables` is made of. Compiles every pattern, so that what cannot be read is found here."""
        rules = [self._rule(row) for row in self.raw["rule"]]
        agents: dict[str, str] = self.raw.get("agents", {})
        for source in agents.values():
            self._pattern(source)
        literals = sorted(
            {
                name
                for node in self._compiled.values()
                if isinstance(node, Atom)
                for names, _ in node.conjuncts
                for name in names
                if name not in self.classes
            }
        )
        common = sum(self.bits.get(name, 0) for name in _COMMON)
        for word in literals:
            self._words_with[word] = COMMON_WORD_WEIGHT if self.known.get(word, 0) & common else 1
        class_names = tuple(self.bits)
        for bits in self.known.values():
            weight = COMMON_WORD_WEIGHT if bits & common else 1
            for place in places_of(bits):
                self._words_with[class_names[place]] += weight
        for shape in SHAPES:
            self._words_with[shape] = COMMON_SHAPE_WEIGHT
        return {
            "settings": self.raw["settings"],
            "macros": self.macros,
            "messages": self.raw["messages"],
            "shouting": tuple(self.raw.get("acronyms", {}).get("known", "").split()),
            "bits": self.bits,
            "known": self.known,
            "literals": tuple(literals),
            "endings": tuple(self.endings),
            "agents": tuple(agents.items()),
            "rules": tuple(rule | {"about_people": self._is_about_people(rule["pattern"])} for rule in rules),
            "calls": self._calls([*(rule["pattern"] for rule in rules), *agents.values()]),
            # Only rewrites ask for forms.
            "forms": marshal.dumps((self.forms, self.bases)),
        }

    def _bit(self, name: str) -> int:
        bit = self.bits.get(name)
        if bit is None:
            bit = self.bits[name] = 1 << len(self.bits)
        return bit

    def _tag_all(self, words: Iterable[str], names: Iterable[str]) -> None:
        bits = 0
        for name in names:
            bits |= self._bit(name)
        for word in words:
            self.known[word] = self.known.get(word, 0) | bits

    def _names(self, path: str) -> None:
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                for line in file:
                    if not line.startswith("#"):
                        self._tag_all(line.lower().split(), ["NAME"])

    def _words(self, path: str) -> None:
        with open(path, encoding="utf-8") as file:
            for line in map(str.strip, file):
                if line and not line.startswith("#"):
                    self._line(line)

    def _line(self, line: str) -> None:
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
                self.endings.append((ending, bit, len(ending) + 2))
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

    def _rule(self, row: Mapping[str, Any]) -> dict[str, Any]:
        category = row["category"]
        if category not in CATEGORIES:
            raise ValueError(f"there is no category {category}")
        silences = self.raw.get("silence", {})
        ends = {
            place: (
                *silences.get("all", {}).get(everywhere, ()),
                *silences.get(category, {}).get(everywhere, ()),
                *row.get(place, ()),
            )
            for place, everywhere in _SILENT
        }
        for sources in ((row["pattern"],), *ends.values()):
            for source in sources:
                self._pattern(source)
        messages = self.raw["messages"][category]
        return {
            "name": row["name"],
            "category": category,
            "pattern": row["pattern"],
            **ends,
            "targets": tuple(row.get("targets", ())),
            "severity": Severity(row["severity"]).value if "severity" in row else "",
            "message": row.get("message", messages["message"]),
            "question": row.get("question", messages["question"]),
            "rewrites": tuple(row.get("rewrites", ())),
            "shapes": tuple(row.get("shapes", ())),
        }

    def _pattern(self, source: str) -> Pattern:
        return compile_pattern(source, self.macros, classes=self.classes, compiled=self._compiled)

    def _is_about_people(self, source: str) -> bool:
        """True when every match has somebody who acts."""
        return any(
            not negative and set(names) <= DYNAMIC
            for atom in self._pattern(source).needs
            for names, negative in atom.conjuncts
        )

    def _calls(self, sources: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """For a name of words, the patterns that such a word may call, as bits.

        A pattern has up to NEEDS_MAX needs: names of which every match has a word. The first number is of the
        patterns that have the name in their first need, and so on. Under the empty name are those that need
        less than so many.
        """
        calls: dict[str, list[int]] = {"": [0] * NEEDS_MAX}
        for number, source in enumerate(sources):
            needs = {need for part in self._pattern(source).parts for need in self._needs(part)}
            rarest = sorted(needs, key=lambda need: (self._count(need), need))[:NEEDS_MAX]
            for place in range(NEEDS_MAX):
                for name in rarest[place] if place < len(rarest) else ("",):
                    calls.setdefault(name, [0] * NEEDS_MAX)[place] |= 1 << number
        return {name: tuple(numbers) for name, numbers in calls.items()}

    def _count(self, names: tuple[str, ...]) -> int:
        return sum(self._words_with[name] for name in names)

    def _needs(self, node: Node) -> list[tuple[str, ...]]:
        """For each word that every match of the node has, names of which it has one."""
        if isinstance(node, Atom):
            return [
                tuple(sorted(names))
                for names, negative in node.conjuncts
                if not negative and names != ("PUNCT",) and DYNAMIC.isdisjoint(names) and "_" not in names
            ]
        if isinstance(node, patterns.Sequence):
            return [need for part in node.parts for need in self._needs(part)]
        if isinstance(node, Repeat):
            return self._needs(node.part) if node.least else []
        if isinstance(node, Choice):
            either: set[str] = set()
            for option in node.options:
                needs = self._needs(option)
                if not needs:
                    return []
                either.update(sorted(needs, key=self._count)[0])
            return [tuple(sorted(either))]
        return []


def main() -> int:
    """Write the compiled tables of every language; says which were made."""
    for language in LANGUAGES:
        folder = os.path.join(PACKAGE, language)
        if os.path.isfile(os.path.join(folder, "rules.toml")) and write_compiled(folder):
            sys.stdout.write(f"Language tables: made {language}/{COMPILED}.\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
