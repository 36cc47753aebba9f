from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pypdf import PdfReader

from afterword.accounts.models import Organisation, Person
from afterword.documents import PdfTookTooLong
from afterword.incidents.models import Entry, Incident
from afterword.incidents.writes import add_note
from afterword.postmortems import reports
from afterword.postmortems.models import Postmortem, Revision, Section
from afterword.postmortems.writes import save_section

SignIn = Callable[[Person], Client]
MakePostmortem = Callable[..., Postmortem]


def pdf_text(data: bytes) -> str:
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_page_has_what_people_wrote_and_what_the_record_says(
    sign_in: SignIn, bob: Person, contributors: Section
) -> None:
    save_section(actor=bob, section=contributors, text="### Why\n\nThe pool **ran dry**.", version=1)
    page = sign_in(bob).get(f"/postmortems/{contributors.postmortem.number}").content.decode()
    assert "<strong>ran dry</strong>" in page
    assert "<h2>Contributors</h2>" in page
    assert "Prometheus bridge" in page
    assert '<a href="#doc-contributors">Contributors</a>' in page
    assert 'id="doc-contributors"' in page


def test_times_on_the_page_are_those_of_the_reader_and_in_files_those_of_the_organisation(
    sign_in: SignIn, bob: Person, organisation: Organisation, postmortem: Postmortem
) -> None:
    bob.time_zone = "Asia/Tokyo"
    bob.save()
    organisation.time_zone = "Europe/Paris"
    organisation.save()
    client = sign_in(bob)
    page = client.get(f"/postmortems/{postmortem.number}").content.decode()
    file = client.get(f"/postmortems/{postmortem.number}/export/markdown").content.decode()
    assert "2 Mar 2026, 23:05 JST (14:05 UTC)" in page
    assert "2 Mar 2026, 15:05 CET (14:05 UTC)" in file


def test_the_list_narrows_by_text_author_and_number(
    sign_in: SignIn, alice: Person, bob: Person, make_postmortem: MakePostmortem
) -> None:
    first = make_postmortem(title="Checkout was slow")
    make_postmortem(title="Search was down", author=bob)
    section = Section.objects.get(postmortem=first, title="Contributors")
    save_section(actor=alice, section=section, text="The connection pool ran dry.", version=1)
    client = sign_in(bob)

    def shown(query: str) -> list[str]:
        page = client.get(f"/postmortems?{query}").content.decode()
        page = page.replace("<mark>", "").replace("</mark>", "")
        return [title for title in ("Checkout was slow", "Search was down") if title in page]

    assert shown("") == ["Checkout was slow", "Search was down"]
    assert shown("text=search") == ["Search was down"]
    assert shown("text=pool+connection") == ["Checkout was slow"]
    assert shown("text=%231") == ["Checkout was slow"]
    assert shown("text=zebra") == []
    assert shown(f"author={bob.unique_id}") == ["Search was down"]
    assert shown("author=nonsense") == []
    assert shown("text=" + "x" * 300) == []


def test_a_long_list_has_pages(sign_in: SignIn, bob: Person, make_postmortem: MakePostmortem) -> None:
    for number in range(51):
        make_postmortem(title=f"Number {number + 1} of many", template="lightweight")
    client = sign_in(bob)
    assert "1 to 50 of 51 post-mortems" in client.get("/postmortems").content.decode()
    assert "Number 1 of many" in client.get("/postmortems?page=2").content.decode()


def test_an_empty_list_says_what_to_do(sign_in: SignIn, bob: Person, vera: Person) -> None:
    assert "Write the first one" in sign_in(bob).get("/postmortems").content.decode()
    bob.memberships.all().delete()
    assert "/postmortems/new" not in sign_in(bob).get("/postmortems").content.decode()
    page = sign_in(vera).get("/postmortems").content.decode()
    assert "No post-mortems yet" in page
    assert "/postmortems/new" not in page


def test_the_markdown_file_has_everything(sign_in: SignIn, bob: Person, contributors: Section) -> None:
    save_section(actor=bob, section=contributors, text="The pool **ran dry**.", version=1)
    answer = sign_in(bob).get(f"/postmortems/{contributors.postmortem.number}/export/markdown")
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert text.startswith("# Checkout answered slowly\n")
    assert "## Contributors\n\nThe pool **ran dry**.\n" in text
    assert "| 14:05:00 |" in text
    assert "No follow-ups have been agreed on" in text


