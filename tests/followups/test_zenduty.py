"""`/api/account/teams/{team}/post_incident_tasks/`, as Zenduty's Go client calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident

Headers = Callable[..., dict[str, str]]
Call = Callable[..., Any]
KEYS = {
    *("unique_id", "title", "description", "team", "status", "due_in_time", "creation_date"),
    *("assigned_to", "assigned_to_obj"),
}


@pytest.fixture
def call(client: Client, team: Team, api_headers: Headers) -> Call:
    keys: dict[int, dict[str, str]] = {}

    def make(person: Person, method: str, path: str = "", body: Any = None) -> Any:
        headers = keys.setdefault(person.pk, {}) or api_headers(person)
        keys[person.pk] = headers
        address = f"/api/account/teams/{team.unique_id}/post_incident_tasks/{path}"
        return client.generic(
            method, address, json.dumps(body or {}), content_type="application/json", headers=headers
        )

    return make


def test_a_task_is_a_follow_up_of_the_team(
    call: Call, alice: Person, bob: Person, client: Client, api_headers: Headers, sign_in: Any
) -> None:
    body = {
        "title": "Alert on p99",
        "description": "Before users call.",
        "status": 0,
        "due_in_time": "2026-03-31T23:30:00+02:00",
        "assigned_to": str(bob.unique_id),
        "assigned_to_obj": {"first_name": "", "last_name": "", "username": ""},
    }
    made = call(alice, "POST", body=body)
    assert (made.status_code, set(made.json())) == (201, KEYS)
    task = made.json()
    assert (task["due_in_time"], task["assigned_to"]) == ("2026-03-31T00:00:00Z", str(bob.unique_id))
    assert task["assigned_to_obj"] == {
        "username": str(bob.unique_id),
        "first_name": "Bob",
        "last_name": "",
    }
    path = f"{task['unique_id']}/"
    changed = call(bob, "PATCH", path, {"status": 1, "title": "Alert on p95", "assigned_to": ""}).json()
    assert (changed["status"], changed["title"], changed["assigned_to"]) == (1, "Alert on p95", None)
    assert call(bob, "GET", path).json() == changed
    listed = call(alice, "GET").json()
    assert listed == {"count": None, "next": None, "previous": None, "results": [changed]}
    ours = client.get(f"/api/v1/follow-ups/{task['unique_id']}", headers=api_headers(alice)).json()
    assert (ours["incident"], ours["status"], ours["title"]) == (None, "in_progress", "Alert on p95")
    for page in ("/follow-ups", f"/follow-ups/{task['unique_id']}"):
        assert "Payments" in sign_in(alice).get(page).text
    assert call(bob, "DELETE", path).status_code == 204
    assert call(bob, "GET", path).status_code == 404
    assert AuditEvent.objects.get(action="follow_up.deleted").data == {"title": "Alert on p95"}


def test_a_task_may_name_its_incident(call: Call, alice: Person, incident: Incident) -> None:
    for reference in (incident.number, incident.unique_id):
        assert call(alice, "POST", body={"title": "Fix it", "incident": reference}).status_code == 201
    assert list(FollowUp.objects.values_list("incident", flat=True)) == [incident.pk] * 2
    assert len(call(alice, "GET").json()["results"]) == 2


def test_pages_have_ten_tasks(call: Call, alice: Person, team: Team, django_assert_max_num_queries: Any):
    for number in range(12):
        FollowUp.objects.create(of_team=team, title=f"Task {number}", owner=alice)
    call(alice, "GET", "?page=2")
    with django_assert_max_num_queries(3):
        first = call(alice, "GET").json()
    assert len(first["results"]) == 10
    assert first["next"].endswith("/post_incident_tasks/?page=2&page_size=10")
    second = call(alice, "GET", "?page=2").json()
    assert [one["title"] for one in second["results"]] == ["Task 10", "Task 11"]
    assert (second["next"], second["previous"][-20:]) == (None, "?page=1&page_size=10")


def test_outsiders_find_nothing_and_viewers_change_nothing(
    call: Call, alice: Person, charlie: Person, vera: Person, client: Client, api_headers: Headers
) -> None:
    made = call(alice, "POST", body={"title": "Secret plan"}).json()
    path = f"{made['unique_id']}/"
    for method, at in (("GET", ""), ("POST", ""), ("GET", path), ("PATCH", path), ("DELETE", path)):
        answer = call(charlie, method, at, {"title": "Mine"})
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    assert "Secret" not in client.get("/api/v1/follow-ups", headers=api_headers(charlie)).text
    assert call(vera, "GET", path).status_code == 200
    for method, at in (("POST", ""), ("PATCH", path), ("DELETE", path)):
        assert call(vera, method, at, {"title": "Mine"}).status_code == 403


def test_what_cannot_be_used_is_named(call: Call, alice: Person, charlie: Person) -> None:
    for field, value in {
        "title": " ",
        "status": 3,
        "due_in_time": "soon",
        "assigned_to": str(charlie.unique_id),
        "incident": "12345",
    }.items():
        answer = call(alice, "POST", body={"title": "Fix it", field: value})
        assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not FollowUp.objects.exists()
    assert call(alice, "GET", f"{uuid4()}/").status_code == 404
