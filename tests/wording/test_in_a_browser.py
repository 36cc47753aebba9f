"""Findings in a real browser: marked in the box, gone through and accepted by keys, muted with a reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from afterword.accounts.models import Person
from afterword.postmortems.models import Postmortem, Section
from afterword.wording.writes import change_settings
from tests.browsers import AXE, Browsing, faults_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.journey

TEXT = "🔥 The pool ran dry.\n\nBob forgot to add an index. Later Bob should have checked the dashboard."
TEXT += "\n\n- Many lines follow, and " + "some of them are so long that they go on in the next one, " * 5


def test_findings_are_gone_through_accepted_and_explained_by_keys(
    browsing: Browsing, alice: Person, bob: Person, postmortem: Postmortem, contributors: Section
) -> None:
    from playwright.sync_api import expect

    change_settings(actor=alice, requires_reasons=True)
    number, key = postmortem.number, contributors.unique_id
    with browsing() as open_page:
        page = open_page(f"/postmortems/{number}/write", bypass_csp=AXE.is_file(), reduced_motion="reduce")
        box, part = page.locator(f"#text-{key}"), page.locator(f"#section-{key}")
        box.fill(TEXT)
        marks = part.locator(".marks__words")
        expect(marks).to_have_text([re.compile("forgot to add"), re.compile("should have checked")])
        assert _lies_over(page, f"#text-{key}")

        title = page.locator("#title")
        title.fill("Outage due to human error")
        expect(page.locator(".marks__text--line .marks__words")).to_have_text("human error")
        title.fill("Outage")
        expect(page.locator(".marks__text--line .marks__words")).to_have_count(0)

        # What stands behind an edit moves along at once.
        box.press("Control+Home")
        page.keyboard.type("Then: ")
        expect(marks).to_have_count(2)

        box.press("F8")
        card = part.get_by_role("group", name="Finding")
        expect(card).to_contain_text("Instead:")
        box.press("F9")
        expect(box).to_have_value(re.compile(r"^Then: 🔥.*\n\n.*did not add an index\. Later", re.S))
        expect(marks).to_have_text([re.compile("should have checked")])
        box.press("Control+z")
        expect(marks).to_have_count(2)
        box.press("Control+Shift+z")
        expect(marks).to_have_count(1)

        box.press("F8")
        card.get_by_role("link", name="Mute with a reason").click()
        page.keyboard.type("Bob wrote this of himself.")
        page.keyboard.press("Enter")
        expect(marks).to_have_count(0)
        expect(part).to_contain_text("Nothing open about wording, 1 with a reason")
        part.get_by_role("button", name="Save", exact=True).click()
        expect(part).to_contain_text("Saved, version 2")
        expect(part).to_contain_text("1 with a reason")
        if AXE.is_file():
            box.fill(f"{TEXT} It was human error!!!")
            expect(marks).to_have_count(3)
            box.press("F8")
            expect(card).to_be_visible()
            assert faults_of(page) == []

        for address in (f"/postmortems/{number}/review", f"/postmortems/{number}/wording"):
            page.goto(page.url.split("/postmortems")[0] + address)
            expect(page.get_by_text("Bob wrote this of himself.")).to_be_visible()
            assert not AXE.is_file() or faults_of(page) == []
        page.goto(page.url.split("/postmortems")[0] + "/settings/wording")
        assert not AXE.is_file() or faults_of(page) == []


def _lies_over(page: Page, box: str) -> bool:
    """Whether the copy of the text has the lines of the box: its height is that of what is in the box."""
    return bool(
        page.evaluate(
            """(box) => {
              const typed = document.querySelector(box);
              const copy = typed.parentElement.querySelector(".marks__text");
              return Math.abs(copy.offsetHeight - typed.scrollHeight) <= 2;
            }""",
            box,
        )
    )
