"""What is sent without a sign-in comes along through the sign-in, and only to whoever typed it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from afterword.accounts import interrupted
from afterword.accounts.models import Person, Team
from tests.cast import PASSWORD

pytestmark = pytest.mark.once

TYPED = "The pool ran dry.\r\n\r\n  “Two” <lines> of it, for\ttwelve minutes."
ORIGIN = "http://testserver"


def _hidden(page: str) -> dict[str, list[str]]:
    """What the page's form would send, as a browser reads it."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(unescape(name), []).append(unescape(value).replace("\r\n", "\n"))
    return found


def _sign_in(client: Client, person: Person, **more: Any) -> Any:
    return client.post("/sign-in", {"login": person.email, "password": PASSWORD, **more})


def _signed_out(person: Person, **more: Any) -> Client:
    """A browser in which they were signed in, until their session ended."""
    client = Client(**more)
    client.force_login(person)
    client.get("/settings/teams/new")
    client.cookies.pop("sessionid")
    return client


def _new_team(client: Client, **more: str) -> Any:
    given = {"name": TYPED, "tick": ["one", "two"], "password": "hunter22", **more}
    return client.post(
        "/settings/teams/new?from=here", given, headers={"Referer": f"{ORIGIN}/settings/teams/new"}
    )


def test_a_form_that_is_sent_after_the_session_ended_comes_back_after_the_sign_in(bob: Person) -> None:
    client = _signed_out(bob)
    asked = _new_team(client)
    assert (asked.status_code, asked["Cache-Control"].count("no-store")) == (401, 1)
    assert "what you typed comes along" in asked.text
    sealed = _hidden(asked.text)["interrupted"][0]
    mistyped = client.post("/sign-in", {"login": bob.email, "password": "wrong", "interrupted": sealed})
    assert mistyped.status_code == 400
    assert _hidden(mistyped.text)["interrupted"] == [sealed]
    back = _sign_in(client, bob, interrupted=sealed)
    assert back.status_code == 200
    assert 'action="/settings/teams/new?from=here"' in back.text
    assert 'href="/settings/teams/new"' in back.text
    sent = _hidden(back.text)
    assert (sent["name"], sent["tick"]) == ([TYPED.replace("\r\n", "\n")], ["one", "two"])
    assert "password" not in sent
    assert "hunter22" not in back.text
    assert "You are signed in as <bdi>Bob</bdi>" in back.text


def test_it_is_taken_when_it_is_sent_again(alice: Person) -> None:
    client = _signed_out(alice, enforce_csrf_checks=True)
    client.get("/sign-in")
    token = client.cookies["csrftoken"].value
    asked = _new_team(client, name="On call", csrfmiddlewaretoken=token)
    sealed = _hidden(asked.text)["interrupted"][0]
    back = _sign_in(client, alice, interrupted=sealed, csrfmiddlewaretoken=token)
    sent = _hidden(back.text)
    assert not Team.objects.filter(name="On call").exists()
    assert client.post("/settings/teams/new?from=here", sent).status_code == 302
    assert Team.objects.filter(name="On call").exists()


def test_nobody_sees_what_somebody_else_had_typed(alice: Person, bob: Person) -> None:
    client = Client()
    _sign_in(client, bob)
    client.post("/sign-out")
    sealed = _hidden(_new_team(client).text)["interrupted"][0]
    theirs = _sign_in(client, alice, interrupted=sealed)
    assert theirs.status_code == 302
    page = client.get("/").text
    assert "Somebody else was signed in here before you" in page
    assert "pool ran dry" not in page


