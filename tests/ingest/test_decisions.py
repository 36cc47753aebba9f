"""What an alert does to its entity's incident: checked against the rules told in other words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.incidents.alert_rules import ALERT_TYPES, cut, decide, title_of

pytestmark = pytest.mark.pure

Alerts = list[tuple[str, bool]]
alerts = st.lists(st.tuples(st.sampled_from(ALERT_TYPES), st.booleans()), max_size=30)
Step = tuple[int | None, str | None]
"""The incident that an alert belongs to, counted from one, and the status after it, if one is open."""


def run(given_alerts: Alerts) -> list[Step]:
    opened, status, steps = 0, None, []
    for alert_type, suppressed in given_alerts:
        decision = decide(alert_type, suppressed=suppressed, status=status)
        opened += decision.opens
        status = decision.status or status
        steps.append((opened if decision.joins else None, status))
        if status == "resolved":
            status = None
    return steps


@given(alerts)
def test_at_most_one_incident_is_open_and_only_a_loud_alert_opens_it(sequence: Alerts) -> None:
    is_open = False
    for alert_type, suppressed in sequence:
        status = "triggered" if is_open else None
        decision = decide(alert_type, suppressed=suppressed, status=status)
        loud = alert_type in ("critical", "error", "warning") and not suppressed
        assert decision.opens == (loud and not is_open)
        assert decision.joins == (is_open or decision.opens)
        is_open = (is_open or decision.opens) and not (alert_type == "resolved" and not suppressed)


@given(alerts)
def test_an_incident_goes_from_triggered_to_acknowledged_to_resolved_and_never_back(sequence: Alerts) -> None:
    order = ["triggered", "acknowledged", "resolved"]
    by_incident: dict[int, list[str]] = {}
    for incident, status in run(sequence):
        if incident is not None:
            assert status is not None
            by_incident.setdefault(incident, []).append(status)
    for statuses in by_incident.values():
        assert statuses == sorted(statuses, key=order.index)
        assert statuses.count("resolved") <= 1
    assert list(by_incident) == sorted(by_incident)


@given(alerts)
def test_a_status_is_told_once(sequence: Alerts) -> None:
    status = None
    for alert_type, suppressed in sequence:
        decision = decide(alert_type, suppressed=suppressed, status=status)
        assert decision.status is None or decision.status != status
        status = decision.status or status
        if status == "resolved":
            status = None


@given(alerts)
def test_suppressed_alerts_and_information_change_nothing_for_the_others(sequence: Alerts) -> None:
    quiet = [
        step
        for step, (kind, muted) in zip(run(sequence), sequence, strict=True)
        if kind != "info" and not muted
    ]
    assert quiet == run([(kind, muted) for kind, muted in sequence if kind != "info" and not muted])


@given(st.text(max_size=2_000), st.integers(1, 300))
def test_a_title_is_one_line_of_bounded_length(message: str, characters_max: int) -> None:
    title = title_of(message, characters_max=characters_max)
    assert 0 < len(title) <= max(characters_max, 1)
    assert title.splitlines() == [title]


def test_a_title_does_not_turn_the_line_around() -> None:
    assert title_of("Refund \u202egnp.exe", characters_max=300) == "Refund gnp.exe"


@given(st.text(max_size=100), st.integers(1, 50))
def test_what_fits_is_not_cut(text: str, characters_max: int) -> None:
    shown = cut(text, characters_max=characters_max)
    assert shown == text if len(text) <= characters_max else len(shown) == characters_max
