"""People's names in a text, however they are written. Pure: no Django.

A text is read once, word by word, and each word looked up: ten thousand people cost no more than ten.
Case, accents and what stands between the parts of a name do not matter (`ANA-SILVA`, `Silva, Ana`,
`ana_silva`, `anasilva`, `Muller` for `Müller`). Scripts without spaces are looked up letter by letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

NAME_CHARACTERS_MIN = 3
"""A single name shorter than this is found only as part of a full name."""
GAP_CHARACTERS_MAX = 3
"""Between the parts of a name: `, ` and `%20` and `. `. White space counts as one."""


@dataclass(frozen=True)
class KnownPerson:
    """Somebody of the organisation, and the words that stand in the place of the name."""

    name: str
    email: str
    words: str
    was_there: bool
    """Whether they had a part in the incidents: then the first or the last name alone is found too."""


class Found(NamedTuple):
    """A name in a text."""

    start: int
    end: int
    words: str


class Names:
    """The names of many people, to be found in texts."""

    def __init__(self, people: Iterable[KnownPerson]) -> None:
        self._spaced: dict[str, list[_Spelling]] = {}
        self._unspaced: dict[str, list[_Spelling]] = {}
        for person in people:
            self._add(person)
        for spellings in self._spaced.values():
            spellings.sort(key=lambda one: len(one.parts), reverse=True)
        for spellings in self._unspaced.values():
            spellings.sort(key=lambda one: len(one.parts[0]), reverse=True)

    def find(self, text: str, passes: Callable[[str], bool] = lambda _: False) -> Iterator[Found]:
        """Every name, the longest where several begin, in order and apart from one another.

        What `passes` says yes to may stand.
        """
        folded, places = _fold_with_places(text)
        words = list(_WORD.finditer(folded))
        after = 0
        for start, end, spelling in self._matches(folded, words):
            first, last = places[start], places[end]
            if first < after:
                continue
            written = text[first:last]
            at_sign = first > 0 and text[first - 1] == "@"
            if not spelling.holds(written, at_sign) or passes(written):
                continue
            if at_sign:
                first -= 1
                if passes(text[first:last]):
                    continue
            yield Found(first, last, spelling.words)
            after = last

    def _matches(self, folded: str, words: list[re.Match[str]]) -> Iterator[tuple[int, int, _Spelling]]:
        for place, word in enumerate(words):
            for spelling in self._spaced.get(word.group(), ()):
                end = _end_of(folded, words[place : place + len(spelling.parts)], spelling.parts)
                if end is not None:
                    yield word.start(), end, spelling
            if self._unspaced and not word.group().isascii():
                yield from self._matches_in(folded, word)

    def _matches_in(self, folded: str, word: re.Match[str]) -> Iterator[tuple[int, int, _Spelling]]:
        for start in range(word.start(), word.end()):
            for spelling in self._unspaced.get(folded[start], ()):
                if folded.startswith(spelling.parts[0], start):
                    yield start, start + len(spelling.parts[0]), spelling

    def _add(self, person: KnownPerson) -> None:
        name = " ".join(unicodedata.normalize("NFC", person.name).split())
        account = person.email.partition("@")[0]
        for written in dict.fromkeys((name, _with_e(name))):
            self._add_name(written, person)
        parts = _parts(account)
        if parts:
            is_telling = len(parts) > 1 or any(character.isdigit() for character in account)
            is_usable = is_telling or (person.was_there and len(parts[0]) >= NAME_CHARACTERS_MIN)
            self._put(parts, person.words, needs_at=not is_usable)

    def _add_name(self, name: str, person: KnownPerson) -> None:
        if any(_is_unspaced(character) for character in name):
            self._add_unspaced(name, person)
            return
        parts = _parts(name)
        if not parts:
            return
        if len(parts) > 1:
            whole = {parts, (*parts[1:], parts[0]), (parts[-1], *parts[:-1]), (parts[0], parts[-1])}
            for one in sorted(whole):
                self._put(one, person.words)
            if len("".join(parts)) > 2 * NAME_CHARACTERS_MIN:
                self._put(("".join(parts),), person.words)
                self._put((parts[0] + parts[-1],), person.words)
        elif not person.was_there:
            self._put(parts, person.words)
        pieces = name.split(" ")
        # `ONeil` for `O'Neil`.
        joined = tuple(filter(None, ("".join(_parts(piece)) for piece in pieces)))
        if len(joined) > 1:
            self._put(joined, person.words)
        for place, piece in enumerate(pieces):
            small = _parts(piece)
            if not small or "".join(small) in PARTICLES:
                if small and place and person.was_there and place + 1 < len(joined):
                    self._put(joined[place:], person.words)
                continue
            is_long = len(piece) >= NAME_CHARACTERS_MIN or not piece.isascii()
            self._put(small, person.words, needs_at=not (person.was_there and is_long))

    def _add_unspaced(self, name: str, person: KnownPerson) -> None:
        pieces = fold_name(name).split(" ")
        spellings = {"".join(pieces), "".join(reversed(pieces))}
        spellings |= {between.join(pieces) for between in (" ", "・", "-", ".")}
        if person.was_there:
            spellings |= set(pieces)
        for one in sorted(spellings - {""}):
            self._unspaced.setdefault(one[0], []).append(_Spelling((one,), person.words, False))

    def _put(self, parts: tuple[str, ...], words: str, *, needs_at: bool = False) -> None:
        spellings = self._spaced.setdefault(parts[0], [])
        for place, one in enumerate(spellings):
            if one.parts == parts:
                if one.needs_at and not needs_at:
                    spellings[place] = _Spelling(parts, words, needs_at)
                return
        spellings.append(_Spelling(parts, words, needs_at))


@dataclass(frozen=True, slots=True)
class _Spelling:
    """One way to write a name."""

    parts: tuple[str, ...]
    words: str
    needs_at: bool
    """Whether it is a name only behind an @."""

    def holds(self, written: str, at_sign: bool) -> bool:
        if at_sign:
            return True
        if self.needs_at:
            return False
        # "will" is a verb where "Will" was there.
        return not (len(self.parts) == 1 and self.parts[0] in COMMON_WORDS and written.islower())


def fold_name(text: str) -> str:
    """A name as names are compared: without case and accents."""
    return "".join(_fold_character(character) for character in unicodedata.normalize("NFC", text))


def _end_of(folded: str, words: list[re.Match[str]], parts: tuple[str, ...]) -> int | None:
    """Where the name ends whose parts these words are; None when they are not."""
    if len(words) < len(parts) or any(word.group() != part for word, part in zip(words, parts, strict=False)):
        return None
    for one, other in pairwise(words):
        gap = folded[one.end() : other.start()]
        if len(gap) > GAP_CHARACTERS_MAX and not gap.isspace():
            return None
    return words[-1].end()


def _parts(name: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(fold_name(name)))


def _with_e(name: str) -> str:
    """`Mueller` for `Müller`, as those write it who have no such key."""
    return name.translate(_UMLAUTS)


def _fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters (and its end) the place in `text`."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for one in _fold_character(character):
            folded.append(one)
            places.append(place)
    places.append(len(text))
    # A place at which a character of the text ends is that at which the next one begins.
    return "".join(folded), places


def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    known = _folded.get(character)
    if known is None:
        plain = unicodedata.normalize("NFKC", character)
        if not _is_unspaced(character):
            plain = "".join(one for one in unicodedata.normalize("NFD", plain) if not _is_mark(one))
        known = plain.casefold().translate(_LETTERS).translate(_LOOKALIKES)
        known = unicodedata.normalize("NFC", known)
        if len(_folded) < _FOLDED_MAX:
            _folded[character] = known
    return known


def _is_mark(character: str) -> bool:
    return any(first <= character <= last for first, last in _MARKS)


def _is_unspaced(character: str) -> bool:
    return any(first <= character <= last for first, last in _UNSPACED)


_WORD = re.compile(r"[^\W_]+")
_UNSPACED = (("\u0e00", "\u0eff"), ("\u2e80", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"))
"""Thai and Lao; Han, kana and their like; Hangul: words are not apart from one another."""
_MARKS = (
    ("\u0300", "\u036f"),
    ("\u1ab0", "\u1aff"),
    ("\u1dc0", "\u1dff"),
    ("\u20d0", "\u20ff"),
    ("\ufe20", "\ufe2f"),
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa"})
_LETTERS = str.maketrans(
    {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "’": "'"}
)
_LOOKALIKES = str.maketrans(
    "\u0430\u0432\u0435\u0455\u0456\u0458\u043a\u04cf\u043c\u043d\u043e\u0440\u051b\u0442\u0441\u0443\u0445"
    "\u051d\u04bb\u0501\u0475\u0251\u0261\u03bf\u03b1\u03b2\u03b5\u03ba\u03bd\u03c1\u03c4\u03c5\u03c7\u03b9"
    "\u0585\u057d\u0570\u0578\u0581",
    "abesijklmhopqtcyxwhdvagoabekvptyxiouhng",
)
"""Small letters of Cyrillic, Greek, the phonetic alphabet and Armenian that are drawn like Latin ones, by
Unicode's confusables (UTS 39). Names and texts are folded alike: a name in those scripts is still found."""
_FOLDED_MAX = 20_000
_folded: dict[str, str] = {}

PARTICLES = frozenset(
    """
    al bin da das de del della den der di dos du el ibn la las le los mac mc of san st the van von
    zu
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
)
"""Parts of names that are never a name alone."""

COMMON_WORDS = frozenset(
    """
    ace angel april art august autumn baker bay bill bishop black bond book booth brook brown bush
    can carol case chance chase chip christian clay cliff close cole cook cross crystal dale dawn
    day dean dell don drew duke earl early east ever faith field fields first fisher forest fox
    frank free gene glen good grace grant gray green grey guy hall harmony harper heath hill hope
    host house hunt hunter iris ivy jack jade jasmine jay jean jewel john joy june king lake lance
    law lee long lord love major march mark marks marsh mason may mercy miles miller mills misty
    moon moore norm olive page park parks pat patience pearl penny pierce pilot pitt poe pope price
    prince queen ray read red reed reid rich rick ring river rob robin rock root rose ross ruby rush
    sage sandy saturn scott short shell sky skip small son star stack stone storm sue summer sunny
    terry tom tony trace trip troy tucker tyler victor violet wade walker wall ward waters webb west
    white will wills wing winter wolf wood woods young
    """.split()  # noqa: SIM905 - a list of one word a line reads worse
)
"""Names that are words, too: written small they are the word."""
