"""The pages of what a team responds with, in a real browser: axe-core's word, and the form of a policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from afterword.accounts.models import Person, Team
from afterword.catalog import writes
from afterword.catalog.models import Service
from afterword.catalog.writes import Level, Schedule
from afterword.lib import clock
from tests.browsers import CHROMIUM, CHROMIUM_ARGUMENTS, NO_CHROMIUM

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [pytest.mark.journey, pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)]


@pytest.fixture
def session(alice: Person) -> str:
    client = Client()
    client.force_login(alice)
    return client.cookies["sessionid"].value


@pytest.fixture
def pages(alice: Person, team: Team, service: Service) -> list[str]:
    """The address of every page, with something on each."""
    long = "A name that is much too long to be useful to anyone at night"
    priority = writes.create_priority(actor=alice, team=team, name=long, colour="pink")
    tag = writes.create_tag(actor=alice, team=team, name="customer-facing-" * 5, colour="teal")
    sla = writes.create_sla(actor=alice, team=team, name="Gold", acknowledge_minutes=15, resolve_minutes=240)
    policy = writes.create_escalation_policy(
        actor=alice, team=team, name="On call", levels=[Level(0, (alice,)), Level(15, (alice,), (team,))]
    )
    now = clock.now()
    window = writes.create_maintenance_window(
        actor=alice,
        team=team,
        name=long,
        services=[service],
        schedule=Schedule(now - timedelta(hours=1), now + timedelta(hours=1), "Europe/Berlin", "weekly"),
    )
    role = writes.create_incident_role(actor=alice, name="Scribe", description="Writes it down.")
    things = {
        "priorities": priority,
        "tags": tag,
        "slas": sla,
        "escalation-policies": policy,
        "maintenance": window,
        "incident-roles": role,
    }
    return [
        "/settings",
        *(f"/settings/{noun}" for noun in things),
        *(f"/settings/{noun}/new" for noun in things),
        *(f"/settings/{noun}/{thing.unique_id}" for noun, thing in things.items()),
        *(f"/settings/services/{service.unique_id}{end}" for end in ("", "/edit")),
    ]


@pytest.fixture
def browser(live_server: Any, session: str, pages: list[str]) -> Iterator[Browser]:
    # What is asked of the database comes first: beside a running browser Django refuses it.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def _open(browser: Browser, session: str, url: str, **settings: Any) -> BrowserContext:
    context = browser.new_context(reduced_motion="reduce", **settings)
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return context


@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core: the front end was built elsewhere")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_every_page_is_accessible_and_fits(
    browser: Browser, live_server: Any, session: str, pages: list[str], scheme: Any, width: int
) -> None:
    # axe is put into the page by the test, which the pages' own policy forbids.
    context = _open(
        browser,
        session,
        live_server.url,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
        bypass_csp=True,
    )
    page = context.new_page()
    for address in pages:
        answer = page.goto(f"{live_server.url}{address}")
        assert answer is not None
        assert answer.status == 200, address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        page.evaluate(AXE.read_text())
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == [], address
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_policy_is_made_with_and_without_script(
    browser: Browser, live_server: Any, session: str, team: Team, script: bool
) -> None:
    context = _open(browser, session, live_server.url, java_script_enabled=script)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto(f"{live_server.url}/settings/escalation-policies/new")
    page.fill("[name=name]", "By night")
    page.select_option("[name=level-0-target-0]", label="Alice (alice@example.com)")
    page.click("button[value=add-target-0]")
    page.wait_for_selector("[name=level-0-target-1]")
    page.select_option("[name=level-0-target-1]", label="Everyone in Payments")
    page.click("button[value=add-level]")
    page.wait_for_selector("[name=level-1-target-0]")
    page.fill("[name=level-1-delay]", "1 h")
    page.select_option("[name=level-1-target-0]", label="Everyone in Payments")
    # Enter in a box saves: it must press none of the buttons that stand before the last one.
    page.press("[name=level-1-delay]", "Enter")
    page.get_by_role("heading", name="By night").wait_for()
    assert page.input_value("[name=level-1-delay]") == "1 h"
    assert page.locator(".level__target").count() == 3
    assert complaints == []
    context.close()
