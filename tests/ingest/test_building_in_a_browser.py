"""Building a mapping and a rule in a real browser: keys are picked, the result follows, nothing is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from afterword.catalog.models import Integration
from afterword.ingest.models import AlertRule, Mapping
from tests.browsers import AXE, NO_AXE, Browsing, faults_of
from tests.ingest.rule_things import BODY, keep_body, make_mapping, make_rule

pytestmark = pytest.mark.journey


@pytest.fixture
def start(integration: Integration) -> str:
    return f"/settings/integrations/{integration.unique_id}"


def test_a_mapping_is_built_by_picking_keys(browsing: Browsing, integration: Integration, start: str) -> None:
    keep_body(integration, body=BODY)
    with browsing() as open_page:
        page = open_page(f"{start}/mapping")
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
        with page.expect_navigation():
            page.get_by_role("button", name="Save the mapping").click()
    assert Mapping.objects.get().definition == {
        "message": "Now: {{payload.title}}",
        "alert_type": {"path": "payload.status", "values": {"Open": "error"}, "default": "critical"},
    }


def test_a_rule_is_built_tried_and_saved(browsing: Browsing, integration: Integration, start: str) -> None:
    keep_body(integration)
    with browsing() as open_page:
        page = open_page(f"{start}/rules/new")
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
        with page.expect_navigation():
            page.get_by_role("button", name="Save the rule").last.click()
    rule = AlertRule.objects.get()
    condition = {"path": "payload.severity", "operator": "in", "value": ["1", "2"]}
    assert (rule.name, rule.conditions) == ("High", {"all": [condition]})
    assert rule.actions == [{"action": "add_note", "value": "At {{payload.project}}"}]


@pytest.mark.skipif(not AXE.is_file(), reason=NO_AXE)
def test_the_pages_are_accessible_and_fit(browsing: Browsing, integration: Integration, start: str) -> None:
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
    paths = [f"{start}/{end}" for end in ("mapping", "rules", f"rules/{rule.unique_id}", "rules/new")]
    found = {}
    with browsing() as open_page:
        page = open_page("/", bypass_csp=True, reduced_motion="reduce")
        root = page.url.rstrip("/")
        for path in paths:
            page.goto(root + path)
            found[path] = faults_of(page)
    assert found == dict.fromkeys(paths, [])
