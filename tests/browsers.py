"""The Chromium of the journeys: one for all that a worker runs, and how a page is looked at in it.

It is the one that `AFTERWORD_TEST_CHROMIUM` names, else one on PATH.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client

from tests.servers import ROOT

if TYPE_CHECKING:
    # It takes half a second to import, and most tests never open a window.
    from playwright.sync_api import Browser, Page

    from afterword.accounts.models import Person

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
CHROMIUM = os.environ.get("AFTERWORD_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
NO_CHROMIUM = "no Chromium is here: install one, or name it in AFTERWORD_TEST_CHROMIUM"
NOT_BUILT = "the front end is not built: run `make install`"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
NO_AXE = "no axe-core: the front end was built elsewhere"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The markup is the same in each look, so that all the rules are asked of the first one only.
LOOKS = [
    ("light", 1280, RULES),
    ("dark", 360, ["color-contrast", "target-size", "scrollable-region-focusable"]),
]
VIOLATIONS = """async (rules) => {
  const found = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.map((rule) => `${rule.id}: ${rule.nodes[0].html}`);
}"""


class Chromium:
    """A browser that runs until the worker ends, and is in nobody's way between two journeys."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._loop = asyncio.get_running_loop()
        self._step_aside()

    @contextmanager
    def at_work(self) -> Iterator[Browser]:
        """Inside, the database is for the browser only: Django refuses it to a thread with a running loop."""
        asyncio._set_running_loop(self._loop)
        try:
            yield self._browser
        finally:
            self._step_aside()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Inside of that, the database is for the test again."""
        self._step_aside()
        try:
            yield
        finally:
            asyncio._set_running_loop(self._loop)

    def _step_aside(self) -> None:
        # Playwright says between its calls too that its loop runs, where it only waits to go on.
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    if not CHROMIUM:
        pytest.skip(NO_CHROMIUM)
    if not (ROOT / "src/afterword/web/static/built/manifest.json").is_file():
        pytest.skip(NOT_BUILT)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = Chromium(playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS))
        try:
            yield chromium
        finally:
            # Open until Playwright has ended too.
            asyncio._set_running_loop(chromium._loop)
            chromium._browser.close()


Open = Callable[..., "Page"]
Browsing = Callable[[], AbstractContextManager[Open]]


Aside = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def _alone(django_db_setup: None) -> Iterator[threading.Lock]:
    """Who holds it has the database alone: each request to a test's server, or the test itself.

    The threads of the server share one connection to an SQLite database in memory, and what two of them did
    at once would be one transaction. They share it only where the tables are made before the server: with
    connections of their own they would find tables locked, for SQLite lets nobody wait for those in memory.
    """
    lock = threading.Lock()
    answer = WSGIHandler.__call__

    def answer_alone(handler: WSGIHandler, *args: Any) -> Any:
        with lock:
            return answer(handler, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WSGIHandler, "__call__", answer_alone)
        yield lock


@pytest.fixture
def aside(chromium: Chromium, _alone: threading.Lock) -> Aside:
    """`with aside():` while windows are open, the database is for the test, and requests wait."""

    @contextmanager
    def step_aside() -> Iterator[None]:
        with _alone, chromium.aside():
            yield

    return step_aside


@pytest.fixture
def browsing(chromium: Chromium, _alone: threading.Lock, live_server: Any, alice: Person) -> Browsing:
    """`with browsing() as open_page: page = open_page("/incidents")`: windows in which Alice is signed in.

    What the browser complains of fails the test. Inside, the database is for the browser only.
    """
    client = Client()
    client.force_login(alice)
    session = client.cookies["sessionid"].value

    @contextmanager
    def browse() -> Iterator[Open]:
        complaints: list[str] = []
        opened = []

        def open_page(path: str, **options: Any) -> Page:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
            opened.append(context)
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
            page = context.new_page()
            page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(live_server.url + path)
            return page

        with chromium.at_work() as browser:
            try:
                yield open_page
            finally:
                for context in opened:
                    context.close()
        assert complaints == []

    return browse


def faults_of(page: Page) -> list[str]:
    """What axe-core says against the page that is open, and in which looks it is wider than the window.

    The page's window must have been opened with `bypass_csp`, for axe is put into it from here.
    """
    page.evaluate(AXE.read_text())
    faults = []
    for scheme, width, rules in LOOKS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{scheme}, {width}: wider than the window")
        faults += [f"{scheme}, {width}: {fault}" for fault in page.evaluate(VIOLATIONS, rules)]
    return faults
