"""Signals and their fate, for programs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from afterword.accounts.models import KeyScope, Person
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration
from afterword.incidents.models import Incident
from afterword.ingest.models import Failure, InboxRow
from tests.cast import STARTED
from tests.ingest.fates import BODY, alerted, failed, waiting

Headers = Callable[..., dict[str, str]]


def address_of(integration: Integration, more: str = "") -> str:
    return f"/api/v1/integrations/{integration.unique_id}/signals{more}"


def test_a_program_reads_all_of_them_in_pieces(
    client: Client, api_headers: Headers, bob: Person, integration: Integration
) -> None:
    made = [str(alerted(integration, at=STARTED + timedelta(seconds=n // 2)).trace_id) for n in range(5)]
    headers, cursor, seen = api_headers(bob), "", []
    while True:
        more = f"?limit=2{f'&cursor={cursor}' if cursor else ''}"
        answer = client.get(address_of(integration, more), headers=headers).json()
        seen += [item["trace_id"] for item in answer["items"]]
        cursor = answer["next"]
        if not cursor:
            break
    assert len(seen) == 5
    assert set(seen) == set(made)
    assert seen[0] == made[4]


@pytest.mark.parametrize(
    ("state", "entities"), [("failed", ["b", "a"]), ("maintenance", ["b"]), ("waiting", ["c", "d"])]
)
def test_the_list_is_narrowed(
    client: Client,
    api_headers: Headers,
    bob: Person,
    integration: Integration,
    state: str,
    entities: list[str],
) -> None:
    failed(integration, entity_id="a")
    failed(integration, entity_id="b", failure=Failure.MAINTENANCE, at=STARTED + timedelta(minutes=1))
    waiting(integration, entity_id="c")
    waiting(integration, entity_id="d")
    answer = client.get(address_of(integration, f"?state={state}"), headers=api_headers(bob))
    assert [item["entity_id"] for item in answer.json()["items"]] == entities


@pytest.mark.parametrize("query", ["state=odd", "limit=0", "limit=101", "cursor=made-up"])
def test_a_question_that_makes_no_sense_is_refused_by_name(
    client: Client, api_headers: Headers, bob: Person, integration: Integration, query: str
) -> None:
    answer = client.get(address_of(integration, f"?{query}"), headers=api_headers(bob))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {query.partition("=")[0]}


def test_one_signal_tells_all_that_is_known(
    client: Client, api_headers: Headers, bob: Person, integration: Integration, incident: Incident
) -> None:
    signal = alerted(integration, incident=incident, is_incident_created=True, remarks=["A remark."])
    answer = client.get(address_of(integration, f"/{signal.trace_id}"), headers=api_headers(bob)).json()
    assert answer == {
        "trace_id": str(signal.trace_id),
        "state": "opened",
        "received_at": "2026-03-02T14:05:00Z",
        "folded_at": "2026-03-02T14:05:01Z",
        "took_milliseconds": 1000,
        "entity_id": "checkout",
        "message": "Checkout is slow",
        "alert_type": "critical",
        "alert": signal.alert_unique_id,
        "change": "",
        "incident_number": incident.number,
        "error": "",
        "failure": "",
        "retried_at": None,
        "rerun_trace_id": None,
        "remarks": ["A remark."],
        "body": None,
    }


def test_a_waiting_signal_is_there_too(
    client: Client, api_headers: Headers, bob: Person, integration: Integration
) -> None:
    row = waiting(integration)
    answer = client.get(address_of(integration, f"/{row.trace_id}"), headers=api_headers(bob)).json()
    assert (answer["state"], answer["folded_at"], answer["body"]) == ("waiting", None, BODY)


def test_the_body_is_for_those_who_may_write(
    client: Client, api_headers: Headers, bob: Person, vera: Person, integration: Integration
) -> None:
    signal = failed(integration)
    bodies = {
        person.name: client.get(
            address_of(integration, f"/{signal.trace_id}"), headers=api_headers(person)
        ).json()["body"]
        for person in (bob, vera)
    }
    assert bodies == {"Bob": BODY, "Vera": None}


def test_a_manager_runs_a_failed_signal_again(
    client: Client, api_headers: Headers, alice: Person, integration: Integration
) -> None:
    signal = failed(integration)
    headers = api_headers(alice)
    address = address_of(integration, f"/{signal.trace_id}")
    answer = client.post(f"{address}/rerun", headers=headers)
    assert answer.status_code == 202
    new = answer.json()["trace_id"]
    assert str(InboxRow.objects.get().trace_id) == new
    told = client.get(address, headers=headers).json()
    assert (told["state"], told["rerun_trace_id"]) == ("rerun", new)
    assert client.get(address_of(integration, f"/{new}"), headers=headers).json()["state"] == "waiting"
    assert client.post(f"{address}/rerun", headers=headers).status_code == 409
    event = AuditEvent.objects.get(action="integration.signals_run_again")
    assert (event.actor_name, event.data["trace_id"]) == ("Alice", str(signal.trace_id))


def test_what_has_not_failed_is_not_run_again(
    client: Client, api_headers: Headers, alice: Person, integration: Integration
) -> None:
    headers = api_headers(alice)
    for trace_id, status in (
        (alerted(integration).trace_id, 409),
        (waiting(integration).trace_id, 409),
        (uuid.uuid4(), 404),
    ):
        answer = client.post(address_of(integration, f"/{trace_id}/rerun"), headers=headers)
        assert answer.status_code == status
    assert InboxRow.objects.count() == 1


def test_only_managers_run_signals_again(
    client: Client, api_headers: Headers, bob: Person, vera: Person, alice: Person, integration: Integration
) -> None:
    address = address_of(integration, f"/{failed(integration).trace_id}/rerun")
    for headers in (api_headers(bob), api_headers(vera), api_headers(alice, KeyScope.READ)):
        assert client.post(address, headers=headers).status_code == 403
    assert client.post(address).status_code == 401
    assert not InboxRow.objects.exists()
    assert client.post(address, headers=api_headers(alice)).status_code == 202


def test_outsiders_find_nothing(
    client: Client, api_headers: Headers, charlie: Person, integration: Integration
) -> None:
    trace_id = failed(integration).trace_id
    headers = api_headers(charlie)
    assert client.get(address_of(integration), headers=headers).status_code == 404
    assert client.get(address_of(integration, f"/{trace_id}"), headers=headers).status_code == 404
    assert client.post(address_of(integration, f"/{trace_id}/rerun"), headers=headers).status_code == 404
    assert not InboxRow.objects.exists()
