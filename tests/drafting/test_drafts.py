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
from afterword.drafting.quoting import plain_line
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


def _status(key: int, minutes: float, text: str, severity: str = "resolved", **more: Any) -> Piece:
    return entry(key, minutes, text, kind="status", source="Monitoring", data={"severity": severity, **more})


def test_an_end_that_is_taken_back_again_and_again_is_one_line_and_is_told_of_the_whole():
    swings = [
        piece
        for k in range(4)
        for piece in (
            _status(10 + k, 4 + 10 * k, "Resolved the incident."),
            *([_status(20 + k, 8 + 10 * k, "Opened the incident again.", "critical")] if k < 3 else []),
        )
    ]
    told = book(about(), *times(impact_started=0, resolved=42), *swings)
    draft = write_draft(told)
    assert _texts(draft, "timeline")[1:] == [
        "The incident was resolved and opened again, 3 times until 14:33 UTC.",
        "Monitoring resolved the incident.",
        "The incident was resolved.",
    ]
    again = "It was resolved and opened again 3 times, the last time at 14:33 UTC."
    assert again in _texts(draft, "summary")
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))


def test_what_ended_is_told_once_and_never_as_an_alert_of_something_wrong():
    clear: dict[str, Any] = {"kind": "alert", "source": "Monitoring", "data": {"severity": "resolved"}}
    told = book(
        about(),
        *times(impact_started=0, resolved=42),
        entry(1, 30, "CPU is high", **clear),
        _status(2, 30, "“9f2ce1f5dc8f” is resolved; 1 other is still open."),
        entry(3, 42, "Disk is full", **clear),
        _status(4, 42, "Resolved the incident."),
        entry(5, 20, "Merged #8 into this incident.", kind="status", source="Bob", data={"person": "Bob"}),
        entry(6, 20, "Merged into #7.", kind="status", source="Bob", data={"person": "Bob"}),
    )
    draft = write_draft(told)
    assert _texts(draft, "timeline")[1:] == [
        "Bob merged #8 into this incident.",
        "Resolved alert of Monitoring: “CPU is high”; 1 other is still open.",
        "Monitoring resolved the incident.",
    ]
    cited = {one for claim in draft.section("timeline").claims for one in claim.evidence}  # type: ignore[union-attr]
    assert {piece.id for piece in told.of_kind("entry")} <= cited
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        (
            "Every ~12 minutes, ~5 of them: `rm ~/*.log` **now**",
            "Every ~12 minutes, ~5 of them: rm ~/*.log now",
        ),
        (
            "3 probes failed\nentity: ledger\nregion: eu\n\n- one\n- two\nand more",
            "3 probes failed; entity: ledger; region: eu; one; two and more",
        ),
        ("~~Gone~~ is __this__ *and **that***, not 2 * 3", "Gone is this and that, not 2 * 3"),
    ],
)
def test_a_quotation_leaves_out_marks_and_nothing_that_was_said(text, quoted):
    assert plain_line(text) == quoted


def test_how_many_alerts_there_were_is_told_by_type():
    told = book(
        about(alerts=5),
        *times(impact_started=0, resolved=42),
        alert(1, 0, OVER_LIMIT, count=3, until=after(30), data={"opened": True}),
        alert(2, 3, OVER_LIMIT, data={"type": "resolved"}, count=2, until=after(40)),
    )
    draft = write_draft(told)
    assert "5 alerts came in about it: 3 critical alerts and 2 resolved alerts." in _texts(draft, "impact")
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))


def test_the_summary_has_the_impact_and_the_diagnosis_and_nothing_twice():
    told = book(
        about(),
        *times(impact_started=0, resolved=42),
        note(1, 5, "Checkout returns 500 for 35% of orders.", mark="impact"),
        note(2, 9, "The pool is full.", mark="diagnosis"),
        note(3, 12, "41 customers could not pay."),
        note(4, 40, "All 41 customers have their orders."),
    )
    draft = write_draft(told)
    summary, impact = _texts(draft, "summary"), " ".join(_texts(draft, "impact"))
    assert "Impact, at 14:10 UTC: “Checkout returns 500 for 35% of orders.”" in summary
    assert "Diagnosis, at 14:14 UTC: “The pool is full.”" in summary
    assert "“41 customers could not pay.”" in impact
    assert "All 41 customers" not in impact
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))


