"""Custom mapping: what the guide to Zenduty's generic integration promises of it, and its limits."""

from __future__ import annotations

from typing import Any

import pytest

from afterword.incidents.alert_rules import UNTITLED
from afterword.ingest.mapping import MappedFields, parse, payload_of
from afterword.lib.errors import InvalidInput

pytestmark = pytest.mark.pure

BODY: dict[str, Any] = {
    "title": "test",
    "alert_type": "error",
    "description": "description",
    "url": "example.com/1",
    "id": 11,
    "status": "Open",
}
"""The example payload of the guide."""

DIRECT: dict[str, Any] = {
    "message": "{{payload.title}}",
    "summary": "{{payload.description}}",
    "entity_id": "{{payload.id}}",
    "alert_type": {"path": "payload.status", "values": {"Open": "critical", "Closed": "resolved"}},
}


def mapped(definition: dict[str, Any], body: Any = BODY) -> MappedFields:
    return parse(definition).apply(body)


def test_keys_of_the_body_become_the_fields_of_the_alert() -> None:
    assert mapped(DIRECT) == MappedFields("test", "description", "11", "critical", [])


def test_a_fixed_value_and_a_text_with_several_keys_do_as_well() -> None:
    fields = mapped({"message": "Number {{payload.id}}: {{payload.title}}", "entity_id": "always the same"})
    assert (fields.message, fields.entity_id) == ("Number 11: test", "always the same")


@pytest.mark.parametrize(
    ("status", "alert_type"),
    [
        ("Open", "critical"),
        ("open", "critical"),
        ("CLOSED", "resolved"),
        ("Warning", "warning"),
        ("whatever", "error"),
        (None, "error"),
    ],
)
def test_the_alert_type_comes_from_the_table_from_our_own_words_or_is_the_default(
    status: Any, alert_type: str
) -> None:
    definition = {**DIRECT, "alert_type": {**DIRECT["alert_type"], "default": "error"}}
    assert mapped(definition, {**BODY, "status": status}).alert_type == alert_type


def test_without_a_word_about_the_alert_type_it_is_info() -> None:
    assert mapped({"message": "x"}).alert_type == "info"
    assert mapped({"message": "x", "alert_type": {"path": "payload.no"}}).alert_type == "info"


def test_numbers_and_booleans_are_found_in_the_table_too() -> None:
    definition = {
        **DIRECT,
        "alert_type": {"path": "payload.up", "values": {"false": "critical", "1": "info"}},
    }
    assert mapped(definition, {"up": False}).alert_type == "critical"
    assert mapped(definition, {"up": 1}).alert_type == "info"


BLOCKS = {
    **DIRECT,
    "blocks": [
        {
            "when": {"path": "payload.id", "operator": "greater", "value": 10},
            "set": {"message": "First", "summary": "Of the first"},
        },
        {
            "when": {"path": "payload.title", "operator": "equals", "value": "test"},
            "set": {"message": "Second"},
        },
        {"when": {"path": "payload.no", "operator": "exists"}, "set": {"message": "Third"}},
    ],
}


def test_a_later_block_overrides_what_an_earlier_one_has_set() -> None:
    fields = mapped(BLOCKS)
    assert (fields.message, fields.summary, fields.entity_id) == ("Second", "Of the first", "11")
    assert mapped(BLOCKS, {**BODY, "title": "x"}).message == "First"
    assert mapped(BLOCKS, {**BODY, "no": 1}).message == "Third"
    assert mapped(BLOCKS, {**BODY, "title": "x", "id": 1}).message == "x"


def test_a_body_without_the_key_of_the_message_still_becomes_an_alert() -> None:
    fields = mapped(DIRECT, {"status": "Open"})
    assert fields.message == UNTITLED
    assert fields.problems == ["The mapping found no message in this body."]


def test_a_text_that_cannot_be_made_is_a_problem_and_not_a_failure() -> None:
    fields = mapped({**DIRECT, "summary": "{{payload.title | plus: 1}}"})
    assert fields.summary == ""
    assert fields.problems == [
        "The mapping could not make the summary: Line 1: this needs a number, not “test”."
    ]


def test_a_null_character_never_reaches_the_database() -> None:
    assert mapped(DIRECT, {"title": "a\0b"}).message == "a�b"


def test_a_long_entity_is_shortened_without_meeting_another() -> None:
    one = mapped(DIRECT, {"title": "t", "id": "x" * 400 + "1"}).entity_id
    other = mapped(DIRECT, {"title": "t", "id": "x" * 400 + "2"}).entity_id
    assert len(one) == 255
    assert one != other


def test_rules_find_the_body_under_payload_payload() -> None:
    fields = mapped(DIRECT)
    payload = payload_of(BODY, fields)
    assert payload["payload"] == BODY
    assert payload["message"] == "test"


def test_a_body_with_a_payload_of_its_own_stays_as_the_guide_shows_it() -> None:
    body = {
        "payload": {"severity": "high", "source": "web_server_1"},
        "description": "High memory usage",
        "title": "Memory Leak Detected",
        "message": "A memory leak has been identified on the web application.",
        "status": "open",
    }
    payload = payload_of(body, mapped(DIRECT, body))
    assert payload | body == payload
    assert payload["payload"]["source"] == "web_server_1"


@pytest.mark.parametrize(
    ("definition", "at"),
    [
        ([], "definition"),
        ({"message": "x", "summary": "x" * 66_000}, "definition"),
        ({}, "message"),
        ({"summary": "x"}, "message"),
        ({"message": ""}, "message"),
        ({"message": ["x"]}, "message"),
        ({"message": "{{title}}"}, "message"),
        ({"message": "{{payload.title"}, "message"),
        ({"message": "x", "titel": "x"}, "titel"),
        ({"message": "x", "alert_type": "critical"}, "alert_type"),
        ({"message": "x", "alert_type": {"default": "bad"}}, "alert_type.default"),
        ({"message": "x", "alert_type": {"path": "status"}}, "alert_type.path"),
        ({"message": "x", "alert_type": {"values": {"Open": "bad"}}}, "alert_type.values.Open"),
        ({"message": "x", "blocks": {}}, "blocks"),
        ({"message": "x", "blocks": [{}] * 21}, "blocks"),
        ({"message": "x", "blocks": [{"when": {}, "set": {}}]}, "blocks.0.set"),
        (
            {"message": "x", "blocks": [{"when": {"operator": "is"}, "set": {"message": "x"}}]},
            "blocks.0.when.operator",
        ),
        (
            {"message": "x", "blocks": [{"when": {"operator": "weekday"}, "set": {"message": "x"}}]},
            "blocks.0.when.operator",
        ),
        (
            {"message": "x", "blocks": [{"when": {}, "set": {"message": "{{x}}"}}]},
            "blocks.0.set.message",
        ),
    ],
)
def test_a_fault_is_told_with_its_place(definition: Any, at: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse(definition)
    assert list(refused.value.fields) == [at]
