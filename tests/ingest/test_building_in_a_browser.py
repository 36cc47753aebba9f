"""Building a mapping and a rule in a real browser: keys are picked, the result follows, nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from afterword.accounts.models import Person
from afterword.catalog.models import Integration
from afterword.ingest.models import AlertRule, Mapping
from tests.browsers import CHROMIUM, CHROMIUM_ARGUMENTS, NO_CHROMIUM
from tests.ingest.rule_things import BODY, keep_body, make_mapping, make_rule

AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [pytest.mark.journey, pytest.mark.skipif(not CHROMIUM, reason=NO_CHROMIUM)]

Open = Callable[..., Page]
Browsing = Callable[[], AbstractContextManager[Open]]


@pytest.fixture
def browsing(live_server: Any, alice: Person, integration: Integration) -> Browsing:
    """`with browsing() as open_page: ...`. Inside, the database is for the browser only."""
    client = Client()
    client.force_login(alice)
    session = client.cookies["sessionid"].value

    @contextmanager
    def browse() -> Iterator[Open]:
        complaints: list[str] = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)

            def open_page(path: str, **context: Any) -> Page:
                opened = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
                opened.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
                page = opened.new_page()
                page.on(
                    "console", lambda line: complaints.append(line.text) if line.type == "error" else None
                )
                page.on("pageerror", lambda error: complaints.append(str(error)))
                page.goto(f"{live_server.url}/settings/integrations/{integration.unique_id}/{path}")
                page.wait_for_load_state("networkidle")
                return page

            yield open_page
            browser.close()
        assert complaints == []

    return browse


def test_a_mapping_is_built_by_picking_keys(browsing: Browsing, integration: Integration) -> None:
    keep_body(integration, body=BODY)
    with browsing() as open_page:
        page = open_page("mapping")
        page.locator("#direct-message").fill("Now: ")
        page.locator(".tree__key", has_text="title").click()
        expect(page.locator("#direct-message")).to_have_value("Now: {{payload.title}}")
        expect(page.locator("#result")).to_contain_text("Now: Disk full")
        page.locator("#direct-path").focus()
        page.locator(".tree__key", has_text="status").click()
        expect(page.locator("#direct-path")).to_have_value("payload.status")
        page.locator("button[value='add-value:direct']").click()
        value = page.locator("[name='direct.table.0.value']")
        expect(value).to_be_focused()
        value.fill("Open")
        page.locator("[name='direct.table.0.alert_type']").select_option("error")
        expect(page.locator("#result")).to_contain_text("Error")
        # Changing what is shown has kept what was typed.
        expect(page.locator("#direct-message")).to_have_value("Now: {{payload.title}}")
        page.get_by_role("button", name="Save the mapping").click()
        page.wait_for_load_state("networkidle")
    assert Mapping.objects.get().definition == {
        "message": "Now: {{payload.title}}",
        "alert_type": {"path": "payload.status", "values": {"Open": "error"}, "default": "critical"},
    }


def test_a_rule_is_built_tried_and_saved(browsing: Browsing, integration: Integration) -> None:
    keep_body(integration)
    with browsing() as open_page:
        page = open_page("rules/new")
        page.locator("#rule-name").fill("High")
        page.locator("[name='when.0.path']").focus()
        page.locator(".tree__key", has_text="severity").click()
        expect(page.locator("[name='when.0.path']")).to_have_value("payload.severity")
        page.locator("[name='when.0.operator']").select_option("in")
        value = page.locator("[name='when.0.value']")
        expect(value).to_have_attribute("placeholder", "one value on each line")
        value.fill("1\n2")
        page.locator("#new-action").select_option("add_note")
        page.locator("button[value='add-action']").click()
        note = page.locator("[name='then.0.value']")
        expect(note).to_be_focused()
        note.fill("At ")
        page.locator(".tree__key", has_text="project").click()
        page.get_by_role("button", name="Try it").click()
        expect(page.locator("#trial")).to_contain_text("1 of the last alert would have matched")
        expect(page.locator("#trial")).to_contain_text("Note: At kubeprod")
        page.get_by_role("button", name="Save the rule").last.click()
        page.wait_for_load_state("networkidle")
    rule = AlertRule.objects.get()
    condition = {"path": "payload.severity", "operator": "in", "value": ["1", "2"]}
    assert (rule.name, rule.conditions) == ("High", {"all": [condition]})
    assert rule.actions == [{"action": "add_note", "value": "At {{payload.project}}"}]


@pytest.mark.skipif(not AXE.is_file(), reason="no axe-core: the front end was built elsewhere")
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_pages_are_accessible_and_fit(
    browsing: Browsing, integration: Integration, scheme: str, width: int
) -> None:
    keep_body(integration, body=BODY)
    make_mapping(
        integration,
        blocks=[{"when": {"any": [{"path": "payload.a", "operator": "exists"}]}, "set": {"message": "x"}}],
    )
    nested = {"any": [{"not": {"all": [{"path": "payload.a", "operator": "in", "value": ["1"]}]}}]}
    times = [
        {"operator": "time_of_day", "from": "22:00", "to": "06:00"},
        {"operator": "weekday", "days": ["monday"]},
    ]
    rule = make_rule(integration, conditions={"all": [nested, *times]})
    with browsing() as open_page:
        for path in ("mapping", "rules", f"rules/{rule.unique_id}", "rules/new"):
            page = open_page(
                path,
                viewport={"width": width, "height": 800},
                color_scheme=scheme,
                reduced_motion="reduce",
                bypass_csp=True,
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.evaluate(AXE.read_text())
            found = page.evaluate("rules => axe.run(document, {runOnly: rules})", AXE_RULES)
            assert [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]] == []
