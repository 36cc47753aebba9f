import os
import subprocess
import sys
import unicodedata
from datetime import timedelta, timezone

import pypdf
import pytest

from afterword.documents import (
    Badge,
    Document,
    DocumentSection,
    Heading,
    ImageResource,
    Paragraph,
    Table,
    Text,
    definitions,
    inlines,
    parse_markdown,
    render_pdf,
    table,
)
from afterword.documents.pdf import printable
from tests.documents.documents import (
    AT,
    DRAWING,
    document_of,
    pdf_text,
    pictures_in,
    png,
    read_pdf,
    text_positions,
)

pytestmark = pytest.mark.pure


def headings_of(pdf):
    def walk(outline, level):
        for item in outline:
            if isinstance(item, list):
                yield from walk(item, level + 1)
            else:
                yield level, item.title

    return list(walk(read_pdf(pdf).outline, 1))


def tags_of(pdf):
    """The structure types of the document, in the order of reading."""

    def walk(node):
        node = node.get_object()
        if isinstance(node, list):
            for child in node:
                yield from walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                yield node["/S"]
            if "/K" in node:
                yield from walk(node["/K"])

    return list(walk(read_pdf(pdf).trailer["/Root"]["/StructTreeRoot"]["/K"]))


def full_document():
    follow_ups = Table(
        head=(inlines("Follow-up"), inlines("Status")),
        rows=((inlines("Cover every consumer"), (Badge("Done", "good"),)),),
    )
    return Document(
        title="Checkout was unavailable",
        subtitle="Incident #42",
        status="In review",
        status_tone="warning",
        facts=[("Severity", "Major"), ("Services", "Checkout, Cart")],
        authors=["Demo Owner"],
        language="en-GB",
        generated_at=AT,
        sections=[
            DocumentSection("Key information", [definitions([("Detected", "15:41 UTC")])]),
            DocumentSection(
                "Summary",
                parse_markdown(
                    "An *event* took a `worker` down[^1].\n\n> quoted\n\n- [x] done\n- plain\n\n2. two\n\n"
                    '```\nraise SystemExit\n```\n\n![chart](attachment:chart.svg "Errors")\n\n'
                    "Here ![dot](attachment:dot.png) it is. [Site](https://example.com) [up](#part)"
                    " [7](/i/7)\n\n"
                    "# Part\n\n###### Deep\n\n---\n\n[^1]: A note."
                ),
            ),
            DocumentSection("Timeline", [table(("Time", "What happened"), [("15:39", "Alert opened")])]),
            DocumentSection("Follow-ups", [follow_ups]),
        ],
        images={"chart.svg": ImageResource(DRAWING), "dot.png": ImageResource(png())},
        base_url="https://afterword.example.com",
    )


def test_everything_that_was_written_is_in_the_pdf():
    text = pdf_text(render_pdf(full_document()))
    for words in (
        *(
            "Checkout was unavailable",
            "In review",
            "Incident #42",
            "Severity",
            "Checkout, Cart",
            "Demo Owner",
        ),
        *(
            "Key information",
            "15:41 UTC",
            "An event took a worker down",
            "quoted",
            "☑ done",
            "• plain",
            "2. two",
        ),
        *("raise SystemExit", "Errors", "A note.", "Part", "Deep", "15:39", "Alert opened", "Done", "1 / 1"),
    ):
        assert words in text


def test_the_pdf_is_tagged_titled_and_has_a_language_and_bookmarks():
    pdf = render_pdf(full_document())
    reader = read_pdf(pdf)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - a pypdf object
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert reader.metadata.title == "Checkout was unavailable"
    assert reader.metadata.author == "Demo Owner"
    assert reader.metadata.creation_date == AT
    assert b"pdfuaid:part" in reader.xmp_metadata.stream.get_data()
    assert headings_of(pdf) == [
        *((1, "Key information"), (1, "Summary"), (2, "Part"), (3, "Deep")),
        *((1, "Timeline"), (1, "Follow-ups")),
    ]
    tags = tags_of(pdf)
    for tag in ("/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Figure", "/Link", "/Code"):
        assert tag in tags


def test_pages_are_a4_and_fonts_are_inside():
    reader = read_pdf(render_pdf(full_document()))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_links_lead_out_into_the_install_and_within():
    links = [
        annotation.get_object()
        for page in read_pdf(render_pdf(full_document())).pages
        for annotation in page.get("/Annots", [])
    ]
    addresses = {link["/A"]["/URI"] for link in links if "/A" in link and "/URI" in link["/A"]}
    assert addresses == {"https://example.com", "https://afterword.example.com/i/7"}
    assert any("/Dest" in link or link.get("/A", {}).get("/S") == "/GoTo" for link in links)


def test_the_same_document_gives_the_same_bytes_in_another_process():
    script = (
        "import sys; sys.path[:0] = sys.argv[1:];"
        "from tests.documents.test_pdf import full_document; from afterword.documents import render_pdf;"
        "sys.stdout.buffer.write(render_pdf(full_document()))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    other = subprocess.run(
        [sys.executable, "-c", script, *sys.path],
        capture_output=True,
        check=True,
        env=environment,
        timeout=60,
    )
    assert other.stdout == render_pdf(full_document())


