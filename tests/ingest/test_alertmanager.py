"""What Alertmanager sends, as it is read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from afterword.ingest.formats.alertmanager.groups import ALERTS_MAX
from tests.ingest.reading import answer, read, refusal, sample, sample_json

pytestmark = pytest.mark.pure
KIND = "alertmanager"


def group(**changes: Any) -> dict[str, Any]:
    """A group of one alert, with these changes to the alert."""
    body = sample_json("alertmanager/watchdog.json")
    body["alerts"][0] |= changes
    return body


def test_each_alert_of_a_group_stands_for_itself() -> None:
    first, second = read(KIND, sample("alertmanager/firing.json"))
    assert (first.entity_id, second.entity_id) == ("9f2ce1f5dc8f9f3c", "0c1ed3a1bb6f2a77")
    assert (first.alert.alert_type, second.alert.alert_type) == ("critical", "resolved")
    assert first.alert.message == "Checkout answers slowly on checkout-2"
    assert first.alert.summary == "The 99th percentile of /pay is 4.2 s, for more than ten minutes."
    assert first.alert.payload["labels"]["instance"] == "checkout-2:9090"
    assert first.alert.payload["group"]["groupLabels"] == {"alertname": "CheckoutLatencyHigh"}


def test_runbook_dashboard_source_and_alertmanager_become_links() -> None:
    first, _ = read(KIND, sample("alertmanager/firing.json"))
    assert [(found["link_text"], found["link_url"]) for found in first.alert.urls] == [
        ("Runbook", "https://runbooks.example.com/checkout-latency"),
        ("Dashboard", "https://grafana.example.com/d/checkout"),
        ("Source", "http://prometheus.example.com:9090/graph?g0.expr=histogram_quantile%280.99%29&g0.tab=1"),
        ("Alertmanager", "http://alertmanager.example.com:9093"),
    ]


def test_alerts_that_were_left_out_are_remarked() -> None:
    first, _ = read(KIND, sample("alertmanager/firing.json"))
    assert first.alert.remarks == ["The sender left out 3 further alerts of this group."]


def test_an_alert_without_annotations_is_called_by_its_name_and_labels() -> None:
    (watchdog,) = read(KIND, sample("alertmanager/watchdog.json"))
    assert watchdog.alert.message == "Watchdog: prometheus=monitoring/k8s"
    assert watchdog.alert.alert_type == "info"
    assert watchdog.alert.remarks == []


@pytest.mark.parametrize(
    ("severity", "alert_type"),
    [
        ("critical", "critical"),
        ("PAGE", "critical"),
        ("p1", "critical"),
        ("high", "error"),
        ("warning", "warning"),
        ("ticket", "warning"),
        ("none", "info"),
        ("info", "info"),
    ],
)
def test_the_label_for_the_severity_decides(severity: str, alert_type: str) -> None:
    (found,) = read(KIND, group(labels={"alertname": "x", "severity": severity}))
    assert found.alert.alert_type == alert_type


def test_a_severity_that_nobody_knows_is_an_error_and_is_remarked() -> None:
    (found,) = read(KIND, group(labels={"alertname": "x", "severity": "pink"}))
    assert found.alert.alert_type == "error"
    assert found.alert.remarks == ["The severity “pink” is not known: taken as error."]


def test_without_a_severity_it_is_an_error() -> None:
    (found,) = read(KIND, group(labels={"alertname": "x"}))
    assert (found.alert.alert_type, found.alert.remarks) == ("error", [])


def test_an_alert_without_a_status_fires_while_it_has_no_end() -> None:
    body = group(labels={"severity": "warning"})
    del body["status"], body["alerts"][0]["status"]
    (found,) = read(KIND, body)
    assert found.alert.alert_type == "warning"
    body["alerts"][0]["endsAt"] = "2026-03-02T14:05:11Z"
    assert refusal(KIND, body).errors == {"alerts.0.status": "One of these is expected: firing, resolved."}


def test_without_a_fingerprint_the_labels_tell_alerts_apart() -> None:
    def entity(labels: dict[str, str]) -> str:
        body = group(labels=labels)
        del body["alerts"][0]["fingerprint"]
        return read(KIND, body)[0].entity_id

    assert entity({"a": "1", "b": "2"}) == entity({"b": "2", "a": "1"})
    assert entity({"a": "1", "b": "2"}) != entity({"a": "1", "b": "3"})
    assert entity({"a": "1b", "c": ""}) != entity({"a": "1", "bc": ""})


def test_too_many_alerts_at_once_are_refused() -> None:
    alert = sample_json("alertmanager/watchdog.json")["alerts"][0]
    assert len(read(KIND, {"status": "firing", "alerts": [alert] * ALERTS_MAX})) == ALERTS_MAX
    assert "max_alerts" in refusal(KIND, {"alerts": [alert] * (ALERTS_MAX + 1)}).errors["alerts"]


def test_what_a_group_has_in_common_is_not_copied_without_end() -> None:
    alert = sample_json("alertmanager/watchdog.json")["alerts"][0]
    large = {"alerts": [alert] * 100, "groupKey": "k" * 100_000, "commonLabels": {"a": "b" * 100_000}}
    stored = sum(len(json.dumps(found.alert.payload)) for found in read(KIND, large))
    assert stored < 1_000_000


def test_no_alerts_are_no_error() -> None:
    assert read(KIND, {"version": "4", "alerts": []}) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "alerts"),
        ({"alerts": {}}, "alerts"),
        ({"alerts": [1]}, "alerts.0"),
        ({"alerts": [{"status": "firing", "labels": []}]}, "alerts.0.labels"),
        ({"alerts": [{"status": "burning"}]}, "alerts.0.status"),
    ],
)
def test_what_is_no_group_is_refused_by_field(body: dict[str, Any], field: str) -> None:
    assert list(refusal(KIND, body).errors) == [field]


def test_the_answer_names_every_trace_id() -> None:
    status, body = answer(KIND, sample("alertmanager/firing.json"), ["one", "two"])
    assert status == 200
    assert body == {"message": "success", "trace_id": "one", "trace_ids": ["one", "two"]}
