"""Key timestamps, milestone durations, and what may be said about times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from afterword.incidents import rules
from afterword.lib.errors import InvalidInput

pytestmark = pytest.mark.pure

START = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Known:
    """Some of an incident's times, in minutes after `START`."""

    created_at: datetime = START
    impact_started_at: datetime | None = None
    detected_at: datetime | None = None
    reported_at: datetime | None = None
    acknowledged_at: datetime | None = None
    identified_at: datetime | None = None
    fixed_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None


def known(**minutes: int) -> Known:
    return Known(**{f"{name}_at": START + timedelta(minutes=count) for name, count in minutes.items()})


def test_key_timestamps_come_in_order_of_time_and_leave_out_what_is_not_known() -> None:
    found = rules.key_timestamps(known(impact_started=0, identified=9, acknowledged=12, resolved=20))
    assert [item.label for item in found] == ["Impact started", "Identified", "Acknowledged", "Resolved"]


def test_equal_times_come_in_their_usual_order() -> None:
    found = rules.key_timestamps(known(resolved=5, fixed=5, detected=0, impact_started=0))
    assert [item.name for item in found] == ["impact_started", "detected", "fixed", "resolved"]


@pytest.mark.parametrize(
    ("times", "durations"),
    [
        ({}, {}),
        ({"impact_started": 0, "detected": 4}, {"detection": 4}),
        ({"impact_started": 0, "reported": 6}, {"detection": 6}),
        ({"detected": 0, "acknowledged": 7}, {"acknowledgement": 7}),
        ({"reported": 2, "identified": 9}, {"identification": 7}),
        ({"impact_started": 0, "fixed": 10, "resolved": 12}, {"fix": 10, "resolution": 12}),
        ({"impact_started": 5, "detected": 0}, {}),
        ({"impact_started": 0, "resolved": 9, "reported": 60, "acknowledged": 61}, {"resolution": 9}),
    ],
)
def test_a_duration_runs_between_two_known_times_in_order(
    times: dict[str, int], durations: dict[str, int]
) -> None:
    found = {item.name: item.length for item in rules.milestone_durations(known(**times))}
    assert found == {name: timedelta(minutes=count) for name, count in durations.items()}


def test_an_open_incident_lasts_until_now() -> None:
    now = START + timedelta(minutes=30)
    assert rules.lasted(known(), now) == timedelta(minutes=30)
    assert rules.lasted(known(impact_started=10), now) == timedelta(minutes=20)
    assert rules.lasted(known(impact_started=10, resolved=15), now) == timedelta(minutes=5)
    assert rules.lasted(known(impact_started=40), now) == timedelta(0)


def test_an_end_is_neither_before_the_start_nor_in_the_future() -> None:
    now = START + timedelta(hours=1)
    rules.check_resolution(START, started_at=START, now=now)
    rules.check_resolution(now + timedelta(seconds=60), started_at=START, now=now)
    for at in (START - timedelta(seconds=1), now + timedelta(minutes=3)):
        with pytest.raises(InvalidInput):
            rules.check_resolution(at, started_at=START, now=now)


@pytest.mark.parametrize(
    ("urls", "links"),
    [
        ([{"link_url": "https://a.example/x", "link_text": "Graph"}], [("Graph", "https://a.example/x")]),
        ([{"link_url": "http://a.example"}], [("http://a.example", "http://a.example")]),
        (
            [{"link_url": "https://a.example", "link_text": "  "}],
            [("https://a.example", "https://a.example")],
        ),
        (["https://a.example"], [("https://a.example", "https://a.example")]),
        ([{"link_url": "javascript:alert(1)", "link_text": "Graph"}], []),
        ([{"link_url": " javascript:alert(1)"}, {"link_url": "JaVaScRiPt:alert(1)"}], []),
        ([{"link_url": "data:text/html,x"}, {"link_url": "/settings"}, {"link_url": "#x"}], []),
        ([{"link_url": 'https://a.example/"onclick="x'}], []),
        ([{"link_url": None}, {}, None, 7, [], {"link_url": ["https://a.example"]}], []),
        (None, []),
        ({"link_url": "https://a.example"}, []),
        ([{"link_url": "https://a.example", "link_text": "a\u202eb"}], [("ab", "https://a.example")]),
    ],
)
def test_only_links_to_pages_can_be_followed(urls: Any, links: list[tuple[str, str]]) -> None:
    assert [(link.text, link.url) for link in rules.alert_links(urls)] == links


def test_links_are_bounded() -> None:
    urls = [{"link_url": f"https://a.example/{number}"} for number in range(100)]
    assert len(rules.alert_links(urls)) == rules.LINKS_MAX
