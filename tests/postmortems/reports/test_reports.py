"""*Generate report*: what the PDF of a post-mortem tells, of now and of an earlier revision."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from pypdf import PdfReader

from afterword.accounts.models import Person, Team
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.review.models import Verdict
from afterword.postmortems.review.writes import ask_for_review, give_review
from afterword.postmortems.writes import change_cover, save_section

pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]


def words_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


@pytest.fixture
def reviewed(alice: Person, bob: Person, contributors: Section) -> Postmortem:
    """Approved by Bob, and edited since."""
    postmortem = contributors.postmortem
    postmortem.status_text = "Being looked after"
    postmortem.save()
    save_section(actor=alice, section=contributors, text="The pool had 20 places.", version=1)
    ask_for_review(actor=alice, postmortem=postmortem, reviewers=[bob])
    give_review(actor=bob, postmortem=postmortem, revision=2, verdict=Verdict.APPROVED)
    save_section(actor=alice, section=contributors, text="The pool had 50 places.", version=2)
    postmortem.refresh_from_db()
    return postmortem


def test_the_report_has_a_cover_a_line_of_time_the_text_and_the_approvals(
    sign_in: SignIn, alice: Person, team: Team, reviewed: Postmortem
) -> None:
    client = sign_in(alice)
    address = f"/postmortems/{reviewed.number}/export/pdf"
    for place in (
        "/postmortems",
        f"/postmortems/{reviewed.number}",
        f"/postmortems/{reviewed.number}/history",
    ):
        assert address in client.get(place).content.decode()
    data = client.get(address).content
    told = words_of(data)

    assert reviewed.title in told
    assert "Being looked after" in told
    assert f"Team {team.name}" in told
    assert "At a glance" in told
    assert "1 Impact started, 2 " in told, "the line of time in words"
    assert "The pool had 50 places." in told
    assert "Bob Approved 2" in told
    assert "No: it was edited since, up to revision 3" in told
    assert data == client.get(address).content, "the same state gives the same bytes"


def test_the_report_of_an_earlier_revision_says_so_on_its_cover(
    sign_in: SignIn,
    alice: Person,
    charlie: Person,
    api_headers: Callable[..., dict[str, str]],
    client: Client,
    reviewed: Postmortem,
) -> None:
    change_cover(actor=alice, postmortem=reviewed, status_text="Over for good")
    address = f"/postmortems/{reviewed.number}/export/pdf"
    answer = sign_in(alice).get(address, {"revision": "2"})
    told = words_of(answer.content)

    assert "The pool had 20 places." in told
    assert "50 places" not in told
    assert "Being looked after" in told
    assert "Over for good" not in told
    assert "Not the newest" in told
    by_api = client.get(
        f"/api/v1/postmortems/{reviewed.number}/pdf", {"revision": "2"}, headers=api_headers(alice)
    )
    assert by_api.content == answer.content
    for wrong in ("0", "99", "x", "٢"):
        assert sign_in(alice).get(address, {"revision": wrong}).status_code == 404
    assert sign_in(charlie).get(address, {"revision": "2"}).status_code == 404


def test_the_report_of_an_old_one_that_is_about_no_incident_has_its_day_and_no_empty_record(
    alice: Person, team: Team, api_headers: Callable[..., dict[str, str]], client: Client
) -> None:
    file = {"name": "adfs.md", "text": "# ADFS outage\n\nDate: 31 March 2021\n\n## Timeline\n\nIt expired.\n"}
    given = {"team": str(team.unique_id), "files": [file]}
    sent = client.post(
        "/api/v1/postmortems/imports", given, content_type="application/json", headers=api_headers(alice)
    )
    assert sent.status_code in (200, 201), sent.content
    number = Postmortem.objects.get(title="ADFS outage").number
    pdf = client.get(f"/api/v1/postmortems/{number}/pdf", headers=api_headers(alice)).content

    told = words_of(pdf)
    assert "Written 31 Mar 2021" in told
    assert "It expired." in told
    for empty in ("Key information", "Nothing has been written", "No follow-ups"):
        assert empty not in told
