"""The tab Paging of an incident and its API: what is shown, to whom, and paging somebody by hand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.catalog.models import EscalationPolicy
from afterword.catalog.writes import Level
from afterword.incidents.models import Incident
from afterword.incidents.writes import acknowledge_incident, resolve_incident
from afterword.notify.models import Escalation, Page
from afterword.notify.paging.sending import deliver_page_mails
from afterword.notify.paging.writes.engine import run_due_steps
from tests.notify.conftest import MovableClock
from tests.notify.mail_server import MailServer

pytestmark = pytest.mark.once


@pytest.fixture
def policy(make_policy: Any, bob: Person) -> EscalationPolicy:
    made: EscalationPolicy = make_policy(Level(0, people=(bob,)), name="Payments first")
    return made


def tab(incident: Incident) -> str:
    return f"/incidents/{incident.number}/paging"


def test_the_tab_shows_whom_when_and_with_what_result(
    sign_in: Any,
    trigger: Any,
    policy: EscalationPolicy,
    vera: Person,
    time: MovableClock,
    mail_server: MailServer,
):
    incident = trigger(policy)
    run_due_steps(at=time.at)
    deliver_page_mails()
    shown = sign_in(vera).get(tab(incident)).content.decode()
    assert "Payments first, level 1" in shown
    assert "Sent" in shown
    assert "Page someone now" not in shown
    assert tab(incident) in sign_in(vera).get(f"/incidents/{incident.number}").content.decode()


def test_a_person_is_paged_by_hand_once(
    sign_in: Any, incident: Incident, alice: Person, bob: Person, mail_server: MailServer
):
    client = sign_in(alice)
    for _ in range(2):
        assert client.post(tab(incident), {"target": f"person:{bob.unique_id}"}).status_code == 302
    assert Page.objects.get().paged_by == alice
    deliver_page_mails()
    assert "you are paged about incident" in mail_server.mails[0].get_content()
    assert "by Alice." in mail_server.mails[0].get_content()
    assert incident.entries.filter(text="Paged Bob.", person=alice).count() == 1


def test_a_policy_is_begun_by_hand(
    sign_in: Any, incident: Incident, alice: Person, policy: EscalationPolicy, time: MovableClock
):
    sign_in(alice).post(tab(incident), {"target": f"policy:{policy.unique_id}"})
    run_due_steps(at=time.at)
    assert Page.objects.get().paged_by == alice
    assert Escalation.objects.get().started_by == alice


def test_what_makes_no_sense_is_refused_where_it_was_asked(
    sign_in: Any, incident: Incident, alice: Person, vera: Person, policy: EscalationPolicy
):
    client = sign_in(alice)
    assert client.post(tab(incident), {"target": f"person:{vera.unique_id}"}).status_code == 400
    acknowledge_incident(actor=alice, incident=incident)
    answer = client.post(tab(incident), {"target": f"policy:{policy.unique_id}"})
    assert answer.status_code == 400
    assert b"You can page a person" in answer.content


def test_about_what_is_resolved_nobody_is_paged(sign_in: Any, incident: Incident, alice: Person, bob: Person):
    resolve_incident(actor=alice, incident=incident)
    answer = sign_in(alice).post(tab(incident), {"target": f"person:{bob.unique_id}"}, follow=True)
    assert answer.status_code == 200
    assert not Page.objects.exists()


def test_outsiders_find_nothing_and_viewers_page_nobody(
    sign_in: Any, incident: Incident, charlie: Person, vera: Person, bob: Person
):
    target = {"target": f"person:{bob.unique_id}"}
    assert sign_in(charlie).get(tab(incident)).status_code == 404
    assert sign_in(charlie).post(tab(incident), target).status_code == 404
    assert sign_in(vera).post(tab(incident), target).status_code == 403
    assert not Page.objects.exists()


def test_the_api_tells_of_escalations_and_pages(
    client: Client,
    api_headers: Any,
    trigger: Any,
    policy: EscalationPolicy,
    alice: Person,
    bob: Person,
    time: MovableClock,
    mail_server: MailServer,
):
    incident, headers = trigger(policy), api_headers(alice)
    path = f"/api/v1/incidents/{incident.unique_id}"
    run_due_steps(at=time.at)
    deliver_page_mails()
    escalation = client.get(f"{path}/escalations", headers=headers).json()["items"][0]
    assert (escalation["policy"]["name"], escalation["next_level"]) == ("Payments first", 2)
    page = client.get(f"{path}/pages", headers=headers).json()["items"][0]
    assert (page["person"]["name"], page["level"]) == ("Bob", 1)
    assert page["deliveries"][0]["attempts"] == [{"number": 1, "at": "2026-03-02T15:05:00Z", "error": ""}]
    body = {"person": str(bob.unique_id)}
    made = client.post(f"{path}/pages", body, content_type="application/json", headers=headers)
    assert made.status_code == 201, made.content
    body = {"policy": str(policy.unique_id)}
    made = client.post(f"{path}/escalations", body, content_type="application/json", headers=headers)
    assert made.status_code == 201, made.content
    assert Escalation.objects.filter(ending="replaced").count() == 1


def test_the_api_shows_outsiders_nothing_and_lets_viewers_page_nobody(
    client: Client, api_headers: Any, incident: Incident, charlie: Person, vera: Person, bob: Person
):
    outsider, viewer = api_headers(charlie), api_headers(vera)
    for noun, body in (
        ("pages", {"person": str(bob.unique_id)}),
        ("escalations", {"policy": str(bob.unique_id)}),
    ):
        path = f"/api/v1/incidents/{incident.number}/{noun}"
        assert client.get(path, headers=outsider).status_code == 404
        assert client.get(path, headers=viewer).status_code == 200
        for headers, status in ((outsider, 404), (viewer, 403)):
            answer = client.post(path, body, content_type="application/json", headers=headers)
            assert answer.status_code == status
