"""What hostile people and programs put into a post-mortem stays text, on the page and in the files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.test import Client
from pypdf import PdfReader

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.postmortems.models import SECTION_TEXT_BYTES_MAX, Postmortem, Section, Template
from afterword.postmortems.rules import text_digest
from tests.pace import within

# A database gives back the text that it was given; what writes and reads here is tested on both elsewhere.
pytestmark = pytest.mark.once

SignIn = Callable[[Person], Client]
SECONDS_MAX = 20


@pytest.fixture
def save(sign_in: SignIn, bob: Person, contributors: Section) -> Callable[[str], tuple[Client, str]]:
    """Save a text through the page, and give who may read it and the address of the document."""
    client, base = sign_in(bob), f"/postmortems/{contributors.postmortem.number}"

    def save_text(text: str) -> tuple[Client, str]:
        key = contributors.unique_id
        given = {f"text-{key}": text, f"version-{key}": "1", f"base-{key}": text_digest(contributors.text)}
        assert client.post(f"{base}/sections/{key}", given).status_code == 302
        return client, base

    return save_text


@pytest.fixture
def show(save: Callable[[str], tuple[Client, str]]) -> Callable[[str], tuple[str, str, str]]:
    """Save a text through the page, and give the article, the Markdown file and the text of the PDF."""

    def save_and_read(text: str) -> tuple[str, str, str]:
        client, base = save(text)
        page = client.get(base).content.decode()
        article = page[page.index("<article") : page.index("</article>")]
        markdown = client.get(f"{base}/export/markdown").content.decode()
        pdf = client.get(f"{base}/export/pdf")
        assert pdf.status_code == 200
        pages = PdfReader(io.BytesIO(pdf.content)).pages
        return article, markdown, " ".join(page.extract_text() for page in pages)

    return save_and_read


def test_a_script_is_text(show: Callable[[str], tuple[str, str, str]]) -> None:
    article, _, pdf = show(
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n\n[x](javascript:alert(3))"
    )
    assert "<script" not in article
    assert "<img" not in article
    assert "javascript:" not in article
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in article
    assert "alert(1)" in pdf


def test_the_code_of_the_pdf_program_is_text(show: Callable[[str], tuple[str, str, str]]) -> None:
    article, _, pdf = show('#read("/etc/passwd") and #{1+1} and $x$ @label <label> \\u{41}')
    assert "root:" not in pdf
    assert '#read("/etc/passwd")' in pdf.replace("“", '"').replace("”", '"')
    assert "root:" not in article


def test_a_picture_from_elsewhere_is_not_fetched(show: Callable[[str], tuple[str, str, str]]) -> None:
    addresses = [
        "../../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "attachment:../secret.png",
        "attachment:missing.png",
        "data:image/svg+xml;base64,PHN2Zy8+",
    ]
    article, _, pdf = show(
        "\n\n".join(
            f"Before{number} ![x]({address}) after{number}." for number, address in enumerate(addresses)
        )
    )
    assert "<img" not in article
    assert "root:" not in pdf
    for number in range(len(addresses)):
        assert f"Before{number} " in pdf
        assert f"after{number}." in pdf


def test_a_title_cannot_turn_the_line_around(
    sign_in: SignIn, bob: Person, make_postmortem: Callable[..., Postmortem]
) -> None:
    postmortem = make_postmortem(title="Invoice \u202egnp.exe \u2066x")
    assert postmortem.title == "Invoice gnp.exe x"
    client = sign_in(bob)
    for part in ("", "/write", "/export/markdown"):
        page = client.get(f"/postmortems/{postmortem.number}{part}").content.decode()
        assert not any(
            character in page for character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        )


def test_a_direction_in_a_text_stays_in_the_database_and_out_of_the_page(
    show: Callable[[str], tuple[str, str, str]],
) -> None:
    article, markdown, _ = show("abc \u202e def")
    assert "\u202e" not in article
    assert "\u202e" not in markdown


def test_a_megabyte_is_refused_and_comes_back(sign_in: SignIn, bob: Person, contributors: Section) -> None:
    key, text = contributors.unique_id, "All work and no play. " * 48_000
    given = {f"text-{key}": text, f"version-{key}": "1", f"base-{key}": ""}
    client, base = sign_in(bob), f"/postmortems/{contributors.postmortem.number}"
    for address in (f"{base}/sections/{key}", f"{base}/write"):
        with within(SECONDS_MAX):
            answer = client.post(address, given)
        assert answer.status_code == 400
        assert "a section holds 64 KB" in answer.content.decode()
        assert text.strip() in answer.content.decode()
    contributors.refresh_from_db()
    assert contributors.version == 1


def test_a_table_of_a_thousand_rows_is_read_and_printed(show: Callable[[str], tuple[str, str, str]]) -> None:
    rows = "\n".join(f"| {number} | row {number} |" for number in range(1_000))
    with within(SECONDS_MAX):
        article, _, pdf = show(f"| a | b |\n|---|---|\n{rows}\n")
    assert "row 999" in article
    assert "row 999" in pdf


@pytest.mark.parametrize(
    "text",
    [
        "[" * (SECTION_TEXT_BYTES_MAX - 10),
        "> " * (SECTION_TEXT_BYTES_MAX // 2 - 10),
        "*a " * (SECTION_TEXT_BYTES_MAX // 3 - 10),
        "http://a" * (SECTION_TEXT_BYTES_MAX // 8 - 10),
        "x" * (SECTION_TEXT_BYTES_MAX - 10),
    ],
)
def test_sixty_four_kilobytes_of_spite_end_soon(save: Callable[[str], tuple[Client, str]], text: str) -> None:
    with within(SECONDS_MAX):
        client, base = save(text)
        for end in ("", "/export/markdown", "/export/pdf"):
            assert client.get(base + end).status_code == 200


def test_a_table_that_is_too_large_is_refused_when_it_is_saved(
    sign_in: SignIn, bob: Person, contributors: Section
) -> None:
    key = contributors.unique_id
    given = {f"text-{key}": "|a|\n|-|\n" + "|b|\n" * 10_000, f"version-{key}": "1", f"base-{key}": ""}
    answer = sign_in(bob).post(f"/postmortems/{contributors.postmortem.number}/sections/{key}", given)
    assert answer.status_code == 400
    assert "|b|" in answer.content.decode()


def test_a_hostile_incident_makes_a_harmless_document(
    sign_in: SignIn,
    bob: Person,
    make_incident: Callable[..., Incident],
    make_postmortem: Callable[..., Postmortem],
) -> None:
    incident = make_incident(
        title='<script>alert(1)</script> #read("/etc/passwd") {{ incident.title }}',
        summary="![x](http://evil.example/x.png) <script>alert(2)</script>",
    )
    client = sign_in(bob)
    for template in ("standard", "default", "google-sre", "lightweight", "five-whys"):
        postmortem = make_postmortem(incidents=[incident], title=incident.title, template=template)
        for part in ("", "/write"):
            page = client.get(f"/postmortems/{postmortem.number}{part}").content.decode()
            assert "<script>" not in page
            assert "<img" not in page
        assert client.get(f"/postmortems/{postmortem.number}/export/pdf").status_code == 200
    picker = client.get(f"/postmortems/new?incident={incident.number}").content.decode()
    assert "<script>" not in picker


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in (1..1000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}",
        "{% for a in (1..1000) %}{{ incident.title }}{% endfor %}" * 3,
        "{% for a in (1..999) %}" + "{% if true %}{% endif %}" * 2_000 + "{% endfor %}",
    ],
)
def test_a_template_that_is_a_bomb_ends_soon_and_stops_nobody(
    sign_in: SignIn, alice: Person, resolved_incident: Incident, text: str
) -> None:
    client = sign_in(alice)
    client.post("/settings/templates/new", {"source": f"---\nname: Bomb\n---\n## A\n{text}\n"})
    key = str(Template.objects.get().unique_id)
    given = {
        "title": "x",
        "template": key,
        "incident": resolved_incident.number,
        "author": str(alice.unique_id),
    }
    with within(SECONDS_MAX):
        answer = client.post("/postmortems/new", given)
        assert answer.status_code == 302
        assert client.get(f"/settings/templates/{key}").status_code == 200
    assert len(Section.objects.get().text) < SECTION_TEXT_BYTES_MAX * 2
