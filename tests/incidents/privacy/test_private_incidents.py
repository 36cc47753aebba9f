"""A private incident: its members see it, and it shows nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Membership, Organisation, Person
from afterword.accounts.writes import change_organisation
from afterword.catalog.models import IncidentRole, Integration, Service
from afterword.incidents import writes
from afterword.incidents.merging.writes import merge_incident, unmerge_incident
from afterword.incidents.models import Entry, Incident
from afterword.incidents.privacy.errors import LastMember
from afterword.incidents.privacy.models import IncidentMember
from afterword.incidents.privacy.reads import people_who_see
from afterword.incidents.privacy.writes import add_members, make_private, make_public, remove_member
from afterword.incidents.reads import visible_incidents
from afterword.ingest.worker import fold_once
from afterword.lib.errors import InvalidInput, NotFound
from afterword.notify.models import Page
from afterword.notify.paging.writes.engine import page_person
from afterword.notify.writes import claim_delivery, write_message
from tests.ingest.signals import receive

SignIn = Callable[[Person], Client]
Headers = Callable[..., dict[str, str]]


def sees(person: Person, incident: Incident) -> bool:
    return visible_incidents(person).filter(pk=incident.pk).exists()


def test_only_its_members_see_it_and_administrators_where_the_organisation_says_so(
    alice: Person, bob: Person, vera: Person, incident: Incident
) -> None:
    make_private(actor=bob, incident=incident, people=[vera])
    assert [sees(person, incident) for person in (alice, bob, vera)] == [False, True, True]
    change_organisation(actor=alice, name="Acme", time_zone="UTC", admins_see_private=True)
    assert [sees(person, incident) for person in (alice, bob, vera)] == [True, True, True]
    make_public(actor=bob, incident=incident)
    change_organisation(actor=alice, name="Acme", time_zone="UTC", admins_see_private=False)
    assert sees(alice, incident)


def test_who_gets_a_role_or_is_paged_is_a_member(
    alice: Person, bob: Person, vera: Person, incident: Incident
) -> None:
    make_private(actor=bob, incident=incident)
    role = IncidentRole.objects.create(name="Scribe", rank=90)
    writes.assign_role(actor=bob, incident=incident, role=role, person=vera)
    assert sees(vera, incident)
    writes.take_role(actor=bob, incident=incident, role=role, person=vera)
    assert not sees(vera, incident)
    page_person(actor=bob, incident=incident, person=alice)
    assert sees(alice, incident)
    assert Entry.objects.filter(incident=incident, text="Made Alice a member: they are paged.").exists()


def test_a_member_of_the_last_of_a_chain_sees_all_that_was_merged_into_it(
    alice: Person, bob: Person, vera: Person, make_incident: Callable[..., Incident]
) -> None:
    first, second, last, apart = (make_incident() for _ in range(4))
    role = IncidentRole.objects.create(name="Scribe", rank=90)
    for incident in (first, second, last, apart):
        make_private(actor=bob, incident=incident)
    merge_incident(actor=bob, source=first, target=second)
    merge_incident(actor=bob, source=second, target=last)
    add_members(actor=bob, incident=last, people=[vera])
    writes.assign_role(actor=bob, incident=last, role=role, person=alice)
    for person in (alice, vera):
        assert [sees(person, one) for one in (first, second, last, apart)] == [True, True, True, False]
        first.refresh_from_db()
        assert Person.objects.filter(people_who_see(first), pk=person.pk).exists()
    unmerge_incident(actor=bob, source=second)
    assert [sees(vera, one) for one in (first, second, last)] == [False, False, True]


def test_who_is_removed_loses_pages_links_and_open_streams(
    client: Client, alice: Person, bob: Person, incident: Incident
) -> None:
    from afterword.incidents.timeline.watching import admit
    from afterword.notify.paging.links import write_token
    from afterword.notify.paging.writes.deliveries import is_needed

    make_private(actor=bob, incident=incident)
    page = page_person(actor=bob, incident=incident, person=alice)
    remove_member(actor=bob, incident=incident, person=alice)
    page = Page.objects.select_related("incident__service__team", "person").get(pk=page.pk)
    assert not is_needed(page)
    answer = client.get(f"/ack/{write_token(page)}")
    assert answer.status_code == 404
    assert incident.title not in answer.content.decode()
    client.force_login(alice)
    cookie = f"sessionid={client.cookies['sessionid'].value}".encode()
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/incidents/{incident.number}/events",
        "query_string": b"",
        "headers": [(b"host", b"testserver"), (b"cookie", cookie)],
    }
    # What an open stream asks again every minute.
    assert admit(scope) is None


def test_somebody_always_sees_it(alice: Person, bob: Person, incident: Incident) -> None:
    make_private(actor=bob, incident=incident)
    with pytest.raises(LastMember):
        remove_member(actor=bob, incident=incident, person=bob)
    add_members(actor=bob, incident=incident, people=[alice])
    remove_member(actor=bob, incident=incident, person=bob)
    assert [sees(alice, incident), sees(bob, incident)] == [True, False]
    role = IncidentRole.objects.create(name="Scribe", rank=90)
    writes.assign_role(actor=alice, incident=incident, role=role, person=alice)
    IncidentMember.objects.all().delete()
    with pytest.raises(LastMember):
        writes.take_role(actor=alice, incident=incident, role=role, person=alice)
    assert sees(alice, incident)


def test_an_outsider_is_neither_a_member_nor_given_a_role(
    alice: Person, charlie: Person, incident: Incident
) -> None:
    make_private(actor=alice, incident=incident)
    role = IncidentRole.objects.create(name="Scribe", rank=90)
    for act in (
        lambda: add_members(actor=alice, incident=incident, people=[charlie]),
        lambda: writes.assign_role(actor=alice, incident=incident, role=role, person=charlie),
    ):
        with pytest.raises(InvalidInput) as refusal:
            act()
        assert "Charlie" in refusal.value.fields["person"]
    assert not sees(charlie, incident)


def test_who_leaves_the_team_is_a_member_no_more(bob: Person, vera: Person, incident: Incident) -> None:
    make_private(actor=bob, incident=incident, people=[vera])
    Membership.objects.filter(person=vera).delete()
    assert not sees(vera, incident)


def test_it_can_be_reported_so_and_an_edit_that_waited_is_refused(
    sign_in: SignIn, alice: Person, bob: Person, service: Service
) -> None:
    answer = sign_in(bob).post(
        "/incidents/new",
        {"title": "A laptop is gone", "service": str(service.unique_id), "is_private": "on"},
    )
    assert answer.status_code == 302
    incident = Incident.objects.get()
    assert incident.is_private
    assert [sees(alice, incident), sees(bob, incident)] == [False, True]
    with pytest.raises(NotFound):
        writes.add_note(actor=alice, incident=incident, text="I had it open")


def test_the_api_makes_it_private_and_tells_its_members(
    client: Client, alice: Person, bob: Person, vera: Person, service: Service, api_headers: Headers
) -> None:
    headers = api_headers(bob)
    made = client.post(
        "/api/v1/incidents",
        {"title": "A laptop is gone", "service": str(service.unique_id), "is_private": True},
        content_type="application/json",
        headers=headers,
    ).json()
    base = f"/api/v1/incidents/{made['number']}"
    assert made["is_private"]
    body = {"is_private": True, "members": [str(vera.unique_id)]}
    told = client.put(f"{base}/privacy", body, content_type="application/json", headers=headers).json()
    assert [one["name"] for one in told["members"]] == ["Bob", "Vera"]
    assert client.get(base, headers=api_headers(alice)).status_code == 404
    assert client.get(f"{base}/privacy", headers=api_headers(alice)).status_code == 404
    body = {"person": str(alice.unique_id)}
    added = client.post(f"{base}/members", body, content_type="application/json", headers=api_headers(vera))
    assert added.status_code == 403
    removed = client.delete(f"{base}/members/{vera.unique_id}", headers=headers)
    assert removed.status_code == 204
    # Who reported it has a role in it, and so is a member anyway.
    assert client.delete(f"{base}/members/{bob.unique_id}", headers=headers).status_code == 400


def test_the_page_changes_members_and_says_why_not(
    sign_in: SignIn, alice: Person, bob: Person, vera: Person, incident: Incident
) -> None:
    client, address = sign_in(bob), f"/incidents/{incident.number}/privacy"
    client.post(address, {"private": "1", "people": [str(vera.unique_id)]})
    assert [sees(alice, incident), sees(vera, incident)] == [False, True]
    client.post(address, {"people": [str(alice.unique_id)]})
    assert sees(alice, incident)
    client.post(f"/incidents/{incident.number}/members/{alice.unique_id}/removal")
    assert not sees(alice, incident)
    sign_in(vera).post(address, {"private": "0"})
    incident.refresh_from_db()
    assert incident.is_private
    client.post(f"/incidents/{incident.number}/members/{vera.unique_id}/removal")
    page = client.post(f"/incidents/{incident.number}/members/{bob.unique_id}/removal", follow=True)
    assert "Nobody would see this incident any more" in page.content.decode()


def test_incidents_of_a_service_start_private_with_the_managers_of_its_team(
    alice: Person, bob: Person, service: Service, integration: Integration
) -> None:
    Service.objects.filter(pk=service.pk).update(starts_private=True)
    receive(integration, message="Somebody is in the vault")
    fold_once()
    incident = Incident.objects.get()
    assert incident.is_private
    assert [sees(alice, incident), sees(bob, incident)] == [True, False]
    assert incident.entries.count() == 1


def test_messages_go_to_members_alone(alice: Person, bob: Person, incident: Incident) -> None:
    write_message(actor=bob, incident=incident, subject="A break-in", body="x", emails=["press@example.com"])
    make_private(actor=bob, incident=incident)
    with pytest.raises(InvalidInput) as refusal:
        write_message(actor=bob, incident=incident, subject="A break-in", body="x", people=[alice, bob])
    assert "alice@example.com" in refusal.value.fields["emails"]
    message = write_message(actor=bob, incident=incident, subject="A break-in", body="x", people=[bob])
    now = message.created_at + timedelta(minutes=1)
    claims = [claim_delivery(at=now), claim_delivery(at=now)]
    assert [claim and claim.delivery.email for claim in claims] == ["bob@example.com", None]


def test_a_setting_of_the_organisation_is_for_administrators(
    sign_in: SignIn, alice: Person, bob: Person
) -> None:
    body: dict[str, Any] = {"name": "Acme", "time_zone": "UTC", "admins_see_private": "on"}
    assert sign_in(bob).post("/settings/organisation", body).status_code == 403
    assert not Organisation.objects.get().admins_see_private
    assert sign_in(alice).post("/settings/organisation", body).status_code == 302
    assert Organisation.objects.get().admins_see_private