@pytest.mark.parametrize("change", ["", "x", "older"])
def test_what_was_changed_or_is_too_old_is_not_shown(
    bob: Person, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _signed_out(bob)
    sealed = _hidden(_new_team(client).text)["interrupted"][0]
    if change == "older":
        monkeypatch.setattr(interrupted, "KEPT_SECONDS_MAX", -1)
    else:
        sealed = change and change + sealed
    assert _sign_in(client, bob, interrupted=sealed).status_code == 302


def test_what_is_too_much_to_come_along_is_left_in_the_browser(
    bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interrupted, "KEPT_CHARACTERS_MAX", 20)
    asked = _new_team(_signed_out(bob))
    assert (asked.status_code, "cannot come along" in asked.text) == (401, True)
    assert "interrupted" not in _hidden(asked.text)


def test_what_nobody_knows_who_typed_is_shown_to_nobody(bob: Person) -> None:
    client = Client()
    asked = _new_team(client)
    assert (asked.status_code, "cannot come along" in asked.text) == (401, True)
    assert "interrupted" not in _hidden(asked.text)
    # Who sent it reads it in the answer: going back, they would be asked to sign in.
    assert "for\ttwelve minutes.</textarea>" in asked.text
    assert _sign_in(client, bob, next="/settings/teams/new").status_code == 302
    assert "twelve" not in client.get("/").text


def test_another_site_puts_no_words_onto_the_sign_in(organisation: object) -> None:
    headers = {"Referer": "https://evil.example/", "Origin": "https://evil.example"}
    asked = Client().post("/settings/teams/new", {"name": TYPED}, headers=headers)
    assert (asked.status_code, "twelve" in asked.text) == (401, False)


def test_a_session_from_before_is_known_by_its_next_page(alice: Person, bob: Person) -> None:
    client = Client()
    for person in (bob, alice):
        client.force_login(person)
        assert interrupted.PERSON_COOKIE in client.get("/settings/teams/new").cookies
        assert interrupted.PERSON_COOKIE not in client.get("/settings/teams/new").cookies
    client.cookies.pop("sessionid")
    sealed = _hidden(_new_team(client).text)["interrupted"][0]
    assert _sign_in(client, bob, interrupted=sealed).status_code == 302


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example/x"])
def test_leaving_it_leads_to_no_other_host(bob: Person, path: str) -> None:
    given, came_from = {"name": TYPED}, {"Referer": f"{ORIGIN}{path}"}
    asked = _signed_out(bob).post("/settings/teams/new", given, headers=came_from)
    assert (asked.status_code, "evil.example" in asked.text) == (401, False)


def test_what_holds_no_words_only_leads_to_the_sign_in(organisation: object) -> None:
    answer = Client().post("/settings/teams/new", {"name": " "})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=/settings/teams/new")


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {"Sec-Fetch-Mode": "cors"}])
def test_a_script_is_told_that_nobody_is_signed_in(organisation: object, headers: dict[str, str]) -> None:
    answer = Client().post("/settings/teams/new", {"name": TYPED}, headers=headers)
    assert (answer.status_code, answer.text) == (401, "")


def test_a_page_older_than_the_sign_in_in_another_tab_loses_nothing(bob: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in")
    old = client.cookies["csrftoken"].value
    _sign_in(client, bob, csrfmiddlewaretoken=old)
    given = {"name": TYPED, "csrfmiddlewaretoken": old}
    stale = client.post("/settings/teams/new", given, headers={"Origin": ORIGIN})
    assert stale.status_code == 403
    assert _hidden(stale.text)["name"] == [TYPED.replace("\r\n", "\n")]
    client.post("/sign-out", {"csrfmiddlewaretoken": _hidden(stale.text)["csrfmiddlewaretoken"][0]})
    client.get("/sign-in")
    outside = client.post("/settings/teams/new", given, headers={"Origin": ORIGIN})
    assert (outside.status_code, "interrupted" in _hidden(outside.text)) == (401, True)


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Origin": ORIGIN, "HX-Request": "true"}]
)
def test_no_other_site_puts_words_into_a_form_of_ours(bob: Person, headers: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bob)
    answer = client.post("/settings/teams/new", {"name": TYPED}, headers=headers)
    assert (answer.status_code, "pool ran dry" in answer.text) == (403, False)


def test_a_page_for_everyone_asks_nobody_to_sign_in(organisation: object) -> None:
    answer = Client(enforce_csrf_checks=True).post("/theme", {"theme": "dark"}, headers={"Origin": ORIGIN})
    assert (answer.status_code, "Password" in answer.text) == (403, False)


def test_signing_in_in_another_tab_meanwhile_loses_nothing_either(bob: Person) -> None:
    client = _signed_out(bob)
    sealed = _hidden(_new_team(client).text)["interrupted"][0]
    client.force_login(bob)
    back = client.post("/sign-in", {"login": "", "interrupted": sealed})
    assert (back.status_code, "pool ran dry" in back.text) == (200, True)
