"""The pages of what a team responds with, in a real browser: axe-core's word, and the form of a policy."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterword.accounts.models import Person, Team
from afterword.catalog import writes
from afterword.catalog.models import Service
from afterword.catalog.writes import Level, Schedule
from afterword.lib import clock
from tests.browsers import AXE, NO_AXE, Browsing, faults_of

pytestmark = pytest.mark.journey


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


@pytest.mark.skipif(not AXE.is_file(), reason=NO_AXE)
def test_every_page_is_accessible_and_fits(pages: list[str], browsing: Browsing) -> None:
    found = {}
    with browsing() as open_page:
        page = open_page("/", bypass_csp=True, reduced_motion="reduce")
        start = page.url.rstrip("/")
        for path in pages:
            answer = page.goto(start + path)
            assert answer is not None
            assert answer.status == 200, path
            found[path] = faults_of(page)
    assert found == dict.fromkeys(pages, [])


@pytest.mark.parametrize("script", [True, False])
def test_a_policy_is_made_with_and_without_script(browsing: Browsing, team: Team, script: bool) -> None:
    with browsing() as open_page:
        page = open_page("/settings/escalation-policies/new", java_script_enabled=script)
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
