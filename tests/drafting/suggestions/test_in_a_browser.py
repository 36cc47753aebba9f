"""Suggestions in a real browser: accepted, edited, rejected and undone by keys, cited where they are read."""

from __future__ import annotations

import re

import pytest

from afterword.drafting.suggestions.writes import work
from afterword.postmortems.models import Postmortem, Section
from tests.browsers import AXE, Aside, Browsing, faults_of

pytestmark = [pytest.mark.journey, pytest.mark.once]


def test_suggestions_are_decided_on_by_keys_and_their_evidence_is_seen(
    browsing: Browsing, aside: Aside, postmortem: Postmortem, section: Section
) -> None:
    from playwright.sync_api import expect

    number, key = postmortem.number, section.unique_id
    with browsing() as open_page:
        page = open_page(f"/postmortems/{number}/write", bypass_csp=AXE.is_file(), reduced_motion="reduce")
        part, box = page.locator(f"#section-{key}"), page.locator(f"#text-{key}")
        part.get_by_text("Add words of your own below it").click()
        box.fill("Typed by hand.")
        part.get_by_role("button", name=re.compile(r"^Accept\s*: Incident")).focus()
        page.keyboard.press("Enter")
        expect(part).to_contain_text("1 statement here with evidence")
        expect(box).to_have_value(re.compile(r"^Typed by hand\.\n\nIncident #1 on Checkout"))
        # The keys go on where they were: what is suggested next has moved up.
        expect(part.get_by_role("button", name=re.compile(r"^Accept\s*: Diagnosis"))).to_be_focused()

        part.locator(".suggestion__edit > summary").first.click()
        words = part.get_by_label("In other words").first
        words.fill("The pool of db-1 was full at 14:35 UTC.")
        part.get_by_role("button", name="Accept these words").first.click()
        expect(part).to_contain_text("2 statements here with evidence")
        expect(box).to_have_value(re.compile("The pool of db-1 was full at 14:35 UTC"))

        mitigators = page.locator(".writing", has=page.get_by_role("heading", name="Mitigators"))
        mitigators.get_by_role("button", name=re.compile(r"^Reject\s*: At 14:40")).click()
        expect(mitigators).to_contain_text("Rejected by Alice")
        mitigators.get_by_role("button", name="Undo").click()
        expect(mitigators.locator(".suggestions__box > summary").first).to_be_focused()
        expect(mitigators.get_by_role("button", name=re.compile(r"^Reject\s*: At 14:40"))).to_be_visible()
        if AXE.is_file():
            assert faults_of(page) == []
            page.set_viewport_size({"width": 1280, "height": 900})

        page.get_by_role("button", name="Save everything").last.click()
        expect(page.get_by_text("Saved: Summary")).to_be_visible()
        page.get_by_role("button", name="Draft again").first.click()
        expect(page.locator("#draft-progress")).to_contain_text("A draft is waiting")
        with aside():
            work.write_all_waiting()
        expect(page.get_by_role("link", name="Show it in the sections")).to_be_visible(timeout=10_000)

        page.goto(page.url.split("/postmortems")[0] + f"/postmortems/{number}")
        mark = page.locator(".cited").nth(1)
        mark.hover()
        expect(mark.locator(".cited__card")).to_contain_text("The pool of db-1 was full: 200 of 200.")
        page.keyboard.press("Escape")
        expect(mark.locator(".cited__card")).to_be_hidden()
        assert not AXE.is_file() or faults_of(page) == []
        page.set_viewport_size({"width": 1280, "height": 900})
        mark.get_by_role("link", name="Evidence 2").click()
        expect(page.get_by_text("The pool of db-1 was full: 200 of 200.").first).to_be_visible()
        assert re.search(r"/incidents/\d+", page.url)
        for address in (f"/postmortems/{number}/suggestions", "/settings/drafting"):
            page.goto(page.url.split("/incidents")[0].split("/postmortems")[0] + address)
            assert not AXE.is_file() or faults_of(page) == []
