"""When an alert rule holds: each operator, groups, letter case, times, and hostile patterns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from afterword.ingest.rules import AlertFacts, parse_rule, run
from afterword.lib.errors import InvalidInput
from tests.pace import within

pytestmark = pytest.mark.pure

PAYLOAD: dict[str, Any] = {
    "severity": "High",
    "source": "web_server_1",
    "count": 12,
    "share": "93.5",
    "up": False,
    "none": None,
    "blank": "",
    "tags": ["db", "Prod"],
    "labels": {"team": "payments"},
}
MONDAY_EVENING = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)
"""Half past ten in Berlin, and already Tuesday in Tokyo."""


def holds(condition: Any, at: datetime = MONDAY_EVENING) -> bool:
    rule = parse_rule(condition, [{"action": "suppress"}], name="r")
    return run([rule], AlertFacts(message="Disk full", payload=PAYLOAD), at).matched == ["r"]


def compare(path: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    given = {} if value is None else {"value": value}
    return {"path": path, "operator": operator, **given, **more}


@pytest.mark.parametrize(
    ("path", "operator", "value", "expected"),
    [
        ("payload.severity", "equals", "high", True),
        ("{{payload.severity}}", "equals", "high", True),
        ("payload.severity", "equals", "highest", False),
        ("payload.count", "equals", "12", True),
        ("payload.count", "equals", 12.0, True),
        ("payload.up", "equals", False, True),
        ("payload.up", "equals", "false", True),
        ("payload.nothing", "equals", "x", False),
        ("payload.severity", "not_equals", "low", True),
        ("payload.nothing", "not_equals", "low", True),
        ("payload.severity", "not_equals", "HIGH", False),
        ("message", "contains", "FULL", True),
        ("payload.tags", "contains", "prod", True),
        ("payload.tags", "contains", "pro", False),
        ("payload.labels", "contains", "team", True),
        ("payload.nothing", "contains", "x", False),
        ("message", "not_contains", "full", False),
        ("payload.nothing", "not_contains", "x", True),
        ("message", "starts_with", "disk", True),
        ("message", "starts_with", "full", False),
        ("message", "ends_with", "full", True),
        ("payload.count", "starts_with", "1", True),
        ("message", "matches", "^disk f[u]+l{2}$", True),
        ("message", "matches", "^full", False),
        ("payload.source", "matches", r"server_\d+", True),
        ("payload.nothing", "matches", ".*", False),
        ("payload.up", "exists", None, True),
        ("payload.none", "exists", None, False),
        ("payload.blank", "exists", None, False),
        ("payload.nothing", "exists", None, False),
        ("payload.nothing", "not_exists", None, True),
        ("payload.up", "not_exists", None, False),
        ("payload.count", "greater", 11, True),
        ("payload.count", "greater", 12, False),
        ("payload.share", "greater", "93", True),
        ("payload.severity", "greater", 1, False),
        ("payload.up", "less", 1, False),
        ("payload.share", "less", 93.6, True),
        ("payload.nothing", "less", 1, False),
        ("payload.severity", "in", ["low", "high"], True),
        ("payload.count", "in", ["12.0", "x"], True),
        ("payload.nothing", "in", ["low"], False),
        ("payload.severity", "in", ["low"], False),
        ("payload.severity", "not_in", ["low"], True),
        ("payload.nothing", "not_in", ["low"], True),
        ("payload.severity", "not_in", ["high"], False),
        ("alert_type", "equals", "info", True),
        ("suppressed", "equals", "false", True),
    ],
)
def test_a_comparison(path: str, operator: str, value: Any, expected: bool) -> None:
    assert holds(compare(path, operator, value)) is expected


@pytest.mark.parametrize(
    ("operator", "value"),
    [
        ("equals", "high"),
        ("contains", "high"),
        ("starts_with", "h"),
        ("ends_with", "IGH"),
        ("in", ["high"]),
        ("matches", "^high$"),
    ],
)
def test_letter_case_counts_only_when_asked(operator: str, value: Any) -> None:
    assert holds(compare("payload.severity", operator, value))
    assert not holds(compare("payload.severity", operator, value, match_case=True))


YES, NO = compare("message", "exists"), compare("message", "not_exists")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"all": []}, True),
        ({"all": [YES, YES]}, True),
        ({"all": [YES, NO]}, False),
        ({"any": [NO, YES]}, True),
        ({"any": [NO, NO]}, False),
        ({"not": YES}, False),
        ({"not": {"any": [NO, NO]}}, True),
        ({"any": [{"all": [YES, NO]}, {"all": [YES, {"not": NO}]}]}, True),
    ],
)
def test_groups(condition: Any, expected: bool) -> None:
    assert holds(condition) is expected


@pytest.mark.parametrize(
    ("zone", "start", "end", "expected"),
    [
        ("UTC", "21:30", "22:00", True),
        ("UTC", "21:00", "21:30", False),
        ("Europe/Berlin", "22:00", "06:00", True),
        ("Europe/Berlin", "23:00", "06:00", False),
        ("Asia/Tokyo", "22:00", "07:00", True),
    ],
)
def test_the_time_of_day_is_that_of_the_zone(zone: str, start: str, end: str, expected: bool) -> None:
    assert holds({"operator": "time_of_day", "from": start, "to": end, "time_zone": zone}) is expected


def test_the_time_of_day_follows_the_change_of_clocks() -> None:
    office = {"operator": "time_of_day", "from": "09:00", "to": "17:00", "time_zone": "Europe/Berlin"}
    assert not holds(office, datetime(2026, 3, 28, 7, 30, tzinfo=UTC))
    assert holds(office, datetime(2026, 3, 29, 7, 30, tzinfo=UTC))


def test_the_weekday_is_that_of_the_zone() -> None:
    assert holds({"operator": "weekday", "days": ["monday"], "time_zone": "Europe/Berlin"})
    assert holds({"operator": "weekday", "days": ["tuesday"], "time_zone": "Asia/Tokyo"})
    assert not holds({"operator": "weekday", "days": ["saturday", "sunday"]})


def nested(levels: int) -> Any:
    condition: Any = YES
    for _ in range(levels):
        condition = {"all": [condition]}
    return condition


@pytest.mark.parametrize(
    ("condition", "at"),
    [
        (None, "conditions"),
        ([], "conditions"),
        ({"any": []}, "conditions.any"),
        ({"all": YES}, "conditions.all"),
        ({"all": [YES], "any": [YES]}, "conditions.any"),
        ({"all": [{"all": []}]}, "conditions.all.0.all"),
        ({"all": [YES, {}]}, "conditions.all.1.operator"),
        ({"all": [YES] * 51}, "conditions.all"),
        (nested(6), "conditions.all.0.all.0.all.0.all.0.all.0"),
        (compare("payload.a", "is", "x"), "conditions.operator"),
        (compare("severity", "equals", "x"), "conditions.path"),
        (compare("payload.a", "equals", ""), "conditions.value"),
        (compare("payload.a", "equals", "x" * 1_001), "conditions.value"),
        (compare("payload.a", "equals", ["x"]), "conditions.value"),
        (compare("payload.a", "exists", "x"), "conditions.value"),
        (compare("payload.a", "greater", "many"), "conditions.value"),
        (compare("payload.a", "in", "x"), "conditions.value"),
        (compare("payload.a", "in", ["x", {}]), "conditions.value.1"),
        (compare("payload.a", "in", ["x"] * 101), "conditions.value"),
        (compare("payload.a", "matches", "("), "conditions.value"),
        (compare("payload.a", "matches", r"(a)\1"), "conditions.value"),
        (compare("payload.a", "matches", "(x{0,500}){0,2}y"), "conditions.value"),
        (compare("payload.a", "matches", "x" * 301), "conditions.value"),
        (compare("payload.a", "equals", "x", match_case="no"), "conditions.match_case"),
        ({"operator": "time_of_day", "from": "9", "to": "17:00"}, "conditions.from"),
        ({"operator": "time_of_day", "from": "09:00", "to": "09:00"}, "conditions.to"),
        (
            {"operator": "time_of_day", "from": "09:00", "to": "17:00", "time_zone": "Mars"},
            "conditions.time_zone",
        ),
        ({"operator": "weekday", "days": []}, "conditions.days"),
        ({"operator": "weekday", "days": ["someday"]}, "conditions.days"),
        ({"operator": "weekday", "days": ["monday"], "time_zone": "../UTC"}, "conditions.time_zone"),
        ({"operator": "weekday", "days": ["monday"], "time_zone": "Europe"}, "conditions.time_zone"),
    ],
)
def test_a_fault_is_told_with_its_place(condition: Any, at: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_rule(condition, [{"action": "suppress"}])
    assert at in refused.value.fields


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 100_000 + "b"),
        ("(a|aa)+$", "a" * 100_000 + "b"),
        ("(.*a){20}$", "a" * 100_000 + "b"),
        ("(x+x+)+y", "x" * 100_000),
        ("[ab]*a[ab]{200}c", "ab" * 50_000),
    ],
)
def test_a_hostile_pattern_meets_a_hostile_text_and_both_are_soon_done(pattern: str, text: str) -> None:
    rule = parse_rule(compare("payload", "matches", pattern), [{"action": "suppress"}])
    with within(0.2):
        assert run([rule], AlertFacts(message="m", payload=text), MONDAY_EVENING).matched == []
