"""What the organisation asks of words: the page, its terms, and what becomes of findings by it."""

from __future__ import annotations

import html
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from afterword.accounts.models import Person, Team
from afterword.audit.models import AuditEvent
from afterword.catalog.writes import create_service, create_tag
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.language import CATEGORIES
from afterword.language.findings import explanation_of
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import CHANGED_MEANWHILE, SEEN
from afterword.linter.formats import page_address
from afterword.postmortems.models import Postmortem, Section
from afterword.wording.models import WordingSettings
from afterword.wording.reads import findings_of, wording_settings
from afterword.wording.writes import change_settings
from tests.cast import STARTED
from tests.conftest import ON_POSTGRESQL
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
    refused = client.post(PAGE, {**given, "flagged": "", "blame": ""})
    assert (refused.status_code, "this would ask for nothing" in refused.content.decode()) == (400, True)
    given |= {"flagged": "", "blame": "", "requires_reasons": ""}
    assert client.post(PAGE, given).status_code == 302
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
        {"requires_reasons": True, "kinds_off": ["blame"]},
        {"requires_reasons": True, "off": [name for name, one in CATEGORIES.items() if one.kind == "blame"]},
    ],
    ids=["both", "long", "many", "language", "category", "severity", "blank", "no blame", "nothing of blame"],
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


@pytest.mark.once
def test_each_category_has_its_page(sign_in: SignIn, vera: Person) -> None:
    client = sign_in(vera)
    index = client.get("/help/wording/").content.decode()
    for name, category in CATEGORIES.items():
        assert f'href="/help/wording/{name}"' in index
        page = client.get(f"/help/wording/{name}")
        assert page.status_code == 200
        assert category.title in page.content.decode()
        # Where `afterword lint` and editors lead to.
        german = client.get(page_address("http://testserver", name, "de")).content.decode()
        assert 'lang="de">' in german
        assert explanation_of(name, "de").partition("\n")[0].removeprefix("# ") in html.unescape(german)
    assert client.get("/help/wording/nothing").status_code == 404


def test_pages_are_in_the_language_of_the_texts_unless_asked(sign_in: SignIn, alice: Person) -> None:
    client, page = sign_in(alice), "/help/wording/omission"
    change_settings(actor=alice, language="de")
    assert "Was jemand nicht getan hat" in client.get(page).content.decode()
    for asked, title in (("en", "What somebody did not do"), ("tlh", "Was jemand nicht getan hat")):
        assert title in client.get(f"{page}?language={asked}").content.decode()


def test_abbreviations_that_everybody_knows_are_no_finding(
    sign_in: SignIn, alice: Person, team: Team, write: Write, postmortem: Postmortem, api_headers: Any
) -> None:
    client = sign_in(alice)
    write("The KMX, the ZQL, the VRT and the HBQ filled up.")

    def unexplained() -> set[str]:
        return {one.finding.text for one in findings_of(postmortem).every}

    assert unexplained() == {"KMX", "ZQL", "VRT", "HBQ"}
    assert client.post(PAGE, {**UNCHANGED, "acronyms": "KMX: the key exchange\nABC"}).status_code == 302
    assert "ABC\nKMX: the key exchange</textarea>" in client.get(PAGE).content.decode()
    assert "the key exchange" in client.get("/help/wording/jargon").content.decode()
    create_service(actor=alice, team=team, name="ZQL gateway")
    create_tag(actor=alice, team=team, name="VRT")
    assert unexplained() == {"HBQ"}
    text = {"text": "The KMX, the ZQL, the VRT and the HBQ filled up."}
    answer = Client().post(
        "/api/v1/wording/checks", text, content_type="application/json", headers=api_headers(alice)
    )
    assert [one["text"] for one in answer.json()["findings"]] == ["HBQ"]


def test_an_amount_weighs_more_where_the_record_has_the_number(
    alice: Person, write: Write, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    write("Some users saw errors.")
    assert found(postmortem) == [("weasel_quantity", "info")]
    Entry.objects.create(
        incident=resolved_incident, at=STARTED, kind=EntryKind.NOTE, text="That was 312 users.", person=alice
    )
    assert found(postmortem) == [("weasel_quantity", "warning")]


def test_a_term_with_a_colon_goes_through_the_form_as_it_is(sign_in: SignIn, alice: Person) -> None:
    flagged = {"note:": "Say what it is.", 'a "c: d" e': "", '"quoted"': "Why: so.", "plain": "Why."}
    change_settings(actor=alice, flagged=flagged)
    client = sign_in(alice)
    shown = client.get(PAGE).content.decode().split('name="flagged"')[1].split("</textarea>")[0]
    typed = html.unescape(shown.partition(">")[2]).strip()
    assert client.post(PAGE, {**UNCHANGED, "flagged": typed, "allowed": "zebra"}).status_code == 302
    assert wording_settings().flagged == flagged
    assert wording_settings().allowed == ["zebra"]


@pytest.mark.skipif(not ON_POSTGRESQL, reason="SQLite has one writer at a time by itself")
@pytest.mark.django_db(transaction=True)
def test_two_people_write_the_first_settings_at_the_same_moment(alice: Person) -> None:
    together = threading.Barrier(2)

    def change(**given: list[str]) -> None:
        try:
            together.wait(60)
            change_settings(actor=alice, **given)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            WordingSettings.objects.all().delete()
            for one in [pool.submit(change, allowed=["zebra"]), pool.submit(change, names=["Ada Bell"])]:
                one.result(60)
            settings = wording_settings()
            assert (settings.allowed, settings.names) == (["zebra"], ["Ada Bell"])
