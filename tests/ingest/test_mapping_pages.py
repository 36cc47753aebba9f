"""The page of a mapping, in a browser without script: built, tried, saved, switched."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from afterword.accounts.models import Person
from afterword.catalog.models import Integration, IntegrationKind
from afterword.ingest.models import Mapping
from tests.ingest.form_reader import read_fields
from tests.ingest.rule_things import BODY, DEFINITION, keep_body, make_mapping, make_rule

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
FILLED = {
    "direct.message": "{{payload.title}} on {{payload.host}}",
    "direct.entity_id": "{{payload.id}}",
    "direct.path": "payload.status",
    "direct.table.0.value": "Open",
    "direct.table.0.alert_type": "critical",
    "direct.default": "info",
}
"""What a person types for `DEFINITION`."""
BLOCK = {
    "blocks.0.when.join": "none",
    "blocks.0.when.0.kind": "comparison",
    "blocks.0.when.0.path": "payload.host",
    "blocks.0.when.0.operator": "in",
    "blocks.0.when.0.value": "web-1\r\nweb-2\r\n",
    "blocks.0.set.message": "Elsewhere",
}


@pytest.fixture
def url(integration: Integration) -> str:
    return f"/settings/integrations/{integration.unique_id}/mapping"


def shown(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def test_a_mapping_is_saved_as_it_was_typed_and_shown_again(sign_in: SignIn, alice: Person, url: str) -> None:
    browser = sign_in(alice)
    answer = browser.post(url, {**FILLED, **BLOCK}, follow=True)
    assert "The mapping was saved. It is off" in shown(answer)
    saved = Mapping.objects.get().definition
    host = {"path": "payload.host", "operator": "in", "value": ["web-1", "web-2"]}
    assert saved == {
        **DEFINITION,
        "blocks": [{"when": {"not": {"any": [host]}}, "set": {"message": "Elsewhere"}}],
    }
    again = shown(browser.get(url))
    assert "web-1\nweb-2</textarea>" in again
    assert '<option value="none" selected>' in again


def test_two_people_who_edit_one_mapping_do_not_overwrite_each_other(
    sign_in: SignIn, alice: Person, url: str
) -> None:
    browser = sign_in(alice)
    first = {**FILLED, "direct.message": "First", "seen": seen_in(browser.get(url))}
    second = {**first, "direct.message": "Second"}
    assert browser.post(url, first).status_code == 302
    # A button that saves nothing does not make the page newer than what its reader has seen.
    looked_at = browser.post(url, {**second, "change": "preview"})
    refused = browser.post(url, {**second, "seen": seen_in(looked_at)})
    assert refused.status_code == 409
    assert "Somebody has changed this since you opened it" in shown(refused)
    assert Mapping.objects.get().definition["message"] == "First"
    assert browser.post(url, {**second, "seen": seen_in(refused)}).status_code == 302
    assert Mapping.objects.get().definition["message"] == "Second"


def seen_in(page: HttpResponse) -> str:
    return str(read_fields(page.content.decode())["seen"])


def test_a_fault_stands_at_its_field_and_what_was_typed_stays(
    sign_in: SignIn, alice: Person, url: str
) -> None:
    typed = {
        **FILLED,
        **BLOCK,
        "direct.message": "",
        "direct.summary": "{{title}}",
        "blocks.0.when.0.path": "x",
    }
    answer = sign_in(alice).post(url, typed)
    page = shown(answer)
    assert answer.status_code == 400
    assert "3 things need another look" in page
    for place in ("direct-message-error", "direct-summary-error", "blocks-0-when-0-path-error"):
        assert f'id="{place}"' in page
    assert "{{title}}</textarea>" in page
    assert not Mapping.objects.exists()


@pytest.mark.parametrize(
    ("told", "there", "gone"),
    [
        ("add-value:direct", "direct.table.1.value", ""),
        ("remove:direct.table.0", "", "direct.table.0.value"),
        ("add-block", "blocks.1.when.0.path", ""),
        ("remove:blocks.0", "", "blocks.0.set.message"),
        ("add-comparison:blocks.0.when", "blocks.0.when.1.path", ""),
        ("add-group:blocks.0.when", "blocks.0.when.1.0.path", ""),
        ("remove:blocks.0.when.0", "", "blocks.0.when.0.path"),
        ("add-value:blocks.0.set", "blocks.0.set.table.0.value", ""),
        ("nonsense:at:all", "direct.message", ""),
    ],
)
def test_each_button_changes_the_form_and_saves_nothing(
    sign_in: SignIn, alice: Person, url: str, told: str, there: str, gone: str
) -> None:
    answer = sign_in(alice).post(url, {**FILLED, **BLOCK, "change": told})
    page = shown(answer)
    assert answer.status_code == 200
    assert not there or f'name="{there}"' in page
    assert not gone or f'name="{gone}"' not in page
    assert "{{payload.title}} on {{payload.host}}</textarea>" in page
    assert not Mapping.objects.exists()


def test_the_last_body_is_shown_as_a_tree_with_paths_and_mapped_at_once(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    keep_body(integration, body={"title": "older"})
    keep_body(integration, body=BODY, minutes=1)
    page = shown(sign_in(alice).post(url, {**FILLED, "change": "preview"}))
    assert 'data-path="payload.labels["k8s.io/name"]"' in page
    assert ">payload.hosts.1.name</code>" in page
    assert "<dd>Disk full on web-12</dd>" in page


def test_another_body_is_chosen_or_pasted(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    older = keep_body(integration, body={"title": "Older", "host": "db-1"})
    keep_body(integration, body=BODY, minutes=1)
    browser = sign_in(alice)
    chosen = browser.post(url, {**FILLED, "sample": str(older.trace_id), "change": "show"})
    assert "<dd>Older on db-1</dd>" in shown(chosen)
    pasted = {"sample": str(older.trace_id), "pasted": json.dumps({"title": "Mine"}), "change": "paste"}
    assert "<dd>Mine on</dd>" in shown(browser.post(url, {**FILLED, **pasted}))
    broken = {**pasted, "pasted": "{"}
    assert "The body is not valid JSON" in shown(browser.post(url, {**FILLED, **broken}))


def test_the_preview_is_a_fragment_with_the_result_or_the_reasons(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    keep_body(integration, body=BODY)
    browser = sign_in(alice)
    result = shown(browser.post(f"{url}/preview", FILLED))
    assert "<html" not in result
    assert "Disk full on web-12" in result
    refused = shown(browser.post(f"{url}/preview", {**FILLED, "direct.message": "{{title}}"}))
    assert "<code>message</code>: A path begins with payload." in refused


def test_the_preview_shows_what_the_rules_make_of_it(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    keep_body(integration, body=BODY)
    make_rule(integration, conditions={}, actions=[{"action": "set_message", "value": "Ruled"}])
    assert "<dd>Ruled</dd>" in shown(sign_in(alice).post(f"{url}/preview", FILLED))


def test_rules_that_would_break_are_listed_before_switching_and_rewritten_when_asked(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    make_mapping(integration, is_enabled=False)
    rule = make_rule(integration)
    browser = sign_in(alice)
    page = shown(browser.get(url))
    assert "These alert rules would break" in page
    assert "<code>payload.severity</code> becomes <code>payload.payload.severity</code>" in page
    answer = browser.post(f"{url}/state", {"enabled": "yes", "rewrite_rules": "on"}, follow=True)
    assert "Mapping is on" in shown(answer)
    assert "look in the wrong place" not in shown(answer)
    rule.refresh_from_db()
    assert rule.conditions["all"][0]["path"] == "payload.payload.severity"


def test_rules_that_look_in_the_wrong_place_are_told_until_they_are_rewritten(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    make_mapping(integration)
    make_rule(integration)
    browser = sign_in(alice)
    assert "Some alert rules look in the wrong place" in shown(browser.get(url))
    answer = browser.post(f"{url}/state", {"enabled": "yes", "rewrite_rules": "on"}, follow=True)
    assert "Some alert rules look in the wrong place" not in shown(answer)


def test_what_was_never_saved_cannot_be_switched_on(sign_in: SignIn, alice: Person, url: str) -> None:
    answer = sign_in(alice).post(f"{url}/state", {"enabled": "yes"}, follow=True)
    assert "Please save a mapping first." in shown(answer)


def test_an_integration_of_another_kind_says_that_there_is_nothing_to_map(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    integration.kind = IntegrationKind.GRAFANA
    integration.save()
    assert "Nothing to map here" in shown(sign_in(alice).get(url))


def test_hostile_keys_and_values_are_only_text(
    sign_in: SignIn, alice: Person, integration: Integration, url: str
) -> None:
    nasty = '"><script>alert(1)</script>'
    keep_body(integration, body={nasty: nasty, "title": nasty})
    page = sign_in(alice).get(url).content.decode()
    assert "<script>alert" not in page


ADDRESSES: list[tuple[str, str, dict[str, Any], int]] = [
    ("get", "", {}, 200),
    ("post", "", FILLED, 302),
    ("post", "", {**FILLED, "change": "preview"}, 200),
    ("post", "/preview", FILLED, 200),
    ("post", "/state", {"enabled": "yes"}, 302),
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
    make_mapping(integration, is_enabled=False)
    assert getattr(sign_in(charlie), method)(url + path, data).status_code == 404
    assert not Mapping.objects.get().is_enabled
    assert getattr(sign_in(alice), method)(url + path, data).status_code == expected


def test_members_and_viewers_look_and_do_not_touch(
    sign_in: SignIn, bob: Person, vera: Person, integration: Integration, url: str
) -> None:
    make_mapping(integration, is_enabled=False)
    keep_body(integration, body=BODY)
    for person in (bob, vera):
        browser = sign_in(person)
        page = shown(browser.get(url))
        # They see the last body and its result, and no button that would be refused.
        assert "<dd>Disk full on web-12</dd>" in page
        assert 'name="sample"' not in page
        assert "Only the managers of the team Payments" in page
        assert "Save the mapping" not in page
        assert browser.post(url, FILLED).status_code == 403
        assert browser.post(f"{url}/state", {"enabled": "yes"}).status_code == 403
    assert not Mapping.objects.get().is_enabled
