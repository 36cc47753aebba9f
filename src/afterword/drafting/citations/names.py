"""Names in a claim that the cited evidence has not. Pure.

A word with a capital within a sentence is a name. At its beginning every word has one: there it is a name
where it is known as one, and a person should look where it is no word that everybody uses of incidents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.reading import MONTHS, NUMBER_WORDS, WEEKDAYS, stem, words
from afterword.drafting.citations.vocabulary import EVERYDAY_STEMS
from afterword.drafting.evidence.book import EvidenceBook
from afterword.language.tables import tables_of

_MONTHS_AND_ZONES = """
UTC I Monitoring Monday Tuesday Wednesday Thursday Friday Saturday Sunday
January February March April May June July August September October November December
Jan Feb Mar Apr Jun Jul Aug Sep Oct Nov Dec
"""
NOT_NAMES = frozenset(_MONTHS_AND_ZONES.split())
_BEGINS = re.compile(r"(?:^|[.!?:…]\s+)\W*")
_EVERYDAY_ENDINGS = re.compile(
    r"(?:ed|ing|ings|tions?|sions?|ments?|ness|ities|ity|ances?|ences?|ables?|less)$"
)
ENDING_CHARACTERS_MIN = 6
"""Of a word that is told by its ending: sing and Reed are none."""
NAME_CHARACTERS_MIN = 3


def check_names(text: str, known: Known, book: EvidenceBook) -> Iterator[Finding]:
    """Names of the organisation, and words that look like names, that the evidence has not."""
    told: set[str] = set()
    # Of thousands of names a claim has one or two: only for those is it worth to look closely.
    there = (name for name in book.names if name and name in text)
    for name in sorted(there, key=lambda one: (-len(one), one)):
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        if re.search(pattern, text) and not known.has_words(name):
            told.add(name)
            yield Finding("name", name, "The evidence does not speak of it.")
            text = re.sub(pattern, " ", text)
    begins = {match.end() for match in _BEGINS.finditer(text)}
    stems = known.stems
    for word in words(text):
        if not word.text[0].isupper() or len(word.text) < 2:
            continue
        is_known = word.text in NOT_NAMES or word.text.casefold() in NUMBER_WORDS or stem(word.text) in stems
        if is_known or any(word.text in one for one in told):
            continue
        if word.start not in begins or is_name(word.text):
            yield Finding("name", word.text, "The evidence does not name this.")
        elif not is_everyday(word.text):
            yield Finding("weak", word.text, "The evidence does not have this word. Is it a name?")


def check_small_names(text: str, known: Known, book: EvidenceBook) -> Iterator[Finding]:
    """Names of services in small letters, as in “the pool of search”, that may be none."""
    for name in sorted(name for name in book.names if name.casefold() in text):
        small = name.casefold()
        if small == name or len(small) < NAME_CHARACTERS_MIN or is_of_person(name):
            continue
        if known.has_words(name) or all(stem(word.text) in known.stems for word in words(small)):
            continue
        if re.search(rf"(?<!\w){re.escape(small)}(?!\w)", text):
            yield Finding("weak", small, f"The evidence does not speak of {name}. Is it meant?")


def names_in(text: str, book: EvidenceBook) -> list[str]:
    """The names of services and teams that stand in a text, and of no person."""
    # Of thousands of names a claim has one or two.
    there = (name for name in book.names if name and name in text)
    return sorted(
        name
        for name in there
        if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) and not is_of_person(name)
    )


@lru_cache(maxsize=4_096)
def is_name(word: str) -> bool:
    """Whether it is surely a name: of a program, or of a person and nothing else."""
    if stem(word) in EVERYDAY_STEMS:
        return False
    classes = _classes_of(word)
    return "SYSTEM" in classes or {"NAME", "UNKNOWN"} <= classes


@lru_cache(maxsize=4_096)
def is_everyday(word: str) -> bool:
    """Whether it is a word of English as people write it of incidents, by our lists and by its ending."""
    small = word.casefold()
    if stem(small) in EVERYDAY_STEMS or small in MONTHS or small in WEEKDAYS:
        return True
    if len(small) >= ENDING_CHARACTERS_MIN and _EVERYDAY_ENDINGS.search(small):
        return True
    bare = re.split("['’]", small)[0]
    forms = {bare, bare.removesuffix("s"), bare.removesuffix("es")} - {""}
    return any(not {"UNKNOWN", "SYSTEM"} & _classes_of(form) for form in forms)


def is_of_person(name: str) -> bool:
    """Whether it begins with a first name."""
    classes = _classes_of(name.split()[0]) if name.strip() else frozenset()
    return bool({"NAME", "DOUBTFUL"} & classes)


def _classes_of(word: str) -> frozenset[str]:
    # The tables take a while to load, and most claims say what their evidence says.
    return frozenset(tables_of("en").read(word)[0].names)
