"""Claims that look true, and the true ones that look like them."""

from __future__ import annotations

import pytest

from afterword.drafting.citations.check import check_claim
from afterword.drafting.claims import Claim
from tests.drafting.books import about, alert, book, note, times

pytestmark = pytest.mark.pure

BOOK = book(
    about(),
    *times(impact_started=0, resolved=140),
    note(1, 7, "Connection pool of Checkout is exhausted: 200 of 200 in use."),
    note(2, 26, "Raised the pool to 400 and restarted web-3. Latency is back to 0.6 s."),
    note(3, 35, "3 of 12 payment requests failed in eu-west-1. Errors rose from 3% to 12.5%."),
    note(4, 45, "It is -5 C in the room. 1,204 orders are delayed. Half of the customers wait."),
    note(5, 50, "Rolled Checkout back to v41, because v42 is slow."),
    note(6, 60, "Switched the cache off. Opened the breaker of Checkout. Gift cards fail."),
    note(7, 70, "Enabled the cache again, which fixed the gift cards. The queue is empty."),
    note(8, 80, "The backup ran from midnight until the morning of 9 June, for two weeks, all day."),
    note(9, 90, "Traffic was 40 requests per second and is 80 now. All nodes of the cluster are up."),
    alert(10, 6, "Latency over 2.5 s on web-3"),
    names=frozenset({"Checkout", "Search", "Bob", "Alice"}),
)

# What is false, the claim that is true in its place, and what both cite.
PAIRS = [
    # Lengths
    ("It was resolved after 1.5 hours.", "It was resolved after 2.3 hours.", "T1.impact_started T1.resolved"),
    (
        "It was resolved after 2.5 hours.",
        "It was resolved after 2 h 20 min.",
        "T1.impact_started T1.resolved",
    ),
    (
        "It was resolved after half an hour.",
        "It was resolved in 140 minutes.",
        "T1.impact_started T1.resolved",
    ),
    (
        "It lasted for days until it was resolved.",
        "It lasted for hours until it was resolved.",
        "T1.impact_started T1.resolved",
    ),
    ("Requests failed for a week.", "Some requests failed.", "E3"),
    ("Requests failed all day.", "Payment requests failed.", "E3"),
    # Quantities
    ("A third of payment requests failed.", "A quarter of payment requests failed.", "E3"),
    ("Half of payment requests failed.", "Half of the customers wait.", "E3 E4"),
    ("Two thirds of payment requests failed.", "3 of 12 payment requests failed.", "E3"),
    ("All payment requests failed.", "All 200 connections of the pool were in use.", "E1 E3"),
    ("Nearly every payment request failed.", "All nodes of the cluster are up.", "E3 E9"),
    ("Most payment requests failed.", "Some payment requests failed.", "E3"),
    ("Nobody could pay with gift cards.", "The gift cards fail.", "E6"),
    ("Everybody waits for payment requests.", "Several payment requests failed.", "E3"),
    ("24% of payment requests failed.", "25% of payment requests failed.", "E3"),
    ("Dozens of payment requests failed.", "Three of twelve payment requests failed.", "E3"),
    ("Traffic tripled.", "Traffic doubled to 80 requests per second.", "E9"),
    ("Latency halved to 0.6 s.", "Latency went back to 0.6 s.", "E2"),
    # Times in words
    ("At noon the pool was raised to 400.", "At 14:31 the pool was raised to 400.", "E2"),
    ("In the morning the pool was raised to 400.", "In the afternoon the pool was raised to 400.", "E2"),
    ("In June the pool was raised to 400.", "In March the pool was raised to 400.", "E2"),
    (
        "On the ninth of June the pool was raised to 400.",
        "On the second of March the pool was raised to 400.",
        "E2",
    ),
    ("Yesterday the pool was raised to 400.", "On Monday the pool was raised to 400.", "E2"),
    ("The backup began at noon.", "The backup ran from midnight.", "E8"),
    # Names at the beginning of a sentence, and in small letters
    ("Kafka latency is back to 0.6 s.", "Latency is back to 0.6 s.", "E2"),
    ("Zookeeper latency is back to 0.6 s.", "Checkout is exhausted.", "E2 E1"),
    ("Carl restarted web-3.", "Bob restarted web-3.", "E2"),
    ("Frobnicator latency is back to 0.6 s.", "The pool was raised to 400.", "E2"),
    ("The connection pool of search is exhausted.", "The connection pool of checkout is exhausted.", "E1"),
    # Signs, and changes the other way round
    ("It was +5 C in the room.", "It was -5 C in the room.", "E4"),
    ("It was 5 C in the room.", "It was minus 5 C in the room.", "E4"),
    ("Errors rose from 12.5% to 3%.", "Errors rose from 3% to 12.5%.", "E3"),
    ("Errors went to 3% from 12.5%.", "Errors went to 12.5% from 3%.", "E3"),
    # Verbs of direction
    ("Bob lowered the pool to 400.", "Bob increased the pool to 400.", "E2"),
    ("Bob reduced the pool to 400.", "Bob enlarged the pool to 400.", "E2"),
    ("Bob stopped web-3.", "Bob rebooted web-3.", "E2"),
    ("Bob rolled Checkout forward to v41.", "Bob rolled back Checkout to v41.", "E5"),
    ("Bob enabled the cache.", "Bob disabled the cache.", "E6"),
    ("Bob switched the cache on.", "Bob turned the cache off.", "E6"),
    ("All nodes of the cluster are down.", "All nodes of the cluster were up.", "E9"),
    ("Bob closed the breaker of Checkout.", "Bob opened the breaker of Checkout.", "E6"),
    # What came of what
    ("The new pool resolved the exhausted connections.", "The team raised the pool to 400.", "E2"),
    ("Checkout was rolled back to v41, which ended the outage.", "Checkout was rolled back to v41.", "E5"),
    (
        "Rolling Checkout back to v41 repaired all gift cards.",
        "Enabling the cache fixed the gift cards.",
        "E5 E6 E7",
    ),
    (
        "Bob raised the pool to 400 and that fixed the outage.",
        "Bob raised the pool to 400, and latency is back.",
        "E2",
    ),
    (
        "The gift cards were fixed by switching the cache off.",
        "Gift cards were fixed by enabling the cache.",
        "E6 E7",
    ),
    ("Raising the pool to 400 resolved the incident.", "It was resolved at 16:25.", "E2 T1.resolved"),
    (
        "The rollback to v41 caused gift cards to fail.",
        "v41 was rolled back to because v42 is slow.",
        "E5 E6",
    ),
]
LEFT_TO_PEOPLE = {
    "Nobody could pay with gift cards.",
    "Yesterday the pool was raised to 400.",
    "Frobnicator latency is back to 0.6 s.",
    "The connection pool of search is exhausted.",
}
"""Of which it cannot be certain: a person is asked to look."""


def _judge(text: str, evidence: str) -> tuple[str, list[str]]:
    verdict = check_claim(Claim(text, tuple(evidence.split())), BOOK)
    return verdict.outcome, [f"{one.kind} {one.text}" for one in verdict.findings]


def test_no_false_claim_stands_as_a_fact():
    judged = {text: _judge(text, evidence) for text, _, evidence in PAIRS}
    assert {text: found for text, found in judged.items() if found[0] == "accepted"} == {}
    assert {text for text, found in judged.items() if found[0] == "verify"} == LEFT_TO_PEOPLE


def test_every_true_claim_that_looks_like_one_is_accepted():
    judged = [(text, *_judge(text, evidence)) for _, text, evidence in PAIRS]
    assert [one for one in judged if one[1] != "accepted"] == []
