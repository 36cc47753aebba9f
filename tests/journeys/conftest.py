"""A Chromium, a running install with the demo in it, and someone who walks through it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests.browsers import Chromium
from tests.servers import RunningAfterword, running_afterword

STEP_MILLISECONDS_MAX = 20_000


@dataclass
class Demo:
    """An install with the demo organisation, and how to sign in to it."""

    running: RunningAfterword
    url: str
    email: str
    password: str


@dataclass
class Traveller:
    """A page in a browser, and all that the browser complained about on the way."""

    page: Page
    demo: Demo
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.demo.url}{path}")

    def sign_in(self) -> None:
        self.go("/")
        self.page.get_by_label("Email").fill(self.demo.email)
        self.page.get_by_label("Password").fill(self.demo.password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(f"{self.demo.url}/")

    def fits(self) -> bool:
        """Whether the page is no wider than the window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))

    def listen(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._see)

    def _hear(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.complaints.append(f"{self.page.url}: {line.text}")

    def _see(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.url}: answered {response.status}")


@pytest.fixture
def browser(chromium: Chromium) -> Iterator[Browser]:
    with chromium.at_work() as browser:
        yield browser


@pytest.fixture(scope="package")
def demo(chromium: Chromium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with running_afterword(tmp_path_factory.mktemp("journey") / "data") as running:
        answer = running.run("demo", "--json")
        assert answer.returncode == 0, answer.stderr
        shown = json.loads(answer.stdout)
        assert shown["url"] == running.url
        yield Demo(running, running.url, shown["email"], shown["password"])


@pytest.fixture
def travel(browser: Browser, demo: Demo, tmp_path: Path) -> Iterator[Callable[..., Traveller]]:
    """Open a window: `travel(width=360, scripts=False)`. Complaints of the browser fail the test."""
    travellers = []

    def start(*, width: int = 1280, height: int = 900, scripts: bool = True, **options: Any) -> Traveller:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            reduced_motion="reduce",
            accept_downloads=True,
            **options,
        )
        context.set_default_timeout(STEP_MILLISECONDS_MAX)
        traveller = Traveller(context.new_page(), demo)
        traveller.listen()
        travellers.append(traveller)
        return traveller

    yield start
    for traveller in travellers:
        traveller.page.context.close()
    assert [complaint for traveller in travellers for complaint in traveller.complaints] == []