@pytest.mark.once
def test_the_pdf_has_everything(sign_in: SignIn, bob: Person, contributors: Section) -> None:
    save_section(actor=bob, section=contributors, text="The pool **ran dry**.", version=1)
    answer = sign_in(bob).get(f"/postmortems/{contributors.postmortem.number}/export/pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = pdf_text(answer.content)
    for words in ("Checkout answered slowly", "Contributors", "The pool ran dry.", "14:05:00", "Alice"):
        assert words in text


@pytest.mark.once
def test_the_same_state_gives_the_same_bytes_and_another_gives_others(
    sign_in: SignIn, alice: Person, bob: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    for kind in ("pdf", "markdown"):
        address = f"/postmortems/{postmortem.number}/export/{kind}"
        first = sign_in(bob).get(address).content
        assert sign_in(alice).get(address).content == first
        add_note(actor=bob, incident=resolved_incident, text=f"One more thing for {kind}.")
        assert sign_in(bob).get(address).content != first


def test_a_file_carries_the_time_of_the_last_change_and_not_that_of_the_download(
    sign_in: SignIn, bob: Person, postmortem: Postmortem
) -> None:
    saved = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    Revision.objects.update(at=saved)
    Entry.objects.update(created_at=saved + timedelta(minutes=5))
    base = f"/postmortems/{postmortem.number}/export"
    client = sign_in(bob)
    assert "**As of**: 3 Mar 2026, 09:35 UTC" in client.get(f"{base}/markdown").content.decode()
    made = PdfReader(io.BytesIO(client.get(f"{base}/pdf").content)).metadata
    assert made is not None
    assert made.creation_date == saved + timedelta(minutes=5)


@pytest.mark.once
@pytest.mark.parametrize(
    ("title", "disposition"),
    [
        (
            "Checkout was slow",
            'attachment; filename="postmortem-1-checkout-was-slow.pdf"; '
            "filename*=UTF-8''postmortem-1-checkout-was-slow.pdf",
        ),
        (
            'Größe \u202e 漢字 "; x=y',
            'attachment; filename="postmortem-1-groe-x-y.pdf"; '
            "filename*=UTF-8''postmortem-1-gr%C3%B6%C3%9Fe-%E6%BC%A2%E5%AD%97-x-y.pdf",
        ),
        ("🔥", "attachment; filename=\"postmortem-1.pdf\"; filename*=UTF-8''postmortem-1.pdf"),
    ],
)
def test_a_file_is_named_after_its_title_whatever_that_is(
    sign_in: SignIn, bob: Person, make_postmortem: MakePostmortem, title: str, disposition: str
) -> None:
    postmortem = make_postmortem(title=title)
    answer = sign_in(bob).get(f"/postmortems/{postmortem.number}/export/pdf")
    assert answer.headers["Content-Disposition"] == disposition


def test_a_pdf_that_takes_too_long_is_said_and_not_waited_for(
    sign_in: SignIn, bob: Person, postmortem: Postmortem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> bytes:
        raise PdfTookTooLong

    monkeypatch.setattr(reports, "render_pdf", never)
    answer = sign_in(bob).get(f"/postmortems/{postmortem.number}/export/pdf")
    assert answer.status_code == 503
    assert "Making the PDF took too long" in answer.content.decode()


def test_an_incident_lists_its_post_mortems_as_a_fragment_and_as_a_page(
    sign_in: SignIn, bob: Person, vera: Person, resolved_incident: Incident, postmortem: Postmortem
) -> None:
    address = f"/incidents/{resolved_incident.number}/postmortems"
    page = sign_in(bob).get(address).content.decode()
    fragment = sign_in(bob).get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in page
    assert "<html" not in fragment
    for text in (page, fragment):
        assert postmortem.title in text
        assert f"/postmortems/new?incident={resolved_incident.number}" in text
    assert (
        "/postmortems/new" not in sign_in(vera).get(address, headers={"HX-Request": "true"}).content.decode()
    )


def test_a_viewer_reads_and_is_offered_no_pen(sign_in: SignIn, vera: Person, postmortem: Postmortem) -> None:
    page = sign_in(vera).get(f"/postmortems/{postmortem.number}").content.decode()
    assert postmortem.title in page
    assert f"/postmortems/{postmortem.number}/write" not in page


def test_an_incident_leads_to_its_post_mortem_and_offers_no_second_one(
    sign_in: SignIn,
    bob: Person,
    vera: Person,
    resolved_incident: Incident,
    postmortem: Postmortem,
    make_postmortem: MakePostmortem,
) -> None:
    address = f"/incidents/{resolved_incident.number}"
    for person in (bob, vera):
        page = sign_in(person).get(address).content.decode()
        assert f'href="/postmortems/{postmortem.number}"' in page
        assert "Create post-mortem" not in page
    make_postmortem()
    page = sign_in(bob).get(address).content.decode()
    assert "Read the post-mortem" not in page
    assert page.count(f'href="{address}/post-incident"') == 2