def test_the_same_moment_in_another_zone_gives_the_same_bytes():
    elsewhere = AT.astimezone(timezone(timedelta(hours=9)))
    one, other = (
        document_of("x"),
        Document(title="Checkout was unavailable", generated_at=elsewhere, sections=[]),
    )
    assert render_pdf(Document(title=one.title, generated_at=AT, sections=[])) == render_pdf(other)


def test_one_document_after_another_does_not_mix():
    texts = [pdf_text(render_pdf(document_of(f"number {number}"))) for number in (1, 2, 1)]
    assert ["number 1" in text for text in texts] == [True, False, True]
    assert ["number 2" in text for text in texts] == [False, True, False]


@pytest.mark.parametrize(
    "words",
    [
        "Příliš žluťoučký kůň, façade, Ærøskøbing, Đặng",
        "Το σύστημα σταμάτησε",
        "Служба недоступна, ґанок",
        "שירות אינו זמין",
        "🔥 🚀 ✅ ⚠ 👍",
        "→ ≥ ✓ ✗ € ½ █ │",
    ],
)
def test_writing_of_the_world_is_drawn_and_can_be_copied(words):
    pdf = render_pdf(document_of(words, title=words))
    text = unicodedata.normalize("NFC", pdf_text(pdf))
    # An extractor may turn a right-to-left line round; its letters are what counts.
    for word in words.replace(",", "").split():
        assert word in text or word[::-1] in text
    assert "U+" not in text
    assert read_pdf(pdf).metadata.title == words


def test_arabic_is_shaped_and_set_from_the_right():
    pdf = render_pdf(document_of("تعطلت الخدمة", title="تعطلت الخدمة"))
    letters = {unicodedata.normalize("NFKC", letter)[0] for letter in pdf_text(pdf) if letter.strip()}
    assert letters >= set("تعطلتالخدمة")
    assert (
        min(start for text, start in text_positions(pdf) if "ت" in unicodedata.normalize("NFKC", text)) > 300
    )


def test_a_character_without_a_glyph_is_marked_and_named():
    text = pdf_text(render_pdf(document_of("The word 中文 is left.")))
    assert "The word �� is left." in text
    assert "U+4E2D, U+6587" in text


def test_a_style_of_letters_that_no_font_has_falls_back_to_the_letters():
    text = pdf_text(render_pdf(document_of("𝓗𝓮𝓵𝓵𝓸 ｆｕｌｌ")))
    assert "Hello full" in text
    assert "U+" not in text


def test_a_thousand_rows_are_all_printed_under_a_head_on_every_page():
    rows = [
        (f"{number:04}", "The queue was drained and the workers came back one by one")
        for number in range(1000)
    ]
    pdf = render_pdf(document_of([table(("Step", "What happened"), rows)]))
    pages = [page.extract_text() for page in read_pdf(pdf).pages]
    assert len(pages) > 20
    printed = " ".join(pages)
    assert all(f"{number:04}" in printed for number in range(1000))
    for page in pages[:-1]:
        assert "What happened" in page


def test_a_long_document_has_a_table_of_contents_and_a_short_one_has_none():
    long = Document(
        title="T",
        generated_at=AT,
        sections=[
            DocumentSection(f"Part {number}", [Paragraph((Text("words " * 600),))]) for number in range(9)
        ],
    )
    pdf = render_pdf(long)
    assert "Contents" in read_pdf(pdf).pages[0].extract_text()
    assert "Contents" not in pdf_text(render_pdf(document_of("short")))


def test_contents_that_would_fill_ten_pages_name_the_sections_alone():
    """Typst needs more time and memory for an entry than for all that stands below its heading."""
    steps = [Heading(2, (Text(f"Step {number}."),)) for number in range(500)]
    section = DocumentSection("What was done", steps)
    text = pdf_text(render_pdf(Document(title="T", generated_at=AT, sections=[section])))
    assert text.count("What was done") == 2
    assert text.count("Step 7.") == 1


def test_a_long_word_is_broken_inside_its_cell_and_can_be_copied():
    address = "https://example.com/" + "a-very-long-path/" * 12
    commit = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    pdf = render_pdf(document_of([table(("a", "b", "c"), [(address, commit, "x" * 3000)])]))
    positions = text_positions(pdf)
    text = "".join(text for text, _ in positions).replace("\n", "").replace("\u200b", "")
    assert address in text
    assert commit in text
    assert text.count("x") >= 3000
    assert not any(commit in run or "x" * 100 in run for run, _ in positions)
    assert max(start for _, start in positions) < 595 - 68


def test_a_document_with_nothing_in_it_is_a_pdf():
    pdf = render_pdf(Document(title=" \u202e ", generated_at=AT, sections=[DocumentSection("", [])]))
    assert read_pdf(pdf).metadata.title == "Untitled"


def test_what_pdf_ua_refuses_is_still_a_tagged_pdf(monkeypatch):
    # Nothing that the tree can say makes Typst refuse PDF/UA, so a picture loses its alternative here.
    monkeypatch.setattr("afterword.documents.pdf.printable", without_alternatives)
    pdf = render_pdf(document_of("![x](attachment:a.png)", images={"a.png": ImageResource(png())}))
    reader = read_pdf(pdf)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712
    assert b"pdfuaid:part" not in reader.xmp_metadata.stream.get_data()
    assert pictures_in(pdf) == 1
    assert isinstance(reader, pypdf.PdfReader)


def without_alternatives(*arguments):
    printed = printable(*arguments)
    figure = printed["sections"][0]["blocks"][0]
    figure["c"]["alt"] = None
    return printed
