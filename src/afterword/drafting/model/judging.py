"""What a model wrote, claim by claim: kept, or refused with the reasons that it is told. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

from pydantic import ValidationError

from afterword.documents import clean_text
from afterword.drafting.citations.check import check_claim
from afterword.drafting.citations.findings import Finding
from afterword.drafting.claims import Claim, ClaimKind, DraftSection, Support
from afterword.drafting.evidence.book import EvidenceBook
from afterword.drafting.model.asking import CLAIMS_MAX, TASKS, Written, WrittenClaim
from afterword.drafting.model.orders import gives_orders
from afterword.drafting.model.placeholders import Veil
from afterword.drafting.model.telling import (
    only_ordered,
    only_supposed,
    quotes_without_its_not,
    speaks_to_somebody,
    told_as_ours,
)
from afterword.language import Checker

CLAIM_CHARACTERS_MAX = 600
WORDS_MIN = 3
EVIDENCE_MAX = 20
"""Ids that one claim cites."""
ASKED_MAX = 5
KEPT_SHARE_MIN = 0.5
"""Of what a model wrote: with less of it left, the rest is no text, and the record's stands."""
COVERED_SHARE = 0.5
"""Of the evidence of a claim of the record, for which a model's claims of the same kind stand instead."""

_FENCED = re.compile(r"\s*```(?:json)?\s*\n(.*?)\n?```\s*", re.DOTALL)
_MARKUP = re.compile(
    r"\]\(|<[a-zA-Z/!]|://|\bwww\.|\*\*|__|^\s*(?:[#>*+-]|\d+[.)])\s|```|\n|javascript:|data:\w+/"
)
_STRAIGHT_QUOTES = re.compile(r'"([^"]*)"')
_SAID_OF_QUESTIONS = ("causal", "opposite")
_NOT_PLAIN_DIGITS = re.compile(r"[^\W_a-zA-Z0-9]")


class Unreadable(ValueError):
    """What came back is not in the form that was asked for."""


@dataclass(frozen=True)
class Judged:
    """One claim of a model, and what became of it."""

    text: str
    """As the model wrote it, with placeholders."""
    claim: Claim | None
    """None: it is refused."""
    reasons: tuple[str, ...] = ()
    """As the model may be told them, with placeholders."""


@dataclass(frozen=True)
class Bench:
    """All that a claim of one section is judged by."""

    key: str
    shown: EvidenceBook
    """What the model was shown. What it was not shown it cannot cite."""
    veil: Veil
    checker: Checker
    services: frozenset[str] = frozenset()
    """Names that the organisation itself has given, which a claim may always say."""
    zone: tzinfo = UTC


def read_answer(text: str) -> list[WrittenClaim]:
    """The claims in an answer, `CLAIMS_MAX` at most. Raises Unreadable."""
    fenced = _FENCED.fullmatch(text)
    try:
        return Written.model_validate_json(fenced[1] if fenced else text).claims[:CLAIMS_MAX]
    except ValidationError as error:
        raise Unreadable from error


def judge(written: Sequence[WrittenClaim], bench: Bench) -> list[Judged]:
    """What becomes of each claim, in order. The same is kept once."""
    judged: list[Judged] = []
    seen: set[str] = set()
    for one in written:
        verdict = _judged(one, bench)
        if verdict.claim is None or verdict.claim.text.casefold() not in seen:
            judged.append(verdict)
        if verdict.claim is not None:
            seen.add(verdict.claim.text.casefold())
    return judged


def _judged(written: WrittenClaim, bench: Bench) -> Judged:
    said = written.text[: CLAIM_CHARACTERS_MAX * 2]
    reasons = list(_faults_of_form(written, bench))
    if reasons:
        return Judged(said, None, tuple(reasons))
    claim = _revealed(written, bench)
    support, reasons = _borne_out(claim, bench)
    if bench.checker.check(claim.text):
        reasons.append("It points at people. Say what happened and what made it possible.")
    if gives_orders(claim.text):
        reasons.append("It speaks to the reader and not of the incident.")
    if reasons:
        return Judged(said, None, tuple(dict.fromkeys(reasons)))
    return Judged(said, replace(claim, support=support))


