"""A draft out of the record: what it says, what it asks, what it never says."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from afterword import language
from afterword.drafting.citations.check import check_draft
from afterword.drafting.citations.vocabulary import CAUSAL
from afterword.drafting.claims import Claim, Draft, DraftUnreadable, read_draft
from afterword.drafting.deterministic.drafter import write_draft
from afterword.drafting.evidence.book import EvidenceBook, Piece
from tests.drafting.books import about, after, alert, book, change, entry, note, times

pytestmark = pytest.mark.pure

OVER_LIMIT = "Latency of Checkout is over its limit"
HIGH: dict[str, Any] = {"kind": "alert", "source": "Monitoring", "data": {"severity": "critical"}}


@pytest.fixture
def told() -> EvidenceBook:
    """An incident of 42 minutes with a bit of everything."""
    return book(
        about(alerts=31, by_alert=True, affected=["Search"], severity="SEV2"),
        *times(impact_started=0, detected=6, acknowledged=9, identified=30, fixed=40, resolved=42),
        alert(1, 6, OVER_LIMIT, data={"opened": True}, count=30, until=after(39)),
        note(1, 30, "The pool of `db-1` was full: 200 of 200, due to the new limit.", mark="diagnosis"),
        note(2, 35, "Rolled back to v41.", person="Alice", mark="mitigation"),
        change(1, -7, "Deploy v42 with a smaller pool", person="Bob"),
        change(2, -600, "Deploy of a new footer", service="Search"),
        Piece("F1.1", "field", "Affected: 1,200", incident=7, data={"name": "Affected", "value": "1,200"}),
        Piece("S4", "similar", "Post-mortem 4: Slow checkout", at=after(-90_000), incident=7,
              data={"noun": "post-mortem", "number": 4, "title": "Slow checkout", "reasons": ["words"]}),
        Piece("U9", "follow-up", "Alert on the size of the pool", at=after(-90_000), incident=7,
              data={"is_open": True, "of_similar": "S4"}),
    )  # fmt: skip


def _texts(draft: Draft, key: str) -> list[str]:
    section = draft.section(key)
    return [claim.text for claim in section.claims] if section else []


def test_the_summary_is_a_paragraph_of_what_when_and_how_long(told):
    summary = " ".join(_texts(write_draft(told), "summary"))
    assert "“Checkout answers slowly”, began on 2 Mar 2026, 14:05 UTC and was resolved at 14:47" in summary
    assert (
        "An alert of Monitoring, “Latency of Checkout is over its limit”, opened it at 14:11 UTC, 6 min after"
        in summary
    )
    assert "It was acknowledged at 14:14 UTC, 3 min after it was detected." in summary
    assert "What helped, at 14:40 UTC: “Rolled back to v41.”" in summary


def test_times_are_written_in_the_readers_zone(told):
    summary = _texts(write_draft(told, zone=ZoneInfo("Europe/Berlin")), "summary")
    assert "2 Mar 2026, 15:05 CET" in summary[0]


def test_durations_are_computed_from_the_key_timestamps(told):
    assert _texts(write_draft(told), "durations") == [
        "Time to detect: 6 min.",
        "Time to acknowledge: 3 min.",
        "Time to identify: 24 min.",
        "Time to fix: 40 min.",
        "Time to resolve: 42 min.",
    ]


def test_changes_are_ranked_by_service_time_and_words_and_only_preceded(told):
    first, second = _texts(write_draft(told), "changes")
    assert first.startswith(
        "The deploy “Deploy v42 with a smaller pool” to Checkout preceded the start by 7 min."
    )
    assert "“pool”" in first
    assert second.startswith("The deploy “Deploy of a new footer” to Search preceded the start by 10 h.")


def test_nothing_says_in_our_words_that_one_thing_came_of_another(told):
    for claim in write_draft(told).claims():
        assert not CAUSAL.search(re.sub("“[^”]*”", "", claim.text)), claim.text


def test_what_people_wrote_about_the_reason_is_quoted_as_theirs(told):
    section = write_draft(told).section("contributors")
    assert section is not None
    first = section.claims[0]
    assert (
        first.text == "At 14:35 UTC Bob wrote: “The pool of db-1 was full: 200 of 200, due to the new limit.”"
    )
    assert first.evidence == ("E1",)
    assert "not checked" in first.confidence
    assert any(claim.kind == "question" and claim.asked for claim in section.claims)


def test_every_claim_of_a_draft_stands_the_check_of_citations(told):
    for verdict in check_draft(write_draft(told), told):
        assert verdict.outcome == "accepted", (verdict.claim.text, verdict.findings)


def test_a_draft_blames_nobody(told):
    for claim in write_draft(told).claims():
        assert [one for one in language.check(claim.text) if one.kind == "blame"] == []


def test_action_items_begin_with_a_verb_and_have_a_type(told):
    section = write_draft(told).section("actions")
    assert section is not None
    texts = [claim.text for claim in section.claims]
    assert texts[0] == "Finish “Alert on the size of the pool”, open since post-mortem 4."
    assert {claim.action for claim in section.claims} >= {"detect", "prevent", "mitigate", "investigate"}
    verbs = {"Finish", "Add", "Compare", "Write", "Group", "Count"}
    assert {text.split(" ")[0] for text in texts} <= verbs
    vague = re.compile(r"\b(?:improve|make better|look into|train|be more careful|consider)\b", re.IGNORECASE)
    assert not [text for text in texts if vague.search(text)]


def test_what_is_agreed_on_already_is_not_proposed_again():
    bare = book(about(), *times(impact_started=0, resolved=42))
    proposed = _texts(write_draft(bare), "actions")
    agreed = Piece("U3", "follow-up", proposed[0].rstrip("."), incident=7, data={"is_open": True})
    assert proposed[0] not in _texts(write_draft(book(*bare.pieces, agreed)), "actions")


def test_an_empty_record_gives_gaps_and_questions_and_no_invention():
    bare = book(
        about(),
        *times(impact_started=0, reported=3, resolved=42),
        Piece("R1", "role", "Reporter: Alice", incident=7, data={"person": "Alice", "meaning": "reporter"}),
    )  # fmt: skip
    draft = write_draft(bare)
    questions = draft.section("questions")
    assert questions is not None
    gaps = [claim.text for claim in questions.claims if claim.kind == "gap"]
    assert gaps == [
        "No entry says how this was detected.",
        "No entry says what was found out about the reason.",
        "No entry says what ended it.",
        "The record does not say when the problem was identified.",
    ]
    assert (
        Claim("Who or what noticed it first, and how?", ("I1",), "question", asked=("Alice",))
        in questions.claims
    )
    assert "It was reported by hand at 14:08 UTC; no alert opened it." in _texts(draft, "summary")
    assert _texts(draft, "changes") == ["No change to Checkout is recorded for the day before the start."]
    assert "Nothing in the record says how many customers or requests were affected." in _texts(
        draft, "impact"
    )


def test_a_long_silence_is_asked_about():
    told = book(
        about(),
        *times(impact_started=0, resolved=42),
        note(1, 1, "Looking."),
        note(2, 38, "Rolled back.", person="Alice"),
    )
    assert "Nothing was written between 14:06 UTC and 14:43 UTC. What was done in these 37 min?" in _texts(
        write_draft(told), "questions"
    )


# The timeline ------------------------------------------------------------------------------------------


def test_repetitions_and_filler_are_folded_and_key_moments_stay():
    pages = [
        entry(key, key / 10, f"Paged person {key}.", kind="page", source="Paging") for key in range(10, 16)
    ]
    told = book(
        about(),
        *times(impact_started=0, resolved=42),
        *pages,
        note(1, 5, "We are continuing to investigate."),
        note(2, 9, "We are continuing to investigate."),
        note(3, 12, "We are still investigating this."),
        note(4, 20, "Restarted db-1."),
        note(5, 25, "Restarted db-1."),
        entry(30, 30, "CPU is high", **HIGH, count=380, until=after(40)),
    )
    lines = _texts(write_draft(told), "timeline")
    assert lines == [
        "The impact began.",
        "6 pages, 3 notes in 11 min.",
        "Bob noted: “Restarted db-1.”, 2 times until 14:30 UTC.",
        "Alert of Monitoring: “CPU is high”, 380 times until 14:45 UTC.",
        "The incident was resolved.",
    ]
    draft = write_draft(told)
    cited = {one for claim in draft.section("timeline").claims for one in claim.evidence}  # type: ignore[union-attr]
    assert {piece.id for piece in told.of_kind("entry")} <= cited


def test_an_alert_that_fires_and_clears_again_and_again_is_one_line():
    fired = entry(1, 1, "CPU is high", **HIGH, count=6, until=after(30))
    over = replace(
        fired, id="E2", at=after(3), until=after(33), data={"kind": "alert", "severity": "resolved"}
    )
    told = book(about(), *times(impact_started=0, resolved=42), fired, over)
    flaps = "“CPU is high” of Monitoring fired 6 times and was over 6 times, until 14:38 UTC."
    assert flaps in _texts(write_draft(told), "timeline")
    assert all(verdict.outcome == "accepted" for verdict in check_draft(write_draft(told), told))


def test_a_timeline_stays_short_however_many_notes_there_are():
    many = [note(key, key / 10, f"Looked at shard {key} and found it well.") for key in range(1, 400)]
    told = book(about(), *times(impact_started=0, resolved=42), *many)
    lines = _texts(write_draft(told), "timeline")
    assert len(lines) < 130
    assert lines[1] == "Bob noted: “Looked at shard 1 and found it well.”"
    assert lines[-1] == "The incident was resolved."
    assert all(verdict.outcome == "accepted" for verdict in check_draft(write_draft(told), told))


# As JSON -----------------------------------------------------------------------------------------------


def test_a_draft_comes_back_from_json_as_it_was(told):
    draft = write_draft(told)
    assert read_draft(draft.as_json()) == draft


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ([], "draft is no object"),
        ({"sections": [{"key": "verdict", "claims": []}]}, "sections.0.key is none of summary"),
        ({"sections": [{"key": "summary", "claims": [{"text": ""}]}]}, "text is no text of 1 to 2,000"),
        (
            {"sections": [{"key": "summary", "claims": [{"text": "a", "kind": "guess"}]}]},
            "kind is none of fact",
        ),
        (
            {"sections": [{"key": "summary", "claims": [{"text": "a", "at": "2026-03-02"}]}]},
            "names no time zone",
        ),
    ],
)
def test_what_is_no_draft_says_where_and_why(wrong, reason):
    with pytest.raises(DraftUnreadable, match=reason):
        read_draft(wrong)


def test_of_a_long_note_only_the_sentence_that_matters_is_quoted():
    text = (
        "Between 06:59 and 13:18 users saw delays. The error rate peaked at 5.2% of 90,000 requests. "
        "This was due to an upgrade of the cache. We restarted the cache. We are working on mitigation."
    )
    told = book(about(), *times(impact_started=0, resolved=42), note(1, 40, text))
    draft = write_draft(told)
    impact = _texts(draft, "impact")
    assert "At 14:45 UTC Bob wrote: “The error rate peaked at 5.2% of 90,000 requests.”" in impact
    assert not [one for one in impact if one.startswith("Nothing in the record says how many")]
    reasons = _texts(draft, "contributors")
    assert reasons[0] == "At 14:45 UTC Bob wrote: “This was due to an upgrade of the cache.”"
    helped = _texts(draft, "mitigators")
    assert helped[0] == "At 14:45 UTC, 2 min before it was resolved: “We restarted the cache.”"
    assert "Write the steps of “We restarted the cache” into the runbook of Checkout." in _texts(
        draft, "actions"
    )


def test_what_is_only_being_worked_on_has_not_helped():
    told = book(
        about(),
        *times(impact_started=0, resolved=42),
        note(1, 30, "We are making progress towards mitigation."),
    )
    assert "No entry says what ended it." in _texts(write_draft(told), "questions")
