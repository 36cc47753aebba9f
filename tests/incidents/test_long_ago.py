"""Times that a calendar knows and no incident has: one of them must not take the pages away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.catalog.models import Service
from afterword.incidents.models import Entry, Incident

Headers = Callable[..., dict[str, str]]
YEAR_ONE = ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z")


@pytest.mark.parametrize("at", YEAR_ONE)
def test_an_incident_does_not_start_before_there_were_computers_to_break(
    client: Client, bob: Person, service: Service, api_headers: Headers, at: str
) -> None:
    body = {"service": str(service.unique_id), "title": "Old", "started_at": at}
    answer = client.post("/api/v1/incidents", body, "application/json", headers=api_headers(bob))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["started_at"])
    assert not Incident.objects.exists()


@pytest.mark.parametrize("at", YEAR_ONE)
def test_a_note_is_not_about_the_year_one(
    client: Client, bob: Person, incident: Incident, api_headers: Headers, at: str
) -> None:
    before = Entry.objects.count()
    url = f"/api/v1/incidents/{incident.number}/notes"
    answer = client.post(url, {"text": "x", "at": at}, "application/json", headers=api_headers(bob))
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["at"])
    assert Entry.objects.count() == before


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_form_of_a_note_refuses_the_year_one_in_every_zone(
    client: Client, bob: Person, incident: Incident, zone: str
) -> None:
    bob.time_zone = zone
    bob.save()
    client.force_login(bob)
    page = f"/incidents/{incident.number}"
    answer = client.post(f"{page}/notes", {"text": "x", "at": "0001-01-01T00:00"})
    assert answer.status_code == 400
    assert client.get(page).status_code == 200
