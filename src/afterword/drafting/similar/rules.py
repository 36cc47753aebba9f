"""How like two things are, and why. Pure.

BM25 (Robertson and Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond*, 2009) over words
that weigh more in a title than in a text; what two things have in common beside words raises it; reciprocal
rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009) brings in an order that was found otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nsmallest
from operator import mul

K1 = 1.2
B = 0.6
FUSED_RANK = 60
"""The constant of reciprocal rank fusion."""
QUERY_WORDS_MAX = 32
MATCHED_TEXTS_MAX = 3_000
"""So many texts may have one of the words that are looked for, the rarest words first."""
WORDS_ALWAYS_LOOKED_FOR = 4
WORDS_SHOWN_MAX = 4
LIKENESS_MIN = 0.15
"""As a share of how like the thing is to itself. Below it nothing is worth a look."""
CLOSENESS_MIN = 0.5
"""The cosine from which two embeddings are said to be close in meaning."""
TRIED_AGAIN_AFTER = timedelta(minutes=10)
"""An endpoint is asked again for a text that it did not take; then after twice as long, and so on."""
TRIED_AGAIN_AFTER_AT_MOST = timedelta(days=2)
SERVICE_BOOST = 0.25
ALERT_BOOST = 1.5
CAUSE_BOOST = 0.35
VALUE_BOOST = 0.1
VALUES_BOOSTED_MAX = 3
RECENCY_BOOST = 0.15
HALF_LIFE_DAYS = 180.0


@dataclass(frozen=True)
class Facts:
    """What is known of a thing beside its words; all as it is compared."""

    services: frozenset[int] = frozenset()
    alerts: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Corpus:
    """What is indexed as a whole: how many texts, how long they are, and in how many a word stands."""

    texts: int
    weight: float
    in_texts: Mapping[str, int] = field(default_factory=dict)

    def rarity(self, word: str) -> float:
        """The inverse document frequency, never below zero."""
        count = min(self.in_texts.get(word, 0), self.texts)
        return math.log(1 + (self.texts - count + 0.5) / (count + 0.5))

    @property
    def mean_weight(self) -> float:
        return self.weight / self.texts if self.texts and self.weight > 0 else 1.0


@dataclass(frozen=True)
class Candidate:
    """A thing that may be like the one that is asked for."""

    key: int
    terms: Mapping[str, float]
    weight: float
    facts: Facts
    at: datetime


@dataclass(frozen=True)
class Likeness:
    """How like a candidate is, and by what."""

    key: int
    score: float
    share: float
    """Of what the words of the thing itself would have: from 0 to about 1."""
    words: tuple[str, ...]
    """Those that say most, as they are compared."""
    services: frozenset[int] = frozenset()
    alerts: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()


def choose_words(terms: Mapping[str, float], corpus: Corpus) -> dict[str, float]:
    """The words to look for, with what each is worth: those that say most, and stand in few texts enough."""
    worth = {
        word: corpus.rarity(word) * saturate(weight, 1.0)
        for word, weight in terms.items()
        if corpus.in_texts.get(word)
    }
    chosen: dict[str, float] = {}
    matched = 0
    for word in sorted(worth, key=lambda one: (-worth[one], one)):
        matched += corpus.in_texts[word]
        if len(chosen) >= WORDS_ALWAYS_LOOKED_FOR and matched > MATCHED_TEXTS_MAX:
            matched -= corpus.in_texts[word]
            continue
        chosen[word] = worth[word]
        if len(chosen) == QUERY_WORDS_MAX:
            break
    return chosen


def compare(
    wanted: Mapping[str, float],
    facts: Facts,
    candidates: Iterable[Candidate],
    corpus: Corpus,
    *,
    now: datetime,
    is_boosted: bool = True,
) -> list[Likeness]:
    """The candidates with a word of `wanted`, the likest first. `wanted` comes from `choose_words`."""
    itself = sum(worth * saturate(1.0, 1.0) for worth in wanted.values()) or 1.0
    found = []
    for one in candidates:
        length = one.weight / corpus.mean_weight
        parts = {
            word: worth * saturate(one.terms[word], length)
            for word, worth in wanted.items()
            if word in one.terms
        }
        if not parts:
            continue
        words = tuple(sorted(parts, key=lambda word: (-parts[word], word))[:WORDS_SHOWN_MAX])
        score = sum(parts.values())
        common = Facts(
            facts.services & one.facts.services,
            facts.alerts & one.facts.alerts,
            facts.causes & one.facts.causes,
            facts.values & one.facts.values,
        )
        found.append(
            Likeness(
                key=one.key,
                score=score * (_boost(common, one.at, now) if is_boosted else 1.0),
                share=score / itself,
                words=words,
                services=common.services,
                alerts=common.alerts,
                causes=common.causes,
                values=common.values,
            )
        )
    return sorted(found, key=lambda one: (-one.score, -one.key))


def saturate(weight: float, length: float) -> float:
    """What BM25 makes of a word that weighs so much in a text so many times as long as the mean."""
    return weight * (K1 + 1) / (weight + K1 * (1 - B + B * length))


def fuse(*orders: Sequence[int]) -> list[int]:
    """Several orders of keys as one: what stands high in more of them stands higher."""
    scores: dict[int, float] = {}
    for order in orders:
        for rank, key in enumerate(order, start=1):
            scores[key] = scores.get(key, 0.0) + 1.0 / (FUSED_RANK + rank)
    return sorted(scores, key=lambda key: (-scores[key], -key))


def cosine(first: Sequence[float], second: Sequence[float]) -> float:
    """Of two embeddings of length 1. Of different kinds it is 0."""
    if len(first) != len(second):
        return 0.0
    return float(sum(map(mul, first, second)))


def signs_of(numbers: Sequence[float]) -> bytes:
    """Which of the numbers of an embedding are above zero: a bit for each, the first one highest."""
    bits = int("".join("1" if one > 0 else "0" for one in numbers), 2)
    return bits.to_bytes((len(numbers) + 7) // 8, "big")


def likely_nearest(signs: bytes, stored: Iterable[tuple[int, bytes]], *, count: int) -> list[int]:
    """The keys of `count` embeddings among which the nearest are, by their signs: a thousandth of the work.

    The share of different signs grows with the angle between two (Charikar, *Similarity Estimation
    Techniques from Rounding Algorithms*, STOC 2002). Of equal ones the greater key is taken.
    """
    own = int.from_bytes(signs, "big")
    rated = (
        ((own ^ int.from_bytes(one, "big")).bit_count(), -key)
        for key, one in stored
        if len(one) == len(signs)
    )
    return [-key for _, key in nsmallest(count, rated)]


def next_try(after: datetime, failures: int) -> datetime:
    """When a text is sent again that was refused for the `failures`th time at `after`."""
    doublings = min(failures - 1, 20)
    return after + min(TRIED_AGAIN_AFTER * (1 << doublings), TRIED_AGAIN_AFTER_AT_MOST)


def _boost(common: Facts, at: datetime, now: datetime) -> float:
    boost = 1.0
    boost += SERVICE_BOOST * bool(common.services)
    boost += ALERT_BOOST * bool(common.alerts)
    boost += CAUSE_BOOST * bool(common.causes)
    boost += VALUE_BOOST * min(len(common.values), VALUES_BOOSTED_MAX)
    days = max(0.0, (now - at).total_seconds() / 86_400)
    return float(boost * (1 + RECENCY_BOOST * 0.5 ** (days / HALF_LIFE_DAYS)))
