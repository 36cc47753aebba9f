"""The page on which a person reports an incident."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service
from afterword.incidents.models import Incident

SignIn = Callable[[Person], Client]


def test_a_report_leads_to_its_incident(sign_in: SignIn, bob: Person, service: Service) -> None:
    sent = {"title": "Tills are down", "service": service.unique_id, "started_at": "2026-03-02T14:05"}
    answer = sign_in(bob).post("/incidents/new", sent, follow=True)
    incident = Incident.objects.get()
    assert answer.redirect_chain[-1][0] == f"/incidents/{incident.number}"
    assert "Incident #1 is reported." in answer.content.decode()


def test_times_are_taken_in_the_zone_of_who_writes(sign_in: SignIn, bob: Person, service: Service) -> None:
    bob.time_zone = "Europe/Athens"
    bob.save()
    sent = {"title": "Tills are down", "service": service.unique_id, "started_at": "2026-03-02T14:05"}
    sign_in(bob).post("/incidents/new", sent)
    assert Incident.objects.get().started_at.isoformat() == "2026-03-02T12:05:00+00:00"


def test_a_report_that_is_refused_keeps_what_was_typed(
    sign_in: SignIn, bob: Person, service: Service
) -> None:
    sent = {"title": "Precious words", "summary": "More of them", "service": service.unique_id}
    answer = sign_in(bob).post("/incidents/new", sent | {"started_at": "2999-01-01T00:00"})
    assert answer.status_code == 400
    for kept in ("Precious words", "More of them", "2999-01-01T00:00", "This time is in the future."):
        assert kept in answer.content.decode()
    assert not Incident.objects.exists()


def test_only_services_of_ones_own_teams_are_offered_and_taken(
    sign_in: SignIn, bob: Person, service: Service, other_team: Team
) -> None:
    hidden = Service.objects.create(team=other_team, name="Search index")
    browser = sign_in(bob)
    assert "Search index" not in browser.get("/incidents/new").content.decode()
    sent = {"title": "Down", "service": hidden.unique_id}
    assert browser.post("/incidents/new", sent).status_code == 400
    assert browser.post("/incidents/new", sent | {"service": service.unique_id}).status_code == 302
    assert Incident.objects.count() == 1


def test_without_a_service_it_says_what_comes_first(sign_in: SignIn, bob: Person) -> None:
    assert "There is no service yet" in sign_in(bob).get("/incidents/new").content.decode()


def test_a_viewer_reports_nothing(sign_in: SignIn, vera: Person, service: Service) -> None:
    browser = sign_in(vera)
    assert browser.get("/incidents/new").status_code == 403
    sent = {"title": "Down", "service": service.unique_id}
    assert browser.post("/incidents/new", sent).status_code == 403
    assert "Report an incident" not in browser.get("/incidents").content.decode()
