"""Answering a page by the link in it, and all that the link must not do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from afterword.accounts.models import Membership, Person
from afterword.catalog.writes import Level
from afterword.incidents.models import Incident, IncidentStatus
from afterword.incidents.writes import acknowledge_incident, resolve_incident
from afterword.notify.models import Page
from afterword.notify.paging import links
from afterword.notify.paging.writes.engine import page_person, run_due_steps
from tests.notify.conftest import MovableClock


@pytest.fixture
def page(trigger: Any, make_policy: Any, bob: Person, time: MovableClock) -> Page:
    trigger(make_policy(Level(0, people=(bob,))))
    run_due_steps(at=time.at)
    return Page.objects.get()


def path_of(page: Page) -> str:
    return urlsplit(links.link_to_answer(page)).path


def status_of(page: Page) -> str:
    return Incident.objects.get(pk=page.incident_id).status


def test_a_get_shows_the_title_and_changes_nothing(client: Client, page: Page):
    for _ in range(3):
        answer = client.get(path_of(page))
    assert answer.status_code == 200
    assert b"Checkout answers slowly" in answer.content
    assert b"Acknowledge as Bob" in answer.content
    assert b"Checkout</" not in answer.content
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert status_of(page) == IncidentStatus.TRIGGERED


def test_a_post_acknowledges_as_whoever_was_paged(client: Client, page: Page, bob: Person):
    answer = client.post(path_of(page))
    assert answer.status_code == 200
    assert status_of(page) == IncidentStatus.ACKNOWLEDGED
    assert page.incident.entries.get(text="Acknowledged the incident.").person == bob
    assert Page.objects.get().answered_at is not None
    assert "_auth_user_id" not in client.session


def test_it_needs_the_form_s_token(page: Page):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path_of(page)).status_code == 403
    assert status_of(page) == IncidentStatus.TRIGGERED


def test_after_somebody_else_it_says_so(client: Client, page: Page, alice: Person):
    acknowledge_incident(actor=alice, incident=page.incident)
    assert b"acknowledged already" in client.get(path_of(page)).content
    assert client.post(path_of(page)).status_code == 409


def test_after_the_resolution_it_says_so_kindly(
    client: Client, page: Page, alice: Person, time: MovableClock
):
    resolve_incident(actor=alice, incident=page.incident)
    assert b"Thank you for coming" in client.get(path_of(page)).content
    assert client.post(path_of(page)).status_code == 409
    assert status_of(page) == IncidentStatus.RESOLVED


def test_another_token_an_old_one_and_one_of_somebody_who_left_work_no_more(
    client: Client, page: Page, bob: Person, monkeypatch: pytest.MonkeyPatch
):
    path = path_of(page)
    assert client.get(path[:-1] + ("A" if path[-1] != "A" else "B")).status_code == 404
    assert client.get("/ack/nothing").status_code == 404
    assert client.get(f"/ack/{'x' * 500}").status_code == 404
    with monkeypatch.context() as later:
        later.setattr(links, "LINK_HOURS_MAX", -1)
        assert client.post(path).status_code == 404
    bob.is_active = False
    bob.save()
    answer = client.post(path)
    assert answer.status_code == 404
    assert b"Checkout" not in answer.content
    assert status_of(page) == IncidentStatus.TRIGGERED


def test_who_lost_the_right_acknowledges_nothing(client: Client, page: Page, bob: Person):
    Membership.objects.filter(person=bob).delete()
    assert client.post(path_of(page)).status_code == 404
    assert status_of(page) == IncidentStatus.TRIGGERED


@pytest.mark.once
def test_it_is_throttled(client: Client, organisation: Any):
    answers = [client.get("/ack/guess").status_code for _ in range(61)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_whom_somebody_paged_about_an_acknowledged_incident_answers_too(
    client: Client, incident: Incident, alice: Person, bob: Person
):
    acknowledge_incident(actor=alice, incident=incident)
    page = page_person(actor=alice, incident=incident, person=bob)
    assert client.post(path_of(page)).status_code == 200
    assert incident.entries.get(text="Answered the page.").person == bob
    assert client.post(path_of(page)).status_code == 409
