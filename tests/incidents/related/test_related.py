"""Incidents that have to do with one another: linked by people, and those that look alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Integration, Service
from afterword.incidents.models import Entry, Incident, IncidentEntity
from afterword.incidents.privacy.writes import make_private
from afterword.incidents.related.reads import suggest_related
from afterword.incidents.related.writes import link_incidents
from tests.cast import STARTED

MakeIncident = Callable[..., Incident]
SignIn = Callable[[Person], Client]


def test_a_link_stands_on_both_pages_and_is_taken_back_from_either(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident
) -> None:
    one, other = make_incident(title="Checkout fails"), make_incident(title="Cards are refused")
    client = sign_in(bob)
    answer = client.post(
        f"/incidents/{other.number}/related", {"other": f"#{one.number}", "reason": "The same bank"}
    )
    assert answer.status_code == 302
    for incident, title in ((one, other.title), (other, one.title)):
        page = client.get(f"/incidents/{incident.number}/related").content.decode()
        assert title in page
        assert "The same bank" in page
        assert incident.entries.filter(text__startswith="Linked with #").count() == 1
    client.post(f"/incidents/{one.number}/related/{other.number}/removal")
    assert "The same bank" not in client.get(f"/incidents/{other.number}/related").content.decode()


def test_what_cannot_be_linked_is_said_at_the_field_and_stays_there(
    sign_in: SignIn, bob: Person, vera: Person, incident: Incident
) -> None:
    client, address = sign_in(bob), f"/incidents/{incident.number}/related"
    for other, words in (
        (incident.number, "linked with itself"),
        (99, "no such incident"),
        ("x/y", "no such"),
    ):
        page = client.post(address, {"other": other, "reason": "Because"})
        assert page.status_code == 400
        assert words in page.content.decode()
        assert 'value="Because"' in page.content.decode()
    assert sign_in(vera).post(address, {"other": "1"}).status_code == 403


def test_only_what_one_may_see_is_told(
    client: Client, alice: Person, bob: Person, make_incident: MakeIncident, api_headers: Any
) -> None:
    public, private = make_incident(title="Checkout is slow"), make_incident(title="Checkout is robbed slow")
    make_private(actor=bob, incident=private)
    link_incidents(actor=bob, incident=private, other=public, reason="It was the robbers")
    base = f"/api/v1/incidents/{public.number}/related"
    for address in (base, f"{base}/suggestions"):
        assert client.get(address, headers=api_headers(alice)).json() == []
    (told,) = client.get(base, headers=api_headers(bob)).json()
    assert (told["incident"]["number"], told["reason"]) == (private.number, "It was the robbers")
    texts = " ".join(Entry.objects.filter(incident=public).values_list("text", flat=True))
    assert "robbe" not in texts
    assert f"#{private.number}" not in texts


def test_the_likest_of_the_last_90_days_come_first_in_a_bounded_number_of_queries(
    bob: Person, team: Team, integration: Integration, make_incident: MakeIncident
) -> None:
    now = STARTED + timedelta(days=1)
    elsewhere = Service.objects.create(team=team, name="Search")
    incident = make_incident(title="Payment gateway answers slowly", integration=integration)
    alike = make_incident(title="Gateway for payment answers nothing", on=elsewhere)
    same_entity = make_incident(title="Something else", on=elsewhere)
    for one, resolved_at in ((incident, None), (same_entity, STARTED)):
        IncidentEntity.objects.create(
            incident=one, integration=integration, entity_id="db", joined_at=STARTED, resolved_at=resolved_at
        )
    old = make_incident(title=incident.title, started=STARTED - timedelta(days=90))
    make_incident(title="Another matter", on=elsewhere)

    def ask() -> list[int]:
        return [one.incident.number for one in suggest_related(bob, incident, now=now)]

    with CaptureQueriesContext(connection) as few:
        assert ask() == [same_entity.number, alike.number]
    assert old.number not in ask()
    for _ in range(20):
        make_incident(title="Payment gateway is away", on=elsewhere)
    with CaptureQueriesContext(connection) as many:
        assert len(ask()) == 5
    assert len(few) == len(many) <= 8


@pytest.mark.once
def test_the_pages_of_merged_and_related_incidents_take_as_many_queries_for_many(
    sign_in: SignIn, bob: Person, make_incident: MakeIncident
) -> None:
    from afterword.incidents.merging.writes import merge_incident

    target, client = make_incident(title="Target"), sign_in(bob)

    def count(part: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/incidents/{target.number}{part}").status_code == 200
        return len(asked)

    def add() -> None:
        merge_incident(actor=bob, source=make_incident(title="Quite different"), target=target)
        link_incidents(actor=bob, incident=target, other=make_incident(title="Also another"))

    add()
    client.get(f"/incidents/{target.number}")
    parts = ("", "/related", "/alerts", "/privacy")
    before = [count(part) for part in parts]
    for _ in range(5):
        add()
    assert [count(part) for part in parts] == before
