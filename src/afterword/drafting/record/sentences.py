"""The sentences of a text that can be held against a record: without quotations, one after the other. Pure.

Everything here takes time in proportion to the text, whatever stands in it: what is looked for within bounds
is found by searching for its end once, and nothing is tried again with less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from afterword.drafting.citations.reading import Reading
from afterword.drafting.record.facts import RecordFinding, RecordKind

SENTENCE_CHARACTERS_MAX = 2_000
"""What is longer is no sentence, and is not looked at."""
CODE_CHARACTERS_MAX = 500
QUOTATION_CHARACTERS_MAX = 1_000
ADDRESS_CHARACTERS_MAX = 2_000

_OPENERS = re.compile(r"(?m)^(?:```|~~~)|^ {0,3}>|^:::|`|“|(?<![\w\"])\"|\]\(|https?://")
_WORDS = re.compile(r"[a-z]+")
_SPACE = re.compile(r"\s")
_ADDRESS = re.compile(rf"https?://[^\s)>]{{1,{ADDRESS_CHARACTERS_MAX}}}")
_ENDS = re.compile(r"\n(?=[^\S\n]*+(?:\n|[-*+>#|]|\d++[.)]\s|$))|(?<=[.!?])\s++(?=[A-Z(\[*_“\"0-9])")


class Sentence:
    """One sentence, and where it stands.

    What is asked of it again and again is kept, by hand: `cached_property` takes a lock each time.
    """

    __slots__ = ("_lowered", "_reading", "_words", "begins_line", "is_plain", "offset", "shown", "written")

    def __init__(self, shown: str, written: str, offset: int, *, begins_line: bool = True) -> None:
        self.shown = shown
        """With quotations and code blanked out."""
        self.written = written
        self.offset = offset
        self.begins_line = begins_line
        """Whether nothing stands before it on its line."""
        self.is_plain = shown.isascii()
        """Whether it has no letters but those of English: of others small and great ones are not pairs."""
        self._lowered: str | None = None
        self._words: frozenset[str] | None = None
        self._reading: Reading | None = None

    @property
    def lowered(self) -> str:
        """In small letters, to ask quickly whether it has some letters at all."""
        if self._lowered is None:
            self._lowered = self.shown.lower()
        return self._lowered

    @property
    def reading(self) -> Reading:
        """Of the whole sentence, once somebody asks: most sentences say nothing that could be compared."""
        if self._reading is None:
            self._reading = Reading(self.shown)
        return self._reading

    def may_have(self, letters: tuple[str, ...]) -> bool:
        """False where surely none of these small letters stand in it, in whatever case."""
        return not self.is_plain or any(one in self.lowered for one in letters)

    def may_have_word(self, words: frozenset[str]) -> bool:
        """False where surely none of these words, of small letters alone, stand in it, in whatever case."""
        return not self.is_plain or not self._found_words().isdisjoint(words)

    def words_among(self, words: frozenset[str]) -> frozenset[str]:
        """Those of these words that may stand in it; all where it cannot be told so quickly."""
        return self._found_words() & words if self.is_plain else words

    def _found_words(self) -> frozenset[str]:
        if self._words is None:
            self._words = frozenset(_WORDS.findall(self.lowered))
        return self._words

    def finding(
        self,
        kind: RecordKind,
        start: int,
        end: int,
        *,
        expected: str,
        message: str,
        suggestion: str,
        url: str,
    ) -> RecordFinding:
        """A finding in it. `start` and `end` count its characters."""
        return RecordFinding(
            kind=kind,
            start=self.offset + start,
            end=self.offset + end,
            text=self.written[start:end],
            expected=expected,
            message=message,
            suggestion=suggestion,
            url=url,
        )


def sentences_of(text: str) -> Iterator[Sentence]:
    """The sentences of a text of Markdown, in their order."""
    shown = _without_quotations(text)
    start, begins_line = 0, True
    for match in _ENDS.finditer(shown):
        if 0 < match.start() - start <= SENTENCE_CHARACTERS_MAX:
            end = match.start()
            yield Sentence(shown[start:end], text[start:end], start, begins_line=begins_line)
        start, begins_line = match.end(), "\n" in match[0]
    if 0 < len(text) - start <= SENTENCE_CHARACTERS_MAX:
        yield Sentence(shown[start:], text[start:], start, begins_line=begins_line)


def tail(text: str, characters: int) -> str:
    """The end of what stands before something, without the space between; long enough for what is asked."""
    return text.rstrip()[-characters:]


def _without_quotations(text: str) -> str:
    """The text as long as before, with spaces where code, quotations and addresses stand."""
    parts: list[str] = []
    done = place = 0
    while (opener := _OPENERS.search(text, place)) is not None:
        end = _end_of(text, opener)
        if end < 0:
            place = opener.start() + 1
            continue
        parts += [text[done : opener.start()], _blank(text[opener.start() : end])]
        # What is blanked has at least a character, so that this goes on.
        done = place = end
    return "".join([*parts, text[done:]])


def _end_of(text: str, opener: re.Match[str]) -> int:
    """Behind what an opener opens, or -1 where it opens nothing."""
    start, words = opener.start(), opener[0]
    if words in ("```", "~~~"):
        close = text.find(f"\n{words}", start + 3)
        if close >= 0:
            return _line_end(text, close + 1)
        return -1
    if words == "`":
        return _closed(text, start + 1, "`", CODE_CHARACTERS_MAX)
    if words == "“":
        return _closed(text, start + 1, "”", QUOTATION_CHARACTERS_MAX)
    if words == '"':
        end = _closed(text, start + 1, '"', QUOTATION_CHARACTERS_MAX)
        following = text[end : end + 1]
        return -1 if end >= 0 and (following.isalnum() or following == "_") else end
    if words == "](":
        end = text.find(")", start + 2, start + 2 + ADDRESS_CHARACTERS_MAX + 1)
        return -1 if end <= start + 2 or _SPACE.search(text, start + 2, end) else end + 1
    if words.startswith("http"):
        address = _ADDRESS.match(text, start)
        return address.end() if address else -1
    return _line_end(text, start)


def _closed(text: str, start: int, closer: str, most: int) -> int:
    """Behind the closer of what begins at `start`: on the same line, with 1 to `most` characters between."""
    end = text.find(closer, start, start + most + 1)
    return -1 if end <= start or text.find("\n", start, end) >= 0 else end + 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return end if end >= 0 else len(text)


def _blank(text: str) -> str:
    return "\n".join(" " * len(line) for line in text.split("\n"))
