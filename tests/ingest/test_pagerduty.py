"""PagerDuty's events, as they are read and answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from afterword.ingest.formats import FORMATS
from tests.ingest.reading import answer, read, refusal, sample, sample_json

pytestmark = pytest.mark.pure
KIND = "pagerduty"
CHANGE = {"path": "/v2/change/enqueue"}


def test_a_trigger_becomes_an_alert_with_all_it_brings() -> None:
    (found,) = read(KIND, sample("pagerduty/trigger.json"), path="/v2/enqueue")
    assert found.entity_id == "srv01/mysql"
    assert found.alert.alert_type == "critical"
    assert found.alert.message == "DISK at 99% on machine prod-datapipe03.example.com"
    assert found.alert.summary.splitlines() == [
        "source: prod-datapipe03.example.com",
        "component: mysql",
        "group: prod-datapipe",
        "class: disk",
        "free space: 1%",
        "load avg: 0.75",
    ]
    assert found.alert.urls == [
        {"link_url": "https://wiki.example.com/disk", "link_text": "What to do about full disks"},
        {"link_url": "https://monitoring.example.com", "link_text": "Sample Monitoring Service"},
    ]
    assert found.alert.images[0]["alt"] == "Disk usage"
    assert found.alert.payload["payload"]["custom_details"]["mounts"] == ["/", "/var"]


def test_the_routing_key_is_not_kept() -> None:
    (found,) = read(KIND, sample("pagerduty/trigger.json"))
    assert "e93facc04764412d8bfb002500d5d1a6" not in json.dumps(found.alert.payload)


@pytest.mark.parametrize(
    ("name", "alert_type", "message"),
    [("acknowledge", "acknowledged", "Acknowledged"), ("resolve", "resolved", "Resolved")],
)
def test_what_comes_later_is_about_the_same(name: str, alert_type: str, message: str) -> None:
    (found,) = read(KIND, sample(f"pagerduty/{name}.json"))
    assert (found.entity_id, found.alert.alert_type, found.alert.message) == (
        "srv01/mysql",
        alert_type,
        message,
    )


@pytest.mark.parametrize("severity", ["critical", "error", "warning", "info", "Critical"])
def test_a_severity_is_the_alert_type_of_that_name(severity: str) -> None:
    body = sample_json("pagerduty/trigger.json")
    body["payload"]["severity"] = severity
    assert read(KIND, body)[0].alert.alert_type == severity.lower()


def test_a_change_event_becomes_a_change() -> None:
    (found,) = read(KIND, sample("pagerduty/change.json"), **CHANGE)
    assert found.change.kind == "deploy"
    assert found.change.title == "Build Success: Increase snapshot create timeout to 30 seconds"
    assert found.change.at == datetime(2026, 3, 2, 13, 42, 58, 315_000, tzinfo=UTC)
    assert (found.change.state, found.change.version) == ("passed", "2")
    assert found.change.links == [
        {"link_url": "https://ci.example.com/build/2", "link_text": "View more details"}
    ]
    assert found.change.details == {"build_state": "passed", "build_number": "2", "run_time": "1236s"}


def test_the_answers_are_pagerdutys() -> None:
    accepted = {"status": "success", "message": "Event processed", "dedup_key": "srv01/mysql"}
    assert answer(KIND, sample("pagerduty/trigger.json"), ["t"]) == (202, accepted)
    body = sample_json("pagerduty/trigger.json")
    del body["dedup_key"]
    assert answer(KIND, body, ["t"])[1]["dedup_key"] == "t"
    assert answer(KIND, sample("pagerduty/change.json"), ["t"], **CHANGE) == (
        202,
        {"status": "success", "message": "Change event processed"},
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"event_action": "page"}, "event_action"),
        ({"payload": None}, "payload.summary"),
        ({"payload": {"summary": "s", "source": "h", "severity": "bad"}}, "payload.severity"),
        ({"payload": {"summary": "s", "severity": "error"}}, "payload.source"),
        ({"dedup_key": "k" * 256}, "dedup_key"),
        ({"event_action": "resolve", "dedup_key": None}, "dedup_key"),
    ],
)
def test_what_pagerduty_refuses_is_refused_by_field(changes: dict[str, Any], field: str) -> None:
    assert field in refusal(KIND, {**sample_json("pagerduty/trigger.json"), **changes}).errors


def test_a_refusal_has_pagerdutys_shape() -> None:
    refused = json.loads(FORMATS[KIND].refused(400, "text", {"event_action": "One of these."}))
    assert refused == {
        "status": "invalid event",
        "message": "Event object is invalid",
        "errors": ["'event_action': One of these."],
    }
    assert json.loads(FORMATS[KIND].refused(429, "text", {}))["status"] == "throttle exceeded"
