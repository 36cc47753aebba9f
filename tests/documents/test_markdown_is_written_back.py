import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.documents import (
    Document,
    DocumentSection,
    Paragraph,
    Text,
    definitions,
    inlines,
    parse_markdown,
    render_markdown,
    render_markdown_blocks,
    table,
)
from afterword.documents.words import written_text
from tests.documents.documents import AT
from tests.examples import examples

pytestmark = pytest.mark.pure

EVERYTHING = """# Title

Some *emphasis*, **strength**, ~~struck~~, `code`, [a link](https://example.com/a) and https://example.com.
A second line.\\
After a break, ![a picture](attachment:a%20b.png).

- one
- two
  - nested

    with a paragraph
- three

1. first

   more

2. second

- [x] done
- [ ] open

> quoted
>
> - in a quote

```python
print("```")
```

| a | b |
| :-- | --: |
| 1 \\| 2 | **3** |

---

![chart](attachment:c.svg "Caption")

Note[^1].

[^1]: The note.

    Its second paragraph.
"""


def test_markdown_that_was_read_is_written_so_that_it_reads_the_same():
    tree = parse_markdown(EVERYTHING)
    written = render_markdown_blocks(tree)
    assert parse_markdown(written) == tree
    assert render_markdown_blocks(parse_markdown(written)) == written


@pytest.mark.parametrize(
    "text",
    ["# no heading", "- no list", "1. no list", "> no quote", "*no emphasis*", "<no html>", "a | b", "[x](y)"]
    + [
        "`no code`",
        "--- ",
        "===",
        "&amp;",
        "\\*",
        "    no code",
        "~~~",
        "![x](y)",
        "_x_",
        "a_b_c",
        "+ x",
        "2) x",
    ],
)
def test_plain_text_that_looks_like_markdown_stays_plain_text(text):
    (block,) = parse_markdown(render_markdown_blocks([Paragraph((Text(text),))]))
    assert isinstance(block, Paragraph)
    assert written_text(block.children) == text.strip()


@examples(300)
@given(st.text(alphabet="#*_~`[]()<>!|\\-+:.&;^'\" 01ab\n=", min_size=1, max_size=40))
def test_any_plain_text_keeps_its_letters(text):
    blocks = parse_markdown(render_markdown_blocks([Paragraph((Text(text),))]))
    letters = "".join(character for character in text if character.isalnum())
    read = "".join(written_text(block.children) for block in blocks if isinstance(block, Paragraph))
    assert "".join(character for character in read if character.isalnum()) == letters


def test_a_document_has_a_cover_and_its_sections():
    document = Document(
        title="Checkout *down*",
        subtitle="Incident #42",
        status="In review",
        facts=[("Severity", "Major")],
        authors=["Demo Owner"],
        generated_at=AT,
        sections=[
            DocumentSection("Key information", [definitions([("Detected", "15:41")])]),
            DocumentSection("Summary", parse_markdown("# What failed\n\nA cable.")),
            DocumentSection("Timeline", [table(("Time", "What"), [("15:39", "Alert\nopened")])]),
        ],
    )
    assert render_markdown(document) == (
        "# Checkout \\*down\\*\n\n**In review** · Incident #42\n\n*Demo Owner*\n\n- **Severity**: Major\n\n"
        "## Key information\n\n- **Detected**: 15:41\n\n"
        "## Summary\n\n### What failed\n\nA cable.\n\n"
        "## Timeline\n\n| Time | What |\n| --- | --- |\n| 15:39 | Alert opened |\n"
    )


def test_a_cell_of_live_text_keeps_its_bars_and_loses_its_line_feeds():
    (read,) = parse_markdown(render_markdown_blocks([table(("a",), [("x | y\nz",)])]))
    assert written_text(read.rows[0][0]) == "x | y z"


def test_links_to_pages_of_the_install_are_written_out():
    document = Document(
        title="T",
        generated_at=AT,
        base_url="https://afterword.example.com/",
        sections=[DocumentSection("S", [Paragraph(parse_markdown("[7](/incidents/7)")[0].children)])],
    )
    assert "[7](https://afterword.example.com/incidents/7)" in render_markdown(document)
    assert inlines("") == ()
