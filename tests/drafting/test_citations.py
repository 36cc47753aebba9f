"""The check of a claim against what it cites."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from afterword.drafting.citations.check import check_claim
from afterword.drafting.claims import Claim
from tests.architecture.sources import ROOT
from tests.drafting.books import about, after, alert, book, note, times

pytestmark = pytest.mark.pure

BOOK = book(
    about(alerts=380),
    *times(impact_started=0, detected=6, resolved=42),
    note(
        1,
        10,
        "The connection pool of Checkout on `db-1` was full: 200 of 200. See https://wiki.example/pool.",
    ),
    note(
        2,
        35,
        "Rolled back to v41. Errors fell from 37% to 0.2% because the old limit is higher.",
        person="Alice",
    ),
    note(3, 36, "Search was not affected."),
    alert(4, 6, "Latency over 2.5 s on web-3", count=380, until=after(39)),
)


def _found(text: str, *evidence: str, kind: str = "fact") -> list[str]:
    verdict = check_claim(Claim(text, evidence, kind), BOOK)  # type: ignore[arg-type]
    return [finding.kind for finding in verdict.findings]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("The connection pool on db-1 was full, with 200 of 200.", ["E1"]),
        ("At 14:40 UTC Alice rolled back to v41, and errors dropped from 37% to 0.2%.", ["E2"]),
        ("On Monday, 2 March 2026, it was resolved after 42 minutes.", ["T1.impact_started", "T1.resolved"]),
        ("It was detected six minutes after the start.", ["T1.impact_started", "T1.detected"]),
        ("Search stayed unaffected.", ["E3"]),
        ("380 alerts about latency over 2.5 s came until 14:44.", ["A4"]),
        ("Bob noted: “The connection pool of Checkout on db-1 was full…”", ["E1"]),
        ("Errors fell because the old limit is higher.", ["E2"]),
        # As the record itself folds lines.
        ("14:11 UTC: 2 notes, 1 timestamp in 29 min.", ["T1.detected", "E1", "E2"]),
    ],
)
def test_what_follows_from_the_evidence_is_accepted(text, evidence):
    assert _found(text, *evidence) in ([], ["weak"])


@pytest.mark.parametrize(
    ("text", "evidence", "finding"),
    [
        ("The pool was full.", [], "uncited"),
        ("The pool was full.", ["E1", "E99"], "unknown-id"),
        ("The connection pool on db-1 was full: 300 of 200.", ["E1"], "number"),
        ("Errors fell from 37% to 0.3%.", ["E2"], "number"),
        ("The connection pool was full with eighty connections.", ["E1"], "number"),
        ("At 14:41 UTC Alice rolled back to v41.", ["E2"], "time"),
        ("It was resolved on 3 March 2026.", ["T1.resolved"], "date"),
        ("It was resolved on Tuesday.", ["T1.resolved"], "date"),
        ("It was resolved after 43 min.", ["T1.impact_started", "T1.resolved"], "length"),
        ("It was detected seven minutes after the start.", ["T1.impact_started", "T1.detected"], "number"),
        ("Alice rolled back to v42.", ["E2"], "thing"),
        ("The connection pool on db-2 was full.", ["E1"], "thing"),
        ("The connection pool is described at https://evil.example/pool.", ["E1"], "thing"),
        ("The connection pool of Search was full.", ["E1"], "name"),
        ("The connection pool was full, as Mallory saw.", ["E1"], "name"),
        ("Bob noted: “The connection pool was empty.”", ["E1"], "quotation"),
        ("The connection pool of Checkout on db-1 was not full.", ["E1"], "negation"),
        ("Search was affected.", ["E3"], "negation"),
        ("Errors rose after Alice rolled back to v41.", ["E2"], "opposite"),
        ("The full connection pool caused the errors.", ["E1"], "causal"),
        ("A certificate of the supplier had expired.", ["E1"], "unsupported"),
    ],
)
def test_what_does_not_is_refused_with_the_reason(text, evidence, finding):
    found = _found(text, *evidence)
    assert finding in found or (finding == "number" and "length" in found), found


def test_the_moment_of_a_line_is_that_of_its_evidence():
    verdict = check_claim(Claim("Rolled back.", ("E2",), at=after(34)), BOOK)
    assert [finding.kind for finding in verdict.findings] == ["time"]


def test_questions_and_proposals_may_ask_for_what_nobody_said_but_not_make_up_names_and_numbers():
    assert _found("What made the pool so small?", "E1", kind="question") == []
    assert _found("Add an alert on Search for 5 errors.", "E1", kind="proposal") == ["number", "name"]


def test_the_benchmarks_set_is_judged_as_the_reference_says(monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT / "benchmarks")])
    from _citing import trials  # type: ignore[import-not-found]

    found: dict[str, Counter[str]] = {}
    for trial in trials():
        verdict = check_claim(trial.claim, trial.book)
        found.setdefault(trial.wrong, Counter())[verdict.outcome] += 1
    for certain in ("number", "unknown id", "no citation", "service", "person", "wrong citation", "causal"):
        assert set(found[certain]) == {"refused"}, (certain, found[certain])
    assert found["invention"]["refused"] == found["invention"].total()
    assert found["negation"]["refused"] >= 0.9 * found["negation"].total()
    assert found[""]["refused"] <= 0.05 * found[""].total()