def test_what_lasted_seconds_is_told_without_the_same_time_twice():
    short = replace(about(), until=after(0.5))
    told = book(short, *times(impact_started=0, resolved=0.5), change(1, 0, "Deploy v42"))
    draft = write_draft(told)
    assert "began on 2 Mar 2026, 14:05 UTC and was resolved after 30 s." in _texts(draft, "summary")[0]
    assert "It lasted 30 s, on 2 Mar 2026, 14:05 UTC." in _texts(draft, "impact")
    made = "1 recorded change, “Deploy v42” to Checkout, was made in the moment of the start."
    assert made in _texts(draft, "summary")
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))


def _questions(*notes: str, title: str = "Bounces", **moments: float) -> list[str]:
    pieces = [note(key, 2 + 5 * key, text) for key, text in enumerate(notes)]
    told = book(
        about(title=title),
        *times(**{"impact_started": 0, "identified": 9, "resolved": 42, **moments}),
        *pieces,
    )
    draft = write_draft(told)
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))
    return [*_texts(draft, "mitigators"), *_texts(draft, "questions")]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            [
                "ok found it: the SPF record lacks the new relay",
                "switched back to the old relay, mails go out",
            ],
            ["At 14:12 UTC, 35 min before it was resolved: “switched back to the old relay, mails go out”."],
        ),
        (
            [
                "Replica was on the old name, so pgbouncer never reconnected.",
                "Extended the volume to 600 GB.",
            ],
            [
                "Does “Replica was on the old name, so pgbouncer never reconnected” say what was found out "
                "about the reason?",
                "Does “Extended the volume to 600 GB” say what ended it?",
            ],
        ),
        (
            ["Merchandising asked why prices are old.", "The lag is 41 million messages."],
            [
                "Does “Merchandising asked why prices are old” say how it was noticed?",
                "Does “The lag is 41 million messages” say how many were affected?",
            ],
        ),
        (
            ["Nordwind called support: wrong tax.", "61% of /charge calls fail."],
            ["What ended it?"],
        ),
    ],
)
def test_what_engineers_write_in_their_own_way_is_asked_about_and_not_called_missing(texts, told):
    found = _questions(*texts, reported=1)
    assert [one for one in told if one not in found] == []
    missing = {"No entry says how this was detected.", "Who or what noticed it first, and how?"}
    assert not missing & set(found)


def test_a_start_that_only_the_alert_gives_is_asked_about_and_no_mitigator():
    seen = alert(1, 0, OVER_LIMIT, data={"opened": True})
    told = book(
        about(alerts=1), *times(impact_started=0, detected=0, resolved=42), seen, note(1, 9, "Looking.")
    )
    draft = write_draft(told)
    asked = "Did the impact begin before the alert at 14:05 UTC? The record takes the alert for its start."
    assert asked in _texts(draft, "questions")
    assert "The impact began." not in _texts(draft, "timeline")
    assert _texts(draft, "mitigators") == []


def test_what_ended_before_anybody_came_is_told_so():
    seen = alert(1, 0, OVER_LIMIT, data={"opened": True})
    told = book(about(alerts=1), *times(impact_started=0, detected=0, resolved=42), seen)
    draft = write_draft(told)
    assert "The record does not say that anybody acknowledged it." in _texts(draft, "summary")
    assert (
        f"Decide whether “{OVER_LIMIT}” should call somebody: it was over after 42 min, before anybody "
        "acknowledged it." in _texts(draft, "actions")
    )
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))


def test_nobody_is_asked_by_the_name_of_a_pipeline():
    told = book(
        about(),
        *times(impact_started=0, resolved=42),
        note(1, 9, "The pool is full because of the limit.", person="Alice Field"),
        change(1, -7, "Deploy v42", person="ci-bot"),
        change(2, -9, "Limit", person="alice"),
    )
    section = write_draft(told).section("contributors")
    assert section is not None
    asked = {claim.evidence[0]: claim.asked for claim in section.claims if claim.text.startswith("What did")}
    assert asked == {"C1": ("Alice Field",), "C2": ("Alice Field",)}


def test_key_moments_stay_lines_of_their_own_among_many_notes():
    many = [note(key, key / 10, f"Looked at shard {key} and found it well.") for key in range(1, 400)]
    starred = note(900, 20, "Failed over to the other region.", starred=True)
    told = book(about(), *times(impact_started=0, identified=19, resolved=42), *many, starred)
    lines = _texts(write_draft(told), "timeline")
    assert "The problem was identified." in lines
    assert "Bob noted: “Failed over to the other region.”" in lines


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


