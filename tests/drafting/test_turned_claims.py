"""Claims with the right words the wrong way round, and true ones in words of their own."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from afterword.drafting.citations.check import check_claim
from afterword.drafting.claims import Claim
from tests.drafting.books import about, alert, book, note, times

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]
BOOK = book(
    about(),
    *times(impact_started=0, resolved=140),
    note(1, 4, "Alice paged Bob, who restarted web-3.", "Alice"),
    note(2, 10, "Raised the pool of Checkout from 200 to 400, 3 of 12 nodes done.", "Bob"),
    note(3, 22, "Took web-3 out of rotation. Errors went from 5% to 1%, 63 mails are late.", "Bob"),
    note(
        4, 30, "Slack works again, mails do not yet. Mails are delayed in all regions except Asia.", "Alice"
    ),
    note(5, 45, "The leak made pods crash, 40 times per hour. Latency is 0.9 s, was 4.2 s.", "Bob"),
    note(6, 60, "Alice asked Bob to add an alert. Load in Asia is down by 30%.", "Alice"),
    note(7, 70, "Started the import at 13:10, stopped it at 13:40.", "Bob"),
    note(8, 80, "58 tickets, 51 of them from Android. Moved data from rack-1 to rack-2.", "Bob"),
    note(9, 90, "web-4 is full, web-5 takes no new sessions: the disk filled up.", "Alice"),
    note(11, 95, "Billing started at 06:15 instead of 03:00. Follow-up: alert after one failed run.", "Bob"),
    note(12, 98, "740 calls were missed, 390 callers left a message. 0.02% of calls were lost.", "Bob"),
    note(13, 99, "Drained node-2, pulls went from 62% to 99% success. Reads always worked.", "Bob"),
    alert(10, 6, "Latency over 2.5 s on web-3"),
    names=frozenset({"Checkout", "Search", "Slack", "Bob", "Alice"}),
)

# What is false, what is true in its place, and what both cite.
PAIRS = [
    # Who did what to whom
    ("Bob paged Alice.", "Bob was paged by Alice.", "E1"),
    ("Alice restarted web-3.", "Bob restarted web-3.", "E1"),
    ("Alice was asked by Bob to add an alert.", "Bob was asked by Alice to add an alert.", "E6"),
    # What was asked for is not done
    ("Bob added an alert.", "Alice asked for an alert.", "E6"),
    # Order
    (
        "web-3 was taken out of rotation before the pool of Checkout was raised.",
        "The pool of Checkout was raised before web-3 was taken out of rotation.",
        "E2 E3",
    ),
    # Opposites in several words
    ("web-3 was left in rotation.", "web-3 was removed from rotation.", "E3"),
    ("The import ran until 14:00.", "The import was stopped after half an hour.", "E7"),
    # Directions, by the numbers
    ("Errors rose from 5% to 1%.", "Errors dropped from 5% to 1%.", "E3"),
    ("Latency went from 0.9 s to 4.2 s.", "Latency dropped from 4.2 s to 0.9 s.", "E5"),
    ("Load in Asia went down to 30%.", "Load in Asia went down by 30%.", "E6"),
    # Numbers of something else, periods, rounding
    ("The pool was raised on 12 nodes.", "The pool was raised on a quarter of the nodes.", "E2"),
    ("Pods crashed 40 times per minute.", "Pods crashed 40 times each hour.", "E5"),
    ("About 65 mails were late.", "More than 60 mails were late.", "E3"),
    ("Pods crashed 40 times a minute.", "Pods crashed 40 times an hour.", "E5"),
    # Which number, machine, place or time it is of which this is told
    ("58 tickets came from Android.", "51 of the 58 tickets came from Android.", "E8"),
    ("740 callers left a message.", "390 callers left a message.", "E12"),
    ("Data was moved from rack-2 to rack-1.", "Data was moved from rack-1 to rack-2.", "E8"),
    ("web-5 was full.", "web-4 was full.", "E9"),
    (
        "Billing started at 03:00 instead of 06:15.",
        "Billing started at 06:15 instead of 03:00.",
        "E11",
    ),
    # Few, fewer, and what is only proposed
    ("Half of the calls were lost.", "Hardly any calls were lost.", "E12"),
    (
        "After node-2 was drained, fewer pulls succeeded.",
        "After node-2 was drained, more pulls succeeded.",
        "E13",
    ),
    ("Reads did not work.", "Reads worked.", "E13"),
    ("An alert now fires after one failed run.", "The follow-up is an alert after one failed run.", "E11"),
    # Scope, and what only both clauses tell
    ("Mails were delayed in all regions.", "Mails were delayed in all regions except Asia.", "E4"),
    ("Mails work again.", "Mails did not work yet.", "E4"),
    # What came of what
    ("Crashed pods caused the leak.", "Pods crashed because of the leak.", "E5"),
    (
        "web-5 takes no new sessions because of a leak.",
        "web-5 takes no new sessions because the disk filled up.",
        "E9",
    ),
    # Zones, and times in words
    ("At 16:09 EST Alice paged Bob.", "At 15:09 CET Alice paged Bob.", "E1"),
    ("At five to two Alice paged Bob.", "At nine minutes past two Alice paged Bob.", "E1"),
]


def _outcome(text: str, cited: str) -> str:
    return check_claim(Claim(kind="fact", text=text, evidence=tuple(cited.split())), BOOK).outcome


@pytest.mark.parametrize(("false", "true", "cited"), PAIRS, ids=[pair[0] for pair in PAIRS])
def test_what_is_turned_round_is_caught_and_what_is_only_said_otherwise_is_not(false, true, cited):
    assert (_outcome(false, cited), _outcome(true, cited)) == ("refused", "accepted")


def test_the_adversarial_sets_are_judged_as_the_reference_says(monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, str(ROOT / "benchmarks")])
    from adversarial import judge_claims, judge_sentences  # type: ignore[import-not-found]

    claims, sentences = judge_claims(), judge_sentences()
    sets = range(1, 6)
    assert [claims[f"{n}, false"]["accepted"] for n in sets] == [0, 0, 1, 1, 3]
    assert [claims[f"{n}, true"]["refused"] for n in sets] == [0, 3, 5, 6, 4]
    assert [sentences[f"{n}, wrong"]["found"] for n in sets] == [72, 40, 34, 16, 8]
    assert [sentences[f"{n}, right"]["found"] for n in sets] == [0, 0, 0, 0, 0]
