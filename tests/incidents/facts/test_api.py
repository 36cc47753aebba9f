"""The facts of an incident in the API, and what its flow can ask of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.catalog.models import IncidentType, Service, Severity
from afterword.incidents import writes as incidents
from afterword.incidents.facts import reads, writes
from afterword.incidents.flow.facts import find_values, known_facts
from afterword.incidents.models import Incident

Headers = Callable[..., dict[str, str]]


def test_all_facts_are_set_at_once_and_told(
    client: Client, alice: Person, bob: Person, api_headers: Headers, incident: Incident, team: Team
) -> None:
    cart = Service.objects.create(team=team, name="Cart")
    region = writes.create_field(actor=alice, team=None, name="Customers", kind="number")
    address = f"/api/v1/incidents/{incident.number}"
    body = {
        "severity": str(Severity.objects.get(name="SEV1").unique_id),
        "incident_type": str(IncidentType.objects.get(name="Security").unique_id),
        "affected_services": [str(cart.unique_id)],
        "fields": {str(region.unique_id): 1200},
    }
    told = client.patch(address, body, content_type="application/json", headers=api_headers(bob)).json()
    assert (told["severity"]["name"], told["incident_type"]["name"]) == ("SEV1", "Security")
    assert [one["name"] for one in told["affected_services"]] == ["Cart"]
    assert [(one["name"], one["value"], one["words"]) for one in told["fields"]] == [
        ("Customers", 1200, "1200")
    ]
    for query, count in (("severity=SEV1&type=security&field=customers&value=1200", 1), ("severity=SEV2", 0)):
        found = client.get(f"/api/v1/incidents?{query}", headers=api_headers(bob)).json()
        assert len(found["items"]) == count, query
    wrong = {"fields": {str(region.unique_id): "many"}}
    refused = client.patch(address, wrong, content_type="application/json", headers=api_headers(bob))
    assert refused.status_code == 400
    assert list(refused.json()["fields"]) == [f"fields.{region.unique_id}"]
    stale = {"summary": "Mine", "summary_digest": "another"}
    assert (
        client.patch(address, stale, content_type="application/json", headers=api_headers(bob)).status_code
        == 409
    )


def test_links_summaries_and_suggestions(
    client: Client, bob: Person, charlie: Person, api_headers: Headers, incident: Incident
) -> None:
    incidents.change_summary(actor=bob, incident=incident, summary="One")
    incidents.change_summary(actor=bob, incident=incident, summary="Two")
    address = f"/api/v1/incidents/{incident.number}"

    def call(method: str, path: str, body: Any = None, *, by: Person = bob) -> Any:
        send = getattr(client, method)
        return send(f"{address}{path}", body, content_type="application/json", headers=api_headers(by))

    made = call("post", "/links", {"url": "https://example.com/1", "kind": "ticket"}).json()
    call("post", "/links", {"url": "https://example.com/2"})
    changed = call("patch", f"/links/{made['unique_id']}", {"title": "OPS-1", "place": 2})
    assert changed.json()["title"] == "OPS-1"
    assert [one["title"] for one in client.get(f"{address}/links", headers=api_headers(bob)).json()] == [
        "https://example.com/2",
        "OPS-1",
    ]
    versions = client.get(f"{address}/summary/versions", headers=api_headers(bob)).json()["items"]
    assert [one["text"] for one in versions] == ["Two", "One"]
    assert call("post", "/summary/versions/1/restoration").json()["summary"] == "One"
    suggested = client.get(f"{address}/suggested-participants", headers=api_headers(bob)).json()
    assert [one["name"] for one in suggested] == ["Bob"]
    one = f"/links/{made['unique_id']}"
    for method, path in (("post", "/links"), ("patch", one), ("delete", one)):
        body = {"url": "https://example.com/3"}
        assert call(method, path, body, by=charlie).status_code == 404, path
    for path in ("/links", "/summary/versions", "/suggested-participants"):
        assert client.get(f"{address}{path}", headers=api_headers(charlie)).status_code == 404
    assert call("post", "/summary/versions/1/restoration", by=charlie).status_code == 404
    assert call("delete", one).status_code == 204


def test_fields_are_made_changed_archived_and_deleted(
    client: Client, alice: Person, bob: Person, charlie: Person, api_headers: Headers, team: Team
) -> None:
    def call(method: str, path: str, body: Any = None, *, by: Person = alice) -> Any:
        address = f"/api/v1/incident-fields{path}"
        return getattr(client, method)(
            address, body, content_type="application/json", headers=api_headers(by)
        )

    body = {"name": "Region", "kind": "choice", "team": str(team.unique_id), "options": ["Dublin"]}
    made = call("post", "", body).json()
    path = f"/{made['unique_id']}"
    assert call("patch", path, {"options": ["Dublin", "Oregon"]}).json()["options"] == ["Dublin", "Oregon"]
    assert call("post", "", {**body, "kind": "colour", "name": "x"}).status_code == 400
    assert call("post", "", body, by=bob).status_code == 403
    for method in ("get", "patch", "delete"):
        assert call(method, path, {} if method == "patch" else None, by=charlie).status_code == 404
    assert call("put", f"{path}/archival").json()["archived_at"]
    assert call("get", "").json()["items"] == []
    assert call("delete", f"{path}/archival").json()["archived_at"] is None
    assert call("delete", path).status_code == 204


def test_a_flow_can_ask_for_severity_and_type(bob: Person, incident: Incident) -> None:
    severity, type_ = Severity.objects.get(name="SEV1"), IncidentType.objects.get(name="Data")
    assert find_values([incident], {"incident_severity", "incident_type"})[incident.pk] == {}
    writes.change_severity(actor=bob, incident=incident, severity=severity)
    writes.change_incident_type(actor=bob, incident=incident, incident_type=type_)
    assert find_values([incident], {"incident_severity", "incident_type"})[incident.pk] == {
        "incident_severity": frozenset({str(severity.unique_id)}),
        "incident_type": frozenset({str(type_.unique_id)}),
    }
    offered = {fact.name: dict(fact.choices(bob)) for fact in known_facts()}
    assert offered["incident_severity"][str(severity.unique_id)] == "SEV1"
    assert offered["incident_type"][str(type_.unique_id)] == "Data"
    assert reads.suggest_participants(incident)[0].entries == 2
