"""The clauses of a sentence, and what they are about. Pure."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.reading import sentences, stem, words_alone

_CLAUSE = re.compile(
    r"[,;:]\s|\s(?:and|but|while|whereas|although|though|after|before|once|when|until|since|because|"
    r"so that)\s|\s(?=(?:except|without (?:notice|warning|one|it|\w+ing))\s)",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\W*(?:after|before|during|following|with|without|despite|by|from|in|on|at)\b", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|can|could|will|would|\w+ed|\w+ing|\w+n['’]t|went|came|ran"
    r"|fell|rose|took|made|got|saw|found|sent|set|lost|kept|left|gave|broke|grew|held|met|shut|began|became)\b",
    re.IGNORECASE,
)


class Clause:
    """A part of a sentence: what it is about, and how often it negates."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._words = [
            word.casefold().replace("’", "'") for word in words_alone(vocabulary.in_single_words(text))
        ]

    @cached_property
    def negations(self) -> int:
        """How many of its words negate."""
        return sum(1 for word in self._words if _is_negating(word))

    @cached_property
    def all_stems(self) -> frozenset[str]:
        """Of all its words."""
        return frozenset(stem(word) for word in self._words)

    @cached_property
    def canonical_stems(self) -> frozenset[str]:
        """The same, one for all that mean the same."""
        return frozenset(vocabulary.canonical(word) for word in self._words)

    @cached_property
    def topic(self) -> frozenset[str]:
        """What it is about, one for a word and its opposite."""
        return frozenset(vocabulary.one_of_pair(word) for word in self._kept)

    @cached_property
    def content(self) -> frozenset[str]:
        """What it is about, without words of the record itself."""
        return frozenset(
            vocabulary.canonical(word) for word in self._kept if stem(word) not in vocabulary.RECORD_STEMS
        )

    @cached_property
    def _kept(self) -> list[str]:
        return [
            word
            for word in self._words
            if len(word) > 1 and stem(word) not in vocabulary.FUNCTION_STEMS and not _is_negating(word)
        ]

    @cached_property
    def is_beside(self) -> bool:
        """Whether it only says beside what something else was, as “after a migration”."""
        return _BESIDE.match(self.text) is not None

    @cached_property
    def has_verb(self) -> bool:
        """Whether it says that something was or was done."""
        return _VERB.search(self.text) is not None

    @cached_property
    def parts(self) -> list[Clause]:
        """Of a sentence its clauses."""
        return [clause_of(part) for part in clauses(self.text)]

    def negates(self, topic: frozenset[str]) -> bool:
        """Whether a sentence negates this, in the clause that is nearest to it."""
        shared: dict[bool, int] = {False: 0, True: 0}
        for part in self.parts:
            is_negated = part.negations % 2 == 1
            shared[is_negated] = max(shared[is_negated], len(topic & part.topic))
        return shared[True] > 0 and shared[True] >= shared[False]


CLAUSES_REMEMBERED_MAX = 4_000


@lru_cache(maxsize=CLAUSES_REMEMBERED_MAX)
def clause_of(text: str) -> Clause:
    """A part of a text, as it was read before: the claims of a draft cite the same evidence."""
    return Clause(text)


def _is_negating(word: str) -> bool:
    return word in vocabulary.NEGATING or word.endswith("n't")


def clauses(text: str) -> list[str]:
    """The text in clauses."""
    return [
        part for sentence in sentences(text) for line in sentence.splitlines() for part in _CLAUSE.split(line)
    ]


@lru_cache(maxsize=CLAUSES_REMEMBERED_MAX)
def stems_of(text: str) -> frozenset[str]:
    """Of all its words the stems, and those of what means the same."""
    single = vocabulary.in_single_words(text)
    found = set(words_alone(text if single == text else f"{text} {single}"))
    return frozenset({*map(stem, found), *map(vocabulary.canonical, found)})


def content_of(text: str) -> set[str]:
    """What it is about, without words of the record itself."""
    return {one for part in clauses(text) for one in clause_of(part).content}
