"""A form that is sent twice makes one thing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from afterword.accounts.models import Person
from afterword.accounts.writes import TWIN_SECONDS
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident
from afterword.incidents.writes import create_incident
from tests.conftest import ON_POSTGRESQL

SignIn = Callable[[Person], Client]


@pytest.fixture
def content(service: Service) -> dict[str, Any]:
    return {"title": "Checkout is down", "service": str(service.unique_id), "summary": "", "started_at": ""}


def test_a_report_that_is_sent_twice_is_one_incident(
    sign_in: SignIn, bob: Person, content: dict[str, Any]
) -> None:
    client = sign_in(bob)
    answers = [client.post("/incidents/new", content) for _ in range(2)]
    assert {answer.headers["Location"] for answer in answers} == {"/incidents/1"}
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("change", [{"title": "Checkout is slow"}, {"summary": "Since the deploy"}])
def test_a_report_with_other_words_is_another_incident(
    sign_in: SignIn, bob: Person, content: dict[str, Any], change: dict[str, Any]
) -> None:
    client = sign_in(bob)
    client.post("/incidents/new", content)
    client.post("/incidents/new", content | change)
    assert Incident.objects.count() == 2


def test_the_same_words_of_somebody_else_or_of_later_are_another_incident(
    sign_in: SignIn, alice: Person, bob: Person, content: dict[str, Any]
) -> None:
    sign_in(bob).post("/incidents/new", content)
    sign_in(alice).post("/incidents/new", content)
    assert Incident.objects.count() == 2
    for event in AuditEvent.objects.all():
        AuditEvent.objects.filter(pk=event.pk).update(at=event.at - timedelta(seconds=TWIN_SECONDS + 1))
    sign_in(bob).post("/incidents/new", content)
    assert Incident.objects.count() == 3


def test_programs_may_report_the_same_twice(
    client: Client, api_headers: Callable[..., dict[str, str]], bob: Person, service: Service
) -> None:
    body = {"title": "Checkout is down", "service": str(service.unique_id)}
    for _ in range(2):
        answer = client.post("/api/v1/incidents", body, "application/json", headers=api_headers(bob))
        assert answer.status_code == 201
    assert Incident.objects.count() == 2


def test_a_follow_up_that_is_sent_twice_is_one(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    client = sign_in(bob)
    sent = {"title": "Add a limit", "owner": str(bob.unique_id), "priority": "P3", "due_on": "2026-12-01"}
    for _ in range(2):
        assert client.post(f"/incidents/{incident.number}/follow-ups", sent).status_code == 302
    assert FollowUp.objects.count() == 1
    client.post(f"/incidents/{incident.number}/follow-ups", sent | {"priority": "P1"})
    assert FollowUp.objects.count() == 2


@pytest.mark.skipif(not ON_POSTGRESQL, reason="one connection writes, so that nothing happens at once")
@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(service: Service, bob: Person) -> None:
    barrier, numbers = threading.Barrier(2), []

    def report() -> None:
        barrier.wait(60)
        numbers.append(
            create_incident(actor=bob, service=service, title="Checkout is down", once=True).number
        )
        connection.close()

    threads = [threading.Thread(target=report) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert numbers == [1, 1]
