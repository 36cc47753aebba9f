"""Signing in and out."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import NoReverseMatch, reverse

from afterword.accounts.models import Person
from afterword.accounts.writes import deactivate_person, reactivate_person
from tests.cast import PASSWORD

pytestmark = pytest.mark.once


def _sign_in(client: Client, email: str, password: str = PASSWORD, **data: str) -> Any:
    return client.post("/sign-in", {"login": email, "password": password, **data})


@pytest.mark.parametrize("email", ["bob@example.com", "BOB@Example.COM", " bob@example.com "])
def test_people_sign_in_with_their_address_in_any_letter_case(bob: Person, email: str) -> None:
    client = Client()
    response = _sign_in(client, email)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert client.get("/profile").context["request"].user == bob
    assert not EmailAddress.objects.exists()


def test_one_is_led_back_to_the_page_that_was_asked_for(bob: Person) -> None:
    client = Client()
    asked = client.get("/settings/teams")
    assert asked.headers["Location"] == "/sign-in?next=/settings/teams"
    assert 'name="next" value="/settings/teams"' in client.get("/sign-in?next=/settings/teams").text
    assert _sign_in(client, bob.email, next="/settings/teams").headers["Location"] == "/settings/teams"


def test_nobody_is_led_to_another_site(bob: Person) -> None:
    assert _sign_in(Client(), bob.email, next="https://evil.example/").headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(bob: Person) -> None:
    wrong, unknown = _sign_in(Client(), bob.email, "wrong"), _sign_in(Client(), "nobody@example.com")
    assert wrong.status_code == unknown.status_code == 400
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert 'value="bob@example.com"' in wrong.text


def test_the_sixth_try_at_one_address_is_refused_even_with_the_right_password(
    bob: Person, alice: Person
) -> None:
    for _ in range(5):
        assert _sign_in(Client(), bob.email, "wrong").status_code == 400
    refused = _sign_in(Client(), bob.email.upper())
    assert refused.status_code == 429
    assert "too many attempts" in refused.text
    assert _sign_in(Client(), alice.email).status_code == 302
    # Whoever guesses does not lock the owner of the address out.
    assert _sign_in(Client(REMOTE_ADDR="192.0.2.7"), bob.email).status_code == 302


def test_many_places_together_guess_at_one_address_no_more_than_thirty_times(
    bob: Person, alice: Person
) -> None:
    def guess(place: int, password: str = "wrong") -> int:
        return int(_sign_in(Client(REMOTE_ADDR=f"192.0.2.{place}"), bob.email, password).status_code)

    assert {guess(place) for place in range(1, 31)} == {400}
    assert guess(31) == guess(32, PASSWORD) == 429
    assert _sign_in(Client(REMOTE_ADDR="192.0.2.33"), alice.email).status_code == 302


def test_many_tries_from_one_place_end_on_a_page_in_our_look(bob: Person) -> None:
    answers = [_sign_in(Client(), f"someone{number}@example.com", "wrong") for number in range(31)]
    assert [answer.status_code for answer in answers[:10]] == [400] * 10
    assert {answer.status_code for answer in answers[10:]} == {429}
    assert "<h1>Too many attempts</h1>" in answers[-1].text
    assert "wait five minutes" in answers[-1].text


def test_signing_in_rightly_uses_up_no_tries(bob: Person) -> None:
    for _ in range(6):
        assert _sign_in(Client(), bob.email).status_code == 302


def test_signing_out_takes_a_post(bob: Person) -> None:
    client = Client()
    _sign_in(client, bob.email)
    asked = client.get("/sign-out")
    assert (asked.status_code, "Sign out?" in asked.text) == (200, True)
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/profile").headers["Location"] == "/sign-in?next=/profile"


def test_whoever_is_deactivated_loses_their_sessions_for_good(alice: Person, bob: Person) -> None:
    client = Client()
    _sign_in(client, bob.email)
    assert client.get("/profile").status_code == 200
    deactivate_person(actor=alice, person=bob)
    assert client.get("/profile").status_code == 302
    refused = _sign_in(Client(), bob.email)
    assert refused.headers["Location"] == "/sign-in/inactive"
    assert "deactivated" in Client().get("/sign-in/inactive").text
    reactivate_person(actor=alice, person=bob)
    assert client.get("/profile").status_code == 302
    assert _sign_in(Client(), bob.email).headers["Location"] == "/"


def test_nobody_signs_up_by_themselves() -> None:
    for name in ("account_signup", "account_email", "account_confirm_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_an_address_of_many_characters_is_refused_before_it_is_hashed(bob: Person) -> None:
    assert set(_sign_in(Client(), bob.email, "x" * 1_001).context["form"].errors) == {"password"}
