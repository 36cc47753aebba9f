"""The flow in a real browser: it fits, is accessible, and works with and without script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from afterword.accounts.models import Person
from afterword.catalog.models import IncidentRole
from afterword.incidents import writes as incidents
from afterword.incidents.flow import writes
from afterword.incidents.flow.models import Flow, FlowTask, TaskKind
from afterword.incidents.flow.writes import Step
from afterword.incidents.models import Incident
from tests.browsers import AXE, NO_AXE, Browsing, faults_of

pytestmark = pytest.mark.journey


@pytest.fixture
def in_flow(incident: Incident, alice: Person, bob: Person) -> Incident:
    """An incident with tasks in every state, and titles of every length."""
    Flow.objects.all().delete()
    role = IncidentRole.objects.first() or IncidentRole.objects.create(name="Incident lead")
    steps = [
        Step(
            title="Set the key fields",
            kind=TaskKind.KEY_FIELDS,
            due_days=1,
            owner_rule="role",
            owner_role=role,
        ),
        Step(title="Draft the post-mortem", kind=TaskKind.DRAFT, help_text="One line\nand another."),
        Step(title="Hold a debrief", kind=TaskKind.DEBRIEF, is_required=False),
        Step(title="Unbroken" * 30, is_required=False),
        Step(title="What somebody explained at length " * 6, is_required=False, due_days=3),
    ]
    flow = writes.create_flow(actor=alice, name="One", conditions={"people": ["some"]}, steps=steps)
    resolved = incidents.resolve_incident(actor=bob, incident=incident)
    tasks = list(FlowTask.objects.filter(run__incident=resolved))
    writes.plan_debrief(
        actor=bob,
        task=tasks[2],
        starts_at=datetime.now(UTC) + timedelta(days=3),
        place="https://meet.example.com/" + "x" * 200,
        facilitator=alice,
        people=[bob],
    )
    writes.skip_task(actor=bob, task=tasks[4], reason="Because " * 40)
    writes.add_task(actor=alice, incident=resolved, title="Mine", owner=alice)
    assert flow.pk
    return resolved


@pytest.mark.skipif(not AXE.is_file(), reason=NO_AXE)
def test_every_page_is_accessible_and_fits(in_flow: Incident, browsing: Browsing):
    flow = Flow.objects.get()
    step, debrief = flow.steps.all()[0], FlowTask.objects.get(kind="debrief")
    settings = f"/settings/post-incident-flows/{flow.unique_id}"
    paths = [
        f"/incidents/{in_flow.number}/post-incident",
        f"/incidents/{in_flow.number}/tasks/new",
        f"/incidents/{in_flow.number}/tasks/{debrief.unique_id}",
        f"/incidents/{in_flow.number}/tasks/{debrief.unique_id}/debrief",
        "/settings/post-incident-flows",
        "/settings/post-incident-flows/new",
        settings,
        f"{settings}/tasks/new",
        f"{settings}/tasks/{step.unique_id}",
        "/",
    ]
    found = {}
    with browsing() as open_page:
        page = open_page(paths[0], bypass_csp=True, reduced_motion="reduce")
        start = page.url.removesuffix(paths[0])
        for path in paths:
            page.goto(start + path)
            found[path] = faults_of(page)
    assert found == dict.fromkeys(paths, [])


def test_a_tick_stays_on_the_page_until_the_last_one_closes_the_incident(
    in_flow: Incident, browsing: Browsing
):
    with browsing() as open_page:
        page = open_page(f"/incidents/{in_flow.number}/post-incident")
        page.evaluate("window.stays = true")
        first = page.locator(".flow__task").nth(0).locator(".flow__tick")
        first.focus()
        name = first.get_attribute("id")
        page.keyboard.press("Enter")
        expect(page.locator(".flow__progress")).to_contain_text("2 of 6 done")
        assert page.evaluate("window.stays")
        expect(page.locator(f"#{name}")).to_be_focused()
        # The same button takes it back.
        page.keyboard.press("Enter")
        expect(page.locator(".flow__progress")).to_contain_text("1 of 6 done")
        expect(page.locator(f"#{name}")).to_be_focused()
        # Also when it is pressed again the moment it is there.
        page.evaluate(
            """() => new Promise((resolve) => {
                let swaps = 0;
                document.addEventListener("htmx:afterSwap", () => {
                    if (++swaps === 2) resolve();
                    else if (swaps === 1) setTimeout(() => document.activeElement.click());
                });
                document.activeElement.click();
            })"""
        )
        expect(page.locator(".flow__progress")).to_contain_text("1 of 6 done")
        expect(page.locator(f"#{name}")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".flow__progress")).to_contain_text("2 of 6 done")
        page.locator(".flow__task").nth(1).locator(".flow__tick").click()
        expect(page.locator(".callout")).to_contain_text("The incident is closed")
        expect(page.locator(".page-head__lead")).to_contain_text("Closed")


def test_everything_works_without_script(in_flow: Incident, browsing: Browsing):
    with browsing() as open_page:
        page = open_page(f"/incidents/{in_flow.number}/post-incident", java_script_enabled=False)
        page.locator(".flow__task").nth(0).locator(".flow__tick").click()
        expect(page.locator(".flow__progress")).to_contain_text("2 of 6 done")
        draft = page.locator(".flow__task").nth(1)
        draft.locator("summary").click()
        draft.locator("input[name=reason]").fill("It was small.")
        draft.get_by_role("button", name="Give it up").click()
        expect(page.locator(".callout")).to_contain_text("The incident is closed")
        page.get_by_role("button", name="Take the closing back").click()
        page.get_by_role("link", name="Add a task").click()
        page.get_by_label("What is to be done?").fill("Tell the customer")
        page.get_by_role("button", name="Add the task").click()
        expect(page.locator(".flow")).to_contain_text("Tell the customer")
