"""The list of incidents: what it shows, to whom, and how it narrows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Membership, Person, Team
from afterword.catalog.models import Service
from afterword.incidents.models import Incident, IncidentStatus

SignIn = Callable[[Person], Client]
MakeIncident = Callable[..., Incident]


@pytest.fixture
def search_service(other_team: Team) -> Service:
    return Service.objects.create(team=other_team, name="Search index")


def titles(client: Client, query: str = "") -> list[str]:
    answer = client.get(f"/incidents{query}")
    assert answer.status_code == 200
    return [incident.title for incident, _ in answer.context["rows"]]


def test_the_newest_stands_first(sign_in: SignIn, bob: Person, make_incident: MakeIncident) -> None:
    make_incident(title="First")
    make_incident(title="Second")
    assert titles(sign_in(bob)) == ["Second", "First"]


def test_a_row_leads_to_the_incident_and_says_what_is_known(
    sign_in: SignIn, bob: Person, resolved_incident: Incident
) -> None:
    page = sign_in(bob).get("/incidents").content.decode()
    for text in (
        f"/incidents/{resolved_incident.number}",
        "Resolved",
        "Checkout",
        "42 min",
        "2026-03-02 14:05:00",
    ):
        assert text in page


def test_it_narrows_by_status(sign_in: SignIn, bob: Person, make_incident: MakeIncident) -> None:
    make_incident(title="Going on")
    seen = make_incident(title="Seen")
    Incident.objects.filter(pk=seen.pk).update(status=IncidentStatus.ACKNOWLEDGED)
    make_incident(title="Over", resolved_after=timedelta(minutes=1))
    browser = sign_in(bob)
    assert titles(browser, "?status=resolved") == ["Over"]
    assert titles(browser, "?status=acknowledged") == ["Seen"]
    assert titles(browser, "?status=open") == ["Seen", "Going on"]


def test_it_narrows_by_team_and_by_service(
    sign_in: SignIn, alice: Person, make_incident: MakeIncident, service: Service, search_service: Service
) -> None:
    make_incident(title="Mine")
    make_incident(title="Theirs", on=search_service)
    browser = sign_in(alice)
    assert titles(browser, f"?team={search_service.team.unique_id}") == ["Theirs"]
    assert titles(browser, f"?service={service.unique_id}") == ["Mine"]
    assert titles(browser, f"?service={service.unique_id}&team={search_service.team.unique_id}") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pool", ["Connection pool empty"]),
        ("POOL connection", ["Connection pool empty"]),
        ("replica", ["Connection pool empty"]),
        ("pool disk", []),
        ("100%", ["Disk 100% full"]),
        ("_", []),
    ],
)
def test_every_word_must_stand_in_title_or_summary(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident, text: str, found: list[str]
) -> None:
    make_incident(title="Disk 100% full")
    make_incident(title="Connection pool empty", summary="The replica took them all.")
    client = sign_in(bob)
    answer = client.get("/incidents", {"text": text})
    assert [incident.title for incident, _ in answer.context["rows"]] == found


def test_a_number_finds_its_incident(sign_in: SignIn, bob: Person, make_incident: MakeIncident) -> None:
    make_incident(title="Other")
    wanted = make_incident(title="Wanted")
    assert titles(sign_in(bob), f"?text=%23{wanted.number}") == ["Wanted"]
    assert titles(sign_in(bob), f"?text={wanted.number}") == ["Wanted"]


def test_pages_keep_their_filters(sign_in: SignIn, bob: Person, make_incident: MakeIncident) -> None:
    for _ in range(51):
        make_incident()
    answer = sign_in(bob).get("/incidents?status=open&page=2")
    assert len(answer.context["rows"]) == 1
    assert "status=open&amp;page=1" in answer.content.decode()


def test_nothing_at_all_and_nothing_that_matches_are_told_apart(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident
) -> None:
    browser = sign_in(bob)
    assert "No incidents yet" in browser.get("/incidents").content.decode()
    make_incident()
    assert "Nothing matches" in browser.get("/incidents?text=zebra").content.decode()


def test_without_a_service_it_says_what_comes_first(sign_in: SignIn, bob: Person) -> None:
    assert "nothing to watch yet" in sign_in(bob).get("/incidents").content.decode()


def test_an_outsider_sees_neither_incidents_nor_names_nor_counts(
    sign_in: SignIn, bob: Person, charlie: Person, incident: Incident, search_service: Service
) -> None:
    assert titles(sign_in(bob)) == [incident.title]
    answer = sign_in(charlie).get("/incidents?status=open")
    page = answer.content.decode()
    assert answer.context["page"].paginator.count == 0
    for secret in (incident.title, "Checkout", "Payments"):
        assert secret not in page


@pytest.mark.parametrize("key", ["team", "service"])
def test_filtering_by_what_one_cannot_see_is_as_filtering_by_nonsense(
    sign_in: SignIn, charlie: Person, incident: Incident, search_service: Service, key: str
) -> None:
    hidden = {"team": incident.service.team.unique_id, "service": incident.service.unique_id}[key]
    nonsense = "8a3b1f2e-3d0e-4a63-9a36-0e3d8b0d8f11"
    answers = [
        sign_in(charlie).get(f"/incidents?{key}={value}").content.decode().replace(str(value), "")
        for value in (hidden, nonsense)
    ]
    to_hidden, to_nonsense = (page.split("<main")[1].split("csrf")[0] for page in answers)
    assert to_hidden == to_nonsense
    assert "Nothing matches" in answers[0]


@pytest.mark.parametrize(
    "query", ["?status=exploded", "?team=x", "?service=%00", f"?text={'x' * 300}", "?page=zz"]
)
def test_an_address_that_makes_no_sense_is_still_a_page(sign_in: SignIn, bob: Person, query: str) -> None:
    assert sign_in(bob).get(f"/incidents{query}").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident
) -> None:
    browser = sign_in(bob)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/incidents").status_code == 200
        return len(queries)

    make_incident()
    count()
    with_one = count()
    for _ in range(29):
        make_incident()
    assert count() == with_one
    assert with_one <= 12


def test_j_and_k_have_rows_to_move_on(sign_in: SignIn, bob: Person, incident: Incident) -> None:
    assert "data-keyboard-rows" in sign_in(bob).get("/incidents").content.decode()


def test_a_person_of_two_teams_sees_both(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident, search_service: Service
) -> None:
    Membership.objects.create(team=search_service.team, person=bob)
    make_incident(title="One")
    make_incident(title="Two", on=search_service)
    assert titles(sign_in(bob)) == ["Two", "One"]
