"""The API of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import KeyScope, Person, Team
from afterword.catalog.models import Integration, Service

Headers = Callable[..., dict[str, str]]


def _send(client: Client, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_a_service_is_made_read_and_changed(
    client: Client, alice: Person, team: Team, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    made = _send(client, "post", "/services", headers, {"team": str(team.unique_id), "name": "Ledger"})
    assert made.status_code == 201
    path = f"/services/{made.json()['unique_id']}"
    assert _send(client, "get", path, headers).json() == made.json()
    changed = _send(client, "patch", path, headers, {"summary": "Books."})
    assert changed.json() == {**made.json(), "summary": "Books."}
    assert changed.json()["team"] == {"unique_id": str(team.unique_id), "name": "Payments"}


def test_services_are_listed_by_team_and_in_pieces(
    client: Client, alice: Person, team: Team, other_team: Team, api_headers: Headers
) -> None:
    for name in ("A", "B", "C"):
        Service.objects.create(team=team, name=name)
    Service.objects.create(team=other_team, name="D")
    headers = api_headers(alice)

    def names(query: str) -> list[str]:
        return [item["name"] for item in _send(client, "get", f"/services?{query}", headers).json()["items"]]

    assert names("") == ["A", "B", "C", "D"]
    assert names(f"team={other_team.unique_id}") == ["D"]
    first = _send(client, "get", "/services?limit=2", headers).json()
    assert names(f"limit=2&cursor={first['next']}") == ["C", "D"]
    assert _send(client, "get", f"/services?team={uuid4()}", headers).status_code == 404
    assert _send(client, "get", "/services?team=nonsense", headers).status_code == 400


def test_an_integration_is_made_changed_and_given_a_new_key(
    client: Client, alice: Person, service: Service, api_headers: Headers
) -> None:
    headers, path = api_headers(alice), f"/services/{service.unique_id}/integrations"
    made = _send(client, "post", path, headers, {"name": "Grafana"})
    integration = Integration.objects.get()
    assert (made.status_code, made.json()["kind"], made.json()["is_enabled"]) == (201, "generic", True)
    assert made.json()["webhook_url"].endswith(f"/integration/acme-0a1b2c/generic/{integration.key}/")
    shown = {name: value for name, value in made.json().items() if name != "secret"}
    assert _send(client, "get", path, headers).json() == {"items": [shown], "next": None}
    one = f"/integrations/{integration.unique_id}"
    assert _send(client, "get", one, headers).json() == shown
    assert _send(client, "patch", one, headers, {"is_enabled": False}).json()["is_enabled"] is False
    rotated = _send(client, "post", f"{one}/key", headers).json()
    assert rotated["webhook_url"] != made.json()["webhook_url"]


def test_an_outsider_finds_nothing(
    client: Client, alice: Person, charlie: Person, integration: Integration, team: Team, api_headers: Headers
) -> None:
    theirs = api_headers(charlie)
    service, one = f"/services/{integration.service.unique_id}", f"/integrations/{integration.unique_id}"
    tries = [
        ("get", service, None),
        ("patch", service, {"name": "Mine"}),
        ("get", f"{service}/integrations", None),
        ("post", f"{service}/integrations", {"name": "Mine"}),
        ("get", one, None),
        ("patch", one, {"is_enabled": False}),
        ("post", f"{one}/key", None),
        ("get", f"/services?team={team.unique_id}", None),
        ("post", "/services", {"team": str(team.unique_id), "name": "Mine"}),
    ]
    answers = [_send(client, method, path, theirs, body) for method, path, body in tries]
    assert [(answer.status_code, answer.json()) for answer in answers] == [
        (404, {"detail": "Not found."})
    ] * 9
    assert _send(client, "get", "/services", theirs).json()["items"] == []
    assert {_send(client, *tries[n][:2], api_headers(alice)).status_code for n in (0, 2, 4, 7)} == {200}


def test_a_member_and_a_viewer_read_but_do_not_change(
    client: Client, bob: Person, vera: Person, integration: Integration, api_headers: Headers
) -> None:
    one = f"/integrations/{integration.unique_id}"
    for person, sees_address in ((bob, True), (vera, False)):
        headers = api_headers(person)
        shown = _send(client, "get", one, headers).json()
        assert (shown["webhook_url"] is not None) is sees_address
        assert _send(client, "patch", one, headers, {"name": "Mine"}).status_code == 403
        assert _send(client, "post", f"{one}/key", headers).status_code == 403


def test_a_reading_key_rotates_nothing(
    client: Client, alice: Person, integration: Integration, api_headers: Headers
) -> None:
    path, before = f"/integrations/{integration.unique_id}/key", integration.key
    assert _send(client, "post", path, api_headers(alice, KeyScope.READ)).status_code == 403
    integration.refresh_from_db()
    assert integration.key == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "X"}, "team"),
        ({"team": "x", "name": "X"}, "team"),
        ({"name": ""}, "name"),
        ({"name": "Checkout"}, "name"),
    ],
)
def test_a_bad_service_is_refused_with_the_field(
    client: Client, alice: Person, service: Service, api_headers: Headers, body: dict[str, str], field: str
) -> None:
    if field == "name":
        body = {"team": str(service.team.unique_id), **body}
    answer = _send(client, "post", "/services", api_headers(alice), body)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_the_number_of_queries_does_not_grow_with_the_integrations(
    client: Client, alice: Person, service: Service, api_headers: Headers
) -> None:
    headers, path = api_headers(alice), f"/api/v1/services/{service.unique_id}/integrations"

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path, headers=headers).status_code == 200
        return len(queries)

    Integration.objects.create(service=service, name="First")
    count()  # The first use of a key is written down.
    few = count()
    Integration.objects.bulk_create(Integration(service=service, name=f"I{n}") for n in range(20))
    assert count() == few


def test_a_service_and_an_integration_are_deleted_while_they_are_unused(
    client: Client, alice: Person, bob: Person, integration: Integration, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    service = f"/services/{integration.service.unique_id}"
    assert _send(client, "delete", service, headers).status_code == 409
    address = f"/integrations/{integration.unique_id}"
    assert _send(client, "delete", address, api_headers(bob)).status_code == 403
    assert _send(client, "delete", address, headers).status_code == 204
    assert _send(client, "delete", address, headers).status_code == 404
    assert _send(client, "delete", service, headers).status_code == 204
    assert not Service.objects.exists()
