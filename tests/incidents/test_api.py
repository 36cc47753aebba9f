"""`/api/v1/incidents`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Alert, Incident
from afterword.lib import ids
from tests.cast import STARTED

Headers = Callable[..., dict[str, str]]
URL = "/api/v1/incidents"


def test_an_incident_is_described(
    client: Client, bob: Person, resolved_incident: Incident, api_headers: Headers
) -> None:
    answer = client.get(f"{URL}/{resolved_incident.number}", headers=api_headers(bob))
    assert answer.status_code == 200
    found = answer.json()
    assert found["unique_id"] == resolved_incident.unique_id
    assert found["status"] == "resolved"
    assert found["started_at"] == "2026-03-02T14:05:00Z"
    assert found["team"]["name"] == "Payments"
    assert {"name": "resolution", "label": "Time to resolve", "seconds": 2520} in found["milestone_durations"]
    assert [item["name"] for item in found["key_timestamps"]] == [
        "impact_started",
        "detected",
        "fixed",
        "resolved",
    ]


def test_the_list_narrows_and_goes_on_by_cursor(
    client: Client, bob: Person, make_incident: Callable[..., Incident], api_headers: Headers
) -> None:
    for number in range(5):
        make_incident(title=f"Slow {number}")
    make_incident(title="Slow but over", resolved_after=timedelta(minutes=1))
    headers = api_headers(bob)
    found, cursor = [], ""
    while cursor is not None:
        page = client.get(f"{URL}?status=open&text=slow&limit=2&cursor={cursor}", headers=headers).json()
        found += [item["title"] for item in page["items"]]
        cursor = page["next"]
    assert found == [f"Slow {number}" for number in (4, 3, 2, 1, 0)]


def test_an_incident_goes_its_way(
    client: Client, bob: Person, service: Service, api_headers: Headers
) -> None:
    headers = api_headers(bob)

    def post(path: str, sent: dict[str, object]) -> dict[str, object]:
        answer = client.post(f"{URL}{path}", sent, content_type="application/json", headers=headers)
        assert answer.status_code == 201, answer.content
        return dict(answer.json())

    made = post("", {"service": str(service.unique_id), "title": "Tills are down", "summary": "All of them"})
    number = made["number"]
    assert made["status"] == "triggered"
    assert post(f"/{number}/acknowledgement", {})["status"] == "acknowledged"
    assert post(f"/{number}/notes", {"text": "Restarted them"})["kind"] == "note"
    assert post(f"/{number}/resolution", {})["status"] == "resolved"
    entries = client.get(f"{URL}/{number}/entries", headers=headers).json()["items"]
    assert [entry["text"] for entry in entries] == [
        "Reported the incident.",
        "Acknowledged the incident.",
        "Restarted them",
        "Resolved the incident.",
    ]
    assert {entry["source"] for entry in entries} == {"Bob"}
    actions = (
        AuditEvent.objects.order_by("id").exclude(subject_kind="apikey").values_list("action", flat=True)
    )
    assert list(actions) == [
        "incident.created",
        "incident.acknowledged",
        "note.created",
        "incident.resolved",
        "flow.started",
    ]


def test_resolving_needs_no_body(
    client: Client, bob: Person, incident: Incident, api_headers: Headers
) -> None:
    assert (
        client.generic("POST", f"{URL}/{incident.number}/resolution", headers=api_headers(bob)).status_code
        == 201
    )


@pytest.mark.parametrize("action", ["acknowledgement", "resolution"])
def test_doing_it_twice_is_a_conflict(
    client: Client, bob: Person, incident: Incident, api_headers: Headers, action: str
) -> None:
    headers = api_headers(bob)
    address = f"{URL}/{incident.number}/{action}"
    assert client.generic("POST", address, headers=headers).status_code == 201
    answer = client.generic("POST", address, headers=headers)
    assert answer.status_code == 409
    assert "already" in answer.json()["detail"]


def test_title_and_summary_can_be_changed(
    client: Client, bob: Person, incident: Incident, api_headers: Headers
) -> None:
    answer = client.patch(
        f"{URL}/{incident.number}",
        {"title": "Tills"},
        content_type="application/json",
        headers=api_headers(bob),
    )
    assert (answer.status_code, answer.json()["title"]) == (200, "Tills")


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"started_at": "2999-01-01T00:00:00Z"}, "started_at"),
        ({"started_at": "2026-03-02T14:05:00"}, "started_at"),
        ({"service": "8a3b1f2e-3d0e-4a63-9a36-0e3d8b0d8f11"}, "service"),
    ],
)
def test_bad_input_names_its_field(
    client: Client, bob: Person, service: Service, api_headers: Headers, sent: dict[str, str], field: str
) -> None:
    given = {"service": str(service.unique_id), "title": "Down"} | sent
    answer = client.post(URL, given, content_type="application/json", headers=api_headers(bob))
    assert answer.status_code == 400
    assert list(answer.json()["fields"]) == [field]
    assert not Incident.objects.exists()


def test_alerts_come_with_their_payload(
    client: Client, bob: Person, incident: Incident, integration: Integration, api_headers: Headers
) -> None:
    Alert.objects.create(
        trace_id=ids.new_uuid(),
        integration=integration,
        incident=incident,
        alert_type="critical",
        entity_id=incident.entity_id,
        message="Slow",
        payload={"p99": 4.2},
        received_at=STARTED,
    )
    found = client.get(f"{URL}/{incident.number}/alerts", headers=api_headers(bob)).json()["items"]
    assert [(item["payload"], item["integration"]) for item in found] == [({"p99": 4.2}, "Prometheus bridge")]


@pytest.mark.parametrize("part", ["", "/entries", "/alerts"])
def test_an_outsider_gets_not_found(
    client: Client, bob: Person, charlie: Person, incident: Incident, api_headers: Headers, part: str
) -> None:
    address = f"{URL}/{incident.number}{part}"
    assert client.get(address, headers=api_headers(bob)).status_code == 200
    answer = client.get(address, headers=api_headers(charlie))
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_an_outsider_lists_nothing(
    client: Client, charlie: Person, incident: Incident, api_headers: Headers
) -> None:
    headers = api_headers(charlie)
    for query in ("", f"?team={incident.service.team.unique_id}", f"?service={incident.service.unique_id}"):
        assert client.get(f"{URL}{query}", headers=headers).json() == {"items": [], "next": None}


WRITES = [
    ("post", "/acknowledgement", {}),
    ("post", "/resolution", {}),
    ("post", "/notes", {"text": "x"}),
    ("patch", "", {"title": "x"}),
]


@pytest.mark.once
@pytest.mark.parametrize(("method", "part", "sent"), WRITES)
def test_outsiders_viewers_and_reading_keys_change_nothing(
    client: Client,
    bob: Person,
    charlie: Person,
    vera: Person,
    incident: Incident,
    api_headers: Headers,
    method: str,
    part: str,
    sent: dict[str, str],
) -> None:
    def status(headers: dict[str, str]) -> int:
        address = f"{URL}/{incident.number}{part}"
        answer = getattr(client, method)(address, sent, content_type="application/json", headers=headers)
        return int(answer.status_code)

    assert status(api_headers(charlie)) == 404
    assert status(api_headers(vera)) == 403
    assert status(api_headers(bob, scope=KeyScope.READ)) == 403
    assert status({}) == 401
    assert not AuditEvent.objects.exclude(subject_kind="apikey").exists()
    assert status(api_headers(bob)) in (200, 201)


def test_nobody_reports_on_a_service_of_others(
    client: Client, charlie: Person, vera: Person, service: Service, api_headers: Headers
) -> None:
    given = {"service": str(service.unique_id), "title": "Down"}
    answer = client.post(URL, given, content_type="application/json", headers=api_headers(charlie))
    assert answer.status_code == 400
    assert answer.json()["fields"] == {"service": "There is no such service."}
    answer = client.post(URL, given, content_type="application/json", headers=api_headers(vera))
    assert answer.status_code == 403
    assert not Incident.objects.exists()
