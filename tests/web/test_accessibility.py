"""What axe-core says of the page of components, in a real browser: light and dark, large and small."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browsers import AXE, NO_AXE, Browsing, faults_of

pytestmark = [pytest.mark.journey, pytest.mark.skipif(not AXE.is_file(), reason=NO_AXE)]


def test_every_component_is_accessible_and_fits(browsing: Browsing) -> None:
    with browsing() as open_page:
        page = open_page("/design", bypass_csp=True, reduced_motion="reduce")
        assert faults_of(page) == []


def test_the_keys_and_the_islands_work_under_the_policy(browsing: Browsing) -> None:
    with browsing() as open_page:
        page = open_page("/design")
        _use_the_keys(page)
        _use_the_islands(page)


def _use_the_keys(page: Page) -> None:
    # The keys are there once their switch is.
    page.locator("[data-keys-switch]:not([hidden])").wait_for(state="attached")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.evaluate("document.activeElement.blur()")
    for key in "jjk":
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1
    page.keyboard.press("?")
    page.locator("#shortcuts[open]").wait_for()
    page.keyboard.press("Escape")


def _use_the_islands(page: Page) -> None:
    page.locator("a[href='#example-dialog']").click()
    page.locator("#example-dialog[open]").wait_for()
    page.locator("#example-dialog [data-closes-dialog]").first.click()
    page.locator("#example-dialog[open]").wait_for(state="detached")

    page.locator(".toast [data-dismiss]").first.click()
    assert page.locator(".toast").count() == 3

    page.locator("button[value=dark]").click()
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/incidents")
