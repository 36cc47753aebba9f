"""Whether the evidence gives a reason, of the same, and the same way round. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.clauses import clause_of, content_of, stems_of
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.reading import sentences

SAME_SENTENCE_SHARE = 0.6
SIDE_SHARE = 0.5
"""Of what came of it, and of the cause, beside a colon."""
BEFORE_CHARACTERS = 60
_FROM_CAUSE = re.compile(
    r"\b(?:caus(?:es?|ed|ing)|led to|leads? to|leading to|result(?:s|ed|ing)? in|trigger(?:s|ed"
    r"|ing)?|provoked"
    r"|brought (?:about|down)|responsible for|which is why|therefore|hence|consequently"
    r"|ma(?:de|kes|king) (?=(?:it|them|(?:the |our |all |some |many )?\w+) \w+))\b(?! (?:by|from)\b)",
    re.IGNORECASE,
)
_TO_CAUSE = re.compile(
    r"\b(?:(?:caused|triggered|provoked|brought about) by|because(?: of)?|due to|owing to|thanks to"
    r"|as a (?:result|consequence) of|result(?:s|ed|ing)? from|stem(?:s|med|ming)? from|attributed to)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:since|as) (?:[^\W\d]+ ){1,8}?(?:is|are|was|were|has|have|had|do|does|did|could|can|needs?|\w+ed)\b"
    r"|\bso that\b|\bma(?:de|kes|king) \w+ \w+",
    re.IGNORECASE,
)
"""With which evidence may give a reason, beside the words with which a claim does."""
_SINCE = re.compile(
    r"\b(?:since|as)\b(?=(?: [^\W\d]+){1,8}? (?:is|are|was|were|has|have|had|needs?|\w+ed)\b)", re.IGNORECASE
)
EXPLAINED = re.compile(r"[:;]\s|\s[–—]\s")
"""Between what happened and why, in notes that are short."""
_LAST = re.compile(r"[.!?;]\s")
_NOUN = re.compile(r"(?:root )?causes?|the reason", re.IGNORECASE)
_INQUIRED = re.compile(
    r"\b(?:investigat\w*|identif\w*|look\w*|search\w*|find\w*|found|determin\w*|understand\w*|understood|unknown"
    r"|trac\w+|pinpoint\w*|clear|know\w*|confirm\w*)\b[^.;:]*$",
    re.IGNORECASE,
)
_NAMES_IT = re.compile(r"\s*(?:(?:of|for|behind) [^.;]*?)?\s?(?:was|is|were|are|as|to be|:|–|—)(?:\s|$)")


def causal_words(text: str) -> str | None:
    """The words that say in a text that one thing came of another; who looks for a cause tells none."""
    for match in vocabulary.CAUSAL.finditer(text):
        before = text[max(0, match.start() - BEFORE_CHARACTERS) : match.start()]
        is_sought = _NOUN.fullmatch(match[0]) and _INQUIRED.search(before)
        if not is_sought or _NAMES_IT.match(text, match.end()):
            return match[0]
    return None


def says_why(text: str, known: Known) -> bool | None:
    """Whether a sentence of the evidence gives a reason, is about the same, and does not turn it round.

    None where it only puts the one beside the other, with a semicolon between.
    """
    content = content_of(text)
    claimed = next(_sides(text), None)
    for sentence in sentences(known.text):
        if vocabulary.CAUSAL.search(sentence) or _REASON.search(sentence):
            there = stems_of(sentence)
            if len(content & there) < SAME_SENTENCE_SHARE * len(content):
                continue
            told = [*_sides(sentence), *_sides(sentence, ((_SINCE, False),))]
            if claimed is None or not told or any(_is_same_way(claimed, one) for one in told):
                return True
    return _is_explained(claimed, known) if claimed is not None else False


def _is_explained(claimed: tuple[frozenset[str], frozenset[str]], known: Known) -> bool | None:
    """Whether evidence tells what came of it, and behind a colon the cause: “pods die: no memory”."""
    is_beside = False
    for line in known.text.splitlines():
        for mark in EXPLAINED.finditer(line):
            before = _LAST.split(line[: mark.start()])[-1]
            after = _LAST.split(line[mark.end() :])[0]
            if not clause_of(before).has_verb:
                continue
            effect, cause = stems_of(before), stems_of(after)
            is_told = _has_most(claimed[0], cause) and _has_most(claimed[1], effect)
            if is_told and mark[0].startswith(":"):
                return True
            is_turned = _has_most(claimed[0], effect) and _has_most(claimed[1], cause)
            is_beside = is_beside or is_told or (is_turned and not mark[0].startswith(":"))
    return None if is_beside else False


def _has_most(side: frozenset[str], there: frozenset[str]) -> bool:
    return len(side & there) >= SIDE_SHARE * len(side)


def _sides(
    text: str, patterns: Sequence[tuple[re.Pattern[str], bool]] = ((_TO_CAUSE, False), (_FROM_CAUSE, True))
) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What the cause is about, and what came of it, for each sentence and word that says so."""
    for sentence in sentences(text):
        for pattern, cause_first in patterns:
            for match in pattern.finditer(sentence):
                before, after = sentence[: match.start()], sentence[match.end() :]
                if not before.strip() and "," in after:
                    # Because of the leak, pods crashed.
                    after, _, before = after.partition(",")
                first, second = frozenset(content_of(before)), frozenset(content_of(after))
                if first and second:
                    yield (first, second) if cause_first else (second, first)


def _is_same_way(
    claimed: tuple[frozenset[str], frozenset[str]], told: tuple[frozenset[str], frozenset[str]]
) -> bool:
    """Whether neither side of the claim is rather the other one of the evidence."""
    return all(
        len(mine & same) >= len(mine & other)
        for mine, same, other in zip(claimed, told, told[::-1], strict=True)
    )
