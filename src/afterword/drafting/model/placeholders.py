"""What does not leave the house: people and secrets, as placeholders that are undone here. Pure: no Django.

What is found is what the public edition of a post-mortem takes out (`postmortems.publishing`): names of the
organisation's people however they are written, keys and passwords, addresses of mail, phones, machines, and
links. Beside these: whoever is mentioned by an @, first names of people that nobody here knows, and people
whom the evidence itself names (`strangers`). Where a text is wholly a name, as that of who said something, it
is hidden whatever the name is: “mark”, “Jo” and “deploy” too. Names of machines and services may go out: a
draft is about them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cache
from pathlib import Path
from typing import Any

from afterword import language
from afterword.drafting.blame import is_somebody, people_of, words_of_services
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.model.strangers import strangers_in
from afterword.postmortems.publishing.names import INVISIBLE, KnownPerson, Names, fold_name
from afterword.postmortems.publishing.patterns import Kind, Policy
from afterword.postmortems.publishing.redaction import Redactor

NOT_SHOWN = "…"
"""In the place of a text in which something private is left: nobody keeps the rest from being sent by it."""
PASSES_MAX = 2
"""What stands right behind something private may be seen to be private only then."""
PLACEHOLDERS_MAX = 2_000
"""In one section; what is found beyond them is not sent."""
NOUNS = {
    Kind.PERSON: "PERSON",
    Kind.EMAIL: "EMAIL",
    Kind.SECRET: "SECRET",
    Kind.ADDRESS: "ADDRESS",
    Kind.PHONE: "PHONE",
    Kind.LINK: "LINK",
}
_SHAPE = r"(?:PERSON|EMAIL|SECRET|ADDRESS|PHONE|LINK|TEXT)_\d{1,6}[a-z]{0,2}"
_PLACEHOLDER = re.compile(rf"(?<![A-Z]){_SHAPE}(?!(?!{_SHAPE})[A-Za-z0-9]|_[A-Za-z0-9])")
"""It ends in front of another, of a letter of a script that has no spaces, and of a mark of Markdown too."""
_JOINED_BEFORE = re.compile(r"[A-Za-z0-9]*[A-Z]\Z")
_JOINED_BEHIND = re.compile(r"_?[A-Za-z0-9]\w*")
"""Beside a name, as in `ada_db_1`: it is hidden with the name, for a placeholder would not end there."""
_LIKE_ONE = re.compile(
    r"(?<![A-Za-z])(?:(?i:person)[\W_]{0,3}\d+\w*|(?:EMAIL|SECRET|ADDRESS|PHONE|LINK|TEXT)[\W_]{0,3}\d+\w*"
    r"|(?i:email|secret|address|phone|link|text)_\d+\w*)"
)
"""A placeholder as somebody writes it who does not copy it."""
_MENTION = re.compile(r"(?<![\w@/.])@[^\W\d_][\w.-]{0,60}(?<![.-])")
_CAPITALISED = r"[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)?(?![\w])"
_FULL_NAME = re.compile(rf"(?<![\w-])({_CAPITALISED})(?: (?!PERSON_|EMAIL_){_CAPITALISED})?")


class TooMuchToHide(Exception):
    """There is more to hide than there are placeholders."""


class Known:
    """Whose names are hidden, made ready once for all sections of a draft."""

    def __init__(self, people: Iterable[tuple[str, str]], book: EvidenceBook) -> None:
        """`people` by name and mail address; whom the evidence names is known beside them, by a field or
        by what it says of them."""
        known = {name: email for name, email in people if name.strip()}
        for name in (*sorted(people_of(book)), *strangers_in(book)):
            known.setdefault(name, "")
        self.whole_names = {f"person {place}": name for place, name in enumerate(known)}
        self._wholes: dict[str, str] = {}
        for who, name in self.whole_names.items():
            self._wholes.setdefault(_folded(name), who)
        ours = words_of_services(book)
        self.names = Names(
            # Who wrote in a chat may be called “Provider support”, and “provider” is nobody.
            KnownPerson(name, email, who, was_there=bool(email) or is_somebody(name, ours))
            for (name, email), who in zip(known.items(), self.whole_names, strict=True)
            if email or _is_found_in_texts(name, ours)
        )
        self._redactor = Redactor(Policy())

    def whole(self, text: str) -> str | None:
        """Who it is whose name is all of a text."""
        return self._wholes.get(_folded(text)) if text.strip() else None

    def redactor(self, name_for: Callable[[Kind, str, str], str]) -> Redactor:
        """One that calls what it finds, beside names, by these words."""
        mine = copy(self._redactor)
        mine.name_for = name_for
        mine.forget()
        return mine


def _is_found_in_texts(name: str, ours: frozenset[str]) -> bool:
    """Whether a text that has this name means who has it: whoever writes as “deploy” is not the deploy."""
    is_one_word = len(name.split()) == 1
    return not (is_one_word and not is_somebody(name, ours)) and not _PLACEHOLDER.search(name)


def _folded(name: str) -> str:
    if not name.isascii():
        name = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    seen = " ".join(name.split())
    return fold_name(seen.strip("@*_`: ") or seen)


class Veil:
    """Hides what is private in what is sent, and puts it back into what is answered. For one section.

    The same always gets the same placeholder. Of a person `PERSON_1` is the name, `PERSON_1b` another way to
    write it.
    """

    def __init__(self, known: Known) -> None:
        self._known = known
        self._redactor = known.redactor(self._placeholder)
        self._by_original: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._people: dict[str, int] = {}

    def hide(self, text: str) -> str:
        """The text with placeholders, or `NOT_SHOWN` where they do not hide all. Raises TooMuchToHide."""
        if (who := self._known.whole(text)) is not None:
            return self._person(who, text, is_all=True)
        # Who writes `PERSON_1` into the evidence shall not get a name for it.
        text = _PLACEHOLDER.sub(lambda found: self._named("TEXT", found[0]), INVISIBLE.sub("", text))
        for _ in range(PASSES_MAX):
            text = self._redactor.redact_text(text)
            text = _without_names(text, self._known.names, self._person)
            text = _MENTION.sub(lambda found: self._person(found[0], found[0]), text)
            text = _without_strangers(text, self._person)
            if not self.private_in(text):
                return text
        return NOT_SHOWN

    def hide_person(self, name: str) -> str:
        """The same for what is somebody's name, whatever it says."""
        return self._person(self._known.whole(name) or name, name, is_all=True) if name.strip() else ""

    def hide_all(self, told: Any) -> Any:
        """The same for JSON: every text in it, and every key."""
        if isinstance(told, str):
            return self.hide(told)
        if isinstance(told, Mapping):
            return {self.hide(str(name)): self.hide_all(value) for name, value in told.items()}
        if isinstance(told, list | tuple):
            return [self.hide_all(one) for one in told]
        return told

    def reveal(self, text: str) -> str:
        """The text with every placeholder undone that this veil has given."""
        return _PLACEHOLDER.sub(lambda found: self._originals.get(found[0], found[0]), text)

    def strange_in(self, text: str) -> list[str]:
        """What looks like a placeholder in a text before it is revealed, and is none of this veil's."""
        rest = _PLACEHOLDER.sub(lambda found: " " if found[0] in self._originals else found[0], text)
        return [found.strip() for found in _LIKE_ONE.findall(rest)]

    def private_in(self, text: str) -> bool:
        """Whether somebody's name or something secret stands in a text, beside the placeholders."""
        found: list[str] = []

        def note(kind: Kind, before: str, words: str) -> str:
            if kind in NOUNS and not _PLACEHOLDER.fullmatch(before):
                found.append(before)
            return before

        shown = self._known.redactor(note).redact_text(text)
        return (
            bool(found)
            or (self._known.whole(text) is not None and not _PLACEHOLDER.search(text))
            or _without_names(shown, self._known.names, _nobody) != shown
            or bool(_MENTION.search(text))
            or _without_strangers(text, _nobody) != text
        )

    @property
    def people(self) -> frozenset[str]:
        """The people for whom placeholders were given, as they were written."""
        return frozenset(
            self._originals[placeholder]
            for placeholder in self._originals
            if placeholder.startswith(NOUNS[Kind.PERSON])
        )

    def _placeholder(self, kind: Kind, before: str, words: str) -> str:
        if kind not in NOUNS or _PLACEHOLDER.fullmatch(before):
            return before
        return self._named(NOUNS[kind], before)

    def _person(self, who: str, written: str, *, is_all: bool = False) -> str:
        """`who` is the same however the name is written. `is_all`: no placeholder is part of what is written,
        even if it looks so."""
        if (known := self._by_original.get((who, written))) is not None:
            return known
        number = self._people.setdefault(who, len(self._people) + 1)
        spellings = sum(1 for one, _ in self._by_original if one == who)
        is_name = written == self._known.whole_names.get(who, written)
        # The plain number is the whole name's, whether or not that comes first.
        letter = "" if is_name else _letters(spellings)
        return self._given(who, written, f"PERSON_{number}{letter}", is_all=is_all)

    def _named(self, noun: str, written: str) -> str:
        if (known := self._by_original.get((noun, written))) is not None:
            return known
        self._numbers[noun] = self._numbers.get(noun, 0) + 1
        placeholder = f"{noun}_{self._numbers[noun]}"
        return self._given(noun, written, placeholder, is_all=noun == "TEXT")

    def _given(self, group: str, written: str, placeholder: str, *, is_all: bool) -> str:
        if len(self._originals) >= PLACEHOLDERS_MAX or placeholder in self._originals:
            raise TooMuchToHide
        self._by_original[group, written] = placeholder
        # A link may hold a secret that was hidden before it; what only looks like a placeholder stays so.
        self._originals[placeholder] = written if is_all else self.reveal(written)
        return placeholder


