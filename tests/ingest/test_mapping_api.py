"""Mappings by the API: saved, switched, tried, and kept from those who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, IntegrationKind
from afterword.ingest import keys
from afterword.ingest.models import AlertRule, Mapping
from tests.ingest.rule_things import BODY, DEFINITION, keep_body, make_mapping, make_rule

Headers = Callable[..., dict[str, str]]


@pytest.fixture
def url(integration: Integration) -> str:
    return f"/api/v1/integrations/{integration.unique_id}/mapping"


def test_a_mapping_is_saved_and_read_again(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    headers = api_headers(alice)
    empty = {"is_enabled": False, "definition": None, "changed_at": None}
    assert client.get(url, headers=headers).json() == empty
    saved = client.put(url, {"definition": DEFINITION}, "application/json", headers=headers)
    assert saved.status_code == 200
    assert saved.json()["definition"] == DEFINITION
    assert not saved.json()["is_enabled"]
    assert client.get(url, headers=headers).json() == saved.json()
    integration.refresh_from_db()
    assert integration.revision == 2
    assert AuditEvent.objects.get(action="integration.mapping_changed").actor_name == "Alice"


def test_saving_the_same_again_changes_nothing(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    make_mapping(integration)
    client.put(url, {"definition": DEFINITION}, "application/json", headers=api_headers(alice))
    integration.refresh_from_db()
    assert integration.revision == 1
    assert not AuditEvent.objects.filter(action="integration.mapping_changed").exists()


def test_each_fault_of_a_definition_is_named_and_nothing_is_saved(
    client: Client, alice: Person, api_headers: Headers, url: str
) -> None:
    bad = {"summary": "{{title}}", "alert_type": {"default": "bad"}}
    answer = client.put(url, {"definition": bad}, "application/json", headers=api_headers(alice))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"message", "summary", "alert_type.default"}
    assert not Mapping.objects.exists()


def test_mapping_is_switched_on_and_off(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    make_mapping(integration, is_enabled=False)
    headers = api_headers(alice)
    for on in (True, False):
        answer = client.patch(url, {"is_enabled": on}, "application/json", headers=headers)
        assert (answer.status_code, answer.json()["is_enabled"]) == (200, on)
    integration.refresh_from_db()
    assert integration.revision == 3


def test_what_was_never_saved_cannot_be_switched_on(
    client: Client, alice: Person, api_headers: Headers, url: str
) -> None:
    answer = client.patch(url, {"is_enabled": True}, "application/json", headers=api_headers(alice))
    assert (answer.status_code, answer.json()["detail"]) == (400, "Please save a mapping first.")


def test_rules_are_rewritten_when_asked(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    make_mapping(integration, is_enabled=False)
    rule = make_rule(integration)
    headers = api_headers(alice)
    client.patch(url, {"is_enabled": True, "rewrite_rules": True}, "application/json", headers=headers)
    rule.refresh_from_db()
    assert rule.conditions["all"][0]["path"] == "payload.payload.severity"
    assert rule.actions[0]["value"] == "Project {{payload.payload.project}}"
    assert AuditEvent.objects.get(action="integration.rules_changed").data["rules"] == ["High"]
    client.patch(url, {"is_enabled": False, "rewrite_rules": True}, "application/json", headers=headers)
    rule.refresh_from_db()
    assert rule.conditions["all"][0]["path"] == "payload.severity"


def test_rules_stay_as_they_are_when_nobody_asked(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    make_mapping(integration, is_enabled=False)
    rule = make_rule(integration)
    client.patch(url, {"is_enabled": True}, "application/json", headers=api_headers(alice))
    rule.refresh_from_db()
    assert rule.conditions["all"][0]["path"] == "payload.severity"


def test_only_a_generic_integration_can_be_mapped(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    integration.kind = IntegrationKind.GRAFANA
    integration.save()
    answer = client.put(url, {"definition": DEFINITION}, "application/json", headers=api_headers(alice))
    assert answer.status_code == 400
    assert "Only a generic integration can be mapped" in answer.json()["detail"]


def test_the_way_in_reads_its_keys_again(
    client: Client,
    alice: Person,
    api_headers: Headers,
    integration: Integration,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    forgotten: list[str] = []

    class Listening:
        def forget(self) -> None:
            forgotten.append("keys")

    monkeypatch.setattr(keys, "_all_keys", [Listening()])
    with django_capture_on_commit_callbacks(execute=True):
        client.put(url, {"definition": DEFINITION}, "application/json", headers=api_headers(alice))
    assert forgotten == ["keys"]


def test_a_mapping_is_tried_on_a_body_and_nothing_is_kept(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    on_title = {"path": "payload.payload.title", "operator": "exists"}
    make_rule(integration, conditions=on_title, actions=[{"action": "suppress"}])
    sent = {"definition": DEFINITION, "body": BODY}
    answer = client.post(f"{url}/try", sent, "application/json", headers=api_headers(alice))
    tried = answer.json()
    assert (tried["message"], tried["entity_id"], tried["alert_type"]) == (
        "Disk full on web-12",
        "11",
        "critical",
    )
    assert tried["payload"]["payload"] == BODY
    assert tried["after_rules"]["suppressed"]
    assert not Mapping.objects.exists()


def test_the_saved_mapping_is_tried_where_none_is_given(
    client: Client, alice: Person, api_headers: Headers, integration: Integration, url: str
) -> None:
    headers = api_headers(alice)
    assert client.post(f"{url}/try", {"body": []}, "application/json", headers=headers).status_code == 400
    make_mapping(integration)
    tried = client.post(f"{url}/try", {"body": [1]}, "application/json", headers=headers).json()
    assert tried["message"] == "on"
    assert tried["problems"] == []


def test_the_last_bodies_are_listed_newest_first(
    client: Client, alice: Person, api_headers: Headers, integration: Integration
) -> None:
    first, second = keep_body(integration), keep_body(integration, minutes=1)
    listed = client.get(
        f"/api/v1/integrations/{integration.unique_id}/recent-bodies", headers=api_headers(alice)
    ).json()
    assert [item["trace_id"] for item in listed["items"]] == [str(second.trace_id), str(first.trace_id)]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("[" * 65 + "]" * 65, "nested more than 64 levels deep"),
        ('{"a": 1e999}', "not valid JSON"),
        ('{"a": "\\ud800"}', "not valid JSON"),
    ],
)
def test_a_body_that_the_way_in_refuses_is_refused_here_too(
    client: Client, alice: Person, api_headers: Headers, url: str, given: str, reason: str
) -> None:
    sent = f'{{"definition": {{"message": "{{{{payload}}}}"}}, "body": {given}}}'
    answer = client.post(f"{url}/try", sent, "application/json", headers=api_headers(alice))
    assert answer.status_code == 400
    assert reason in answer.json()["fields"]["body"]


@pytest.mark.parametrize(
    "odd", ['{"values": {"a\\u0000": "info"}}', '{"path": "payload.\\ud800"}', '{"default": NaN}']
)
def test_what_no_database_keeps_is_refused(
    client: Client, alice: Person, api_headers: Headers, url: str, odd: str
) -> None:
    sent = f'{{"definition": {{"message": "x", "alert_type": {odd}}}}}'
    answer = client.put(url, sent, "application/json", headers=api_headers(alice))
    assert answer.status_code == 400
    assert "definition" in answer.json()["fields"]


CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("get", "", {}),
    ("put", "", {"definition": DEFINITION}),
    ("patch", "", {"is_enabled": True}),
    ("post", "/try", {"definition": DEFINITION, "body": BODY}),
    ("get", "/../recent-bodies", {}),
]


def call(client: Client, url: str, method: str, path: str, body: Any, headers: dict[str, str]) -> int:
    address = url.replace("/mapping", "/recent-bodies") if path.startswith("/..") else url + path
    if method == "get":
        return client.get(address, headers=headers).status_code
    return int(getattr(client, method)(address, body, "application/json", headers=headers).status_code)


@pytest.mark.parametrize(("method", "path", "body"), CALLS)
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
) -> None:
    make_mapping(integration)
    assert call(client, url, method, path, body, api_headers(alice)) == 200
    assert call(client, url, method, path, body, api_headers(charlie)) == 404
    assert call(client, url, method, path, body, {}) == 401


@pytest.mark.once
@pytest.mark.parametrize(("method", "path", "body"), CALLS)
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
) -> None:
    make_mapping(integration, is_enabled=False)
    expected = 403 if method in ("put", "patch") else 200
    for person in (bob, vera):
        assert call(client, url, method, path, body, api_headers(person)) == expected
    assert not Mapping.objects.get().is_enabled
    assert not AlertRule.objects.exists()
