"""The pages of alert rules, in a browser without script: built, tried, ordered, switched, deleted."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Integration, IntegrationKind, Priority, Service, Tag
from afterword.ingest import trials
from afterword.ingest.models import AlertRule
from afterword.ingest.rules.actions import ACTIONS
from tests.ingest.rule_things import HIGH, NOTE, keep_body, make_rule

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
FILLED: dict[str, Any] = {
    "name": "High",
    "when.join": "all",
    "when.0.kind": "comparison",
    "when.0.path": "payload.severity",
    "when.0.operator": "equals",
    "when.0.value": "1",
    "then.0.action": "add_note",
    "then.0.value": "Project {{payload.project}}",
}
"""What a person types for `HIGH` and `NOTE`."""


@pytest.fixture
def url(integration: Integration) -> str:
    return f"/settings/integrations/{integration.unique_id}/rules"


def shown(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def test_a_rule_is_saved_as_it_was_typed(sign_in: SignIn, alice: Person, url: str) -> None:
    answer = sign_in(alice).post(f"{url}/new", FILLED, follow=True)
    page = shown(answer)
    assert "The rule “High” was saved. It is off" in page
    assert "payload.severity equals “1”" in page
    assert "Add a note: “Project {{payload.project}}”" in page
    rule = AlertRule.objects.get()
    assert (rule.conditions, rule.actions, rule.is_enabled, rule.stops) == (HIGH, NOTE, False, False)


def test_groups_times_and_days_go_there_and_back(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    conditions = {
        "any": [
            {"not": {"all": [{"path": "message", "operator": "matches", "value": "^x", "match_case": True}]}},
            {
                "all": [
                    {"path": "urls", "operator": "exists"},
                    {"path": "payload.n", "operator": "less", "value": "5"},
                ]
            },
            {"operator": "time_of_day", "from": "22:00", "to": "06:00", "time_zone": "US/Eastern"},
            {"operator": "weekday", "days": ["monday", "sunday"], "time_zone": "Europe/Berlin"},
        ]
    }
    rule = make_rule(integration, conditions=conditions)
    browser = sign_in(alice)
    page = browser.get(f"{url}/{rule.unique_id}")
    browser.post(f"{url}/{rule.unique_id}", {**read_form(page), "name": "Renamed"})
    rule.refresh_from_db()
    assert (rule.name, rule.conditions, rule.actions) == ("Renamed", conditions, NOTE)


def test_every_action_can_be_added_and_saved(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, integration: Integration, url: str
) -> None:
    Priority.objects.create(team=team, name="P1")
    one, two = Tag.objects.create(team=team, name="disk"), Tag.objects.create(team=team, name="night")
    Service.objects.create(team=team, name="Gateway")
    browser = sign_in(alice)
    form = dict(FILLED)
    for action in ACTIONS:
        page = browser.post(f"{url}/new", {**form, "change": "add-action", "new_action": action})
        form = read_form(page)
    for name in list(form):
        if form[name] in ("", []) and name.startswith("then."):
            form[name] = "critical" if name.endswith("value") else "x"
    saved = {row: form[f"then.{row}.action"] for row in range(len(ACTIONS) + 1)}
    assert sorted(saved.values()) == sorted([*ACTIONS, "add_note"])
    tags = next(row for row, action in saved.items() if action == "add_tags")
    form[f"then.{tags}.tags"] = [str(one.unique_id), str(two.unique_id)]
    refused = browser.post(f"{url}/new", form)
    assert refused.status_code == 400
    # Those that were left open are named, and nothing else.
    page = shown(refused)
    for key in ("priority", "sla", "escalation_policy", "role", "person", "service"):
        row = next(row for row, action in saved.items() if key in ACTIONS[action].takes)
        assert f'id="then-{row}-{key}-error"' in page or "nothing to choose from" in page
    assert f'id="then-{tags}-tags-error"' not in page
    assert not AlertRule.objects.exists()


@pytest.mark.parametrize(
    ("told", "there", "gone"),
    [
        ("add-comparison:when", "when.1.path", ""),
        ("add-time_of_day:when", "when.1.start", ""),
        ("add-weekday:when", "when.1.days", ""),
        ("add-group:when", "when.1.0.path", ""),
        ("remove:when.0", "", "when.0.path"),
        ("remove:then.0", "", "then.0.value"),
        ("remove:nothing", "when.0.path", ""),
        ("show", "when.0.path", ""),
    ],
)
def test_each_button_changes_the_form_and_saves_nothing(
    sign_in: SignIn, alice: Person, url: str, told: str, there: str, gone: str
) -> None:
    answer = sign_in(alice).post(f"{url}/new", {**FILLED, "change": told})
    page = shown(answer)
    assert answer.status_code == 200
    assert not there or f'name="{there}"' in page
    assert not gone or f'name="{gone}"' not in page
    assert not AlertRule.objects.exists()


def test_groups_end_somewhere(sign_in: SignIn, alice: Person, url: str) -> None:
    browser = sign_in(alice)
    form, name = dict(FILLED), "when"
    for _ in range(3):
        form = read_form(browser.post(f"{url}/new", {**form, "change": f"add-group:{name}"}))
        name += ".1"
    page = shown(browser.post(f"{url}/new", {**form, "change": f"add-group:{name}"}))
    assert f'value="add-group:{name}"' not in page
    assert f'value="add-comparison:{name}"' in page


def test_a_fault_stands_at_its_row_and_what_was_typed_stays(sign_in: SignIn, alice: Person, url: str) -> None:
    typed = {
        **FILLED,
        "name": "",
        "when.1.join": "not_all",
        "when.1.0.kind": "comparison",
        "when.1.0.path": "severity",
        "when.1.0.operator": "equals",
        "when.1.0.value": "x",
        "then.0.value": "{{project}}",
    }
    answer = sign_in(alice).post(f"{url}/new", {**typed, "name": "x"})
    page = shown(answer)
    assert answer.status_code == 400
    assert 'id="when-1-0-path-error"' in page
    assert 'value="severity"' in page
    assert 'id="then-0-value-error"' in page
    without_name = sign_in(alice).post(f"{url}/new", {**FILLED, "name": ""})
    assert 'id="rule-name-error"' in shown(without_name)


def test_a_rule_without_actions_says_what_is_missing(sign_in: SignIn, alice: Person, url: str) -> None:
    form = {name: value for name, value in FILLED.items() if not name.startswith("then.")}
    page = shown(sign_in(alice).post(f"{url}/new", form))
    assert "Please give at least one action" in page


def test_a_rule_is_tried_before_it_is_saved(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    keep_body(integration)
    keep_body(integration, payload={"severity": "2"})
    keep_body(integration, body={"title": "no alert"})
    page = shown(sign_in(alice).post(f"{url}/new", {**FILLED, "change": "try"}))
    assert "1 of the last 2 alerts would have matched" in page
    assert "Note: Project kubeprod" in page
    assert "1 more body is no alert" in page
    assert not AlertRule.objects.exists()


def test_a_trial_that_takes_too_long_tells_what_it_left_out(
    sign_in: SignIn, alice: Person, integration: Integration, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_body(integration)
    keep_body(integration, minutes=1)
    monkeypatch.setattr(trials, "TRIAL_SECONDS_MAX", -1.0)
    page = shown(sign_in(alice).post(f"{url}/new", {**FILLED, "change": "try"}))
    assert "2 older ones were not tried" in page


def test_trying_without_alerts_says_so(sign_in: SignIn, alice: Person, url: str) -> None:
    page = shown(sign_in(alice).post(f"{url}/new", {**FILLED, "change": "try"}))
    assert "No alerts have come in yet to try it on." in page


def test_the_alert_is_shown_as_rules_see_it(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    keep_body(integration)
    page = shown(sign_in(alice).get(f"{url}/new"))
    assert 'data-path="payload.severity"' in page
    assert 'data-path="urls.0.link_url"' in page


def test_two_people_who_edit_one_rule_do_not_overwrite_each_other(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    rule = make_rule(integration)
    address = f"{url}/{rule.unique_id}"
    browser = sign_in(alice)
    first = second = read_form(browser.get(address))
    assert browser.post(address, {**first, "name": "By the first"}).status_code == 302
    # Buttons that save nothing do not make the page newer than what its reader has seen.
    shown_again = browser.post(address, {**second, "name": "By the second", "change": "add-condition:when"})
    refused = browser.post(address, read_form(shown_again))
    assert refused.status_code == 409
    assert "Somebody has changed this since you opened it" in shown(refused)
    rule.refresh_from_db()
    assert rule.name == "By the first"
    assert browser.post(address, read_form(refused)).status_code == 302
    rule.refresh_from_db()
    assert rule.name == "By the second"


def test_rules_are_moved_switched_and_deleted(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    first, second = make_rule(integration, "First"), make_rule(integration, "Second")
    browser = sign_in(alice)
    browser.post(f"{url}/order", {"rule": str(second.unique_id), "move": "up"})
    assert [rule.name for rule in AlertRule.objects.all()] == ["Second", "First"]
    browser.post(f"{url}/order", {"rule": str(second.unique_id), "move": "down"})
    assert [rule.name for rule in AlertRule.objects.all()] == ["First", "Second"]
    browser.post(f"{url}/{first.unique_id}/state", {"enabled": "no"})
    assert not AlertRule.objects.get(name="First").is_enabled
    answer = browser.post(f"{url}/{first.unique_id}/deletion", follow=True)
    assert "The rule “First” was deleted." in shown(answer)
    assert AlertRule.objects.get().position == 1


def test_a_rule_that_names_what_is_gone_cannot_be_switched_on(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    broken = make_rule(integration, actions=[{"action": "set_sla", "sla": "gone"}], is_enabled=False)
    answer = sign_in(alice).post(f"{url}/{broken.unique_id}/state", {"enabled": "yes"}, follow=True)
    assert "cannot be switched on as it is: A unique id is expected." in shown(answer)
    assert not AlertRule.objects.get().is_enabled


def test_without_rules_the_page_says_what_they_are_for(
    sign_in: SignIn, alice: Person, vera: Person, integration: Integration, url: str
) -> None:
    assert "No alert rules yet" in shown(sign_in(alice).get(url))
    assert "Add a rule" not in shown(sign_in(vera).get(url))
    integration.kind = IntegrationKind.CHANGES
    integration.save()
    assert "No alerts come in here" in shown(sign_in(alice).get(url))


def test_the_reference_names_every_condition_and_action(sign_in: SignIn, vera: Person) -> None:
    page = shown(sign_in(vera).get("/settings/alert-rules"))
    for action in ACTIONS:
        assert f">{action}<" in page


ADDRESSES: list[tuple[str, str, dict[str, Any], int]] = [
    ("get", "", {}, 200),
    ("get", "/new", {}, 200),
    ("post", "/new", FILLED, 302),
    ("post", "/new", {**FILLED, "change": "try"}, 200),
    ("post", "/order", {"rule": "RULE", "move": "up"}, 302),
    ("get", "/RULE", {}, 200),
    ("post", "/RULE", FILLED, 302),
    ("post", "/RULE/state", {"enabled": "no"}, 302),
    ("post", "/RULE/deletion", {}, 302),
]


@pytest.mark.parametrize(("method", "path", "data", "expected"), ADDRESSES)
def test_an_outsider_gets_not_found(
    sign_in: SignIn,
    alice: Person,
    charlie: Person,
    integration: Integration,
    url: str,
    method: str,
    path: str,
    data: dict[str, Any],
    expected: int,
) -> None:
    rule = str(make_rule(integration).unique_id)
    address = url + path.replace("RULE", rule)
    data = {name: rule if value == "RULE" else value for name, value in data.items()}
    assert getattr(sign_in(charlie), method)(address, data).status_code == 404
    assert AlertRule.objects.get().is_enabled
    assert getattr(sign_in(alice), method)(address, data).status_code == expected


@pytest.mark.parametrize(("method", "path", "data", "expected"), ADDRESSES)
def test_members_and_viewers_look_and_do_not_touch(
    sign_in: SignIn,
    bob: Person,
    vera: Person,
    integration: Integration,
    url: str,
    method: str,
    path: str,
    data: dict[str, Any],
    expected: int,
) -> None:
    rule = str(make_rule(integration).unique_id)
    address = url + path.replace("RULE", rule)
    data = {name: rule if value == "RULE" else value for name, value in data.items()}
    reads = method == "get" and path != "/new"
    for person in (bob, vera):
        answer = getattr(sign_in(person), method)(address, data)
        assert answer.status_code == (200 if reads else 403)
        assert not reads or "Save the rule" not in shown(answer)
    assert AlertRule.objects.get().is_enabled


def read_form(page: HttpResponse) -> dict[str, Any]:
    """What a browser would send of the form on the page."""
    from tests.ingest.form_reader import read_fields

    return read_fields(page.content.decode())
