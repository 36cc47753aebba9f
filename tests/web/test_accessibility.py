"""What axe-core says of the page of components, in a real browser: light and dark, large and small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, sync_playwright

from afterword.accounts.models import Person
from tests.browsers import CHROMIUM, CHROMIUM_ARGUMENTS, NO_CHROMIUM

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM),
    pytest.mark.skipif(not AXE.is_file(), reason="no axe-core: the front end was built elsewhere"),
]


@pytest.fixture
def session(alice: Person) -> str:
    client = Client()
    client.force_login(alice)
    return client.cookies["sessionid"].value


@pytest.fixture
def browser(live_server: Any, session: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=CHROMIUM_ARGUMENTS,
        )
        yield browser
        browser.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_every_component_is_accessible_and_fits(
    browser: Browser, live_server: Any, session: str, scheme: Any, width: int
) -> None:
    # axe is put into the page by the test, which the pages' own policy forbids.
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        reduced_motion="reduce",
        bypass_csp=True,
    )
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/design")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    context.close()


def test_the_keys_and_the_islands_work_under_the_policy(
    browser: Browser, live_server: Any, session: str
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/design")
    page.wait_for_load_state("networkidle")

    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.evaluate("document.activeElement.blur()")
    for key in "jjk":
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1
    page.keyboard.press("?")
    page.locator("#shortcuts[open]").wait_for()
    page.keyboard.press("Escape")

    page.locator("a[href='#example-dialog']").click()
    page.locator("#example-dialog[open]").wait_for()
    page.locator("#example-dialog [data-closes-dialog]").first.click()
    page.locator("#example-dialog[open]").wait_for(state="detached")

    page.locator(".toast [data-dismiss]").first.click()
    assert page.locator(".toast").count() == 3

    page.locator("button[value=dark]").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url(f"{live_server.url}/incidents")
    assert complaints == []
    context.close()
