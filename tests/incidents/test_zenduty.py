"""`/api/incidents/{number or unique id}/`, as Zenduty's clients ask for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.incidents.models import Incident

Headers = Callable[..., dict[str, str]]

KEYS = [
    "summary",
    "incident_number",
    "creation_date",
    "status",
    "unique_id",
    "service_object",
    "title",
    "incident_key",
    "service",
    "urgency",
    "merged_with",
    "assigned_to",
    "escalation_policy",
    "escalation_policy_object",
    "assigned_to_name",
    "resolved_date",
    "acknowledged_date",
    "context_window_start",
    "context_window_end",
    "tags",
    "sla",
    "sla_object",
    "team_priority",
    "team_priority_object",
    "parent_incident",
    "is_parent_incident",
    "snooze_time",
    "snoozed_till",
    "postmortems",
    "postmortem_assignee",
]
SERVICE_KEYS = [
    "name",
    "summary",
    "description",
    "auto_resolve_timeout",
    "team_priority",
    "task_template",
    "acknowledgement_timeout",
    "status",
    "escalation_policy",
    "sla",
    "under_maintenance",
    "collation",
    "collation_time",
    "creation_date",
    "unique_id",
    "created_by",
    "team",
    "team_name",
    "acknowledgement_timeout_enabled",
]


@pytest.mark.parametrize("end", ["/", ""])
@pytest.mark.parametrize("by", ["number", "unique_id"])
def test_an_incident_has_exactly_the_keys_that_clients_expect(
    client: Client, bob: Person, incident: Incident, api_headers: Headers, by: str, end: str
) -> None:
    answer = client.get(f"/api/incidents/{getattr(incident, by)}{end}", headers=api_headers(bob))
    assert answer.status_code == 200
    found = answer.json()
    assert sorted(found) == sorted(KEYS)
    assert sorted(found["service_object"]) == sorted(SERVICE_KEYS)
    assert found["incident_number"] == incident.number
    assert found["unique_id"] == incident.unique_id
    assert found["status"] == 1
    assert found["creation_date"] == "2026-03-02T14:05:00.000000Z"
    assert found["service"] == str(incident.service.unique_id)


@pytest.mark.parametrize(("status", "number"), [("triggered", 1), ("acknowledged", 2)])
def test_the_status_is_a_number(
    client: Client, bob: Person, incident: Incident, api_headers: Headers, status: str, number: int
) -> None:
    Incident.objects.update(status=status)
    answer = client.get(f"/api/incidents/{incident.number}/", headers=api_headers(bob))
    assert answer.json()["status"] == number


def test_a_resolved_one_says_when(
    client: Client, bob: Person, resolved_incident: Incident, api_headers: Headers
) -> None:
    found = client.get(f"/api/incidents/{resolved_incident.number}/", headers=api_headers(bob)).json()
    assert (found["status"], found["resolved_date"]) == (3, "2026-03-02T14:47:00.000000Z")


@pytest.mark.parametrize("scheme", ["Token", "token", "TOKEN"])
def test_the_scheme_is_taken_in_any_case(
    client: Client, bob: Person, incident: Incident, api_headers: Headers, scheme: str
) -> None:
    key = api_headers(bob)["Authorization"].split()[1]
    answer = client.get(f"/api/incidents/{incident.number}/", headers={"Authorization": f"{scheme} {key}"})
    assert answer.status_code == 200


def test_a_body_with_a_get_does_no_harm(
    client: Client, bob: Person, incident: Incident, api_headers: Headers
) -> None:
    answer = client.generic(
        "GET",
        f"/api/incidents/{incident.number}/",
        "{}",
        content_type="application/json",
        headers=api_headers(bob),
    )
    assert answer.status_code == 200


def test_without_a_key_it_is_401(client: Client, incident: Incident) -> None:
    answer = client.get(f"/api/incidents/{incident.number}/")
    assert (answer.status_code, answer.json()) == (
        401,
        {"detail": "Authentication credentials were not provided."},
    )


@pytest.mark.parametrize("reference", ["number", "unique_id", "nonsense", "99999999999999999999"])
def test_an_outsider_gets_not_found(
    client: Client, charlie: Person, incident: Incident, api_headers: Headers, reference: str
) -> None:
    reference = str(getattr(incident, reference, reference))
    answer = client.get(f"/api/incidents/{reference}/", headers=api_headers(charlie))
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})
