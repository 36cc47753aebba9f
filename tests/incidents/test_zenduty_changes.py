"""Incidents made, found and changed as Zenduty's clients do: the errors, the pages, and who may."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person, Team
from afterword.catalog.models import EscalationPolicy, Integration, Priority, Service, Sla, Tag
from afterword.incidents import writes
from afterword.incidents.merging.writes import merge_incident
from afterword.incidents.models import Alert, Incident
from afterword.postmortems.writes import create_postmortem
from tests.cast import STARTED

Headers = Callable[..., dict[str, str]]
Call = Callable[..., Any]
PAGE_KEYS = {"count", "next", "previous", "results"}


@pytest.fixture
def call(client: Client, api_headers: Headers) -> Call:
    keys: dict[int, dict[str, str]] = {}

    def make(person: Person, method: str, path: str, **body: Any) -> Any:
        keys[person.pk] = headers = keys.get(person.pk) or api_headers(person)
        address = path if path.startswith("/") else f"/api/incidents/{path}"
        return client.generic(
            method, address, json.dumps(body), content_type="application/json", headers=headers
        )

    return make


def found(call: Call, person: Person, **wanted: Any) -> list[int]:
    answer = call(person, "POST", "filter/", **{"status": 0, **wanted})
    assert answer.status_code == 200, answer.text
    return [one["incident_number"] for one in answer.json()["results"]]


def test_an_incident_is_made_with_what_it_gets(
    call: Call, alice: Person, bob: Person, service: Service, team: Team
) -> None:
    policy = EscalationPolicy.objects.create(team=team, name="On call")
    sla = Sla.objects.create(team=team, name="Gold", resolve_minutes=60)
    priority = Priority.objects.create(team=team, name="P1")
    given = {"escalation_policy": policy, "sla": sla, "team_priority": priority}
    made = call(
        alice,
        "POST",
        "",
        title="Cards fail",
        service=str(service.unique_id),
        summary="All of them.",
        user=bob.email,
        **{name: str(thing.unique_id) for name, thing in given.items()},
    )
    assert made.status_code == 201
    told = made.json()
    assert {name: told[name] for name in given} == {
        name: str(thing.unique_id) for name, thing in given.items()
    }
    assert (told["assigned_to"], told["assigned_to_name"]) == (str(bob.unique_id), "Bob")
    # Their Go client sends empty texts for what is not given.
    plain = {"title": "Plain", "service": str(service.unique_id), "escalation_policy": "", "user": ""}
    assert call(alice, "POST", "", **plain).json()["assigned_to"] is None
    assert call(alice, "POST", "", **plain, status=2).json()["status"] == 2


def test_a_name_that_no_database_takes_finds_nothing(call: Call, bob: Person, incident: Incident) -> None:
    assert call(bob, "POST", "filter/", priority_name="P1\ud800").json()["results"] == []


def test_a_key_that_can_only_read_finds_and_changes_nothing(
    client: Client, bob: Person, incident: Incident, api_headers: Headers
) -> None:
    headers = api_headers(bob, scope=KeyScope.READ)
    answer = client.post("/api/incidents/filter/", {}, content_type="application/json", headers=headers)
    assert [one["incident_number"] for one in answer.json()["results"]] == [incident.number]
    address = f"/api/incidents/{incident.number}/"
    refused = client.put(address, {"title": "x"}, content_type="application/json", headers=headers)
    assert refused.status_code == 403


def test_the_status_goes_forward_only(call: Call, bob: Person, incident: Incident) -> None:
    path = f"{incident.number}/"
    assert call(bob, "PATCH", path, status=2, incident_number=incident.number).json()["status"] == 2
    assert call(bob, "PATCH", path, status=2).status_code == 200, "the same again changes nothing"
    back = call(bob, "PATCH", path, status=1)
    assert (back.status_code, list(back.json()["fields"])) == (400, ["status"])
    assert call(bob, "PUT", path, status=3, title="Fixed").json()["resolved_date"]
    assert call(bob, "PATCH", path, status=2).status_code == 409
    assert incident.entries.filter(text="Acknowledged the incident.").count() == 1


@pytest.mark.once
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", " "),
        ("status", 7),
        ("sla", str(UUID(int=1))),
        ("assigned_to", "nobody@example.com"),
        ("service", str(UUID(int=1))),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_changed(
    call: Call, bob: Person, incident: Incident, service: Service, field: str, value: Any
) -> None:
    refused = call(bob, "PUT", f"{incident.number}/", **{"summary": "Never kept.", field: value})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, [field])
    body = {"title": "x", "service": str(service.unique_id), field: value}
    assert list(call(bob, "POST", "", **body).json()["fields"]) == [field]
    assert [one.summary for one in Incident.objects.all()] == [""]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("status", 5), ("postmortem_filter", 4), ("page", 0), ("page_size", 501)),
        *(("from_date", "soon"), ("team_ids", ["x"]), ("sla_ids", [str(UUID(int=1))] * 201)),
        ("to_date", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(call: Call, bob: Person, field: str, value: Any) -> None:
    refused = call(bob, "POST", "filter/", **{field: value})
    assert refused.status_code == 400
    assert list(refused.json()["fields"])[0].startswith(field)


def test_each_filter_finds_its_own(
    call: Call,
    alice: Person,
    bob: Person,
    team: Team,
    other_team: Team,
    service: Service,
    make_incident: Callable[..., Incident],
) -> None:
    make_incident(on=Service.objects.create(team=other_team, name="Index"))
    make_incident(resolved_after=timedelta(minutes=5))
    policy = EscalationPolicy.objects.create(team=team, name="On call")
    sla = Sla.objects.create(team=team, name="Gold", resolve_minutes=60)
    priority = Priority.objects.create(team=team, name="P1")
    tag = Tag.objects.create(team=team, name="database")
    mine = make_incident(
        on=service, escalation_policy=policy, sla=sla, priority=priority, started=STARTED + timedelta(days=2)
    )
    mine.tags.add(tag)
    call(alice, "PATCH", f"{mine.number}/", assigned_to=str(bob.unique_id))
    create_postmortem(actor=alice, incidents=[mine], title="What happened")
    number = mine.number
    assert found(call, alice) == [number, number - 1, number - 2], "newest first"
    assert found(call, alice, all_teams=0) == found(call, bob) == [number, number - 1]
    assert found(call, alice, status=-1) == [number, number - 2]
    assert found(call, alice, status=3) == [number - 1]
    for wanted in (
        {"escalation_policy_ids": [str(policy.unique_id)]},
        {"sla_ids": [str(sla.unique_id)]},
        {"priority_ids": [str(priority.unique_id)]},
        {"priority_name": "p1"},
        {"tag_ids": [str(tag.unique_id)]},
        {"user_ids": [str(bob.unique_id)]},
        {"user_ids": [bob.email]},
        {"postmortem_filter": 1},
        {"from_date": "2026-03-03"},
        {"service_ids": [str(service.unique_id)], "status": 1},
        {"team_ids": [str(team.unique_id)], "status": -1, "to_date": []},
    ):
        assert found(call, alice, **wanted) == [number], wanted
    assert found(call, alice, postmortem_filter=0) == [number - 1, number - 2]
    assert found(call, alice, to_date="2026-03-03T00:00:00Z") == [number - 1, number - 2]
    told = call(alice, "GET", f"{number}/").json()
    assert [one["title"] for one in told["postmortems"]] == ["What happened"]
    assert told["postmortem_assignee"] == str(alice.unique_id)


def test_lists_have_pages_that_lead_to_one_another(
    call: Call, bob: Person, make_incident: Callable[..., Incident], django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        make_incident()
    call(bob, "GET", "/api/incidents/?page=9")
    with django_assert_max_num_queries(9):
        first = call(bob, "GET", "/api/incidents/").json()
    assert set(first) == PAGE_KEYS
    assert (len(first["results"]), first["previous"]) == (10, None)
    assert first["next"].endswith("/api/incidents/?page=2&page_size=10")
    second = call(bob, "POST", "filter/?page=2&page_size=5", status=0, page=1, page_size=7).json()
    assert [one["incident_number"] for one in second["results"]] == [7, 6, 5, 4, 3]
    assert second["next"].endswith("/api/incidents/filter/?page=3&page_size=5")
    assert second["previous"].endswith("?page=1&page_size=5")
    beyond = call(bob, "GET", "/api/incidents/?page=9").json()
    assert (beyond["results"], beyond["next"]) == ([], None)


def test_notes_are_corrected_and_hidden(call: Call, bob: Person, incident: Incident) -> None:
    for text in ("First.", "Second."):
        writes.add_note(actor=bob, incident=incident, text=text)
    path = f"{incident.number}/note/"
    listed = call(bob, "GET", f"{path}?page_size=1").json()
    assert ([one["note"] for one in listed["results"]], set(listed)) == (["First."], PAGE_KEYS)
    assert listed["next"].endswith("/note/?page=2&page_size=1")
    note = f"{path}{listed['results'][0]['unique_id']}/"
    assert call(bob, "PUT", note, note="Better.").json()["note"] == "Better."
    empty = call(bob, "PUT", note, note=" ")
    assert (empty.status_code, list(empty.json()["fields"])) == (400, ["note"])
    assert call(bob, "DELETE", note).status_code == 204
    assert [call(bob, method, note, note="x").status_code for method in ("GET", "PUT", "DELETE")] == [404] * 3
    assert incident.entries.filter(text="Better.", hidden_at__isnull=False).exists()


def test_alerts_of_an_integration_are_told_without_hidden_incidents(
    call: Call, alice: Person, charlie: Person, integration: Integration, incident: Incident
) -> None:
    for number, of in enumerate((incident, None)):
        Alert.objects.create(
            trace_id=UUID(int=number),
            integration=integration,
            incident=of,
            alert_type="info",
            entity_id="db-1",
            message=f"Alert {number}",
            received_at=STARTED,
            images=[{"src": "https://charts.example.com/1.png", "href": "", "alt": "p99"}],
        )
    service = integration.service
    path = f"/api/account/teams/{service.team.unique_id}/services/{service.unique_id}"
    path = f"{path}/integrations/{integration.unique_id}/alerts/"
    listed = call(alice, "GET", f"{path}?page=1").json()
    assert [one["message"] for one in listed["results"]] == ["Alert 1", "Alert 0"]
    assert listed["results"][0]["images"] == [
        {"image_src": "https://charts.example.com/1.png", "image_url": "", "image_text": "p99"}
    ]
    one = f"{incident.number}/alerts/{listed['results'][1]['unique_id']}/"
    assert call(alice, "GET", one).json() == listed["results"][1]
    assert (
        call(alice, "GET", f"{incident.number}/alerts/{listed['results'][0]['unique_id']}/").status_code
        == 404
    )
    assert call(charlie, "GET", path).status_code == call(charlie, "GET", one).status_code == 404
    Incident.objects.update(is_private=True)
    listed = call(alice, "GET", path).json()
    assert [one["message"] for one in listed["results"]] == ["Alert 1"]


def test_outsiders_find_nothing_and_change_nothing(
    call: Call, bob: Person, charlie: Person, vera: Person, incident: Incident, service: Service
) -> None:
    entry = writes.add_note(actor=bob, incident=incident, text="Secret.")
    assert found(call, charlie) == []
    assert found(call, charlie, service_ids=[str(service.unique_id)]) == []
    unseen = {"title": "x", "service": str(service.unique_id)}
    unknown = {"title": "x", "service": str(uuid4())}
    assert call(charlie, "POST", "", **unseen).json() == call(charlie, "POST", "", **unknown).json()
    note = f"{incident.number}/note/{entry.unique_id}/"
    tag = f"{incident.number}/tags/{uuid4()}/"
    for method, path in (
        *(("PUT", f"{incident.number}/"), ("PATCH", f"{incident.number}/")),
        *(("GET", note), ("PUT", note), ("DELETE", note), ("GET", tag)),
    ):
        answer = call(charlie, method, path, title="Mine", note="Mine")
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
    for method, path in (("PUT", f"{incident.number}/"), ("PUT", note), ("DELETE", note)):
        assert call(vera, method, path, title="Mine", note="Mine").status_code == 403
    assert call(vera, "POST", "", **unseen).status_code == 403
    assert Incident.objects.count() == 1


def test_a_merged_one_names_the_other_to_those_who_see_it(
    call: Call, alice: Person, bob: Person, make_incident: Callable[..., Incident]
) -> None:
    source, target = make_incident(), make_incident()
    merge_incident(actor=alice, source=source, target=target)
    told = call(bob, "GET", f"{source.number}/").json()
    assert (told["status"], told["merged_with"]) == (3, target.number)
    assert found(call, bob, status=3) == [source.number]
    Incident.objects.filter(pk=target.pk).update(is_private=True)
    assert call(bob, "GET", f"{source.number}/").json()["merged_with"] is None
    assert found(call, bob) == [source.number]
    assert call(bob, "PATCH", f"{target.number}/", title="Mine").status_code == 404


def test_without_a_key_nothing_is_answered(client: Client, incident: Incident) -> None:
    for path in ("", "filter/"):
        answer = client.post(f"/api/incidents/{path}", {}, content_type="application/json")
        assert (answer.status_code, list(answer.json())) == (401, ["detail"])
