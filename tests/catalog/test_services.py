"""Services: what breaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Integration, Service
from afterword.catalog.reads import visible_services
from afterword.catalog.writes import change_service, create_service
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound

SignIn = Callable[[Person], Client]


@pytest.fixture
def index(other_team: Team) -> Service:
    return Service.objects.create(team=other_team, name="Index", summary="Finds things.")


def test_each_person_sees_the_services_of_their_teams(
    alice: Person, bob: Person, charlie: Person, vera: Person, service: Service, index: Service
) -> None:
    assert list(visible_services(alice)) == [service, index]
    assert list(visible_services(bob)) == list(visible_services(vera)) == [service]
    assert list(visible_services(charlie)) == [index]


def test_a_manager_makes_a_service(alice: Person, team: Team, sign_in: SignIn) -> None:
    response = sign_in(alice).post(
        "/settings/services/new", {"team": team.unique_id, "name": "Ledger", "summary": "Books\r\nmoney."}
    )
    made = Service.objects.get(name="Ledger")
    assert response.headers["Location"] == f"/settings/services/{made.unique_id}"
    assert (made.team, made.summary) == (team, "Books\nmoney.")
    event = AuditEvent.objects.get(action="service.created")
    assert (event.actor_name, event.subject_name, event.team_id) == ("Alice", "Ledger", team.pk)


def test_a_team_has_each_name_once(
    alice: Person, service: Service, other_team: Team, sign_in: SignIn
) -> None:
    typed = {"team": service.team.unique_id, "name": "CHECKOUT", "summary": "A second one"}
    response = sign_in(alice).post("/settings/services/new", typed)
    assert (response.status_code, set(response.context["form"].errors)) == (400, {"name"})
    assert "A second one" in response.text
    create_service(actor=alice, team=other_team, name="Checkout")


def test_a_service_is_only_made_in_a_team_that_one_manages(
    bob: Person, charlie: Person, vera: Person, team: Team, other_team: Team, sign_in: SignIn
) -> None:
    typed = {"team": team.unique_id, "name": "Mine"}
    assert sign_in(bob).post("/settings/services/new", typed).status_code == 403
    assert sign_in(vera).get("/settings/services/new").status_code == 403
    response = sign_in(charlie).post("/settings/services/new", typed)
    assert (response.status_code, set(response.context["form"].errors)) == (400, {"team"})
    assert "Payments" not in response.text
    with pytest.raises(NotFound):
        create_service(actor=charlie, team=team, name="Mine")
    with pytest.raises(NotAllowed):
        create_service(actor=bob, team=team, name="Mine")
    assert (
        sign_in(charlie).post("/settings/services/new", {**typed, "team": other_team.unique_id}).status_code
        == 302
    )


def test_the_list_is_filtered_by_words_and_team(
    alice: Person, service: Service, index: Service, integration: Integration, sign_in: SignIn
) -> None:
    client = sign_in(alice)

    def found(query: str) -> list[tuple[str, int]]:
        page = client.get(f"/settings/services?{query}").context["page"]
        return [(service.name, service.ways_in) for service in page]

    assert found("") == [("Checkout", 1), ("Index", 0)]
    assert found("text=finds") == [("Index", 0)]
    assert found(f"team={service.team.unique_id}") == [("Checkout", 1)]
    assert found("team=nonsense&page=99") == [("Checkout", 1), ("Index", 0)]
    assert found("text=nothing") == []


def test_the_list_has_pages(alice: Person, team: Team, sign_in: SignIn) -> None:
    Service.objects.bulk_create([Service(team=team, name=f"Service {n:03}") for n in range(120)])
    client = sign_in(alice)
    assert "1 to 50 of 120 services" in client.get("/settings/services").text
    assert "Service 119" in client.get("/settings/services?page=3").text


def test_a_service_that_is_changed_records_what(alice: Person, service: Service, sign_in: SignIn) -> None:
    page = f"/settings/services/{service.unique_id}"
    assert sign_in(alice).post(f"{page}/edit", {"name": "Pay", "summary": ""}).headers["Location"] == page
    event = AuditEvent.objects.get(action="service.changed")
    assert event.data == {"changed": ["name"], "from": "Checkout"}
    change_service(actor=alice, service=Service.objects.get(), name="Pay")
    assert AuditEvent.objects.count() == 1


def test_an_outsider_finds_no_service(charlie: Person, service: Service, sign_in: SignIn) -> None:
    client, page = sign_in(charlie), f"/settings/services/{service.unique_id}"
    answers = [
        client.get(page),
        client.post(page, {"name": "Mine"}),
        client.get(f"{page}/edit"),
        client.post(f"{page}/edit", {"name": "Mine"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert not any("Checkout" in answer.text for answer in answers)
    assert "Checkout" not in client.get("/settings/services").text
    with pytest.raises(NotFound):
        change_service(actor=charlie, service=service, name="Mine")


def test_a_member_reads_a_service_and_does_not_change_it(
    alice: Person, bob: Person, vera: Person, service: Service, integration: Integration, sign_in: SignIn
) -> None:
    page = f"/settings/services/{service.unique_id}"
    for person in (bob, vera):
        client = sign_in(person)
        assert "Prometheus bridge" in client.get(page).text
        assert client.post(page, {"name": "Mine"}).status_code == 403
        assert client.post(f"{page}/edit", {"name": "Mine"}).status_code == 403
    assert sign_in(alice).get(f"{page}/edit").status_code == 200


def test_a_summary_of_many_characters_is_refused(alice: Person, service: Service) -> None:
    with pytest.raises(InvalidInput) as refusal:
        change_service(actor=alice, service=service, summary="x" * 2_001)
    assert set(refusal.value.fields) == {"summary"}


def test_a_service_is_deleted_while_nothing_belongs_to_it(
    alice: Person, bob: Person, charlie: Person, service: Service, sign_in: SignIn
) -> None:
    page = f"/settings/services/{service.unique_id}"
    assert "Delete the service" in sign_in(alice).get(page).text
    assert "Delete the service" not in sign_in(bob).get(page).text
    assert sign_in(bob).post(f"{page}/deletion").status_code == 403
    assert sign_in(charlie).post(f"{page}/deletion").status_code == 404
    used = Integration.objects.create(service=service, name="Generic")
    assert "It has 1 integration, so it cannot be deleted" in sign_in(alice).get(page).text
    refused = sign_in(alice).post(f"{page}/deletion", follow=True)
    assert "cannot be deleted" in refused.text
    used.delete()
    gone = sign_in(alice).post(f"{page}/deletion")
    assert gone.headers["Location"] == "/settings/services"
    assert not Service.objects.exists()
    assert AuditEvent.objects.filter(action="service.deleted").count() == 1


def test_where_there_is_no_team_an_owner_is_led_to_make_one_first(sign_in: SignIn, alice: Person):
    Team.objects.all().delete()
    page = sign_in(alice).get("/settings/services").text
    assert 'href="/settings/teams/new"' in page
    assert "So a team comes first." in page
    assert "A manager of your team" not in page
