"""Severities and incident types: everyone reads them, administrators change them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.catalog.models import IncidentType, Severity
from afterword.incidents.facts.writes import change_severity
from afterword.incidents.models import Incident

SignIn = Callable[[Person], Client]


@pytest.mark.parametrize(
    ("address", "model", "more"),
    [("severities", Severity, {"colour": "red"}), ("incident-types", IncidentType, {})],
)
def test_one_is_made_changed_moved_and_deleted(
    sign_in: SignIn, alice: Person, bob: Person, address: str, model: type[Severity], more: dict[str, str]
) -> None:
    browser, reader = sign_in(alice), sign_in(bob)
    page = f"/settings/{address}"
    taken = model.objects.all()[0].name
    refused = browser.post(f"{page}/new", {"name": taken.lower(), "description": "Mine", **more})
    assert refused.status_code == 400
    assert "Mine" in refused.content.decode()
    browser.post(f"{page}/new", {"name": "Odd", "description": "Rare.", **more})
    made = model.objects.get(name="Odd")
    one = f"{page}/{made.unique_id}"
    assert "Odd" in reader.get(page).content.decode()
    assert "Rare." in reader.get(one).content.decode()
    for path in (one, f"{page}/new", f"{one}/place", f"{one}/archival", f"{one}/deletion"):
        assert reader.post(path, {"name": "Mine"}).status_code == 403, path
    browser.post(f"{one}/place", {"place": "up"})
    assert [thing.name for thing in model.objects.all()][-2] == "Odd"
    browser.post(f"{one}/deletion")
    assert not model.objects.filter(name="Odd").exists()


def test_what_is_in_use_is_archived(
    client: Client, alice: Person, bob: Person, api_headers: Callable[..., dict[str, str]], incident: Incident
) -> None:
    severity = Severity.objects.get(name="SEV2")
    change_severity(actor=bob, incident=incident, severity=severity)
    one = f"/api/v1/severities/{severity.unique_id}"
    assert client.delete(one, headers=api_headers(alice)).status_code == 409
    assert client.put(f"{one}/archival", headers=api_headers(bob)).status_code == 403
    assert client.put(f"{one}/archival", headers=api_headers(alice)).json()["archived_at"]
    listed = client.get("/api/v1/severities", headers=api_headers(bob)).json()["items"]
    assert [(item["name"], item["colour"]) for item in listed] == [
        ("SEV1", "red"),
        ("SEV3", "amber"),
        ("SEV4", "grey"),
    ]
    body = {"name": "SEV2", "colour": "orange", "rank": 2}
    made = client.post(
        "/api/v1/severities", body, content_type="application/json", headers=api_headers(alice)
    )
    assert (made.status_code, made.json()["rank"]) == (201, 2)
    types = client.get("/api/v1/incident-types", headers=api_headers(bob)).json()["items"]
    body = {"description": "Ours."}
    path = f"/api/v1/incident-types/{types[0]['unique_id']}"
    changed = client.patch(path, body, content_type="application/json", headers=api_headers(alice))
    assert changed.json()["description"] == "Ours."
