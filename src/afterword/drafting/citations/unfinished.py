"""What was asked for, planned or under way, and is claimed to have been done. Pure."""

from __future__ import annotations

import re
from itertools import islice

from afterword.drafting.citations import vocabulary
from afterword.drafting.citations.clauses import Clause, clause_of
from afterword.drafting.citations.findings import Finding
from afterword.drafting.citations.known import Known
from afterword.drafting.citations.reading import words
from afterword.drafting.evidence.book import Piece

_TO_BE_DONE = re.compile(
    r"\b(?:asked|told|ordered|instructed|reminded|wants?|wanted|plans?|planned|planning|intends?|hopes?|hoping|tr(?:y|ies|ied|ying)|"
    r"needs?|going|about|agreed|decided|preparing|waiting|expect(?:s|ed)?)\b[^.;,]{0,40}? to (?=[a-z])"
    r"|\b(?:needs?|requires?|awaits?) (?:an? |the |another |\d+ )?(?=[a-z])"
    r"|\bwork(?:s|ing|ed)? (?:towards?|on)\b|\b(?:should|will|shall|must|would|could|might|may)\b(?! have\b)",
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    r"\b(?:follow-?ups?|action items?|propos\w+|agreed|open|owner|due|task|ticket|assigned"
    r"|unfinished|todo|to do|remains?|should|(?:is|are|be) to)\b",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"\b(?:follow-?ups?|action items?|to-?do|next steps?|proposal|idea|plan)s?: (?P<what>[^.;\n]+)",
    re.IGNORECASE,
)
"""What evidence proposes, behind a label."""
LABELLED_SHARE = 0.6
LABELS_MAX = 10
_PAST = re.compile(
    r"\b(?:[a-z]{2,}ed|began|broke|brought|built|cut|done|found|gave|gone|left|made|put|ran|sent|set|shut|given|chosen|frozen|held|hidden|kept|known|led|met|paid|sold|spoken|stolen|thrown|woken|split|took|taken|"
    r"went|written|wrote)\b"
)
_ADJECTIVES = frozenset({"affected", "impacted", "degraded", "failed", "delayed", "increased", "elevated"})


def check_unfinished(text: str, known: Known) -> Finding | None:
    """A verb that the claim has in the past, and all of the evidence only behind what was to be done."""
    if _TO_BE_DONE.search(text):
        return None
    if (
        known.pieces
        and all(_is_open_follow_up(piece) for piece in known.pieces)
        and not _PROPOSED.search(text)
    ):
        return Finding("weak", text, "The evidence is a follow-up that is still open. Was it done?")
    if not _PROPOSED.search(text):
        content = clause_of(text).topic
        for match in islice(_LABELLED.finditer(known.text), LABELS_MAX):
            share = len(content & clause_of(match["what"]).topic)
            rest = known.text.replace(match[0], " ")
            if share >= LABELLED_SHARE * len(content) and len(content & Clause(rest).topic) < share:
                return Finding("unfinished", match[0], "The evidence only proposes this.")
    for match in _PAST.finditer(vocabulary.in_single_words(text)):
        verb = vocabulary.canonical(match[0])
        if match[0] in _ADJECTIVES:
            continue
        told = [one for one in known.as_clauses if verb in one.canonical_stems]
        if told and all(_is_to_be_done(one.text, verb) for one in told):
            return Finding("unfinished", match[0], "The evidence does not say that this was done.")
    return None


def _is_open_follow_up(piece: Piece) -> bool:
    return piece.kind == "follow-up" and piece.data.get("is_open") is not False


def _is_to_be_done(clause: str, verb: str) -> bool:
    match = _TO_BE_DONE.search(clause)
    if match is None:
        return False
    return all(vocabulary.canonical(word.text) != verb for word in words(clause[: match.end()]))
