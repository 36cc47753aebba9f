"""How the promises of an SLA stand at a moment, and how far a change was from the start, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from afterword.incidents import rules
from tests.cast import STARTED

pytestmark = pytest.mark.pure


def after(minutes: float) -> datetime:
    return STARTED + timedelta(minutes=minutes)


def promises(**known: float | None) -> Any:
    """An incident that was to be acknowledged after 15 and resolved after 60 minutes."""
    times: dict[str, float | None] = {"acknowledge_due": 15, "resolve_due": 60, **known}
    names = ("acknowledge_due", "resolve_due", "acknowledged", "resolved")
    found = {name: times.get(name) for name in names}
    return SimpleNamespace(
        **{f"{name}_at": None if minutes is None else after(minutes) for name, minutes in found.items()}
    )


@pytest.mark.parametrize(
    ("known", "now", "expected"),
    [
        ({}, 5, [("running", 10), ("running", 55)]),
        ({}, 15, [("running", 0), ("running", 45)]),
        ({}, 70, [("broken", 55), ("broken", 10)]),
        ({"acknowledged": 12}, 70, [("kept", 3), ("broken", 10)]),
        ({"acknowledged": 15}, 70, [("kept", 0), ("broken", 10)]),
        ({"acknowledged": 20, "resolved": 50}, 70, [("broken", 5), ("kept", 10)]),
        ({"resolved": 10}, 70, [("kept", 5), ("kept", 50)]),
        ({"acknowledge_due": None}, 5, [("running", 55)]),
        ({"acknowledge_due": None, "resolve_due": None}, 5, []),
    ],
)
def test_a_promise_runs_is_kept_or_is_broken(
    known: dict[str, float | None], now: float, expected: list[tuple[str, float]]
):
    clocks = rules.sla_clocks(promises(**known), after(now))
    assert [(clock.state, clock.length.total_seconds() / 60) for clock in clocks] == expected


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (-12, "12 min before"),
        (-0.5, "30 s before"),
        (0, "at the start"),
        (0.01, "at the start"),
        (95, "1 h 35 min after"),
        (-24 * 60, "1 d before"),
    ],
)
def test_the_distance_to_the_start_is_told_in_words(minutes: float, words: str):
    assert rules.describe_distance(STARTED, after(minutes)) == words


@pytest.mark.parametrize(
    "images",
    [
        None,
        "x",
        [None, 1, {"src": 5}, {"alt": "no address"}],
        [
            {"src": "javascript:alert(1)"},
            {"src": "data:image/png;base64,AA"},
            {"src": "//other.example/x.png"},
        ],
    ],
)
def test_what_is_no_safe_address_is_no_image(images: object):
    assert rules.alert_images(images) == []


def test_an_image_is_a_link_with_its_words():
    images = [{"src": "https://example.com/a.png", "alt": "Failures"}, {"src": "http://example.com/b.png"}]
    found = [(image.text, image.url) for image in rules.alert_images(images)]
    assert found == [
        ("Failures", "https://example.com/a.png"),
        ("http://example.com/b.png", "http://example.com/b.png"),
    ]
