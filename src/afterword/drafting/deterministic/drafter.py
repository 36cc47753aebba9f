"""The whole draft, section by section. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, tzinfo

from afterword.drafting.blame import roster_of, without_blame
from afterword.drafting.claims import CLAIMS_PER_SECTION_MAX, SECTION_KEYS, Claim, Draft, DraftSection
from afterword.drafting.deterministic.actions import propose_actions
from afterword.drafting.deterministic.changes import tell_changes
from afterword.drafting.deterministic.contributors import tell_contributors, tell_mitigators
from afterword.drafting.deterministic.facts import Case, cases_of
from afterword.drafting.deterministic.impact import tell_impact
from afterword.drafting.deterministic.past import tell_similar
from afterword.drafting.deterministic.questions import ask_questions
from afterword.drafting.deterministic.summary import tell_durations, tell_summary
from afterword.drafting.deterministic.timeline import tell_timeline
from afterword.drafting.deterministic.topics import is_answered
from afterword.drafting.evidence.book import PREFIXES, EvidenceBook

_OF_BOTH = tuple(PREFIXES[kind] for kind in ("answer", "similar", "related", "follow-up"))
"""What claims cite first that are told of something else than the incident, and once."""
_TELLERS: dict[str, Callable[[Case], Iterable[Claim]]] = {
    "summary": tell_summary,
    "timeline": tell_timeline,
    "durations": tell_durations,
    "impact": tell_impact,
    "changes": tell_changes,
    "contributors": tell_contributors,
    "mitigators": tell_mitigators,
    "similar": tell_similar,
    "actions": propose_actions,
    "questions": ask_questions,
}
assert list(_TELLERS) == list(SECTION_KEYS)


def write_draft(book: EvidenceBook, *, zone: tzinfo = UTC) -> Draft:
    """A draft of what the evidence says, with what it does not say, questions and proposals.

    Times are written in `zone`. Of several incidents each section tells one after the other, timelines
    together by time, and claims about one of them name it. A section with nothing to say is not there.
    Outside of quotations nothing in it blames.
    """
    cases = cases_of(book, zone)
    sections = []
    for key, tell in _TELLERS.items():
        claims = [
            _named(case, key, claim) if len(cases) > 1 else claim
            for case in cases
            for claim in tell(case)
            if not _is_settled(case, claim)
        ]
        if key == "timeline" and len(cases) > 1:
            claims.sort(key=lambda claim: (claim.at is None, claim.at))
        unique = list(_once(dict.fromkeys(claims)))[:CLAIMS_PER_SECTION_MAX]
        if unique:
            sections.append(DraftSection(key, SECTION_KEYS[key], tuple(unique)))
    return without_blame(Draft(tuple(sections)), roster_of(book))


def _is_settled(case: Case, claim: Claim) -> bool:
    """Whether it need not be asked any more."""
    return claim.kind == "question" and is_answered(case, claim.text)


def _named(case: Case, key: str, claim: Claim) -> Claim:
    """The claim with the incident that it is about, unless it says so, or tells of something else."""
    if claim.kind == "proposal" or (claim.evidence[:1] and claim.evidence[0].startswith(_OF_BOTH)):
        return claim
    pieces = case.book.cited(claim.evidence)
    if key == "timeline" and not all(one.kind in ("timestamp", "incident") for one in pieces):
        return claim
    if f"ncident #{case.number}" in claim.text:
        return claim
    is_cited = any(one.incident == case.number for one in pieces)
    evidence = claim.evidence if is_cited else (*claim.evidence, case.about.id)
    return replace(claim, text=case.named(claim.text), evidence=evidence)


def _once(claims: Iterable[Claim]) -> Iterable[Claim]:
    """Each proposal once: of two incidents with the same it cites the evidence of both."""
    found: dict[tuple[str, str] | Claim, Claim] = {}
    for claim in claims:
        key = (claim.kind, claim.text) if claim.kind == "proposal" else claim
        before = found.get(key)
        evidence = (*before.evidence, *claim.evidence) if before is not None else claim.evidence
        found[key] = replace(claim, evidence=tuple(dict.fromkeys(evidence)))
    return found.values()
