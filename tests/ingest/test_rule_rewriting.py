"""What rules say of the payload, rewritten when mapping is switched on or off."""

from __future__ import annotations

from typing import Any

import pytest

from afterword.ingest.rules.rewriting import for_mapping

pytestmark = pytest.mark.pure


def condition(path: str) -> dict[str, Any]:
    return {"any": [{"not": {"all": [{"path": path, "operator": "exists"}]}}]}


@pytest.mark.parametrize(
    ("unmapped", "mapped"),
    [
        ("payload.source", "payload.payload.source"),
        ("{{payload.source}}", "payload.payload.source"),
        ("payload", "payload.payload"),
        ('payload["a.b"]', 'payload.payload["a.b"]'),
        ("payload.payloads", "payload.payload.payloads"),
    ],
)
def test_a_path_leads_one_level_deeper_with_mapping(unmapped: str, mapped: str) -> None:
    on = for_mapping(condition(unmapped), [], is_mapped=True)
    assert on.conditions == condition(mapped)
    assert len(on.changes) == 1
    off = for_mapping(condition(mapped), [], is_mapped=False)
    assert off.conditions == condition(unmapped.strip("{}"))


@pytest.mark.parametrize(
    "path", ["message", "entity_id", "urls.0.link_url", "payload.payload.x", "payload.message"]
)
def test_what_is_right_with_mapping_stays(path: str) -> None:
    assert for_mapping(condition(path), [], is_mapped=True) == (condition(path), [], [])


def test_what_the_mapping_found_is_named_directly_without_it() -> None:
    assert for_mapping(condition("payload.message"), [], is_mapped=False).conditions == condition("message")
    untouched = condition("payload.message_count")
    assert for_mapping(untouched, [], is_mapped=False).changes == []


def test_placeholders_are_rewritten_and_the_words_around_them_are_not() -> None:
    text = (
        "payload.x {{payload.x}} {{ message }} {% if payload.y > 1 and payload.payload.z %}"
        "{{ 'payload.x' | append: payload.x }}{% endif %}"
    )
    on = for_mapping(
        {}, [{"action": "add_note", "value": text}, {"action": "suppress"}, "odd"], is_mapped=True
    )
    assert on.actions[0]["value"] == (
        "payload.x {{payload.payload.x}} {{ message }} {% if payload.payload.y > 1 and payload.payload.z %}"
        "{{ 'payload.x' | append: payload.payload.x }}{% endif %}"
    )
    assert on.actions[1:] == [{"action": "suppress"}, "odd"]
    assert on.changes == [("payload.x", "payload.payload.x"), ("payload.y", "payload.payload.y")]