def _letters(place: int) -> str:
    """b to z, then bb and so on, as far as a placeholder has room for them."""
    if place >= len(LETTERS) * (len(LETTERS) + 1):
        raise TooMuchToHide
    before = _letters(place // len(LETTERS) - 1) if place >= len(LETTERS) else ""
    return before + LETTERS[place % len(LETTERS)]


LETTERS = "bcdefghijklmnopqrstuvwxyz"


def _nobody(who: str, written: str) -> str:
    return ""


def _without_names(text: str, names: Names, placeholder: Callable[[str, str], str]) -> str:
    """A text with placeholders, without names between them: nobody called Person stands in `PERSON_1`."""
    pieces: list[str] = []
    position = 0
    for found in _PLACEHOLDER.finditer(text):
        pieces += [_names_replaced(text[position : found.start()], names, placeholder), found[0]]
        position = found.end()
    return "".join([*pieces, _names_replaced(text[position:], names, placeholder)])


def _names_replaced(text: str, names: Names, placeholder: Callable[[str, str], str]) -> str:
    pieces: list[str] = []
    position = 0
    for found in names.find(text):
        if found.start < position:
            continue
        before = _JOINED_BEFORE.search(text, position, found.start)
        behind = _JOINED_BEHIND.match(text, found.end)
        start, end = before.start() if before else found.start, behind.end() if behind else found.end
        pieces += [text[position:start], placeholder(found.words, text[start:end])]
        position = end
    return "".join([*pieces, text[position:]])


def _without_strangers(text: str, placeholder: Callable[[str, str], str]) -> str:
    """First names that are no words, with the names behind them, as one person each."""
    pieces: list[str] = []
    position = 0
    for found in _FULL_NAME.finditer(text):
        if found[1].casefold() not in _first_names():
            continue
        pieces += [text[position : found.start()], placeholder(found[0], found[0])]
        position = found.end()
    return "".join([*pieces, text[position:]])


@cache
def _first_names() -> frozenset[str]:
    """First names of many countries that are neither words nor programs, as the language check knows them."""
    return frozenset(
        name
        for code in language.LANGUAGES
        if (path := Path(language.__file__).parent / code / "names.txt").is_file()
        for line in path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
        for name in line.split()
    )
