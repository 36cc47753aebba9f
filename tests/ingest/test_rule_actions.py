"""What alert rules do to an alert: each action, their order, stopping, and what cannot be done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from afterword.ingest.rules import AlertFacts, Rule, RuleOutcome, moves_alerts, parse_rule, run
from afterword.lib.errors import InvalidInput

pytestmark = pytest.mark.pure

AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ALERT = AlertFacts(
    message="Disk full", entity_id="disk-1", payload={"host": "web-1", "level": "Error", "value": 93}
)


def do(*actions: dict[str, Any], alert: AlertFacts = ALERT) -> RuleOutcome:
    return run([parse_rule({}, list(actions), name="R")], alert, AT)


def rule(name: str, conditions: Any, *actions: dict[str, Any], stops: bool = False) -> Rule:
    return parse_rule(conditions, list(actions), stops=stops, name=name)


def set_message(text: str) -> dict[str, Any]:
    return {"action": "set_message", "value": text}


def test_without_rules_an_alert_stays_as_it_is() -> None:
    outcome = run([], ALERT, AT)
    assert (outcome.message, outcome.entity_id, outcome.alert_type) == ("Disk full", "disk-1", "info")
    assert (outcome.matched, outcome.remarks, outcome.service, outcome.group) == ([], [], None, None)


@pytest.mark.parametrize("field", ["message", "summary", "entity_id"])
def test_texts_are_set(field: str) -> None:
    outcome = do({"action": f"set_{field}", "value": "{{payload.host}}: {{message}}"})
    assert getattr(outcome, field) == "web-1: Disk full"


@pytest.mark.parametrize("value", ["error", "ERROR", "{{payload.level}}"])
def test_the_alert_type_is_set(value: str) -> None:
    assert do({"action": "set_alert_type", "value": value}).alert_type == "error"


def test_an_alert_type_that_nobody_knows_is_ignored_with_a_remark() -> None:
    outcome = do({"action": "set_alert_type", "value": "{{payload.host}}"})
    assert outcome.alert_type == "info"
    assert outcome.remarks == ["The rule “R” gave no alert type that is known: “web-1”. Ignored."]


@pytest.mark.parametrize("field", ["priority", "sla", "escalation_policy"])
def test_ids_are_set(field: str) -> None:
    unique_id = str(uuid4())
    assert getattr(do({"action": f"set_{field}", field: unique_id.upper()}), field) == unique_id


def test_tags_are_added_each_once() -> None:
    one, two = str(uuid4()), str(uuid4())
    outcome = do({"action": "add_tags", "tags": [one]}, {"action": "add_tags", "tags": [one, two]})
    assert outcome.tags == [one, two]


def test_of_two_people_for_a_role_the_later_holds() -> None:
    lead, first, second = str(uuid4()), str(uuid4()), str(uuid4())
    assign = {"action": "assign_role", "role": lead}
    assert do({**assign, "person": first}, {**assign, "person": second}).roles == [(lead, second)]


def test_an_alert_is_suppressed_noted_routed_and_grouped() -> None:
    service = str(uuid4())
    outcome = do(
        {"action": "suppress"},
        {"action": "add_note", "value": "At {{payload.value}} %"},
        {"action": "route", "service": service},
        {"action": "group", "key": "{{payload.host}}", "window_minutes": 30},
    )
    assert outcome.suppressed
    assert outcome.notes == ["At 93 %"]
    assert outcome.service == service
    assert outcome.group == ("web-1", 30)


@pytest.mark.parametrize(
    ("action", "deed"),
    [
        (set_message("{{payload.nothing}}"), "set the message"),
        ({"action": "set_entity_id", "value": " {{payload.nothing}} "}, "set the entity id"),
        ({"action": "group", "key": "{{payload.nothing}}", "window_minutes": 5}, "group the alert"),
        ({"action": "add_note", "value": "{{payload.nothing}}"}, "add a note"),
    ],
)
def test_an_empty_text_changes_nothing_and_is_remarked(action: dict[str, Any], deed: str) -> None:
    outcome = do(action)
    assert (outcome.message, outcome.entity_id, outcome.notes) == ("Disk full", "disk-1", [])
    assert outcome.group is None
    assert outcome.remarks == [f"The rule “R” could not {deed}: its text was empty for this alert."]


def test_a_text_that_cannot_be_made_changes_nothing_and_is_remarked() -> None:
    outcome = do(set_message("{{payload.host | plus: 1}}"))
    assert outcome.message == "Disk full"
    assert outcome.remarks == [
        "The rule “R” could not set the message: Line 1: this needs a number, not “web-1”."
    ]


def test_rules_run_in_order_and_a_later_one_sees_what_an_earlier_one_has_set() -> None:
    first = rule("first", {}, set_message("One"))
    second = rule("second", {"path": "message", "operator": "equals", "value": "One"}, set_message("Two"))
    assert run([first, second], ALERT, AT).matched == ["first", "second"]
    assert run([second, first], ALERT, AT).matched == ["first"]
    assert run([first, second], ALERT, AT).message == "Two"


def test_a_rule_that_holds_and_stops_is_the_last() -> None:
    stopping = rule("stopping", {"path": "payload.host", "operator": "equals", "value": "web-1"}, stops=True)
    after = rule("after", {}, set_message("Changed"))
    assert run([stopping, after], ALERT, AT).matched == ["stopping"]
    elsewhere = AlertFacts(message="Disk full", payload={"host": "db-1"})
    assert run([stopping, after], elsewhere, AT).matched == ["after"]


def test_a_rule_that_takes_too_long_is_the_last_and_says_so() -> None:
    slow = {"path": "payload", "operator": "matches", "value": "(x{0,40}){0,10}y"}
    slow_rule = rule("slow", {"any": [slow] * 50}, set_message("x"))
    outcome = run([slow_rule] * 50, AlertFacts(message="m", payload="x" * 5_000), AT)
    assert outcome.remarks == ["The rules took too long: those after “slow” were not run."]


def test_which_actions_can_move_an_alert_to_another_incident_is_known() -> None:
    assert not moves_alerts([set_message("x"), {"action": "suppress"}])
    assert moves_alerts([set_message("x"), {"action": "set_entity_id", "value": "x"}])
    assert moves_alerts([{"action": "route", "service": str(uuid4())}])
    assert moves_alerts([{"action": "group", "key": "x", "window_minutes": 1}])
    assert not moves_alerts("anything")
    assert parse_rule({}, [{"action": "group", "key": "x", "window_minutes": 1}]).moves


ID = str(uuid4())


@pytest.mark.parametrize(
    ("actions", "at"),
    [
        (None, "actions"),
        ([], "actions"),
        ([{"action": "suppress"}] * 21, "actions"),
        ([{}], "actions.0.action"),
        (["suppress"], "actions.0.action"),
        ([{"action": "explode"}], "actions.0.action"),
        ([{"action": "suppress", "value": "x"}], "actions.0.value"),
        ([set_message("")], "actions.0.value"),
        ([{"action": "suppress"}, set_message("{{host}}")], "actions.1.value"),
        ([{"action": "set_alert_type", "value": "bad"}], "actions.0.value"),
        ([{"action": "set_priority", "priority": "P1"}], "actions.0.priority"),
        ([{"action": "set_sla"}], "actions.0.sla"),
        ([{"action": "add_tags", "tags": []}], "actions.0.tags"),
        ([{"action": "add_tags", "tags": ["x"]}], "actions.0.tags.0"),
        ([{"action": "add_tags", "tags": [ID] * 21}], "actions.0.tags"),
        ([{"action": "assign_role", "role": ID}], "actions.0.person"),
        ([{"action": "group", "key": "x", "window_minutes": 0}], "actions.0.window_minutes"),
        ([{"action": "group", "key": "x", "window_minutes": True}], "actions.0.window_minutes"),
        ([{"action": "group", "key": "", "window_minutes": 5}], "actions.0.key"),
    ],
)
def test_a_fault_is_told_with_its_place(actions: Any, at: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_rule({}, actions)
    assert list(refused.value.fields) == [at]
