"""What Grafana sends, as it is read: the alerts of today, and those of its dashboards of old."""

from __future__ import annotations

import pytest

from tests.ingest.reading import read, refusal, sample, sample_json

pytestmark = pytest.mark.pure
KIND = "grafana"


def test_an_alert_brings_its_links_its_values_and_its_picture() -> None:
    (found,) = read(KIND, sample("grafana/firing.json"))
    assert found.entity_id == "c6eadffa33fcdf37"
    assert found.alert.alert_type == "error"
    assert found.alert.message == "Memory is running out in eu-1"
    assert found.alert.summary == (
        "The system has used more than 90 % of its memory for five minutes.\n\nValues: B = 94.25, C = 1"
    )
    assert [link["link_text"] for link in found.alert.urls] == [
        "Runbook",
        "Dashboard",
        "Panel",
        "Source",
        "Silence",
        "Grafana",
    ]
    assert found.alert.images == [
        {
            "src": "https://grafana.example.com/public/img/attachments/abc.png",
            "href": "https://grafana.example.com/d/memory?orgId=1&viewPanel=2",
            "alt": "Memory is running out in eu-1",
        }
    ]
    assert found.alert.payload["group"]["orgId"] == 1


def test_an_alert_of_a_dashboard_is_about_its_rule() -> None:
    (found,) = read(KIND, sample("grafana/legacy.json"))
    assert found.entity_id == "rule:1:7"
    assert found.alert.alert_type == "warning"
    assert found.alert.message == "[Alerting] Load peaking"
    assert found.alert.summary == "Load is peaking.\n\nrequests: 122.5"
    assert found.alert.urls[0]["link_text"] == "Grafana"
    assert found.alert.images[0]["src"] == "https://grafana.example.com/public/img/render.png"
    assert found.alert.payload["ruleName"] == "Load peaking"


@pytest.mark.parametrize(
    ("state", "alert_type"),
    [("ok", "resolved"), ("no_data", "warning"), ("paused", "info"), ("pending", "info")],
)
def test_the_state_of_a_dashboards_alert_is_its_type(state: str, alert_type: str) -> None:
    (found,) = read(KIND, {**sample_json("grafana/legacy.json"), "state": state})
    assert found.alert.alert_type == alert_type
    assert found.entity_id == "rule:1:7"


def test_a_trial_message_of_a_dashboards_channel_has_an_entity_too() -> None:
    trial = {
        "evalMatches": [{"value": 100, "metric": "High value", "tags": None}],
        "message": "Someone is testing the alert notification within Grafana.",
        "orgId": 0,
        "ruleId": 0,
        "ruleName": "Test notification",
        "ruleUrl": "http://localhost:3000/",
        "state": "alerting",
        "tags": {},
        "title": "[Alerting] Test notification",
    }
    (found,) = read(KIND, trial)
    assert found.alert.alert_type == "error"
    assert found.entity_id not in ("", "rule:0:0")


def test_a_state_that_grafana_does_not_have_is_refused() -> None:
    assert list(refusal(KIND, {**sample_json("grafana/legacy.json"), "state": "x"}).errors) == ["state"]


def test_a_field_with_our_own_word_does_not_confuse_the_two() -> None:
    (found,) = read(KIND, {**sample_json("grafana/legacy.json"), "group": {}, "alert": 1, "legacy": 2})
    assert found.alert.message == "[Alerting] Load peaking"
