"""What the organisation asks of words: the page, its terms, and what becomes of findings by it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.language import CATEGORIES
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import CHANGED_MEANWHILE, SEEN
from afterword.postmortems.models import Postmortem, Section
from afterword.wording.models import WordingSettings
from afterword.wording.reads import findings_of, wording_settings
from afterword.wording.writes import change_settings
from tests.wording.conftest import BLAME, BLAMED

SignIn = Callable[[Person], Client]
Write = Callable[..., Section]
PAGE = "/settings/wording"
UNCHANGED = {"language": "en", "blame": "on", "clarity": "on", "flagged": "", "allowed": "", "names": ""}


def found(postmortem: Postmortem) -> list[tuple[str, str]]:
    return [(one.finding.category, one.finding.severity) for one in findings_of(postmortem).every]


def test_terms_weights_and_categories_are_set_on_one_page(
    sign_in: SignIn, alice: Person, write: Write, postmortem: Postmortem
) -> None:
    write(f"{BLAME} We put it onto the whitelist!!!")
    assert [name for name, _ in found(postmortem)] == [BLAMED, "heat"]
    given = {
        **UNCHANGED,
        "flagged": "whitelist: We say allowlist.\r\nzebra",
        "level-heat": "off",
        f"level-{BLAMED}": "info",
        "requires_reasons": "on",
    }
    client = sign_in(alice)
    assert client.post(PAGE, given).status_code == 302
    assert found(postmortem) == [(BLAMED, "info"), ("house_term", "warning")]
    shown = client.get(PAGE).content.decode()
    assert "whitelist: We say allowlist.\nzebra</textarea>" in shown
    assert shown.count(" selected>Off<") == 1
    about = client.get("/help/wording/house_term").content.decode()
    assert "We say allowlist." in about
    assert "Not looked for here" in client.get("/help/wording/heat").content.decode()
    event = AuditEvent.objects.get(action="wording_settings.changed")
    assert event.data["after"]["off"] == ["heat"]
    assert event.data["before"]["requires_reasons"] is False
    assert client.post(PAGE, {**given, "flagged": "", "allowed": "whitelist"}).status_code == 302
    assert found(postmortem) == [(BLAMED, "info")]
    assert client.post(PAGE, {**given, "flagged": "", "blame": ""}).status_code == 302
    assert found(postmortem) == []


def test_what_somebody_else_saved_meanwhile_is_not_replaced_unseen(sign_in: SignIn, alice: Person) -> None:
    client = sign_in(alice)
    seen = client.get(PAGE).content.decode().split(f'name="{SEEN}" value="')[1].split('"')[0]
    change_settings(actor=alice, allowed=["on-call"])
    answer = client.post(PAGE, {**UNCHANGED, "allowed": "zebra", SEEN: seen})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert CHANGED_MEANWHILE in page
    assert "zebra</textarea>" in page
    assert wording_settings().allowed == ["on-call"]


@pytest.mark.parametrize(
    "given",
    [
        {"flagged": {"zebra": ""}, "allowed": ["Zebra"]},
        {"flagged": {"z" * 81: ""}},
        {"allowed": [f"term {number}" for number in range(301)]},
        {"language": "tlh"},
        {"off": ["nothing"]},
        {"severities": {"heat": "awful"}},
        {"names": [" "]},
    ],
    ids=["both", "long", "many", "language", "category", "severity", "blank"],
)
def test_what_cannot_be_used_is_refused_by_name(alice: Person, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        change_settings(actor=alice, **given)
    assert set(refusal.value.fields) <= set(given)
    assert not WordingSettings.objects.exists()


def test_the_same_settings_change_nothing(alice: Person) -> None:
    change_settings(actor=alice, off=["heat"])
    change_settings(actor=alice, off=["heat"])
    assert AuditEvent.objects.filter(action="wording_settings.changed").count() == 1


def test_names_make_people_of_words(alice: Person, write: Write, postmortem: Postmortem) -> None:
    write("Zorblax should have checked the dashboard.")
    before = found(postmortem)
    change_settings(actor=alice, names=["Zorblax"])
    assert (BLAMED, "error") in found(postmortem)
    assert before != found(postmortem) or before == [(BLAMED, "error")]


def test_only_administrators_set_it(sign_in: SignIn, bob: Person, vera: Person) -> None:
    for person in (bob, vera):
        client = sign_in(person)
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, {**UNCHANGED, "allowed": "zebra"}).status_code == 403
        assert PAGE not in client.get("/settings").content.decode()
    assert not WordingSettings.objects.exists()


def test_each_category_has_its_page(sign_in: SignIn, vera: Person) -> None:
    client = sign_in(vera)
    index = client.get("/help/wording/").content.decode()
    for name, category in CATEGORIES.items():
        assert f'href="/help/wording/{name}"' in index
        page = client.get(f"/help/wording/{name}")
        assert page.status_code == 200
        assert category.title in page.content.decode()
    assert client.get("/help/wording/nothing").status_code == 404
