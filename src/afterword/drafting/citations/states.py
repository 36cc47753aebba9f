"""What is told of which of several things: “web-1 is full, web-2 is fine” the wrong way round. Pure.

Where a sentence of the evidence tells one thing of one machine or service and something else of another, a
claim that gives the first what is told of the second has all the right words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from afterword.drafting.citations.clauses import Clause, clause_of, clauses
from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.names import names_in
from afterword.drafting.citations.reading import words_alone
from afterword.drafting.citations.vocabulary import canonical
from afterword.drafting.evidence.book import EvidenceBook

SENTENCES_MAX = 40
"""Of the evidence, that name one of the things."""
_MACHINE = re.compile(r"(?<![\w.@/-])[a-z][a-z]*(?:-[a-z]+)*-\d+(?![\w.-]*\w)")
"""As `web-3` and `us-east-1`."""


def check_states(text: str, known: Known, book: EvidenceBook) -> Iterator[Finding]:
    """Things of which the evidence tells this of another one."""
    machines = set(_MACHINE.findall(text))
    services = names_in(text, book)
    if not machines and not services:
        return
    for part in clauses(text):
        mine = [name for name in (*machines, *services) if _is_in(name, part)]
        if len(mine) == 1 and (other := _told_of(part, mine[0], known, book)):
            yield Finding("role", mine[0], f"By the evidence it was {other}.")
            return


def _told_of(part: str, name: str, known: Known, book: EvidenceBook) -> str | None:
    """Of which other thing all of this is told, where none of it is told of this one in the same sentence."""
    said = clause_of(part).canonical_stems & clause_of(part).content - _stems(name)
    if not said:
        return None
    beside = [one for one in known.as_sentences if _is_in(name, one.text)][:SENTENCES_MAX]
    if any(_tells(one.parts, name, said) for one in beside):
        return None
    is_machine = _MACHINE.fullmatch(name) is not None
    for one in (part for sentence in beside for part in sentence.parts):
        if not said <= one.canonical_stems or _is_in(name, one.text):
            continue
        others = _MACHINE.findall(one.text) if is_machine else names_in(one.text, book)
        if others:
            return others[0]
    return None


def _tells(parts: Sequence[Clause], name: str, said: frozenset[str]) -> bool:
    """Whether a clause with this name, or without any, tells some of it."""
    return any(said & one.canonical_stems for one in parts if _is_in(name, one.text))


def _stems(name: str) -> frozenset[str]:
    return frozenset(canonical(word) for word in words_alone(name))


def _is_in(name: str, text: str) -> bool:
    return name in text and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None
