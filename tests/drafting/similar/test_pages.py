"""What was seen before on pages and in the API; who may say that a cause was the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.models import Service
from afterword.drafting.similar.models import ConfirmedRepeat
from afterword.drafting.similar.reads import confirmed_repeats
from afterword.followups.models import FollowUp
from afterword.incidents.models import Incident
from afterword.incidents.privacy.models import IncidentMember
from afterword.postmortems.models import Postmortem
from tests.cast import STARTED

Make = Callable[..., Any]
SignIn = Callable[[Person], Client]
PART = {"HX-Request": "true"}


@pytest.fixture
def before(seen: Make) -> Incident:
    for title in ("Certificate of the shop expired", "Search index is stale", "Mails are late", "Disk full"):
        seen(title)
    found: Incident = seen("Connection <pool> of checkout ran dry")
    FollowUp.objects.create(incident=found, title="Alert on the pool")
    return found


@pytest.fixture
def now(before: Incident, seen: Make) -> Incident:
    found: Incident = seen("Connection pool runs dry")
    return found


def test_the_page_of_an_incident_loads_it_as_a_part(sign_in: SignIn, bob: Person, now: Incident):
    client, address = sign_in(bob), f"/incidents/{now.number}/similar"
    assert f'hx-get="{address}"' in client.get(f"/incidents/{now.number}").content.decode()
    part = client.get(address, headers=PART).content.decode()
    assert part.startswith('<section class="section" id="seen-before"')
    for words in ("Connection &lt;pool&gt; of checkout ran dry", "the words", "Alert on the pool"):
        assert words in part
    whole = client.get(address).content.decode()
    assert "Connection &lt;pool&gt; of checkout ran dry" in whole
    assert f'<a href="/incidents/{now.number}" aria-current="page">Overview</a>' in whole


def test_a_person_confirms_the_cause_and_takes_it_back(
    sign_in: SignIn, bob: Person, vera: Person, before: Incident, now: Incident
):
    client, address = sign_in(bob), f"/incidents/{now.number}/repeats"
    assert not ConfirmedRepeat.objects.exists()
    part = client.post(address, {"incident": before.number}, headers=PART).content.decode()
    assert "Same cause, says Bob" in part
    assert client.post(address, {"incident": before.number}).status_code == 302
    repeat = ConfirmedRepeat.objects.get()
    assert list(confirmed_repeats(vera)) == [repeat]
    assert sign_in(vera).post(address, {"incident": before.number}).status_code == 403
    assert "Undo" not in sign_in(vera).get(f"/incidents/{now.number}/similar").content.decode()
    assert client.post(f"{address}/{repeat.unique_id}/removal").status_code == 302
    assert not ConfirmedRepeat.objects.exists()
    actions = AuditEvent.objects.filter(action__startswith="incident.repeat").order_by("id")
    assert [(one.action, one.data["incident"]) for one in actions] == [
        ("incident.repeat_confirmed", before.number),
        ("incident.repeat_taken_back", before.number),
    ]


def test_of_two_the_later_one_repeats_the_other_and_both_show_it(
    sign_in: SignIn, bob: Person, before: Incident, make_incident: Make
):
    later = make_incident(title="Sockets of the shop used up", started=STARTED + timedelta(days=3))
    sign_in(bob).post(f"/incidents/{before.number}/repeats", {"incident": later.number})
    repeat = ConfirmedRepeat.objects.get()
    assert (repeat.incident, repeat.earlier_incident) == (later, before)
    for one, other in ((before, later), (later, before)):
        part = sign_in(bob).get(f"/incidents/{one.number}/similar", headers=PART).content.decode()
        assert f"/incidents/{other.number}" in part.partition("Same cause, says Bob")[0]
    sign_in(bob).post(f"/incidents/{later.number}/repeats/{repeat.unique_id}/removal")
    assert not ConfirmedRepeat.objects.exists()


def test_an_incident_and_the_post_mortem_about_it_are_one_repeat(
    client: Client, bob: Person, api_headers: Make, now: Incident, before: Incident, told: Make
):
    document = told("The pool ran dry", "", before)
    headers, address = api_headers(bob), f"/api/v1/incidents/{now.number}/repeats"
    ways = ({"postmortem": document.number}, {"incident": str(before.number)})
    for first, second in (ways, ways[::-1]):
        made = client.post(address, first, headers=headers, content_type="application/json").json()
        again = client.post(address, second, headers=headers, content_type="application/json").json()
        assert (made["earlier_incident"], again) == (before.number, made)
        ConfirmedRepeat.objects.all().delete()
    # As somebody said who did not see the incident.
    known = ConfirmedRepeat.objects.create(incident=now, earlier_postmortem=document)
    again = client.post(address, ways[1], headers=headers, content_type="application/json").json()
    assert again["unique_id"] == str(known.unique_id)


@pytest.mark.once
def test_what_cannot_be_confirmed_says_why(sign_in: SignIn, bob: Person, now: Incident, told: Make):
    client, address = sign_in(bob), f"/incidents/{now.number}/repeats"
    own = told("About it", "", now)
    for sent, words in (
        ({"incident": now.number}, "does not repeat itself"),
        ({"postmortem": own.number}, "about the incident itself"),
        ({"incident": 999}, "not there any more"),
        ({}, "not there any more"),
    ):
        answer = client.post(address, sent)
        assert (answer.status_code, words in answer.content.decode()) == (400, True), sent


@pytest.mark.once
def test_an_outsider_learns_nothing(
    sign_in: SignIn, charlie: Person, api_headers: Make, before: Incident, now: Incident, other_team: Team
):
    client, headers = sign_in(charlie), api_headers(charlie)
    repeat = ConfirmedRepeat.objects.create(incident=now, earlier_incident=before)
    for path in ("similar", "repeats"):
        assert client.get(f"/api/v1/incidents/{now.number}/{path}", headers=headers).status_code == 404
    assert client.get(f"/incidents/{now.number}/similar", headers=PART).status_code == 404
    for path in ("", f"/{repeat.unique_id}/removal"):
        assert client.post(f"/incidents/{now.number}/repeats{path}").status_code == 404
    assert client.get("/api/v1/repeats", headers=headers).json()["items"] == []
    assert client.get("/api/v1/similar?text=connection+pool+dry", headers=headers).json() == []
    own = Incident.objects.create(
        number=900, service=Service.objects.create(team=other_team, name="Search"), entity_id="x", title="x"
    )
    page = f"/incidents/{own.number}/repeats"
    assert client.post(page, {"incident": before.number}).status_code == 400
    answer = client.post(
        f"/api/v1{page}", {"incident": str(before.number)}, headers=headers, content_type="application/json"
    )
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["incident"])


def test_a_repeat_of_what_is_private_is_told_to_members_alone(
    sign_in: SignIn, alice: Person, bob: Person, seen: Make, now: Incident
):
    secret = seen("Connection pool ran dry for the takeover", is_private=True)
    IncidentMember.objects.create(incident=secret, person=bob)
    sign_in(bob).post(f"/incidents/{now.number}/repeats", {"incident": secret.number})
    assert "takeover" in sign_in(bob).get(f"/incidents/{now.number}/similar").content.decode()
    assert "takeover" not in sign_in(alice).get(f"/incidents/{now.number}/similar").content.decode()
    assert AuditEvent.objects.get(action="incident.repeat_confirmed").data["incident"] is None
    assert not confirmed_repeats(alice).exists()


def test_the_record_of_an_incident_does_not_name_one_of_another_team(
    sign_in: SignIn, alice: Person, seen: Make, told: Make, now: Incident, other_team: Team
):
    search = Service.objects.create(team=other_team, name="Search")
    theirs = seen("Connection pool of the index ran dry", on=search)
    document = told("The pool of the index", "It ran dry.", on=search)
    address = f"/incidents/{now.number}/repeats"
    sign_in(alice).post(address, {"incident": theirs.number})
    sign_in(alice).post(address, {"postmortem": document.number})
    events = AuditEvent.objects.filter(action="incident.repeat_confirmed").order_by("id")
    assert [one.data for one in events] == [{"incident": None, "postmortem": None}] * 2
    assert ConfirmedRepeat.objects.count() == 2


def test_a_program_does_the_same(
    client: Client, bob: Person, api_headers: Make, now: Incident, before: Incident, told: Make
):
    headers, base = api_headers(bob), f"/api/v1/incidents/{now.number}"
    document: Postmortem = told("Outage of 2019", "The connection pool ran dry.")
    first, second = client.get(f"{base}/similar", headers=headers).json()
    by_title = {one["title"]: one for one in (first, second)}
    assert by_title[before.title]["incident"]["number"] == before.number
    assert [one["title"] for one in by_title[before.title]["follow_ups"]] == ["Alert on the pool"]
    assert by_title[document.title]["incident"] is None
    sent = {"postmortem": document.number}
    made = client.post(f"{base}/repeats", sent, headers=headers, content_type="application/json")
    assert (made.status_code, made.json()["earlier_postmortem"]) == (201, document.number)
    assert client.get(f"{base}/similar", headers=headers).json()[0]["title"] == document.title
    assert client.get("/api/v1/repeats", headers=headers).json()["items"] == [made.json()]
    unique_id = made.json()["unique_id"]
    assert client.delete(f"{base}/repeats/{unique_id}", headers=headers).status_code == 204
    assert client.get(f"{base}/repeats", headers=headers).json() == []
    for bad in ({}, {"incident": "1", "postmortem": 1}, {"incident": "999"}, {"postmortem": 999}):
        answer = client.post(f"{base}/repeats", bad, headers=headers, content_type="application/json")
        assert (answer.status_code, bool(answer.json()["fields"])) == (400, True), bad
    assert client.get("/api/v1/similar", headers=headers).json()["fields"] == {
        "text": "Please say what you look for."
    }
    assert client.get("/api/v1/similar?text=x&limit=0", headers=headers).status_code == 400


@pytest.mark.once
def test_a_text_is_looked_for_on_a_page(sign_in: SignIn, bob: Person, before: Incident):
    client = sign_in(bob)
    assert "What do you see?" in client.get("/similar").content.decode()
    assert "ran dry" in client.get("/similar", {"text": "connection pool dry"}).content.decode()
    assert "Nothing like it" in client.get("/similar", {"text": "zeppelin"}).content.decode()
    long = client.get("/similar", {"text": "zeppelin " * 3_000})
    assert (long.status_code, "zeppelin" in long.content.decode()) == (400, True)


@pytest.mark.once
def test_the_part_of_the_page_is_cheap(
    sign_in: SignIn, bob: Person, now: Incident, django_assert_max_num_queries: Make
):
    client = sign_in(bob)
    with django_assert_max_num_queries(24):
        client.get(f"/incidents/{now.number}/similar", headers=PART)
