"""One writes, another reviews, both agree on what the public reads, and somebody outside reads it."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.ingest.installs import Install, running_install

pytestmark = [pytest.mark.journey, pytest.mark.server, pytest.mark.xdist_group("journeys")]

PASSWORD = "correct horse battery"
STEP_MILLISECONDS_MAX = 20_000
SHOTS = os.environ.get("AFTERWORD_TEST_SCREENSHOTS", "")
"""A folder for a picture of each step, at two widths; none are taken without it."""
WIDTHS = (1280, 360)
TITLE = "Checkout answered slowly for three quarters of an hour"
PREPARE = f"""
from datetime import UTC, datetime, timedelta
from afterword.accounts.models import Membership, OrganisationRole, Person, Team
from afterword.incidents.models import Incident
from afterword.incidents.writes import create_incident
from afterword.postmortems.publishing.writes import change_site
team = Team.objects.get()
for name, role in (("Alice Example", OrganisationRole.OWNER), ("Bob Sample", OrganisationRole.RESPONDER)):
    person = Person(name=name, email=name.split()[0].lower() + "@example.com", role=role)
    person.set_password("{PASSWORD}")
    person.save()
    Membership.objects.create(team=team, person=person)
alice = Person.objects.get(email="alice@example.com")
incident = create_incident(actor=alice, service=service, title="Checkout answers slowly")
start = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
Incident.objects.filter(pk=incident.pk).update(
    impact_started_at=start, detected_at=start + timedelta(minutes=3),
    acknowledged_at=start + timedelta(minutes=5), fixed_at=start + timedelta(minutes=40),
    resolved_at=start + timedelta(minutes=42), status="resolved",
)
change_site(actor=alice, is_on=True, title="What we learned")
result = incident.number
"""


@pytest.fixture
def install(browser: Browser, tmp_path: Path) -> Iterator[Install]:
    with running_install(tmp_path) as install:
        yield install


class Window:
    """Somebody at a screen, and a picture of each step where they are asked for."""

    shots = 0

    def __init__(self, browser: Browser, install: Install, email: str = "") -> None:
        self.url = install.url
        context = browser.new_context(reduced_motion="reduce", accept_downloads=True)
        context.set_default_timeout(STEP_MILLISECONDS_MAX)
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url}: {error}"))
        if email:
            self.go("/")
            self.page.get_by_label("Email").fill(email)
            self.page.get_by_label("Password").fill(PASSWORD)
            self.press("Sign in")
            self.page.wait_for_url(f"{self.url}/")

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def press(self, name: str, exact: bool = True) -> None:
        self.page.get_by_role("button", name=name, exact=exact).first.click()

    def follow(self, name: str, exact: bool = True) -> None:
        self.page.get_by_role("link", name=name, exact=exact).first.click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def download(self, name: str) -> str:
        with self.page.expect_download() as downloading:
            self.follow(name, exact=False)
        data = Path(downloading.value.path()).read_bytes()
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())

    def show(self, step: str) -> None:
        """A picture of the whole page; and the page is no wider than a phone."""
        Window.shots += 1
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (
                step,
                width,
            )
            if SHOTS:
                path = f"{SHOTS}/{Window.shots:02}-{step}-{width}.png"
                self.page.screenshot(path=path, full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 900})


def test_from_the_draft_to_the_public_page(browser: Browser, install: Install) -> None:
    expect.set_options(timeout=STEP_MILLISECONDS_MAX)
    incident = install.run(PREPARE)
    alice = Window(browser, install, "alice@example.com")
    bob = Window(browser, install, "bob@example.com")

    number = _write(alice, incident)
    _ask_for_a_review(alice, number)
    _comment_on_words(bob, number)
    bob.go(f"/postmortems/{number}/review")
    bob.press("Approve revision", exact=False)
    bob.sees("You approved it.")
    bob.show("approved")

    _save(
        alice,
        number,
        "Mitigators",
        "Alice Example restarted db-1.prod.internal with password=hunter22x. Five spare servers helped.",
    )
    bob.go(f"/postmortems/{number}/review")
    bob.sees("It was edited after you approved it")
    bob.show("stale")
    bob.follow("What changed since you approved")
    expect(bob.page.locator("ins", has_text="hunter22x")).to_be_visible()
    bob.show("what-changed")
    bob.go(f"/postmortems/{number}/review")
    bob.press("Approve revision", exact=False)
    bob.sees("You approved it.")

    slug = _publish(alice, bob, number)
    _read_outside(Window(browser, install), slug)
    told = _report(alice, number)
    assert "Bob Sample Approved" in told
    assert "hunter22x" in told, "inside, nothing is taken out"
    assert alice.complaints + bob.complaints == []


def _write(alice: Window, incident: int) -> int:
    alice.go("/postmortems/new")
    picked = alice.page.locator(f"input[name=incident][value='{incident}']")
    picked.check()
    expect(alice.page.locator("#fits")).to_contain_text("For what you picked it is Standard")
    expect(alice.page.get_by_label("Title")).not_to_have_value("")
    picked.uncheck()
    expect(alice.page.get_by_label("Title")).to_have_value("")
    alice.page.get_by_label("Title").fill(TITLE)
    picked.check()
    expect(alice.page.locator("#fits")).to_contain_text("For what you picked")
    expect(alice.page.get_by_label("Title")).to_have_value(TITLE)
    alice.show("new")
    alice.press("Begin the post-mortem")
    alice.page.wait_for_url("**/write")
    number = int(alice.page.url.split("/")[-2])
    _save(alice, number, "Mitigators", "The index was **warm**, so half of the words were found at once.")
    alice.show("written")
    alice.go(f"/postmortems/{number}")
    alice.show("read")
    return number


def _save(alice: Window, number: int, section: str, text: str) -> None:
    alice.go(f"/postmortems/{number}/write")
    box = alice.page.get_by_role("region", name=section, exact=True).first
    box.get_by_label(section, exact=True).fill(text)
    box.get_by_role("button", name="Save").click()
    expect(box.get_by_text(re.compile("Saved, version"))).to_be_visible()


def _ask_for_a_review(alice: Window, number: int) -> None:
    alice.go(f"/postmortems/{number}/review")
    alice.page.get_by_label("Bob Sample").check()
    alice.show("ask")
    alice.press("Ask for a review")
    alice.sees("It is in review.")
    alice.show("in-review")


def _comment_on_words(bob: Window, number: int) -> None:
    bob.go(f"/postmortems/{number}")
    bob.page.get_by_text("half of the words were found at once").select_text()
    bob.show("words-selected")
    bob.page.get_by_role("link", name="Comment on this").click()
    quote = bob.page.get_by_label("About these words")
    expect(quote).to_have_value(re.compile("half of the words"))
    text = bob.page.get_by_label("Comment", exact=True)
    text.press_sequentially("Only half? @al")
    expect(bob.page.get_by_role("option", name="Alice Example")).to_have_attribute("aria-selected", "true")
    text.press("Enter")
    expect(text).to_have_value("Only half? @alice ")
    bob.press("Comment")
    expect(bob.page.locator("blockquote", has_text="half of the words")).to_be_visible()
    bob.show("comments")


def _publish(alice: Window, bob: Window, number: int) -> str:
    alice.go(f"/postmortems/{number}/publish")
    alice.show("publish")
    alice.press("Make the public edition")
    alice.sees("Here is what the rules made of it.")
    box = alice.page.locator("section", has=alice.page.get_by_role("heading", name="Mitigators", exact=True))
    written = box.get_by_label("What the public reads")
    expect(written).to_have_value(re.compile("The reporter restarted"))
    alice.show("edition")
    written.fill("We restarted a database. Five spare servers helped.")
    alice.press("Save")
    alice.sees("Saved. Somebody else approves it.")

    bob.go(f"/postmortems/{number}/edition")
    bob.show("edition-adjusted")
    bob.press("Approve it as it is saved")
    bob.sees("You approved the public edition.")
    alice.go(f"/postmortems/{number}/publish")
    alice.page.get_by_label("Everybody").check()
    alice.press("Publish")
    alice.sees("It is published for everybody.")
    alice.show("published")
    address = alice.page.get_by_role("link", name="The public page").get_attribute("href")
    assert address is not None
    return address


def _read_outside(anybody: Window, address: str) -> None:
    anybody.go(address)
    anybody.sees("Five spare servers helped.")
    anybody.show("public")
    source = anybody.page.content()
    for private in ("hunter22x", "db-1.prod", "Alice", "Bob", "half of the words were found at once?"):
        assert private not in source, private
    told = anybody.download("PDF")
    assert "Five spare servers helped." in told
    assert "Alice" not in told
    anybody.go("/public")
    anybody.sees(TITLE)
    anybody.show("public-list")
    assert anybody.complaints == []


def _report(alice: Window, number: int) -> str:
    alice.go(f"/postmortems/{number}/history")
    alice.show("history")
    alice.go(f"/postmortems/{number}")
    return alice.download("Generate report")
