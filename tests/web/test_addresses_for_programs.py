"""What programs ask of the pages: the icon, and whether a page is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver

from afterword.accounts.models import Person
from afterword.incidents.models import Incident

SignIn = Callable[[Person], Client]


def test_the_icon_is_found_where_every_browser_looks_for_it(client: Client, alice: Person) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert client.get(answer.url).headers["Content-Type"] == "image/svg+xml"


def test_the_icon_is_there_before_the_first_run_is_completed(client: Client, db: None) -> None:
    assert client.get("/favicon.ico").url.startswith("/static/")


@pytest.mark.parametrize(
    "address",
    ["/", "/incidents", "/incidents/new", "/incidents/1", "/postmortems", "/postmortems/new", "/follow-ups"],
)
def test_a_page_is_there_for_those_who_only_ask_for_its_head(
    sign_in: SignIn, alice: Person, incident: Incident, address: str
) -> None:
    answer = sign_in(alice).head(address)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_documentation_of_the_api_says_whose_it_is_and_leads_back(client: Client, alice: Person) -> None:
    html = client.get("/api/docs").content.decode()
    assert "<title>API · Afterword</title>" in html
    assert 'href="/"' in html
    assert "/api/openapi.json" in html


@pytest.mark.once
def test_every_page_that_can_be_read_answers_to_its_head(sign_in: SignIn, alice: Person) -> None:
    client = sign_in(alice)
    for address in addresses_without_arguments():
        asked = client.get(address).status_code
        assert asked == 405 or client.head(address).status_code == asked, address


def addresses_without_arguments() -> list[str]:
    """Of the pages; of the API, whose framework knows only the methods that it is told, none."""
    found: list[str] = []

    def walk(patterns: Any, start: str) -> None:
        for pattern in patterns:
            route = f"{start}{pattern.pattern}"
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, route)
            elif not set(route) & set("<(^$\\"):
                found.append(route)

    walk(get_resolver().url_patterns, "/")
    assert "/incidents" in found
    return [address for address in found if not address.startswith(("/api/", "/sign-out"))]
