"""Sign in, see the incident, make the post-mortem, write, read it, take the PDF home."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader

from tests.journeys.conftest import Traveller

pytestmark = [pytest.mark.journey, pytest.mark.server, pytest.mark.xdist_group("journeys")]

Travel = Callable[..., Traveller]
INCIDENT = "Search is slow: the 95th percentile is above 2 seconds"


def _make_postmortem(traveller: Traveller, title: str) -> None:
    page = traveller.page
    page.get_by_role("link", name=INCIDENT).first.click()
    page.get_by_role("heading", level=1, name=INCIDENT).wait_for()
    assert page.get_by_text("Search answers within its target again").count() > 0
    create = page.get_by_role("link", name="Create post-mortem").first
    if create.is_visible():
        create.click()
    else:  # An earlier journey wrote one: a second has to be asked for.
        traveller.go(f"{urlsplit(page.url).path}/postmortems")
        page.get_by_role("link", name="Another post-mortem").click()
        page.get_by_label("Begin another one all the same").check()
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Begin the post-mortem").click()
    page.get_by_role("heading", level=1, name=title).wait_for()


def _write(traveller: Traveller, section: str, text: str) -> None:
    box = traveller.page.get_by_role("region", name=section, exact=True).first
    box.get_by_label(section, exact=True).fill(text)
    box.get_by_role("button", name="Save").click()


def _read_pdf(path: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(path.read_bytes())).pages)


@pytest.mark.parametrize("width", [1280, 360])
def test_with_scripts(travel: Travel, width: int, tmp_path: Path):
    traveller = travel(width=width)
    page = traveller.page
    traveller.sign_in()
    assert traveller.fits()
    if width < 800:
        page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Incidents", exact=True).click()
    assert traveller.fits()

    title = f"What made the search slow {uuid.uuid4().hex[:6]}"
    _make_postmortem(traveller, title)
    assert traveller.fits()
    _write(traveller, "Mitigators", "- The index was **warm**, so half of the words were found at once.")
    page.get_by_text("Saved, version 2").wait_for()

    page.get_by_role("link", name="Read it").click()
    page.get_by_role("heading", name=title, level=1).wait_for()
    assert page.locator("strong", has_text="warm").is_visible()
    assert page.get_by_text("Search answers within its target again").first.is_visible()
    assert traveller.fits()

    with page.expect_download() as downloading:
        page.get_by_role("link", name="Generate report").click()
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    text = _read_pdf(file)
    assert title in " ".join(text.split())
    assert "The index was warm" in " ".join(text.split())


@pytest.mark.parametrize("width", [1280, 360])
def test_without_scripts(travel: Travel, width: int, tmp_path: Path):
    traveller = travel(width=width, scripts=False)
    page = traveller.page
    traveller.sign_in()
    traveller.go("/incidents")
    title = f"What made the search slow {uuid.uuid4().hex[:6]}"
    _make_postmortem(traveller, title)
    _write(traveller, "Mitigators", "Written without a script.")
    page.get_by_text("Saved").first.wait_for()
    page.get_by_role("link", name="Read it").click()
    assert page.get_by_text("Written without a script.").is_visible()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Generate report").click()
    file = tmp_path / "without.pdf"
    downloading.value.save_as(file)
    assert "Written without a script." in _read_pdf(file)


def test_an_open_incident_is_acknowledged_noted_and_resolved(travel: Travel):
    traveller = travel()
    page = traveller.page
    traveller.sign_in()
    traveller.go("/incidents")
    page.get_by_role("link", name="The mail queue grows faster than it is emptied").first.click()
    page.get_by_role("button", name="Acknowledge").click()
    page.get_by_text("Acknowledged the incident.").first.wait_for()
    page.get_by_label("Note").fill("Started four more workers.")
    page.get_by_role("button", name="Add the note").click()
    page.get_by_text("Started four more workers.").first.wait_for()
    page.get_by_role("button", name="Resolve", exact=True).first.click()
    page.get_by_text("The incident is resolved.").first.wait_for()
    assert page.get_by_role("link", name="Create post-mortem").first.is_visible()
    page.get_by_role("link", name="Overview").click()
    page.get_by_text("Resolved the incident.").first.wait_for()
