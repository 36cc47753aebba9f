"""Words as they are indexed and looked for, alike on both databases. Pure.

A word is a run of letters and digits, in lower case and without accents; a Chinese or Japanese character is
a word of its own, for nothing stands between words there. Both databases get words that are cut already, so
that neither its own rules nor its locale decide what is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

SEARCH_CHARACTERS_MAX = 200
WORD_CHARACTERS_MAX = 100
"""What is longer is found by its beginning."""
DOCUMENT_BYTES_INDEXED_MAX = 400_000
"""Of one document's words. PostgreSQL takes a vector of 1 MB, which the words of 400 KB never reach."""
POSITION_MAX = 16_383
"""PostgreSQL counts no further: behind it words are found, but not as a phrase."""
POSITIONS_OF_ONE_WORD_MAX = 255
SORT_CHARACTERS_MAX = 200
BETWEEN = "\u00b6"
"""Stands between two sections, so that no phrase goes from one into the other. It is no word."""
EXCERPT_CHARACTERS_BEFORE = 60
EXCERPT_CHARACTERS_MAX = 220

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
_TERM = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)(?P<end>"|$)|(?P<word>[^\s"]+))')
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """`Łódź` and `LODZ` alike: `lodz`."""
    if word.isascii():
        return word.lower()[:WORD_CHARACTERS_MAX]
    flat = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(letter for letter in flat if not unicodedata.combining(letter)).translate(_LETTERS)
    # What a sign falls apart into need not be letters, as in ½.
    return "".join(letter for letter in plain if letter.isalnum())[:WORD_CHARACTERS_MAX]


def words_of(text: str) -> list[str]:
    """The words of a text in their order, folded."""
    return [word for word in map(fold, _WORD.findall(text)) if word]


@dataclass(frozen=True)
class IndexedText:
    """What the index has of one document."""

    title: list[str]
    body: list[str]
    """The words of the sections and fields, `BETWEEN` after each."""

    def vector(self) -> str:
        """As PostgreSQL writes a vector: the words with their places, those of the title with weight A."""
        places: dict[str, list[str]] = {}
        for position, word in enumerate(self.title, start=1):
            _note(places, word, f"{min(position, POSITION_MAX)}A")
        for position, word in enumerate(self.body, start=len(self.title) + 2):
            if word != BETWEEN:
                _note(places, word, f"{min(position, POSITION_MAX)}B")
        return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())

    def sort_title(self) -> str:
        """The beginning of the title, as titles are put in order."""
        return " ".join(self.title)[:SORT_CHARACTERS_MAX]

    def title_vector(self) -> str:
        """The title alone."""
        return IndexedText(self.title, []).vector()


def indexed_text(title: str, texts: Iterable[str]) -> IndexedText:
    """What is indexed of a document: at most `DOCUMENT_BYTES_INDEXED_MAX`, the first ones of it."""
    body: list[str] = []
    left = DOCUMENT_BYTES_INDEXED_MAX
    for text in texts:
        words = words_of(text)
        size = sum(len(word.encode()) + 1 for word in words)
        if size > left:
            words = list(_within(words, left))
        left -= size
        body += words
        if words:
            body.append(BETWEEN)
        if left <= 0:
            break
    return IndexedText(words_of(title), body)


@dataclass(frozen=True)
class Term:
    """A word, or several that stand one behind the other."""

    words: tuple[str, ...]
    is_excluded: bool = False
    is_beginning: bool = False
    """Whether the last of the words may go on."""


@dataclass(frozen=True)
class SearchQuery:
    """What somebody looks for: all terms, but none of the excluded ones."""

    terms: tuple[Term, ...]

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_excluded)

    @property
    def excluded(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_excluded)

    def for_sqlite(self) -> str:
        """In the language of FTS5. All words stand in quotation marks, so nothing of it can be meant."""
        return " AND ".join(map(_sqlite_term, self.wanted))

    def without_for_sqlite(self) -> str:
        return " OR ".join(map(_sqlite_term, self.excluded))

    def for_postgresql(self) -> str:
        """In the language of `tsquery`."""
        return " & ".join(map(_postgresql_term, self.wanted))

    def without_for_postgresql(self) -> str:
        return " | ".join(map(_postgresql_term, self.excluded))


def parse_query(text: str) -> SearchQuery:
    """`pool "ran dry" -search conn`: words, a phrase, an exclusion, and a last word that is still typed.

    Whatever is typed is a query: signs that mean nothing here divide words. `pool*` asks for what begins
    like this. What has no word in it gives no terms.
    """
    terms = []
    for match in _TERM.finditer(text):
        is_phrase = match["phrase"] is not None
        written = match["phrase"] if is_phrase else match["word"]
        words = tuple(words_of(written))
        if not words:
            continue
        is_last = match.end() == len(text.rstrip()) and not match["minus"]
        is_open = written.endswith("*") if not is_phrase else False
        still_typed = is_last and (match["end"] != '"') and _WORD.match(written[-1:]) is not None
        terms.append(Term(words, bool(match["minus"]), is_open or still_typed))
    return SearchQuery(tuple(dict.fromkeys(terms)))