WORK = [
    (5, "A customer phoned support at 14:02 and told us that vouchers are refused."),
    (6, "It is not because of the deploy, the deploy was rolled back an hour ago already."),
    (7, "Disabled exports? No, we should not."),
    (8, "We have not restarted the voucher pods yet."),
    (10, "Restarted the voucher pods. It made no difference."),
    (12, "Failed over to db-2."),
    (14, "That did not help, db-2 is slow as well."),
    (20, "The flag was on since this morning. That is why every voucher is refused."),
    (25, "Switched the voucher_v2 flag off again. Vouchers work."),
    (26, "Fixed by setting max_workers to 8."),
]


def test_what_was_not_done_or_did_not_help_is_no_mitigator_and_no_reason():
    notes = [note(place, minutes, text) for place, (minutes, text) in enumerate(WORK, start=1)]
    in_vain = note(20, 30, "Rollback of auth 3.1 did not help.", mark="mitigation")
    told = book(about(), *times(impact_started=0, resolved=42), *notes, in_vain)
    draft = write_draft(told)
    assert _texts(draft, "mitigators") == [
        "At 14:30 UTC, 17 min before it was resolved: “Switched the voucher_v2 flag off again.”",
        "At 14:31 UTC, 16 min before it was resolved: “Fixed by setting max_workers to 8.”",
    ]
    assert [one for one in _texts(draft, "contributors") if "wrote" in one] == [
        "At 14:25 UTC Bob wrote: “The flag was on since this morning. That is why every voucher is refused.”"
    ]
    runbook = [one for one in _texts(draft, "actions") if "runbook" in one]
    assert runbook == ["Write the steps of “Fixed by setting max_workers to 8” into the runbook of Checkout."]
    assert "What helped" not in " ".join(_texts(draft, "summary"))


SUMMARY = "412 customers could not pay. Putting the old limit back ended it at once."
GERMAN = "Die Ursache: das Zertifikat ist abgelaufen"


def test_no_gap_is_told_where_summary_or_notes_say_it_and_doubt_is_asked():
    told = book(
        about(summary=SUMMARY),
        *times(impact_started=0, reported=1, resolved=42),
        note(1, 2, "Support wrote that customers cannot pay."),
        note(2, 9, GERMAN),
    )
    draft = write_draft(told)
    assert [claim.text for claim in draft.claims() if claim.kind == "gap"] == [
        "No change to Checkout is recorded for the day before the start."
    ]
    assert "Its summary says: “412 customers could not pay.”" in _texts(draft, "impact")
    assert "Its summary says: “Putting the old limit back ended it at once.”" in _texts(draft, "mitigators")
    assert f"At 14:14 UTC Bob wrote: “{GERMAN}”." in _texts(draft, "contributors")
    assert _texts(draft, "questions") == [f"Was it clear what it was when somebody wrote “{GERMAN}”?"]
    limit = "The release of this morning raised the limit from 3 s to 30 s"
    told = book(
        about(),
        *times(impact_started=0, identified=9, resolved=42),
        note(1, 9, limit),
        note(2, 40, "All customers can pay again."),
    )
    assert _texts(write_draft(told), "questions")[2:5] == [
        f"Does “{limit}” say what was found out about the reason?",
        "Does “All customers can pay again” say what ended it?",
        "Does “All customers can pay again” say how many were affected?",
    ]
    assert not [one for one in _texts(write_draft(told), "impact") if "Nothing" in one]


ASKED = {
    "impact": "How many customers or requests were affected, and what could they not do?",
    "mitigators": "What ended it?",
    "contributors": "What did you find out while you looked for the reason, and what ruled other reasons "
    "out?",
    "summary": "Who or what noticed it first, and how?",
    "durations": "When was it clear what it was?",
}


