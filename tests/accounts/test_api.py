"""The API of accounts."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Membership, Person, Team
from afterword.audit.models import AuditEvent

Headers = Callable[..., dict[str, str]]


def _send(client: Client, method: str, path: str, headers: dict[str, str], body: Any = None) -> Any:
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def test_me_is_whom_the_key_acts_for(client: Client, bob: Person, api_headers: Headers) -> None:
    answer = client.get("/api/v1/me", headers=api_headers(bob, KeyScope.READ))
    assert answer.json() == {
        "unique_id": str(bob.unique_id),
        "name": "Bob",
        "email": "bob@example.com",
        "time_zone": "UTC",
        "role": "responder",
        "scope": "read",
        "organisation": {"name": "Acme", "time_zone": "UTC"},
    }


@pytest.mark.parametrize("header", [{}, {"Authorization": "Token nonsense"}, {"Authorization": "Basic x"}])
def test_without_a_key_there_is_no_answer(client: Client, bob: Person, header: dict[str, str]) -> None:
    answer = client.get("/api/v1/me", headers=header)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Token")


def test_a_session_is_no_key(bob: Person, sign_in: Callable[[Person], Client]) -> None:
    assert sign_in(bob).get("/api/v1/me").status_code == 401


def test_teams_are_listed_in_pieces(
    client: Client, alice: Person, team: Team, other_team: Team, api_headers: Headers
) -> None:
    headers = api_headers(alice)
    first = client.get("/api/v1/teams?limit=1", headers=headers).json()
    second = client.get(f"/api/v1/teams?limit=1&cursor={first['next']}", headers=headers).json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["Payments", "Search"]
    assert second["next"] is None
    assert first["items"][0]["created_at"].endswith("Z")
    bad = client.get("/api/v1/teams?cursor=nonsense", headers=headers)
    assert (bad.status_code, set(bad.json()["fields"])) == (400, {"cursor"})
    assert client.get("/api/v1/teams?limit=101", headers=headers).status_code == 400


def test_an_outsider_sees_only_their_own_team(
    client: Client, bob: Person, charlie: Person, team: Team, api_headers: Headers
) -> None:
    theirs, path = api_headers(charlie), f"/teams/{team.unique_id}"
    member = Membership.objects.get(person=bob).unique_id
    assert _send(client, "get", path, api_headers(bob)).json()["name"] == "Payments"
    assert [team["name"] for team in _send(client, "get", "/teams", theirs).json()["items"]] == ["Search"]
    answers = [
        _send(client, "get", path, theirs),
        _send(client, "patch", path, theirs, {"name": "Mine"}),
        _send(client, "get", f"{path}/members", theirs),
        _send(client, "post", f"{path}/members", theirs, {"email": "charlie@example.com"}),
        _send(client, "patch", f"{path}/members/{member}", theirs, {"role": "manager"}),
        _send(client, "delete", f"{path}/members/{member}", theirs),
    ]
    assert [answer.status_code for answer in answers] == [404] * 6
    assert {str(answer.json()) for answer in answers} == {str({"detail": "Not found."})}


def test_an_administrator_makes_and_renames_a_team(
    client: Client, alice: Person, bob: Person, api_headers: Headers
) -> None:
    made = _send(client, "post", "/teams", api_headers(alice), {"name": "Data"})
    assert made.status_code == 201
    path = f"/teams/{made.json()['unique_id']}"
    assert _send(client, "patch", path, api_headers(alice), {"name": "Big data"}).json()["name"] == "Big data"
    again = _send(client, "post", "/teams", api_headers(alice), {"name": "big DATA"})
    assert (again.status_code, set(again.json()["fields"])) == (400, {"name"})
    assert _send(client, "post", "/teams", api_headers(bob), {"name": "Mine"}).status_code == 403


@pytest.mark.parametrize(
    "body", [{}, {"name": None}, {"name": ["x"]}, {"name": "x" * 101}, {"name": "\ud800"}, []]
)
def test_a_bad_body_is_refused_with_the_field(
    client: Client, alice: Person, api_headers: Headers, body: object
) -> None:
    answer = _send(client, "post", "/teams", api_headers(alice), body)
    assert answer.status_code == 400
    assert answer.json()["fields"]
    assert not Team.objects.exclude(name="Payments").exists()


def test_members_come_change_and_go(
    client: Client, alice: Person, bob: Person, charlie: Person, team: Team, api_headers: Headers
) -> None:
    headers, path = api_headers(alice), f"/teams/{team.unique_id}/members"
    made = _send(client, "post", path, headers, {"email": "Charlie@example.com"})
    assert (made.status_code, made.json()["role"], made.json()["person"]["name"]) == (
        201,
        "member",
        "Charlie",
    )
    one = f"{path}/{made.json()['unique_id']}"
    assert _send(client, "patch", one, headers, {"role": "manager"}).json()["role"] == "manager"
    listed = _send(client, "get", path, headers).json()["items"]
    assert [(item["person"]["name"], item["role"]) for item in listed] == [
        ("Alice", "manager"),
        ("Bob", "member"),
        ("Charlie", "manager"),
    ]
    assert _send(client, "delete", one, headers).status_code == 204
    assert _send(client, "delete", one, headers).status_code == 404


def test_a_member_of_another_team_is_not_found_under_this_one(
    client: Client, alice: Person, charlie: Person, team: Team, api_headers: Headers
) -> None:
    member = Membership.objects.get(person=charlie).unique_id
    answer = _send(client, "delete", f"/teams/{team.unique_id}/members/{member}", api_headers(alice))
    assert answer.status_code == 404
    assert _send(client, "get", f"/teams/{uuid4()}", api_headers(alice)).status_code == 404


def test_a_viewer_and_a_member_read_but_do_not_manage(
    client: Client, alice: Person, bob: Person, vera: Person, team: Team, api_headers: Headers
) -> None:
    path = f"/teams/{team.unique_id}"
    for person in (bob, vera):
        headers = api_headers(person)
        assert _send(client, "get", f"{path}/members", headers).status_code == 200
        assert _send(client, "patch", path, headers, {"name": "Mine"}).status_code == 403
        assert _send(client, "post", f"{path}/members", headers, {"email": alice.email}).status_code == 403


def test_a_reading_key_does_not_write(client: Client, alice: Person, api_headers: Headers) -> None:
    headers = api_headers(alice, KeyScope.READ)
    assert _send(client, "get", "/teams", headers).status_code == 200
    assert _send(client, "post", "/teams", headers, {"name": "Data"}).status_code == 403
    assert not AuditEvent.objects.filter(action="team.created").exists()


@pytest.mark.parametrize("email", ["\0", "a\0b@example.com", "\udfff@example.com", "bob", ""])
def test_an_odd_address_is_nobody_s(
    client: Client, alice: Person, team: Team, api_headers: Headers, email: str
) -> None:
    path = f"/teams/{team.unique_id}/members"
    answer = _send(client, "post", path, api_headers(alice), json.dumps({"email": email}))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["email"])
