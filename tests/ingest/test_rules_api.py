"""Alert rules by the API: made, changed, moved, deleted, tried, and kept from those who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, IntegrationKind, Priority, Service, Tag
from afterword.ingest.models import AlertRule
from afterword.ingest.rehearsals import NAME_ON_TRIAL
from tests.ingest.rule_things import BODY, HIGH, NOTE, keep_body, make_mapping, make_rule

Headers = Callable[..., dict[str, str]]
JSON = "application/json"


@pytest.fixture
def url(integration: Integration) -> str:
    return f"/api/v1/integrations/{integration.unique_id}/rules"


def names(integration: Integration) -> list[str]:
    rules = AlertRule.objects.filter(integration=integration)
    assert [rule.position for rule in rules] == list(range(1, len(rules) + 1))
    return [rule.name for rule in rules]


def test_a_rule_is_made_behind_the_others_and_off(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    make_rule(integration, "First")
    sent = {"name": " Second ", "conditions": HIGH, "actions": NOTE}
    made = client.post(url, sent, JSON, headers=api_headers(alice))
    assert made.status_code == 201
    assert (made.json()["name"], made.json()["position"], made.json()["is_enabled"]) == ("Second", 2, False)
    assert names(integration) == ["First", "Second"]
    integration.refresh_from_db()
    assert integration.revision == 2
    event = AuditEvent.objects.get(action="integration.rules_changed")
    assert (event.data["change"], event.data["rule"]) == ("created", "Second")


def test_rules_are_listed_in_their_order(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    for name in ("One", "Two", "Three"):
        make_rule(integration, name)
    first = client.get(f"{url}?limit=2", headers=api_headers(alice)).json()
    rest = client.get(url, {"limit": 2, "cursor": first["next"]}, headers=api_headers(alice)).json()
    assert [rule["name"] for rule in first["items"] + rest["items"]] == ["One", "Two", "Three"]


def test_a_rule_is_changed_in_part(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    rule = make_rule(integration, is_enabled=False)
    address = f"{url}/{rule.unique_id}"
    changed = client.patch(address, {"is_enabled": True}, JSON, headers=api_headers(alice)).json()
    assert changed["is_enabled"]
    assert changed["conditions"] == HIGH
    changed = client.patch(
        address, {"conditions": {}, "name": "All"}, JSON, headers=api_headers(alice)
    ).json()
    assert (changed["name"], changed["conditions"], changed["actions"]) == ("All", {}, NOTE)
    assert client.get(address, headers=api_headers(alice)).json() == changed
    integration.refresh_from_db()
    assert integration.revision == 3


@pytest.mark.parametrize(
    ("position", "order"),
    [(1, "cab"), (2, "acb"), (3, "abc"), (99, "abc")],
)
def test_a_rule_is_moved(
    client: Client,
    alice: Person,
    api_headers: Headers,
    integration: Integration,
    url: str,
    position: int,
    order: str,
) -> None:
    for name in "abc":
        make_rule(integration, name)
    last = AlertRule.objects.get(name="c")
    moved = client.put(
        f"{url}/{last.unique_id}/position", {"position": position}, JSON, headers=api_headers(alice)
    )
    assert moved.status_code == 200
    assert names(integration) == list(order)


def test_a_rule_is_deleted_and_the_others_move_up(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    for name in "abc":
        make_rule(integration, name)
    gone = AlertRule.objects.get(name="b")
    assert client.delete(f"{url}/{gone.unique_id}", headers=api_headers(alice)).status_code == 204
    assert names(integration) == ["a", "c"]
    assert client.get(f"{url}/{gone.unique_id}", headers=api_headers(alice)).status_code == 404


def test_each_fault_is_named_with_its_place(
    client: Client, alice: Person, api_headers: Headers, url: str
) -> None:
    sent = {
        "name": "x",
        "conditions": {"all": [{"path": "severity", "operator": "equals", "value": "x"}]},
        "actions": [{"action": "set_message", "value": ""}],
    }
    answer = client.post(url, sent, JSON, headers=api_headers(alice))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"conditions.all.0.path", "actions.0.value"}


def test_what_a_rule_names_must_be_of_the_team(
    client: Client,
    alice: Person,
    bob: Person,
    charlie: Person,
    api_headers: Headers,
    team: Team,
    other_team: Team,
    url: str,
) -> None:
    ours = Priority.objects.create(team=team, name="P1")
    theirs = Priority.objects.create(team=other_team, name="P1")
    tag = Tag.objects.create(team=other_team, name="theirs")
    headers = api_headers(alice)

    def send(*actions: dict[str, Any]) -> dict[str, str]:
        answer = client.post(url, {"name": "x", "actions": list(actions)}, JSON, headers=headers)
        fields: dict[str, str] = answer.json().get("fields", {})
        return fields

    set_priority = {"action": "set_priority"}
    assert send({**set_priority, "priority": str(ours.unique_id).upper()}) == {}
    assert send({**set_priority, "priority": str(theirs.unique_id)}) == {
        "actions.0.priority": f"There is no priority with the id {theirs.unique_id}."
    }
    assert set(send({"action": "suppress"}, {"action": "add_tags", "tags": [str(tag.unique_id)]})) == {
        "actions.1.tags.0"
    }
    outside = {"action": "assign_role", "role": str(uuid4()), "person": str(charlie.unique_id)}
    assert set(send(outside)) == {"actions.0.role", "actions.0.person"}


def test_alerts_are_routed_only_to_services_that_the_actor_manages(
    client: Client,
    alice: Person,
    bob: Person,
    api_headers: Headers,
    team: Team,
    other_team: Team,
    integration: Integration,
    url: str,
) -> None:
    theirs = Service.objects.create(team=other_team, name="Search")
    sent = {"name": "x", "actions": [{"action": "route", "service": str(theirs.unique_id)}]}
    team.memberships.filter(person=bob).update(role="manager")
    assert client.post(url, sent, JSON, headers=api_headers(bob)).status_code == 400
    made = client.post(url, sent, JSON, headers=api_headers(alice))
    assert made.status_code == 201
    # What Alice has put there, Bob may leave there.
    again = {**sent, "conditions": HIGH}
    address = f"{url}/{made.json()['unique_id']}"
    assert client.patch(address, again, JSON, headers=api_headers(bob)).status_code == 200


def test_a_rule_that_routes_to_another_team_may_name_what_that_team_has(
    client: Client,
    alice: Person,
    api_headers: Headers,
    other_team: Team,
    url: str,
) -> None:
    search = Service.objects.create(team=other_team, name="Search")
    theirs = Priority.objects.create(team=other_team, name="P1")
    named = {"action": "set_priority", "priority": str(theirs.unique_id)}
    routed = {"action": "route", "service": str(search.unique_id)}

    def status(*actions: dict[str, Any]) -> int:
        sent = {"name": "x", "actions": list(actions)}
        return client.post(url, sent, JSON, headers=api_headers(alice)).status_code

    assert status(named) == 400
    assert status(routed, named) == 201


def test_there_is_a_bound_on_rules(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    for number in range(50):
        make_rule(integration, f"Rule {number}")
    answer = client.post(url, {"name": "x", "actions": NOTE}, JSON, headers=api_headers(alice))
    assert answer.json()["fields"] == {"name": "An integration has at most 50 rules."}


def test_an_integration_without_alerts_has_no_rules(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    integration.kind = IntegrationKind.CHANGES
    integration.save()
    answer = client.post(url, {"name": "x", "actions": NOTE}, JSON, headers=api_headers(alice))
    assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (
        400,
        "This integration gets changes and no alerts",
    )


def test_a_rule_is_tried_on_the_last_alerts(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    keep_body(integration)
    keep_body(integration, payload={"severity": "2"}, minutes=1)
    keep_body(integration, body={"title": "no alert"}, minutes=2)
    make_rule(integration, "Before", conditions={}, actions=[{"action": "set_summary", "value": "Changed"}])
    make_rule(integration, "Off", conditions={}, actions=[{"action": "suppress"}], is_enabled=False)
    sent = {
        "conditions": HIGH,
        "actions": [{"action": "set_message", "value": "{{payload.project}}: {{summary}}"}],
    }
    tried = client.post(f"{url}/try", sent, JSON, headers=api_headers(alice)).json()
    assert (tried["tried"], tried["matched"], tried["unreadable"]) == (2, 1, 1)
    assert [item["matched"] for item in tried["items"]] == [False, True]
    assert tried["items"][1]["before"]["message"] == "This is a sample alert from API integration"
    assert tried["items"][1]["before"]["entity_id"] == "12345"
    assert tried["items"][1]["after"]["message"] == "kubeprod: Changed"
    assert not tried["items"][1]["after"]["suppressed"]
    assert AlertRule.objects.count() == 2


def test_conditions_are_tried_before_there_are_actions(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    keep_body(integration)
    headers = api_headers(alice)
    tried = client.post(f"{url}/try", {"conditions": HIGH}, JSON, headers=headers).json()
    assert (tried["tried"], tried["matched"]) == (1, 1)
    assert tried["items"][0]["after"]["message"] == tried["items"][0]["before"]["message"]


def test_a_rule_is_tried_in_its_own_place(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    keep_body(integration)
    rule = make_rule(integration, "Same name", is_enabled=False)
    make_rule(integration, "Same name", conditions={}, stops=True)
    sent = {"conditions": {}, "actions": NOTE}
    behind = client.post(f"{url}/try", sent, JSON, headers=api_headers(alice)).json()
    assert behind["matched"] == 0
    in_place = {**sent, "rule": str(rule.unique_id)}
    assert client.post(f"{url}/try", in_place, JSON, headers=api_headers(alice)).json()["matched"] == 1


def test_another_rule_of_the_same_name_does_not_count_as_the_one_on_trial(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    keep_body(integration)
    make_rule(integration, NAME_ON_TRIAL, conditions={})
    never = {"path": "payload.no.such", "operator": "exists"}
    sent = {"conditions": never, "actions": NOTE}
    assert client.post(f"{url}/try", sent, JSON, headers=api_headers(alice)).json()["matched"] == 0


def test_a_rule_is_tried_on_mapped_alerts(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    make_mapping(integration)
    keep_body(integration, body=BODY)
    sent = {
        "conditions": {"all": [{"path": "payload.payload.host", "operator": "starts_with", "value": "web"}]},
        "actions": [{"action": "set_entity_id", "value": "{{payload.payload.hosts.1.name}}"}],
    }
    tried = client.post(f"{url}/try", sent, JSON, headers=api_headers(alice)).json()
    assert (tried["matched"], tried["items"][0]["after"]["entity_id"]) == (1, "web-13")


CALLS: list[tuple[str, str, Any, int]] = [
    ("get", "", {}, 200),
    ("post", "", {"name": "x", "actions": NOTE}, 201),
    ("post", "/try", {"actions": NOTE}, 200),
    ("get", "/RULE", {}, 200),
    ("patch", "/RULE", {"name": "y"}, 200),
    ("put", "/RULE/position", {"position": 1}, 200),
    ("delete", "/RULE", {}, 204),
]


def call(client: Client, address: str, method: str, body: Any, headers: dict[str, str]) -> int:
    if method in ("get", "delete"):
        return int(getattr(client, method)(address, headers=headers).status_code)
    return int(getattr(client, method)(address, body, JSON, headers=headers).status_code)


@pytest.mark.once
@pytest.mark.parametrize(("method", "path", "body", "expected"), CALLS)
def test_an_outsider_gets_not_found(
    client: Client,
    alice: Person,
    charlie: Person,
    api_headers: Headers,
    integration: Integration,
    url: str,
    method: str,
    path: str,
    body: Any,
    expected: int,
) -> None:
    address = url + path.replace("RULE", str(make_rule(integration).unique_id))
    assert call(client, address, method, body, api_headers(charlie)) == 404
    assert call(client, address, method, body, {}) == 401
    assert call(client, address, method, body, api_headers(alice)) == expected


@pytest.mark.once
@pytest.mark.parametrize(("method", "path", "body", "expected"), CALLS)
def test_members_and_viewers_read_and_change_nothing(
    client: Client,
    bob: Person,
    vera: Person,
    api_headers: Headers,
    integration: Integration,
    url: str,
    method: str,
    path: str,
    body: Any,
    expected: int,
) -> None:
    address = url + path.replace("RULE", str(make_rule(integration).unique_id))
    if method != "get" and not path.endswith("/try"):
        expected = 403
    for person in (bob, vera):
        assert call(client, address, method, body, api_headers(person)) == expected
    assert AlertRule.objects.get().name == "High"


def test_a_rule_of_another_integration_is_not_found_here(
    client: Client, alice: Person, api_headers: Headers, service: Service, integration: Integration, url: str
) -> None:
    other = Integration.objects.create(service=service, name="Other")
    rule = make_rule(other)
    assert client.get(f"{url}/{rule.unique_id}", headers=api_headers(alice)).status_code == 404
    sent = {"actions": NOTE, "rule": str(rule.unique_id)}
    assert client.post(f"{url}/try", sent, JSON, headers=api_headers(alice)).status_code == 404
