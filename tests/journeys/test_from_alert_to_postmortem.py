"""An alert comes, somebody is paged by mail, answers from it, writes down what happens, and learns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.ingest.installs import Install, running_install
from tests.notify.mail_server import MailServer, running_mail_server
from tests.servers import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.server, pytest.mark.xdist_group("journeys")]

PASSWORD = "correct horse battery"
STEP_MILLISECONDS_MAX = 20_000
PEOPLE = f"""
from afterword.accounts.models import Membership, OrganisationRole, Person, Team
from afterword.catalog.models import Service
from afterword.catalog.writes import Level, create_escalation_policy
team = Team.objects.get()
alice = Person(name="Alice", email="alice@example.com", role=OrganisationRole.OWNER)
alice.set_password("{PASSWORD}")
alice.save()
Membership.objects.create(team=team, person=alice)
policy = create_escalation_policy(actor=alice, team=team, name="On call", levels=[Level(0, people=(alice,))])
Service.objects.update(escalation_policy=policy)
result = None
"""


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def install(mail_server: MailServer, tmp_path: Path) -> Iterator[Install]:
    port = str(mail_server.port)
    with running_install(tmp_path, smtp_host="127.0.0.1", smtp_port=port, smtp_security="none") as install:
        install.run(PEOPLE)
        yield install


@pytest.fixture
def window(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(STEP_MILLISECONDS_MAX)
    yield context
    context.close()


def test_from_the_alert_to_the_post_mortem(install: Install, mail_server: MailServer, window: BrowserContext):
    expect.set_options(timeout=STEP_MILLISECONDS_MAX)
    install.send(message="Checkout answers slowly", alert_type="critical", entity_id="checkout")
    wait_until(lambda: mail_server.mails, "nobody was paged")
    page = _acknowledge_from(mail_server, window.new_page())

    page.get_by_label("Email").fill("alice@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    timeline = page.locator("#timeline-lines")
    expect(page.get_by_role("heading", level=1, name="Checkout answers slowly")).to_be_visible()
    expect(timeline).to_contain_text("Paged Alice by “Email”, level 1.")
    expect(timeline).to_contain_text("Acknowledged the incident.")

    _see_what_is_new(install, page)
    page.get_by_label("Note").fill("The pool of connections is **full**.")
    page.get_by_role("button", name="Add the note").click()
    expect(timeline.locator("strong")).to_have_text("full")

    page.get_by_role("button", name="Resolve", exact=True).first.click()
    expect(page.get_by_text("The incident is resolved.")).to_be_visible()
    expect(page.get_by_text("Draft the post-mortem").first).to_be_visible()
    assert urlsplit(page.url).path == "/incidents/1/post-incident"

    page.get_by_role("link", name="Create post-mortem").first.click()
    page.get_by_role("radio", name="Five whys").check()
    page.get_by_role("button", name="Begin the post-mortem").click()
    page.wait_for_url("**/write")
    expect(page.get_by_role("heading", name="Five whys").first).to_be_visible()


def _acknowledge_from(mail_server: MailServer, page: Page) -> Page:
    """Follow the link in the mail, as somebody who is not signed in anywhere."""
    (mail,) = mail_server.mails
    assert mail["To"] == "alice@example.com"
    link = re.search(r"http://\S+/ack/\S+", mail.get_content())
    assert link is not None, mail.get_content()
    page.goto(link[0])
    page.get_by_role("button", name="Acknowledge as Alice").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.get_by_role("link", name="Open the incident").click()
    return page


def _see_what_is_new(install: Install, page: Page) -> None:
    """Without a reload: by the stream, and in a window to which the server gives none, by asking."""
    other = page.context.new_page()
    other.route("**/events", lambda route: route.fulfill(status=204))
    other.clock.install()
    other.goto(page.url)
    for shown in (page, other):
        shown.evaluate("window.isTheSamePage = true")
    page.bring_to_front()
    page.get_by_label("Note").fill("Typed meanwhile")
    install.send(message="Checkout fails", alert_type="critical", entity_id="checkout")
    expect(page.locator("#timeline-lines")).to_contain_text("Checkout fails")
    expect(page.get_by_label("Note")).to_have_value("Typed meanwhile")
    other.bring_to_front()
    other.clock.fast_forward(11_000)
    expect(other.locator("#timeline-lines")).to_contain_text("Checkout fails")
    for shown in (page, other):
        assert shown.evaluate("window.isTheSamePage")
    other.close()