def _faults_of_form(written: WrittenClaim, bench: Bench) -> Iterator[str]:
    kinds, _ = TASKS[bench.key]
    text = written.text.strip()
    if written.kind not in kinds:
        yield f"This section takes {' and '.join(kinds)} only."
    if not 1 <= len(text) <= CLAIM_CHARACTERS_MAX:
        yield f"A claim has 1 to {CLAIM_CHARACTERS_MAX} characters."
    if len(text.split()) < WORDS_MIN:
        yield f"A claim says something by itself, in {WORDS_MIN} words or more."
    if clean_text(text) != text or _MARKUP.search(text):
        yield "It is plain text on one line, without Markdown, HTML and links."
    if any(found[0].isnumeric() for found in _NOT_PLAIN_DIGITS.finditer(text)):
        yield "Numbers are written with the digits 0 to 9."
    for strange in bench.veil.strange_in(text):
        yield f"{strange} is no placeholder of the evidence."
    if bench.veil.private_in(text):
        yield "It names somebody, or gives an address, that the evidence does not show."
    if not written.evidence:
        yield "It cites no evidence."
    if len(written.evidence) > EVIDENCE_MAX:
        yield f"It cites more than {EVIDENCE_MAX} pieces of evidence."
    for one in written.evidence[:EVIDENCE_MAX]:
        if bench.shown.find(one) is None:
            yield f"There is no evidence {one[:40]!r}."
    if written.kind == "question" and not text.endswith("?"):
        yield "A question ends with a question mark."
    if written.kind == "proposal" and written.action is None:
        yield "A proposal has an action."


def _revealed(written: WrittenClaim, bench: Bench) -> Claim:
    text = bench.veil.reveal(" ".join(written.text.split()))
    is_question = written.kind == "question"
    people = bench.veil.people
    asked = [name for one in written.ask if (name := bench.veil.reveal(one)) != one and name in people]
    kind: ClaimKind = written.kind
    return Claim(
        text=_STRAIGHT_QUOTES.sub(r"“\1”", text),
        evidence=tuple(dict.fromkeys(written.evidence)),
        kind=kind,
        asked=tuple(dict.fromkeys(asked))[:ASKED_MAX] if is_question else (),
        action=written.action if written.kind == "proposal" else None,
    )


def _borne_out(claim: Claim, bench: Bench) -> tuple[Support, list[str]]:
    """How well the evidence bears a claim out, and what it does not bear out.

    A question and a proposal cannot be true, but what they take for granted can be wrong: that one thing came
    of another, or the opposite of what the evidence says.
    """
    verdict = check_claim(claim, bench.shown, zone=bench.zone)
    findings = [one for one in verdict.findings if one.kind != "weak"]
    if claim.kind != "fact" and not findings:
        as_fact = check_claim(replace(claim, kind="fact"), bench.shown, zone=bench.zone)
        findings = [one for one in as_fact.findings if one.kind in _SAID_OF_QUESTIONS]
    support: Support = "verify" if verdict.outcome == "verify" else "cited"
    reasons = [_reason(one, bench.veil) for one in findings]
    cited = bench.shown.cited(claim.evidence)
    if only_ordered(claim, cited):
        reasons.append("The evidence asks for this to be said, and does not report it.")
    if claim.kind == "fact" and only_supposed(claim, cited):
        reasons.append("The evidence leaves open whether it was so. Say it as it is said there.")
    if claim.kind == "fact" and told_as_ours(claim, cited, bench.services):
        reasons.append("Texts of alerts, changes and other programs are quoted, word for word, in “ ”.")
    if quotes_without_its_not(claim, cited):
        reasons.append("A quotation leaves out the “not” that stands before it.")
    if any(speaks_to_somebody(piece.text) for piece in cited):
        support = "verify"
    return support, reasons


def _reason(finding: Finding, veil: Veil) -> str:
    """As it may leave the house: the words of the finding are of the revealed text."""
    return veil.hide(f"{finding.text[:200]!r}: {finding.message}")


# The section ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Joined:
    """A section of a model's claims and of what the record has beside them."""

    section: DraftSection
    by_model: frozenset[int]


def is_enough(kept: int, written: int) -> bool:
    """Whether what is left of a model's text may stand for the record's."""
    return kept > 0 and kept >= KEPT_SHARE_MIN * written


def join(key: str, title: str, kept: Sequence[Claim], base: DraftSection | None) -> Joined:
    """The model's claims, and behind them what the record's text has and they do not speak of.

    A summary is the model's, with the gaps that the record has. Elsewhere a claim of the record goes only
    where the model's claims of the same kind cite half of its evidence: nothing is lost by being left out.
    """
    cited: dict[ClaimKind, set[str]] = {}
    for claim in kept:
        cited.setdefault(claim.kind, set()).update(claim.evidence)
    said = {_folded(claim.text) for claim in kept}
    others = [
        claim
        for claim in (base.claims if base is not None else ())
        if _folded(claim.text) not in said and _stays(key, claim, cited)
    ]
    return Joined(DraftSection(key, title, (*kept, *others)), frozenset(range(len(kept))))


def _stays(key: str, claim: Claim, cited: dict[ClaimKind, set[str]]) -> bool:
    if claim.kind == "gap":
        return True
    if key == "summary":
        return False
    own = set(claim.evidence)
    told = own & cited.get(claim.kind, set())
    return not own or len(told) < COVERED_SHARE * len(own)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(".")
