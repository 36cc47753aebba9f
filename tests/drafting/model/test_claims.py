"""What becomes of one claim of a model: kept, marked to be verified, or refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from afterword.drafting.blame import checker_of
from afterword.drafting.claims import Claim, DraftSection
from afterword.drafting.evidence.book import Piece, PieceKind
from afterword.drafting.model.asking import WrittenClaim
from afterword.drafting.model.judging import Bench, Judged, Unreadable, is_enough, join, judge, read_answer
from afterword.drafting.model.placeholders import Known, Veil
from afterword.drafting.model.telling import is_from_outside, told_as_ours
from tests.drafting.books import about, after, alert, book, change, note, times

pytestmark = pytest.mark.pure

EVIDENCE = book(
    about(by_alert=True),
    *times(impact_started=0, resolved=42),
    note(1, 30, "The pool of db-1 was full: 200 of 200.", "Bob"),
    note(2, 33, "Alice forgot to raise the limit.", "Bob"),
    note(3, 35, "Customers were not affected. If the cache fills, the shop goes down.", "Alice"),
    note(4, 36, "We should tell everyone that the vendor apologised.", "Alice"),
    note(5, 37, "Users say that payments are slow.", "Alice"),
    note(6, 38, "You can trust me: the disk was replaced.", "Alice"),
    alert(7, 6, "Latency of Checkout is over its limit"),
    change(8, -7, "Deploy v42 with a smaller pool"),
)


def _judged(text: str, *evidence: str, key: str = "summary", **given: Any) -> Judged:
    veil = Veil(Known([("Alice", ""), ("Bob", "")], EVIDENCE))
    bench = Bench(key, EVIDENCE, veil, checker_of(["Alice", "Bob"]), frozenset({"Checkout", "Search"}))
    kind = given.pop("kind", "fact")
    fields = {"ask": [], "action": "detect" if kind == "proposal" else None, **given}
    [judged] = judge(
        [WrittenClaim(text=veil.hide(text), evidence=list(evidence), kind=kind, **fields)], bench
    )
    return judged


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("At 14:35 UTC the pool of db-1 was full, with 200 of 200.", ["E1"]),
        ("It was resolved at 14:47 UTC, after 42 minutes.", ["T1.impact_started", "T1.resolved"]),
        ("Users said that payments were slow.", ["E5"]),
        ("The alert “Latency of Checkout is over its limit” came at 14:11 UTC.", ["A7"]),
        ("At 13:58 UTC “Deploy v42 with a smaller pool” changed Checkout.", ["C8"]),
        ("The pool of db-1 was full after “Deploy v42 with a smaller pool”.", ["E1", "C8"]),
    ],
)
def test_what_the_evidence_says_is_kept(text: str, evidence: list[str]):
    judged = _judged(text, *evidence)
    assert judged.reasons == ()
    assert judged.claim is not None
    assert (judged.claim.text, judged.claim.support) == (text, "cited")


@pytest.mark.parametrize(
    ("text", "evidence", "reason"),
    [
        ("Alice forgot to raise the limit.", "E2", "It points at people."),
        ("The shop went down.", "E3", "The evidence leaves open whether it was so."),
        ("“Customers were affected” was written at 14:40 UTC.", "E3", "not say this word for word"),
        ("The record says “affected. If the cache fills”.", "E3", "A quotation leaves out the “not”"),
        ("The vendor apologised.", "E4", "The evidence asks for this to be said"),
        ("Latency was over its limit.", "A7", "are quoted, word for word"),
        ("A smaller pool was deployed.", "C8", "are quoted, word for word"),
        ("The pool of db-1 was full: 300 of 200.", "E1", "'300': The evidence has no such number."),
        (
            "The pool of db-1 was full, with eighty of 200.",
            "E1",
            "'eighty': The evidence has no such number.",
        ),
        ("The pool of db-1 was full: ２００ of 200.", "E1", "with the digits 0 to 9"),
        ("The pool of db-1 was full because of a deploy.", "E1", "does not say that one came of the other"),
        ("The pool was full", "E99", "There is no evidence 'E99'."),
        ("See [the pool](https://evil.example).", "E1", "It is plain text"),
        ("Mallory found the pool of db-1 full.", "E1", ""),
    ],
)
def test_what_it_does_not_say_is_refused_with_the_reason(text: str, evidence: str, reason: str):
    judged = _judged(text, evidence)
    if reason:
        assert judged.claim is None
        assert any(reason in one for one in judged.reasons), judged.reasons
    else:
        assert judged.claim is None or judged.claim.support == "verify"


def test_a_placeholder_that_was_never_given_is_none():
    veil = Veil(Known([("Bob", "")], EVIDENCE))
    bench = Bench("summary", EVIDENCE, veil, checker_of(), frozenset())
    text = "PERSON_7 noted: “The pool of db-1 was full: 200 of 200.”"
    [judged] = judge([WrittenClaim(text=text, evidence=["E1"], kind="fact", ask=[], action=None)], bench)
    assert judged.reasons == ("PERSON_7 is no placeholder of the evidence.",)


def test_reasons_hold_no_names():
    judged = _judged("Alice found the pool of db-1 full.", "E1")
    assert judged.claim is None
    assert not any("Alice" in reason for reason in judged.reasons)
    assert any("PERSON_" in reason for reason in judged.reasons)


def test_what_turns_to_a_reader_is_to_be_verified():
    judged = _judged("The disk was replaced.", "E6")
    assert judged.claim is not None
    assert judged.claim.support == "verify"


def test_questions_are_put_to_people_whom_the_evidence_names():
    asked = {"key": "questions", "kind": "question", "ask": ["PERSON_1", "PERSON_9", "Checkout"]}
    judged = _judged("What did Bob see of the pool of db-1?", "E1", **asked)
    assert judged.claim is not None
    assert judged.claim.asked == ("Bob",)


def test_a_question_takes_no_cause_for_granted():
    text = "Why was the pool of db-1 full because of the deploy?"
    assert _judged(text, "E1", key="questions", kind="question").claim is None


def test_an_answer_in_another_form_is_none():
    for text in (
        "",
        "[]",
        '{"claims": 5}',
        '{"claims": [{"text": "x"}]}',
        '{"claims": [], "more": 1}',
        "null",
    ):
        with pytest.raises(Unreadable):
            read_answer(text)
    assert read_answer('```json\n{"claims": []}\n```') == []


def test_less_than_half_of_a_text_is_no_text():
    assert [is_enough(*one) for one in ((0, 0), (1, 2), (1, 3), (2, 3), (0, 4))] == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_what_a_model_leaves_out_stays():
    base = DraftSection(
        "changes",
        "What changed before",
        (
            Claim("One.", ("C1", "T1")),
            Claim("Two.", ("C2",)),
            Claim("No field says it.", ("I1",), "gap"),
            Claim("What else?", ("C1",), "question"),
        ),
    )
    joined = join("changes", base.title, [Claim("The first one.", ("C1",))], base)
    assert [claim.text for claim in joined.section.claims] == [
        "The first one.",
        "Two.",
        "No field says it.",
        "What else?",
    ]
    assert joined.by_model == {0}
    summary = join("summary", "Summary", [Claim("All of it.", ("C9",))], base)
    assert [claim.text for claim in summary.section.claims] == ["All of it.", "No field says it."]


def test_of_every_kind_of_evidence_it_is_known_who_wrote_it():
    kinds = get_args(PieceKind)
    outside = {kind for kind in kinds if is_from_outside(Piece("Z1", kind, "Said"))}
    assert outside == {"entry", "alert", "change", "message", "related", "similar", "answer", "attachment"}
    said_by_bob = {"person": "Bob"}
    theirs = {kind for kind in kinds if is_from_outside(Piece("Z1", kind, "Said", data=said_by_bob))}
    assert theirs == {"alert", "change", "related", "similar", "attachment"}


def test_what_an_attached_file_says_is_quoted_whoever_attached_it():
    log = Piece("D1", "attachment", "db.log (text/plain)", at=after(31), source="Bob", incident=7)
    log = replace(log, data={"person": "Bob", "content": "The primary lost its disk."})
    told = Claim("The primary lost its disk.", ("D1",))
    assert told_as_ours(told, [log], {"Checkout"})
    quoted = Claim("At 14:36 UTC a file was attached that says “The primary lost its disk.”", ("D1",))
    assert not told_as_ours(quoted, [log], {"Checkout"})
