"""The words by which things are alike: folded as in the search, without endings, names in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from afterword.drafting.similar.models import WORD_LENGTH_MAX
from afterword.postmortems.searching.rules import words_of

TEXT_CHARACTERS_READ_MAX = 60_000
"""Of each part of a text."""
LETTERS_MIN = 2

_PIECES = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ADDRESS = re.compile(r"https?://\S{1,2000}")
_NUMBER = re.compile(r"\d+")
_STOP_WORDS = """
a about after again all also am an and any are as at be because been before being between both but by
can could did do does doing down due during each few for from further get had has have having he her
here him his how i if in into is it its itself just let ll me more most my no nor not now of off on once
only or other our out over own per re same she should since so some such than that the their them then
there these they this those through to too under until up us use used using very via was we were what
when where which while who why will with would yes you your incident incidents alert alerts issue issues
utc http https www com one two three four five six seven eight nine ten every second seconds minute
minutes hour hours day days week weeks month months time times ago later within behind number new old
first last next still already take takes took taken gets got going go went found find see seen know
known report reports reported customer customers user users people team teams somebody nothing something
everything long longer short usual
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def weigh_words(parts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """How much each word of some texts weighs: each time it stands there, as much as its text does."""
    weights: dict[str, float] = {}
    for text, weight in parts:
        for word, _ in _stems(text):
            weights[word] = weights.get(word, 0.0) + weight
    return weights


def written_forms(texts: Iterable[str]) -> Mapping[str, str]:
    """For each word as it is compared, how it was written the first time: to be shown."""
    forms: dict[str, str] = {}
    for text in texts:
        for stem, written in _stems(text):
            forms.setdefault(stem, written)
    return forms


def name_key(name: str) -> str:
    """A name as it is compared: `Checkout-API 2` and `checkout api 7` alike."""
    return " ".join(word for word in words_of(name) if not word.isdigit())[:WORD_LENGTH_MAX]


def stem(word: str) -> str:
    """Without the endings of English: `timeouts`, `timed`, `timing`. Crude, and the same for all."""
    if len(word) < 4 or not word.isascii() or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, letters in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= letters:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            return word
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _stems(text: str) -> Iterator[tuple[str, str]]:
    plain = _ADDRESS.sub(" ", text[:TEXT_CHARACTERS_READ_MAX])
    for chunk in _PIECES.sub(" ", plain).split():
        for word in words_of(chunk):
            # Numbers make two things alike by chance: the second of two pods, the same minute of an hour.
            if len(word) < LETTERS_MIN or word in STOP_WORDS or _NUMBER.fullmatch(word):
                continue
            yield stem(word)[:WORD_LENGTH_MAX], word
