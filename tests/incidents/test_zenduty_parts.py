"""Alerts, notes and tags of an incident, and its SLA and priority, with exactly Zenduty's keys."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.catalog.models import EscalationPolicy, Integration, Priority, Sla, Tag
from afterword.incidents.models import Alert, Incident
from tests.cast import STARTED

Headers = Callable[..., dict[str, str]]

ALERT_KEYS = (
    "integration_object summary incident creation_date message integration suppressed entity_id payload "
    "alert_type unique_id images notes urls"
)
INTEGRATION_KEYS = (
    "name creation_date summary unique_id service team integration_key is_enabled integration_type"
)
NOTE_KEYS = "unique_id incident user note user_name creation_date"
TAG_KEYS = "unique_id incident team_tag name color tag_id creation_date"


@pytest.fixture
def ask(client: Client, bob: Person, incident: Incident, api_headers: Headers) -> Callable[..., Any]:
    headers = api_headers(bob)

    def send(method: str, path: str, **given: Any) -> Any:
        return client.generic(
            method,
            f"/api/incidents/{incident.number}/{path}",
            json.dumps(given),
            content_type="application/json",
            headers=headers,
        )

    return send


def test_the_incident_tells_its_response(ask: Callable[..., Any], incident: Incident, team: Team):
    incident.priority = Priority.objects.create(team=team, name="P1", colour="#dc2626")
    incident.sla = Sla.objects.create(team=team, name="Gold", acknowledge_minutes=15)
    incident.escalation_policy = EscalationPolicy.objects.create(team=team, name="On call")
    incident.save()
    incident.tags.add(Tag.objects.create(team=team, name="capacity"))
    found = ask("GET", "").json()
    assert found["team_priority"] == str(incident.priority.unique_id)
    assert sorted(found["team_priority_object"]) == sorted(["unique_id", "name", "description", "color"])
    assert sorted(found["sla_object"]) == sorted(
        ["unique_id", "name", "is_active", "acknowledge_time", "resolve_time", "creation_date"]
    )
    assert found["sla_object"]["acknowledge_time"] == 15 * 60, "in seconds"
    assert sorted(found["escalation_policy_object"]) == sorted(["unique_id", "name", "team"])
    assert [sorted(one) for one in found["tags"]] == [sorted(TAG_KEYS.split())]


def test_alerts_have_exactly_these_keys(
    ask: Callable[..., Any], incident: Incident, integration: Integration
):
    Alert.objects.create(
        trace_id=uuid.uuid4(),
        integration=integration,
        incident=incident,
        alert_type="critical",
        entity_id="db-1",
        message="Slow",
        received_at=STARTED,
        remarks=["There is no SLA with the id x in the team: ignored."],
    )
    (found,) = ask("GET", "alerts/").json()["results"]
    assert sorted(found) == sorted(ALERT_KEYS.split())
    assert sorted(found["integration_object"]) == sorted(INTEGRATION_KEYS.split())
    assert (found["alert_type"], found["incident"]) == ("3", incident.number)
    assert str(integration.key) not in str(found), "a key lets anybody send alerts"


def test_notes_are_written_and_read(ask: Callable[..., Any], incident: Incident):
    made = ask("POST", "note/", note="We look into it.")
    assert made.status_code == 201
    assert sorted(made.json()) == sorted(NOTE_KEYS.split())
    assert ask("GET", "note/").json()["results"] == [made.json()]
    assert ask("GET", f"note/{made.json()['unique_id']}/").json() == made.json()
    assert ask("GET", f"note/{uuid.uuid4()}/").status_code == 404


def test_tags_are_added_and_removed(ask: Callable[..., Any], incident: Incident, team: Team):
    tag = Tag.objects.create(team=team, name="capacity", colour="#16a34a")
    made = ask("POST", "tags/", team_tag=str(tag.unique_id))
    assert made.status_code == 201
    assert sorted(made.json()) == sorted(TAG_KEYS.split())
    assert ask("GET", "tags/").json() == [made.json()]
    assert ask("DELETE", f"tags/{made.json()['unique_id']}/").status_code == 204
    assert ask("DELETE", f"tags/{made.json()['unique_id']}/").status_code == 404
    assert ask("GET", "tags/").json() == []
    assert ask("POST", "tags/", team_tag=str(uuid.uuid4())).status_code == 400


@pytest.mark.once
@pytest.mark.parametrize("path", ["alerts/", "note/", "tags/", f"note/{uuid.UUID(int=0)}/"])
def test_an_outsider_gets_not_found(
    client: Client, charlie: Person, incident: Incident, api_headers: Headers, path: str
):
    headers = api_headers(charlie)
    assert client.get(f"/api/incidents/{incident.number}/{path}", headers=headers).status_code == 404
    for write, given in (("note/", {"note": "x"}), ("tags/", {"team_tag": str(uuid.uuid4())})):
        url = f"/api/incidents/{incident.number}/{write}"
        answer = client.post(url, given, content_type="application/json", headers=headers)
        assert answer.status_code == 404
    url = f"/api/incidents/{incident.number}/tags/{uuid.uuid4()}/"
    assert client.delete(url, headers=headers).status_code == 404


def test_a_viewer_changes_nothing(
    client: Client, vera: Person, incident: Incident, api_headers: Headers, team: Team
):
    tag = Tag.objects.create(team=team, name="capacity")
    headers = api_headers(vera)
    for write, given in (("note/", {"note": "x"}), ("tags/", {"team_tag": str(tag.unique_id)})):
        url = f"/api/incidents/{incident.number}/{write}"
        answer = client.post(url, given, content_type="application/json", headers=headers)
        assert answer.status_code == 403
    incident.tags.add(tag)
    url = f"/api/incidents/{incident.number}/tags/{tag.unique_id}/"
    assert client.delete(url, headers=headers).status_code == 403
