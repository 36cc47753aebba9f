import time
import zlib

import pytest
from hypothesis import given

from afterword.documents import (
    BulletList,
    CodeBlock,
    Document,
    DocumentSection,
    DocumentTooLarge,
    ImageResource,
    ListItem,
    Paragraph,
    Text,
    definitions,
    limits,
    render_pdf,
    table,
)
from tests.documents.documents import AT, DRAWING, document_of, pdf_text, pictures_in, png, read_pdf
from tests.documents.test_markdown_becomes_a_tree import MARKDOWN
from tests.examples import examples

pytestmark = pytest.mark.pure

TYPST = [
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    '#eval("1+1")',
    "$ sum $ <label> @label #let x = 1",
    "= Heading *strong* _emph_ `raw` // comment /* x */",
    "#{while true {}}",
    "\\u{41} ~ --- ]} [#",
]


@pytest.mark.parametrize("code", TYPST)
def test_typst_code_prints_as_text_wherever_it_stands(code):
    document = Document(
        title=code,
        subtitle=code,
        status=code,
        facts=[(code, code)],
        authors=[code],
        generated_at=AT,
        sections=[
            DocumentSection(
                code, [Paragraph((Text(code),)), table((code,), [(code,)]), definitions([(code, code)])]
            )
        ],
    )
    pdf = render_pdf(document)
    assert "".join(pdf_text(pdf).split()).count("".join(code.split())) >= 10
    assert read_pdf(pdf).metadata.title == " ".join(code.split())


def test_code_in_markdown_prints_as_text():
    text = pdf_text(render_pdf(document_of('`#read("/etc/passwd")`\n\n```\n#read("/etc/passwd")\n```')))
    assert text.count('#read("/etc/passwd")') == 2
    assert "root:" not in text


def test_html_and_pictures_from_elsewhere_print_as_text():
    text = pdf_text(
        render_pdf(
            document_of(
                "<script>alert(1)</script> ![up](../../etc/passwd) ![root](/etc/passwd)"
                " ![remote](https://example.com/x.png) ![in](attachment:../x.png)",
                images={"../x.png": ImageResource(png())},
            )
        )
    )
    assert "<script>alert(1)</script> up root remote in" in text


def test_a_bidirectional_override_does_not_arrive():
    pdf = render_pdf(document_of("a\u202eb\u2066", title="gpj.\u202eexe\u2069"))
    assert read_pdf(pdf).metadata.title == "gpj.exe"
    assert not set(pdf_text(pdf)) & set("\u202e\u2066\u2069")


@examples(60)
@given(MARKDOWN)
def test_any_text_becomes_a_pdf(markdown):
    assert render_pdf(document_of(markdown, title=markdown)).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    "markdown",
    [
        ("Lorem ipsum *dolor* sit amet, consectetur adipiscing `elit` sed. " * 8 + "\n\n") * 1_970,
        "x" * 1_048_576,
        "word " * 209_000,
        "```\n" + "some code in a line\n" * 52_000 + "```",
        "```\n" + "a" * 1_000_000 + "\n```",
        ">" * 5_000 + " x",
        "- " * 5_000 + "x",
        "# a\n\n###### b\n\n" * 1_000,
        "a|" * 39 + "\n" + "-|" * 39 + "\n" + ("some words|" * 39 + "\n") * 50,
    ],
    ids=["text", "word", "paragraph", "code", "line", "quotes", "lists", "headings", "columns"],
)
def test_a_megabyte_stays_bounded(markdown):
    assert len(markdown) <= limits.TEXT_BYTES_MAX
    begun = time.monotonic()
    pdf = render_pdf(document_of(markdown), timeout_seconds=120)
    assert time.monotonic() - begun < 60
    assert len(pdf) < limits.PDF_BYTES_MAX


@pytest.mark.parametrize(
    "block",
    [
        Paragraph((Text("words " * 100_000),)),
        BulletList([ListItem([CodeBlock("", "x")] * 8_000)], tight=True),
    ],
    ids=["text", "code"],
)
def test_a_document_that_is_too_much_is_refused_before_it_is_laid_out(block):
    document = Document(title="T", generated_at=AT, sections=[DocumentSection("S", [block])] * 4)
    with pytest.raises(DocumentTooLarge, match="too large for a PDF"):
        render_pdf(document)


BOMB = zlib.compress(b"\0" * 1_000_000)
USES = b"".join(
    b'<g id="g%d">%s</g>' % (level, b'<use href="#g%d"/>' % (level - 1) * 10) for level in range(1, 10)
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a picture",
        png(30_000, 30_000, pixels=BOMB),
        png(5_000, 4_000, pixels=b"garbage"),
        png()[:40],
        b"\xff\xd8\xff\xe0" + b"\0" * 50,
        b"\xff\xd8\xff" + b"\xff" * 5_000,
        b"GIF89a\xff\xff\xff\xff",
        b"GIF89a\x08\x00\x08\x00garbage",
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>',
        b'<svg xmlns="http://www.w3.org/2000/svg"><g>',
        b"<html/>",
        b"x" * (limits.IMAGE_BYTES_MAX + 1),
    ],
    ids=["empty", "text", "pixels", "broken png", "cut png", "jpeg", "fill bytes", "gif size", "gif"]
    + ["entities", "open svg", "html", "bytes"],
)
def test_a_bad_picture_is_a_note_and_the_others_are_shown(data):
    pdf = render_pdf(
        document_of(
            "before\n\n![bad](attachment:bad)\n\n![good](attachment:good)\n\nafter",
            images={"bad": ImageResource(data), "good": ImageResource(png())},
        )
    )
    text = pdf_text(pdf)
    assert "[Picture could not be shown: bad]" in text
    assert "before" in text
    assert "after" in text
    assert pictures_in(pdf) == 1


def test_a_drawing_that_copies_itself_without_end_is_left_out_in_time():
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><defs><g id="g0"><rect width="1"'
        b' height="1"/></g>' + USES + b'</defs><use href="#g9"/></svg>'
    )
    begun = time.monotonic()
    text = pdf_text(
        render_pdf(
            document_of(
                "![bad](attachment:bad)\n\n![good](attachment:good)",
                images={"bad": ImageResource(drawing), "good": ImageResource(DRAWING)},
            )
        )
    )
    assert time.monotonic() - begun < limits.IMAGE_TRIAL_SECONDS + 10
    assert "[Picture could not be shown: bad]" in text
    assert "good]" not in text
