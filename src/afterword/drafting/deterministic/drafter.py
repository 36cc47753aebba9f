"""The whole draft, section by section. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, tzinfo

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
from afterword.drafting.evidence.book import EvidenceBook

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
    together by time. A section with nothing to say is not there.
    """
    cases = cases_of(book, zone)
    sections = []
    for key, tell in _TELLERS.items():
        claims = [claim for case in cases for claim in tell(case)]
        if key == "timeline" and len(cases) > 1:
            claims.sort(key=lambda claim: (claim.at is None, claim.at))
        unique = list(dict.fromkeys(claims))[:CLAIMS_PER_SECTION_MAX]
        if unique:
            sections.append(DraftSection(key, SECTION_KEYS[key], tuple(unique)))
    return Draft(tuple(sections))
