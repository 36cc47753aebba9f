"""The first run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from afterword.accounts.models import Organisation, OrganisationRole, Person
from afterword.accounts.writes import AlreadySetUp, set_up_organisation
from afterword.audit.models import AuditEvent
from tests.conftest import ON_POSTGRESQL

FILLED_IN = {
    "name": "Acme & Söhne",
    "owner_name": "Demo Owner",
    "email": "Owner@Example.com",
    "password": "a long sentence of words",
    "time_zone": "Europe/Berlin",
}


def test_every_page_leads_to_the_set_up_until_it_is_done(db: None) -> None:
    for path in ("/sign-in", "/settings", "/nowhere"):
        assert Client().get(path).headers["Location"] == "/setup"


def test_whoever_sets_up_owns_the_organisation_and_is_signed_in(db: None) -> None:
    client = Client()
    assert client.get("/setup").status_code == 200
    response = client.post("/setup", FILLED_IN)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    organisation, owner = Organisation.objects.get(), Person.objects.get()
    assert organisation.name == "Acme & Söhne"
    assert organisation.slug.startswith("acme-sohne-")
    assert (owner.email, owner.role, owner.time_zone) == (
        "owner@example.com",
        OrganisationRole.OWNER,
        "Europe/Berlin",
    )
    assert client.get("/profile").status_code == 200
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == [
        "person.created",
        "organisation.created",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("owner_name", "\x07 \u202e"),
        ("email", "nobody"),
        ("password", "short"),
        ("password", "owner@example.com"),
        ("time_zone", "Mars/Olympus"),
    ],
)
def test_a_bad_field_is_named_and_the_rest_is_kept(db: None, field: str, value: str) -> None:
    response = Client().post("/setup", {**FILLED_IN, field: value})
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {field}
    assert "a long sentence" not in response.text
    assert 'value="Acme &amp; Söhne"' in response.text or field == "name"
    assert not Organisation.objects.exists()
    assert not Person.objects.exists()


def test_a_second_set_up_is_led_to_the_sign_in(alice: Person) -> None:
    client = Client()
    assert client.get("/setup").headers["Location"] == "/sign-in"
    assert client.post("/setup", FILLED_IN).headers["Location"] == "/sign-in"
    assert Person.objects.get() == alice


@pytest.mark.skipif(
    not ON_POSTGRESQL, reason="SQLite lets one writer in at a time, and a test's is in memory"
)
@pytest.mark.django_db(transaction=True)
def test_of_two_set_ups_at_once_one_succeeds() -> None:
    together = Barrier(2)

    def set_up(number: int) -> Any:
        together.wait(timeout=60)
        try:
            return set_up_organisation(
                name=f"Acme {number}",
                owner_name="Demo Owner",
                email=f"owner{number}@example.com",
                password="a long sentence of words",
            )
        except AlreadySetUp as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(set_up, range(2)))
    assert {type(outcome) for outcome in outcomes} == {Person, AlreadySetUp}
    assert Person.objects.count() == 1
