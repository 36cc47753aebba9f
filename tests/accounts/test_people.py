"""Who is in the organisation, and with which role."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from afterword.accounts.models import Organisation, OrganisationRole, Person
from afterword.accounts.writes import (
    LastOwner,
    change_organisation,
    change_role,
    create_person,
    deactivate_person,
    reactivate_person,
)
from afterword.audit.models import AuditEvent
from afterword.lib.errors import Conflict, InvalidInput, NotAllowed

SignIn = Callable[[Person], Client]
ADDED = {"name": "Dora", "email": "Dora@Example.com", "role": "responder"}


@pytest.fixture
def ada(organisation: Organisation) -> Person:
    """An administrator who owns nothing."""
    return Person.objects.create(name="Ada", email="ada@example.com", role=OrganisationRole.ADMIN)


def test_a_person_who_is_added_chooses_a_password_by_mail(
    alice: Person, sign_in: SignIn, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    Organisation.objects.update(time_zone="Asia/Tokyo")
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in(alice).post("/settings/people/new", ADDED)
    dora = Person.objects.get(email="dora@example.com")
    assert response.headers["Location"] == f"/settings/people/{dora.unique_id}"
    assert (dora.time_zone, dora.has_usable_password()) == ("Asia/Tokyo", False)
    [message] = mail.outbox
    assert message.to == ["dora@example.com"]
    assert message.subject == "Your account at Acme in Afterword"
    link = re.search(r"^http://127\.0\.0\.1:8000(\S+)$", str(message.body), re.M)
    assert link
    client = Client()
    form = client.get(link[1]).headers["Location"]
    client.post(form, {"password1": "a long sentence", "password2": "a long sentence"})
    entered = client.post("/sign-in", {"login": "dora@example.com", "password": "a long sentence"})
    assert entered.headers["Location"] == "/"


def test_nothing_is_mailed_when_the_person_was_not_added(
    alice: Person, bob: Person, sign_in: SignIn, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in(alice).post("/settings/people/new", {**ADDED, "email": "BOB@example.com"})
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"email"}
    assert 'value="Dora"' in response.text
    assert mail.outbox == []


def test_the_mail_can_be_sent_again_until_there_is_a_password(
    alice: Person, bob: Person, sign_in: SignIn, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    dora = create_person(actor=alice, email="dora@example.com", name="Dora", password=None)
    client = sign_in(alice)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/settings/people/{dora.unique_id}/invitation")
        refused = client.post(f"/settings/people/{bob.unique_id}/invitation", follow=True)
    assert [message.to for message in mail.outbox] == [["dora@example.com"]]
    assert "They have a password already." in refused.text


def test_people_are_found_by_name_role_and_state(
    alice: Person, bob: Person, vera: Person, sign_in: SignIn
) -> None:
    deactivate_person(actor=alice, person=vera)
    client = sign_in(alice)

    def found(query: str) -> list[str]:
        return [person.name for person in client.get(f"/settings/people?{query}").context["page"]]

    assert found("") == ["Alice", "Bob", "Vera"]
    assert found("text=OB%40exam") == ["Bob"]
    assert found("role=viewer") == ["Vera"]
    assert found("active=yes") == ["Alice", "Bob"]
    assert found("active=no") == ["Vera"]
    assert found("role=nonsense") == ["Alice", "Bob", "Vera"]


@pytest.mark.once
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["organisation", "people", "people/new", "people/{}", "teams/new"])
def test_only_administrators_open_the_pages_of_the_organisation(
    alice: Person, bob: Person, sign_in: SignIn, path: str, method: str
) -> None:
    path = f"/settings/{path.format(alice.unique_id)}"
    opened = getattr(sign_in(alice), method)(path)
    refused = getattr(sign_in(bob), method)(path)
    assert opened.status_code != 403
    if opened.status_code != 405:
        assert refused.status_code == 403
        assert alice.email not in refused.text


@pytest.mark.parametrize("verb", ["invitation", "deactivation", "reactivation"])
def test_someone_unseen_is_not_found_and_a_teammate_is_not_ones_own_to_change(
    bob: Person, charlie: Person, vera: Person, sign_in: SignIn, verb: str
) -> None:
    client = sign_in(bob)
    assert client.post(f"/settings/people/{charlie.unique_id}/{verb}").status_code == 404
    assert client.post(f"/settings/people/{vera.unique_id}/{verb}").status_code == 403
    charlie.refresh_from_db()
    assert charlie.is_active


def test_an_administrator_changes_roles_but_not_who_owns(ada: Person, alice: Person, bob: Person) -> None:
    assert change_role(actor=ada, person=bob, role=OrganisationRole.ADMIN).is_admin
    with pytest.raises(InvalidInput):
        change_role(actor=ada, person=bob, role=OrganisationRole.OWNER)
    with pytest.raises(InvalidInput):
        change_role(actor=ada, person=alice, role=OrganisationRole.VIEWER)
    with pytest.raises(NotAllowed):
        deactivate_person(actor=ada, person=alice)
    with pytest.raises(InvalidInput):
        create_person(actor=ada, email="o@example.com", name="O", password=None, role=OrganisationRole.OWNER)
    event = AuditEvent.objects.get(action="person.role_changed")
    assert event.data == {"from": "responder", "to": "admin"}


def test_the_last_owner_stays_until_there_is_another(alice: Person, bob: Person) -> None:
    with pytest.raises(LastOwner):
        change_role(actor=alice, person=alice, role=OrganisationRole.ADMIN)
    change_role(actor=alice, person=bob, role=OrganisationRole.OWNER)
    assert change_role(actor=alice, person=alice, role=OrganisationRole.ADMIN).role == "admin"


def test_an_owner_who_is_deactivated_does_not_count(alice: Person, bob: Person) -> None:
    change_role(actor=alice, person=bob, role=OrganisationRole.OWNER)
    deactivate_person(actor=alice, person=bob)
    with pytest.raises(LastOwner):
        change_role(actor=alice, person=alice, role=OrganisationRole.ADMIN)


def test_nobody_deactivates_themselves(alice: Person, bob: Person) -> None:
    change_role(actor=alice, person=bob, role=OrganisationRole.OWNER)
    with pytest.raises(Conflict):
        deactivate_person(actor=alice, person=alice)


def test_the_buttons_of_a_persons_page_do_what_they_say(alice: Person, bob: Person, sign_in: SignIn) -> None:
    client, page = sign_in(alice), f"/settings/people/{bob.unique_id}"
    client.post(page, {"role": "viewer"})
    client.post(f"{page}/deactivation")
    assert "can no longer sign in" in client.get(page).text
    bob.refresh_from_db()
    assert (bob.role, bob.is_active) == ("viewer", False)
    client.post(f"{page}/reactivation")
    bob.refresh_from_db()
    assert bob.is_active


def test_what_stands_against_a_role_is_told_at_the_form(alice: Person, sign_in: SignIn) -> None:
    response = sign_in(alice).post(f"/settings/people/{alice.unique_id}", {"role": "viewer"})
    assert response.status_code == 400
    assert "An organisation needs an owner." in response.text


def test_doing_it_again_changes_nothing(alice: Person, bob: Person) -> None:
    for _ in range(2):
        deactivate_person(actor=alice, person=bob)
    for _ in range(2):
        reactivate_person(actor=alice, person=bob)
    assert AuditEvent.objects.filter(subject_id=str(bob.pk), action__contains="activated").count() == 2


def test_the_organisation_is_renamed_and_keeps_its_webhook_addresses(
    alice: Person, bob: Person, sign_in: SignIn
) -> None:
    response = sign_in(alice).post(
        "/settings/organisation", {"name": "Acme International", "time_zone": "Europe/Paris"}
    )
    assert response.status_code == 302
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.slug) == ("Acme International", "acme-0a1b2c")
    with pytest.raises(NotAllowed):
        change_organisation(actor=bob, name="Bob's", time_zone="UTC")


@pytest.mark.parametrize("name", ["", " \t ", "x" * 101, "\x00"])
def test_a_name_that_is_none_is_refused(alice: Person, name: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create_person(actor=alice, email="dora@example.com", name=name, password=None)
    assert set(refusal.value.fields) == {"name"}


def test_a_name_cannot_turn_the_line_around(alice: Person) -> None:
    made = create_person(actor=alice, email="d@example.com", name="Do\u202era\n\x07 Demo", password=None)
    assert made.name == "Dora Demo"
