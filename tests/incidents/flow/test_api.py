"""`/api/v1/incidents/{reference}/tasks`, its closing, and `/api/v1/flows`."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person
from afterword.catalog.models import IncidentRole
from afterword.incidents.flow.models import Flow, FlowTask, TaskState
from afterword.incidents.models import Incident

Headers = Callable[..., dict[str, str]]
Call = Callable[..., Any]
FLOWS = "/api/v1/flows"


@pytest.fixture
def call(client: Client, api_headers: Headers) -> Call:
    """Call the API as somebody; the status and what it answered."""

    def make(
        who: Person, method: str, url: str, given: Any = None, scope: KeyScope = KeyScope.WRITE
    ) -> tuple[int, Any]:
        body = "" if given is None else json.dumps(given)
        answer = client.generic(
            method, url, body, content_type="application/json", headers=api_headers(who, scope)
        )
        return answer.status_code, answer.json() if answer.content else None

    return make


@pytest.fixture
def tasks_url(looked_back_on: Incident) -> str:
    return f"/api/v1/incidents/{looked_back_on.number}/tasks"


def _one(task: FlowTask) -> str:
    return f"/api/v1/incidents/{task.run.incident.unique_id}/tasks/{task.unique_id}"


def test_tasks_are_listed_in_order_and_in_pieces(tasks_url: str, call: Call, bob: Person):
    status, first = call(bob, "GET", f"{tasks_url}?limit=4")
    assert status == 200
    rest = call(bob, "GET", f"{tasks_url}?limit=4&cursor={first['next']}")[1]
    kinds = [task["kind"] for task in first["items"] + rest["items"]]
    assert kinds == ["key_fields", "timeline", "draft", "debrief", "follow_ups", "share"]
    assert rest["next"] is None
    assert first["items"][2] | {"unique_id": "", "help": "", "created_at": ""} == {
        "unique_id": "",
        "kind": "draft",
        "title": "Draft the post-mortem",
        "help": "",
        "is_required": True,
        "owner": {"unique_id": str(bob.unique_id), "name": "Bob"},
        "due_on": "2026-03-05",
        "state": "open",
        "settled_at": None,
        "settled_by": None,
        "settled_because": "",
        "created_at": "",
    }


def test_a_task_is_added(tasks_url: str, call: Call, bob: Person):
    given = {"title": "Tell the customer", "due_on": "2026-03-10", "owner": str(bob.unique_id)}
    status, made = call(bob, "POST", tasks_url, given)
    assert (status, made["kind"], made["due_on"], made["is_required"]) == (201, "free", "2026-03-10", False)
    assert call(bob, "GET", f"{tasks_url}/{made['unique_id']}") == (200, made)
    for wrong in ({"title": ""}, {"title": "x", "owner": str(uuid.uuid4())}, {"title": "x", "due_on": "1"}):
        status, refusal = call(bob, "POST", tasks_url, wrong)
        assert status == 400
        assert set(refusal["fields"]) & {"title", "owner", "given.due_on", "due_on"}


def test_a_task_is_settled_and_opened_again(
    looked_back_on: Incident, call: Call, bob: Person, task_of: Callable[..., FlowTask]
):
    url = _one(task_of(looked_back_on, "debrief"))
    status, done = call(bob, "PATCH", url, {"state": "done"})
    assert (status, done["state"], done["settled_by"]["name"]) == (200, "done", "Bob")
    assert call(bob, "PATCH", url, {"state": "done"})[1] == done
    status, refusal = call(bob, "PATCH", url, {"state": "skipped"})
    assert (status, list(refusal["fields"])) == (400, ["reason"])
    assert call(bob, "GET", url)[1] == done
    status, skipped = call(bob, "PATCH", url, {"state": "skipped", "reason": "No need."})
    assert (status, skipped["state"], skipped["settled_because"]) == (200, "skipped", "No need.")
    assert call(bob, "PATCH", url, {"state": "open"})[1]["settled_at"] is None
    assert call(bob, "PATCH", url, {"state": "forgotten"})[0] == 400


def test_owner_and_date_are_changed_or_taken_away(
    looked_back_on: Incident, call: Call, alice: Person, bob: Person, task_of: Callable[..., FlowTask]
):
    url = _one(task_of(looked_back_on, "draft"))
    given = {"owner": str(alice.unique_id), "due_on": "2026-04-01"}
    changed = call(bob, "PATCH", url, given)[1]
    assert (changed["owner"]["name"], changed["due_on"]) == ("Alice", "2026-04-01")
    changed = call(bob, "PATCH", url, {"owner": None})[1]
    assert (changed["owner"], changed["due_on"]) == (None, "2026-04-01")
    assert call(bob, "PATCH", url, {"due_on": None})[1]["due_on"] is None
    # All of it or nothing.
    assert call(bob, "PATCH", url, {"due_on": "2026-05-01", "state": "skipped"})[0] == 400
    assert call(bob, "GET", url)[1]["due_on"] is None


def test_an_incident_is_closed_when_nothing_required_is_left(
    looked_back_on: Incident, call: Call, bob: Person
):
    url = f"/api/v1/incidents/{looked_back_on.number}/closing"
    status, refusal = call(bob, "POST", url)
    assert status == 409
    assert "“Draft the post-mortem”" in refusal["detail"]
    FlowTask.objects.update(is_required=False)
    status, closed = call(bob, "POST", url)
    assert (status, closed["status"]) == (201, "resolved")
    assert closed["closed_at"] is not None
    assert call(bob, "POST", url)[0] == 409
    status, opened = call(bob, "DELETE", url)
    assert (status, opened["closed_at"]) == (200, None)
    assert call(bob, "DELETE", url)[0] == 409


def test_the_list_of_incidents_is_narrowed(looked_back_on: Incident, call: Call, bob: Person):
    for status, count in (("post_incident", 1), ("closed", 0), ("resolved", 1)):
        answer = call(bob, "GET", f"/api/v1/incidents?status={status}")[1]
        assert len(answer["items"]) == count, status


@pytest.mark.once
def test_outsiders_find_nothing_and_viewers_change_nothing(
    looked_back_on: Incident,
    tasks_url: str,
    call: Call,
    bob: Person,
    charlie: Person,
    vera: Person,
    task_of: Callable[..., FlowTask],
):
    one, closing = _one(task_of(looked_back_on, "draft")), tasks_url.replace("tasks", "closing")
    calls: list[tuple[str, str, Any]] = [
        ("GET", tasks_url, None),
        ("GET", one, None),
        ("POST", tasks_url, {"title": "x"}),
        ("PATCH", one, {"state": "done"}),
        ("PATCH", one, {}),
        ("POST", closing, None),
        ("DELETE", closing, None),
    ]
    for method, url, given in calls:
        assert call(charlie, method, url, given)[0] == 404, (method, url)
        expected = 200 if method == "GET" else 403
        assert call(vera, method, url, given)[0] == expected, (method, url)
        assert call(bob, method, url, given, scope=KeyScope.READ)[0] == expected, (method, url)
    assert set(FlowTask.objects.values_list("state", flat=True)) == {TaskState.OPEN}


def test_a_flow_is_made_changed_and_deleted(flow: Flow, call: Call, alice: Person, bob: Person):
    lead = IncidentRole.objects.get(name="Incident lead")
    given = {
        "name": "Big ones",
        "conditions": {"minutes": 60, "priority": ["P1"], "team": []},
        "steps": [
            {"title": "Draft", "kind": "draft", "owner_rule": "role", "owner_role": str(lead.unique_id)},
            {"title": "Talk", "owner_rule": "person", "owner_person": str(bob.unique_id), "due_days": 2},
        ],
    }
    status, made = call(alice, "POST", FLOWS, given)
    assert status == 201
    assert (made["conditions"], made["weekdays"]) == ({"minutes": 60, "priority": ["p1"]}, "12345")
    assert [step["title"] for step in made["steps"]] == ["Draft", "Talk"]
    assert made["steps"][0]["owner_role"]["name"] == "Incident lead"
    url = f"{FLOWS}/{made['unique_id']}"
    changed = call(alice, "PATCH", url, {"place": 1, "weekdays": "71234", "steps": [{"title": "Only"}]})[1]
    assert (changed["name"], changed["weekdays"]) == ("Big ones", "12347")
    assert [step["title"] for step in changed["steps"]] == ["Only"]
    names = [one["name"] for one in call(alice, "GET", FLOWS)[1]["items"]]
    assert names == ["Big ones", "Learning from incidents"]
    assert call(alice, "GET", url)[0] == 200
    assert call(alice, "DELETE", url) == (204, None)
    assert call(alice, "GET", url)[0] == 404


@pytest.mark.once
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "learning from incidents"}, "name"),
        ({"conditions": {"weather": ["rain"]}}, "conditions"),
        ({"conditions": {"minutes": -1}}, "minutes"),
        ({"conditions": {"team": 3}}, "team"),
        ({"conditions": {"team": ["x" * 101]}}, "team"),
        ({"conditions": {"team": ["x"] * 201}}, "team"),
        ({"weekdays": "8"}, "weekdays"),
        ({"steps": [{"title": "x", "kind": "dance"}]}, "kind"),
        ({"steps": [{"title": "x", "owner_rule": "me"}]}, "owner_rule"),
        ({"steps": [{"title": "x", "due_days": -1}]}, "due_days"),
        (
            {"steps": [{"title": "x", "due_days": 1, "remind_before_days": 1, "remind_every_days": 0}]},
            "remind_every_days",
        ),
        ({"steps": [{"title": "x", "owner_role": str(uuid.uuid4())}]}, "steps.0.owner_role"),
        ({"steps": [{"title": "x", "owner_person": str(uuid.uuid4())}]}, "steps.0.owner_person"),
        ({"steps": [{"title": "x"}] * 51}, "title"),
    ],
)
def test_a_flow_that_makes_no_sense_is_refused(
    wrong: dict[str, Any], field: str, flow: Flow, call: Call, alice: Person
):
    status, refusal = call(alice, "POST", FLOWS, {"name": "Big ones", **wrong})
    assert status == 400
    assert list(refusal["fields"]) == [field]
    assert Flow.objects.count() == 1


def test_there_are_not_endlessly_many_flows(
    flow: Flow, call: Call, alice: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("afterword.incidents.flow.writes.flows.FLOWS_MAX", 1)
    assert call(alice, "POST", FLOWS, {"name": "One too many"})[0] == 400


def test_flows_are_for_administrators(flow: Flow, call: Call, bob: Person, vera: Person, charlie: Person):
    url = f"{FLOWS}/{flow.unique_id}"
    for who in (bob, vera, charlie):
        for method, address, given in (
            ("GET", FLOWS, None),
            ("POST", FLOWS, {"name": "x"}),
            ("GET", url, None),
            ("PATCH", url, {"name": "x"}),
            ("DELETE", url, None),
        ):
            assert call(who, method, address, given)[0] == 403, (method, address)
    assert Flow.objects.get().name == flow.name
