"""Findings where a post-mortem is written: in the page, and while somebody types."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from afterword.accounts.models import Membership, Person, Team
from afterword.incidents.models import Entry, EntryKind, Incident
from afterword.postmortems.models import Postmortem, Section
from afterword.wording.writes import change_settings
from tests.cast import STARTED
from tests.wording.conftest import BLAME, BLAMED

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
Write = Callable[..., Section]


def writing(postmortem: Postmortem) -> str:
    return f"/postmortems/{postmortem.number}/write"


def checking(section: Section) -> str:
    return f"/postmortems/{section.postmortem.number}/wording/sections/{section.unique_id}"


def lists_of(page: str) -> dict[str, list[str]]:
    """The findings below each box, by the id of the section: their categories."""
    found = {}
    for part in page.split('<div class="findings" id="wording-')[1:]:
        found[part.partition('"')[0]] = re.findall(r'data-category="(\w+)"', part)
    return found


def test_findings_stand_below_the_box_with_the_way_to_their_page(
    sign_in: SignIn, bob: Person, write: Write, postmortem: Postmortem
) -> None:
    section = write(BLAME)
    page = sign_in(bob).get(writing(postmortem)).content.decode()
    found = lists_of(page)
    assert found.pop(str(section.unique_id)) == [BLAMED]
    assert not any(found.values())
    assert "1 finding about wording" in page
    assert 'href="/help/wording/counterfactual_person"' in page


def test_without_script_a_preview_and_a_save_show_what_is_in_the_box_then(
    sign_in: SignIn, bob: Person, contributors: Section, postmortem: Postmortem
) -> None:
    client, key = sign_in(bob), contributors.unique_id
    given = {f"text-{key}": f"\r\nFirst.\r\n\r\n{BLAME}", f"version-{key}": "1", f"base-{key}": ""}
    page = client.post(f"/postmortems/{postmortem.number}/preview?section={key}", given).content.decode()
    assert lists_of(page)[str(key)] == [BLAMED]
    start = re.search(r'data-start="(\d+)"', page)
    assert start is not None
    # A browser has one character for the end of a line in its box, where it sends two.
    assert int(start[1]) >= len("\nFirst.\n\n")
    saved = client.post(
        f"/postmortems/{postmortem.number}/sections/{key}", given, headers={"HX-Request": "true"}
    )
    assert lists_of(saved.content.decode())[str(key)] == [BLAMED]


def test_while_somebody_types_the_changed_section_alone_is_checked_and_nothing_is_saved(
    sign_in: SignIn, bob: Person, write: Write, contributors: Section
) -> None:
    write("All was well.")
    text = f"🔥 {BLAME}"
    answer = sign_in(bob).post(checking(contributors), {"text": text})
    part = answer.content.decode()
    assert lists_of(part) == {str(contributors.unique_id): [BLAMED]}
    assert len(answer.content) < 4_000
    start, end = (int(number) for number in re.findall(r'data-(?:start|end)="(\d+)"', part))
    # Scripts count the flame as two.
    assert "should have checked" in text.encode("utf-16-le")[start * 2 : end * 2].decode("utf-16-le")
    assert Section.objects.get(pk=contributors.pk).text == "All was well."
    large = sign_in(bob).post(checking(contributors), {"text": "a" * 70_000})
    assert large.status_code == 400


def test_what_the_record_says_is_nobodys_prose(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, resolved_incident: Incident
) -> None:
    Entry.objects.create(incident=resolved_incident, at=STARTED, kind=EntryKind.NOTE, text=BLAME, person=bob)
    page = sign_in(bob).get(writing(postmortem)).content.decode()
    assert "should have checked" in page
    assert not any(lists_of(page).values())


def test_markup_in_a_text_stays_text(sign_in: SignIn, bob: Person, contributors: Section) -> None:
    text = "**<script>alert(1)</script>** He should have checked <img src=x onerror=y>, and she forgot."
    part = sign_in(bob).post(checking(contributors), {"text": text}).content.decode()
    assert "<script" not in part
    assert "<img" not in part


def test_another_hundred_people_and_findings_cost_no_more_queries(
    sign_in: SignIn, alice: Person, bob: Person, team: Team, write: Write, contributors: Section
) -> None:
    client = sign_in(bob)
    write(BLAME)
    change_settings(actor=alice, flagged={"whitelist": "We say allowlist."})

    def count(address: str, data: Any = None) -> int:
        with CaptureQueriesContext(connection) as asked:
            answer = client.post(address, data) if data else client.get(address)
            assert answer.status_code == 200
        return len(asked)

    pages = [
        f"/postmortems/{contributors.postmortem.number}/{part}" for part in ("write", "wording", "review")
    ]
    client.get(pages[0])
    few = [count(page) for page in pages]
    typed = count(checking(contributors), {"text": BLAME})
    others = Person.objects.bulk_create(
        Person(name=f"Reader {number}", email=f"r{number}@example.com") for number in range(100)
    )
    Membership.objects.bulk_create(Membership(team=team, person=person) for person in others)
    write("\n\n".join([BLAME] * 100))
    assert [count(page) for page in pages] == few
    assert count(checking(contributors), {"text": BLAME * 50}) == typed <= 14
