"""`/api/v1/follow-ups`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person
from afterword.followups.models import FollowUp
from afterword.followups.writes import create_follow_up
from afterword.incidents.models import Incident

Headers = Callable[..., dict[str, str]]
URL = "/api/v1/follow-ups"


@pytest.fixture
def follow_up(alice: Person, bob: Person, incident: Incident) -> FollowUp:
    return create_follow_up(actor=alice, incident=incident, title="Add a limit", owner=bob, priority="P1")


def send(client: Client, method: str, address: str, sent: dict[str, Any], headers: dict[str, str]) -> Any:
    return getattr(client, method)(address, sent, content_type="application/json", headers=headers)


def test_one_goes_its_way(client: Client, bob: Person, incident: Incident, api_headers: Headers) -> None:
    headers = api_headers(bob)
    sent = {
        "incident": incident.number,
        "title": "Alert on the pool",
        "owner": str(bob.unique_id),
        "due_on": "2026-03-20",
        "priority": "P2",
    }
    answer = send(client, "post", URL, sent, headers)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["incident"], made["owner"]["name"], made["status"]) == (incident.number, "Bob", "open")
    address = f"{URL}/{made['unique_id']}"
    changed = send(client, "patch", address, {"status": "completed"}, headers).json()
    assert changed["completed_at"] is not None
    assert (changed["due_on"], changed["owner"]["name"]) == ("2026-03-20", "Bob")
    assert send(client, "patch", address, {"owner": None}, headers).json()["owner"] is None
    ticket = "https://github.com/acme/shop/issues/12"
    assert send(client, "patch", address, {"ticket": ticket}, headers).json()["ticket"] == ticket
    assert send(client, "patch", address, {"priority": "P1"}, headers).json()["ticket"] == ticket
    wrong = send(client, "patch", address, {"ticket": "javascript://alert(1)"}, headers)
    assert (wrong.status_code, "ticket" in wrong.content.decode()) == (400, True)
    assert send(client, "patch", address, {"ticket": None}, headers).json()["ticket"] == ""
    assert client.get(address, headers=headers).json()["status"] == "completed"


def test_the_list_narrows(
    client: Client, alice: Person, bob: Person, incident: Incident, follow_up: FollowUp, api_headers: Headers
) -> None:
    create_follow_up(actor=alice, incident=incident, title="Of Alice", owner=alice)
    headers = api_headers(bob)

    def titles(query: str = "") -> list[str]:
        return [item["title"] for item in client.get(f"{URL}{query}", headers=headers).json()["items"]]

    assert titles() == ["Of Alice", "Add a limit"]
    assert titles("?mine=true") == ["Add a limit"]
    assert titles("?status=completed") == []
    assert titles(f"?incident={incident.unique_id}&limit=1") == ["Of Alice"]
    assert client.get(f"{URL}?status=exploded", headers=headers).status_code == 400
    assert client.get(f"{URL}?incident=999", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": " "}, "title"),
        ({"priority": "P9"}, "priority"),
        ({"owner": "8a3b1f2e-3d0e-4a63-9a36-0e3d8b0d8f11"}, "owner"),
        ({"due_on": "soon"}, "due_on"),
    ],
)
def test_bad_input_names_its_field(
    client: Client, bob: Person, incident: Incident, api_headers: Headers, sent: dict[str, str], field: str
) -> None:
    given = {"incident": incident.number, "title": "Do it"} | sent
    answer = send(client, "post", URL, given, api_headers(bob))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_outsiders_viewers_and_reading_keys_change_nothing(
    client: Client,
    bob: Person,
    charlie: Person,
    vera: Person,
    incident: Incident,
    follow_up: FollowUp,
    api_headers: Headers,
) -> None:
    address = f"{URL}/{follow_up.unique_id}"
    given = {"incident": incident.number, "title": "Do it"}
    for headers, status in (
        (api_headers(charlie), 404),
        (api_headers(vera), 403),
        (api_headers(bob, scope=KeyScope.READ), 403),
        ({}, 401),
    ):
        assert send(client, "post", URL, given, headers).status_code == status
        assert send(client, "patch", address, {"title": "x"}, headers).status_code == status
    assert client.get(address, headers=api_headers(charlie)).status_code == 404
    assert client.get(URL, headers=api_headers(charlie)).json()["items"] == []
    assert FollowUp.objects.get().title == "Add a limit"
