"""Opsgenie's requests, as they are read and answered."""

from __future__ import annotations

import json

import pytest

from afterword.ingest.formats import FORMATS
from tests.ingest.reading import answer, read, refusal, sample, sample_json

pytestmark = pytest.mark.pure
KIND = "opsgenie"
CREATE = {"path": "/v2/alerts"}


def test_an_alert_is_created_with_all_it_brings() -> None:
    (found,) = read(KIND, sample("opsgenie/create.json"), **CREATE)
    assert found.entity_id == "Life is too short for no alias"
    assert (found.alert.alert_type, found.alert.priority_name) == ("critical", "P1")
    assert found.alert.message == "An example alert message"
    assert found.alert.summary == (
        "Every alert needs a description\n\n"
        "entity: An example entity\nsource: zabbix.example.com\nkey1: value1\nkey2: value2\n"
        "tags: OverwriteQuietHours, Critical"
    )
    assert found.alert.payload["responders"] == [{"name": "NOC", "type": "team"}]


@pytest.mark.parametrize(
    ("priority", "alert_type"),
    [
        ("P1", "critical"),
        ("P2", "error"),
        ("P3", "error"),
        ("P4", "warning"),
        ("P5", "info"),
        ("p4", "warning"),
    ],
)
def test_a_priority_is_an_alert_type_and_the_teams_priority(priority: str, alert_type: str) -> None:
    (found,) = read(KIND, {"message": "m", "priority": priority}, **CREATE)
    assert (found.alert.alert_type, found.alert.priority_name) == (alert_type, priority.upper())


def test_without_a_priority_the_alert_asks_for_none() -> None:
    (found,) = read(KIND, {"message": "m"}, **CREATE)
    assert (found.alert.alert_type, found.alert.priority_name, found.entity_id) == ("error", "", "")


@pytest.mark.parametrize(
    ("action", "alert_type", "words"),
    [
        ("acknowledge", "acknowledged", "Acknowledged"),
        ("close", "resolved", "Closed"),
        ("notes", "info", "Note"),
    ],
)
def test_what_is_done_with_an_alert_is_about_the_same(action: str, alert_type: str, words: str) -> None:
    path = f"/v2/alerts/Life is too short for no alias/{action}"
    (found,) = read(KIND, sample("opsgenie/close.json"), path=path, query=b"identifierType=alias")
    assert found.entity_id == "Life is too short for no alias"
    assert found.alert.alert_type == alert_type
    assert found.alert.message == f"{words} by Monitoring Script: Action executed via Alert API"


def test_a_body_may_be_missing_where_there_is_nothing_to_say() -> None:
    (found,) = read(KIND, b"", path="/v2/alerts/abc/close")
    assert (found.entity_id, found.alert.alert_type) == ("abc", "resolved")


def test_an_identifier_may_hold_a_slash() -> None:
    (found,) = read(KIND, b"{}", path="/v2/alerts/disk/sda1/close", query=b"identifierType=alias")
    assert found.entity_id == "disk/sda1"


def test_a_long_alias_stays_distinct() -> None:
    one, other = (
        read(KIND, {"message": "m", "alias": "a" * 400 + end}, **CREATE)[0].entity_id for end in "xy"
    )
    assert one != other
    assert len(one) == len(other) == 255
    (closed,) = read(KIND, b"{}", path=f"/v2/alerts/{'a' * 400}x/close", query=b"identifierType=alias")
    assert closed.entity_id == one


def test_tiny_ids_are_refused_for_they_are_those_of_opsgenie() -> None:
    refused = refusal(KIND, b"{}", path="/v2/alerts/23/close", query=b"identifierType=tiny")
    assert (refused.status, list(refused.errors)) == (422, ["identifierType"])


def test_what_is_not_there_is_not_found() -> None:
    assert refusal(KIND, b"{}", path="/v2/alerts/23/snooze").status == 404
    assert refusal(KIND, b"{}", path="/v2/alertsandmore").status == 404


def test_a_body_that_opsgenie_refuses_is_refused_in_its_words() -> None:
    refused = refusal(
        KIND, {**sample_json("opsgenie/create.json"), "message": "", "priority": "P9"}, **CREATE
    )
    assert refused.status == 422
    body = json.loads(FORMATS[KIND].refused(refused.status, refused.message, refused.errors))
    assert body["message"] == "Request body is not processable. Please check the errors."
    assert body["errors"]["message"] == "Message can not be empty."
    assert set(body) == {"message", "errors", "took", "requestId"}


def test_the_answer_is_opsgenies() -> None:
    assert answer(KIND, sample("opsgenie/create.json"), ["t"], **CREATE) == (
        202,
        {"result": "Request will be processed", "took": 0.0, "requestId": "t"},
    )
