"""What is sent to an alert source of incident.io, as it is read and answered."""

from __future__ import annotations

import json

import pytest

from afterword.ingest.formats import FORMATS
from tests.ingest.reading import answer, read, refusal, sample, sample_json

pytestmark = pytest.mark.pure
KIND = "incident-io"


def test_an_alert_fires_and_is_resolved_by_its_key() -> None:
    (firing,) = read(KIND, sample("incident_io/firing.json"))
    assert firing.entity_id == "4293868629"
    assert firing.alert.alert_type == "warning"
    assert firing.alert.message == "*errors.withMessage: PG::Error failed to connect"
    assert firing.alert.summary.startswith("We've detected a number of **timeouts**")
    assert firing.alert.urls[0]["link_url"] == "https://monitoring.example.com/alerts/my-alert-123"
    assert firing.alert.payload["metadata"]["team"] == ["my-team"]
    (resolved,) = read(KIND, {**sample_json("incident_io/firing.json"), "status": "resolved"})
    assert (resolved.entity_id, resolved.alert.alert_type) == ("4293868629", "resolved")


def test_the_answers_are_those_of_incident_io() -> None:
    assert answer(KIND, sample("incident_io/firing.json"), ["t"]) == (
        202,
        {"status": "success", "message": "Event accepted for processing", "deduplication_key": "4293868629"},
    )
    refused = refusal(KIND, {"status": "burning"})
    assert refused.status == 422
    body = json.loads(FORMATS[KIND].refused(refused.status, refused.message, refused.errors))
    assert (body["type"], body["status"]) == ("validation_error", 422)
    assert [error["source"]["field"] for error in body["errors"]] == ["title", "status"]
    assert json.loads(FORMATS[KIND].refused(401, "text", {}))["type"] == "authentication_error"
