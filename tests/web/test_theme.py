"""Light, dark or as the system: chosen by a form, remembered by a cookie, rendered by the server."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("organisation")]


def test_a_choice_is_remembered_and_leads_back(client: Client) -> None:
    answer = client.post("/theme", {"theme": "dark", "next": "/design?page=2"})
    assert answer.headers["Location"] == "/design?page=2"
    assert answer.cookies["theme"].value == "dark"
    assert answer.cookies["theme"]["samesite"] == "Lax"


def test_the_page_arrives_in_the_chosen_colours(client: Client) -> None:
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.post("/no/such/page").content.decode()


@pytest.mark.parametrize("value", ["", "purple", '"><script>'])
def test_a_cookie_that_is_no_theme_is_auto(client: Client, value: str) -> None:
    client.cookies["theme"] = value
    page = client.post("/no/such/page").content.decode()
    assert 'data-theme="auto"' in page
    assert '"><script>' not in page


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_the_way_back_never_leads_to_another_host(client: Client, away: str) -> None:
    assert client.post("/theme", {"theme": "dark", "next": away}).headers["Location"] == "/"


def test_an_unknown_theme_is_not_remembered(client: Client) -> None:
    assert "theme" not in client.post("/theme", {"theme": "purple"}).cookies