@dataclass(frozen=True)
class Excerpt:
    """Where in a document the words stand."""

    section: str
    """The title of the section; empty for the title of the document."""
    html: SafeString
    """Some of its text, the words in <mark>; everything else is escaped."""
    anchor: int | None = None
    """Which of the texts it is, from 0."""


def find_excerpt(query: SearchQuery, texts: Sequence[tuple[str, str]]) -> Excerpt | None:
    """The passage to show of `texts`, (title, text in Markdown): of the one with the most of the terms."""
    best, most = None, 0
    for index, (title, text) in enumerate(texts):
        found = len(_places(query, text) or _places(query, title))
        if found > most:
            best, most = index, found
            if found == len(query.wanted):
                break
    if best is None:
        return None
    title, text = texts[best]
    shown = _plain(text)
    places = _places(query, shown)
    if not places and _places(query, text):  # It stands in what is not read, as the address of a link.
        shown = " ".join(text.split())
        places = _places(query, shown)
    at = min((start for start, _ in places), default=0)
    return Excerpt(title, mark_words(query, _window(shown, at)), best)


def mark_words(query: SearchQuery, text: str) -> SafeString:
    """The text as HTML, escaped, the words that are looked for in <mark>."""
    parts: list[str] = []
    done = 0
    words = list(_WORD.finditer(text))
    spans = sorted(span for term in query.wanted for span in _occurrences(term, words))
    for start, end in spans:
        if start < done:
            continue
        parts += [escape(text[done:start]), f"<mark>{escape(text[start:end])}</mark>"]
        done = end
    parts.append(escape(text[done:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _note(places: dict[str, list[str]], word: str, place: str) -> None:
    found = places.setdefault(word, [])
    if len(found) < POSITIONS_OF_ONE_WORD_MAX:
        found.append(place)


def _within(words: Iterable[str], bytes_max: int) -> Iterator[str]:
    for word in words:
        bytes_max -= len(word.encode()) + 1
        if bytes_max < 0:
            return
        yield word


def _sqlite_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.is_beginning else "")


def _postgresql_term(term: Term) -> str:
    words = [f"'{word}'" for word in term.words]
    if term.is_beginning:
        words[-1] += ":*"
    return f"({' <-> '.join(words)})"


def _places(query: SearchQuery, text: str) -> list[tuple[int, int]]:
    """The first place of each term that stands in the text."""
    terms = query.wanted
    if text.isascii():
        # Most sections have none of the words: not to cut them into words saves most of the time.
        lowered = text.lower()
        terms = tuple(term for term in terms if term.words[0] in lowered)
        if not terms:
            return []
    words = list(_WORD.finditer(text))
    found = (next(_occurrences(term, words), None) for term in terms)
    return [span for span in found if span is not None]


def _occurrences(term: Term, words: Sequence[re.Match[str]]) -> Iterator[tuple[int, int]]:
    length = len(term.words)
    for index in range(len(words) - length + 1):
        if all(_is_word(term, offset, words[index + offset].group()) for offset in range(length)):
            yield words[index].start(), words[index + length - 1].end()


def _is_word(term: Term, offset: int, written: str) -> bool:
    word = fold(written)
    if term.is_beginning and offset == len(term.words) - 1:
        return word.startswith(term.words[offset])
    return word == term.words[offset]


_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\([^)\s]{0,2000}\)")
_SIGNS = re.compile(
    r"(?m)^\s{0,3}(?:#{1,6}\s|>\s?|[-*+]\s|```\w*)|[*`~|]|(?<!\w)_|_(?!\w)|\|?\s*:?-{3,}:?\s*\|?"
)


def _plain(text: str) -> str:
    """Markdown as one line that can be read: good enough for an excerpt, and quick."""
    return " ".join(_SIGNS.sub(" ", _LINK.sub(r"\1", text)).split())


def _window(text: str, at: int) -> str:
    start = max(0, at - EXCERPT_CHARACTERS_BEFORE)
    if start:
        space = text.find(" ", start, at)
        start = space + 1 if space >= 0 else start
    end = min(len(text), start + EXCERPT_CHARACTERS_MAX)
    if end < len(text):
        space = text.rfind(" ", at + 1, end)
        end = space if space > at + EXCERPT_CHARACTERS_BEFORE else end
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")