def test_an_answer_closes_its_gap_and_stands_where_the_question_belongs():
    bare = book(about(), *times(impact_started=0, resolved=42))
    answers = [
        Piece(f"Q{place}", "answer", f"It was {place}.", at=after(99), source="Alice", incident=7,
              data={"person": "Alice", "question": f"Say: {place}?", "draft_question": question})
        for place, question in enumerate(ASKED.values())
    ]  # fmt: skip
    told = book(*bare.pieces, *answers)
    draft = write_draft(told)
    for place, key in enumerate(ASKED):
        assert f"Asked “Say: {place}?”, Alice answered: “It was {place}.”" in _texts(draft, key)
    assert len([claim for claim in draft.claims() if claim.evidence[0].startswith("Q")]) == len(ASKED)
    assert draft.section("questions") is None
    assert not [one for one in _texts(draft, "impact") if one.startswith("Nothing")]
    count = "Count the requests that Checkout cannot serve"
    assert [one for one in _texts(write_draft(bare), "actions") if one.startswith(count)]
    assert not [one for one in _texts(draft, "actions") if one.startswith(count)]
    unknown = book(*bare.pieces, replace(answers[1], text="I don't know."))
    assert "No entry says what ended it." in _texts(write_draft(unknown), "questions")
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))


@pytest.mark.parametrize(
    ("at", "text", "told", "action"),
    [
        (2, "Support saw that gift cards fail, no alert so far.",
         "People noticed it 2 min after the start: “Support saw that gift cards fail, no alert so far.”",
         "Add an alert on Checkout that fires on what was detected at 14:07 UTC, 38 min before the first "
         "alert."),
        (2, "Looking at the logs.", "It was detected 2 min after the start.",
         "Add an alert on Checkout that fires on what was detected at 14:07 UTC, 38 min before the first "
         "alert."),
        (40, "Support saw that gift cards fail.", None,
         "Add an alert on Checkout that fires sooner than 40 min after the start."),
    ],
    ids=["by people", "unknown", "by monitoring"],
)  # fmt: skip
def test_who_noticed_it_is_told_by_what_is_recorded_then(at, text, told, action):
    alarm = alert(1, 40, OVER_LIMIT, data={"opened": True})
    known = book(about(), *times(impact_started=0, detected=at, resolved=42), note(1, at, text), alarm)
    draft = write_draft(known)
    assert _texts(draft, "mitigators") == ([told] if told else [])
    assert [one for one in _texts(draft, "actions") if one.startswith("Add an alert")] == [action]
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, known))


def test_what_was_reported_after_its_end_has_no_time_to_detect():
    told = book(about(), *times(impact_started=0, reported=2_340, resolved=42))
    draft = write_draft(told)
    assert _texts(draft, "durations") == ["Time to resolve: 42 min."]
    assert (
        "It was reported by hand on 4 Mar 2026 at 05:05 UTC, after it was over; no alert opened it."
        in _texts(draft, "summary")
    )
    assert "1 d 15 h" not in str(draft.as_json())


def test_of_two_incidents_each_claim_names_its_own():
    second = replace(
        about(), id="I2", at=after(60), until=after(90), incident=8, text="Incident #8: slow again"
    )
    moments = [replace(one, id=f"T2.{one.data['name']}", incident=8) for one in times(resolved=90)]
    told = book(about(), second, *times(impact_started=0, resolved=42), *moments, change(1, -5, "Deploy v4"))
    told = replace(told, pieces=(*told.pieces[:-1], replace(told.pieces[-1], incident=8)))
    draft = write_draft(told)
    assert _texts(draft, "durations") == ["Incident #7, time to resolve: 42 min."]
    texts = [claim.text for claim in draft.claims()]
    for number in (7, 8):
        assert f"Incident #{number}: no entry says what ended it." in texts
        assert f"Incident #{number}, services: Checkout." in texts
    assert not [one for one in texts if "no change to Checkout" in one.casefold()]
    alike = [one for one in draft.claims() if one.text.startswith("Count the requests")]
    assert [one.evidence for one in alike] == [("I1", "I2")]
    ours = Piece("Q1", "answer", "The rollback.", at=after(99), source="Alice", incident=8,
                 data={"question": "How?", "draft_question": "Incident #7: what ended it?"})  # fmt: skip
    asked = _texts(write_draft(replace(told, pieces=(*told.pieces, ours))), "questions")
    assert "Incident #7: no entry says what ended it." not in asked
    assert "Incident #8: no entry says what ended it." in asked
    assert all(verdict.outcome == "accepted" for verdict in check_draft(draft, told))


def test_lines_are_not_counted_together_over_what_the_book_leaves_out():
    pages = [entry(10 + place, place, f"Paged {place}", kind="page", source="Paging") for place in range(6)]
    told = replace(book(about(), *times(impact_started=0), *pages), behind_left_out=frozenset({"E13"}))
    lines = _texts(write_draft(told), "timeline")
    assert [line for line in lines if "page" in line] == ["3 pages in 2 min.", "3 pages in 2 min."]
