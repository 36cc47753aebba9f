import re

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.documents import (
    Badge,
    Document,
    DocumentSection,
    Heading,
    Image,
    ImageResource,
    Link,
    Paragraph,
    Table,
    Text,
    definitions,
    inlines,
    parse_markdown,
    plain_text,
    render_document_html,
    render_html,
    table,
)
from tests.documents.documents import AT, DRAWING, document_of, png
from tests.documents.test_markdown_becomes_a_tree import MARKDOWN
from tests.examples import examples

pytestmark = pytest.mark.pure

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](<javascript:alert(1)>)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x"onerror="alert(1)](attachment:x.png)',
    '[x](https://e.com "onmouseover=alert(1)")',
    '[x](https://e.com/"onmouseover="alert(1))',
    '```"><script>alert(1)</script>\nx\n```',
    "`<script>alert(1)</script>`",
    "| <script>alert(1)</script> |\n|-|\n| <img src=x onerror=alert(1)> |",
    "# <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<style>body{display:none}</style>",
    "<iframe src=//e.com></iframe>",
    "<form action=//e.com><input></form>",
    "[^<script>]: x\n\n[^<script>]",
    "<math><mtext></mtext><style><img src onerror=alert(1)></style></math>",
]
TAG = re.compile(r"<(/?)([a-zA-Z0-9]+)((?:\s[^<>]*)?)>")


def assert_inert(html):
    for _, tag, attributes in TAG.findall(html):
        assert tag not in {
            "script",
            "style",
            "iframe",
            "form",
            "input",
            "object",
            "svg",
            "math",
            "link",
            "meta",
        }
        outside_of_values = re.sub(r'"[^"]*"', '""', attributes)
        assert not re.search(r"\s(on\w+|style|srcdoc|formaction)\s*=", outside_of_values, re.IGNORECASE)
        for address in re.findall(r'(?:href|src)="([^"]*)"', attributes):
            assert re.match(r"https?:|mailto:|#|/(?![/\\])|data:image/", address)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_inert(attack):
    html = render_html(parse_markdown(attack), images={"x.png": ImageResource(png())})
    assert_inert(html)
    assert_inert(render_document_html(document_of(attack, title=attack)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_a_tree_made_by_hand_is_inert(attack):
    blocks = [
        Paragraph((Link(attack, (Text(attack),)), Badge(attack, attack))),
        Heading(2, (Text(attack),)),
        table((attack,), [(attack,)]),
        definitions([(attack, attack)]),
        Image(attack, attack, attack),
    ]
    assert_inert(render_html(blocks, images={attack: ImageResource(png(), url=attack)}))


@examples(300)
@given(MARKDOWN)
def test_any_text_gives_html_that_a_cleaner_leaves_as_it_is(markdown):
    html = render_html(parse_markdown(markdown))
    assert_inert(html)
    allowed = nh3.clean(
        html,
        tags=nh3.ALLOWED_TAGS | {"section", "figure", "figcaption", "input"},
        attributes={"*": {"class", "id", "dir", "tabindex", "role", "aria-label"}}
        | {"a": {"href", "rel"}, "ol": {"start"}, "th": {"scope"}, "img": {"src", "alt", "loading"}},
        link_rel=None,
    )
    assert allowed == html


@examples(100)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_title_and_fact_stays_text(title, fact):
    html = render_document_html(
        Document(title=title, facts=[(fact, fact)], generated_at=AT, sections=[DocumentSection(title, [])])
    )
    assert_inert(html)
    assert not set(html) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def test_html_that_was_written_can_be_read():
    html = render_html(parse_markdown("a <b>c</b> `<i>` &lt;\n\n<u>d</u>\n\n    <s>"))
    for text in (
        "a &lt;b&gt;c&lt;/b&gt;",
        "<code>&lt;i&gt;</code> &lt;",
        "&lt;u&gt;d&lt;/u&gt;",
        "&lt;s&gt;",
    ):
        assert text in html


def test_a_link_that_leaves_carries_rel_and_one_that_stays_does_not():
    html = render_html(parse_markdown("[out](https://example.com) [in](/incidents/7)"))
    assert '<a href="https://example.com" rel="noopener noreferrer nofollow">out</a>' in html
    assert '<a href="/incidents/7">in</a>' in html


def test_headings_move_down_and_can_be_linked():
    html = render_html(parse_markdown("# One\n\n###### Six\n\n[up](#one)"), heading_offset=2, id_prefix="s3")
    assert '<h3 id="s3-one">One</h3>' in html
    assert '<h6 id="s3-six">Six</h6>' in html
    assert '<a href="#s3-one">up</a>' in html


def test_alignment_is_a_class_and_never_a_style():
    html = render_html(parse_markdown("|a|b|\n|:-:|-:|\n|1|2|"))
    assert '<td class="align-center">1</td><td class="align-right">2</td>' in html
    assert "style" not in html


def test_a_column_of_short_words_beside_long_ones_breaks_none_of_them():
    """In a timeline that somebody wrote as a table, a time took three lines."""
    markdown = "| Time | Event |\n|---|---|\n" + f"| 2022-10-29 01:02 | {'The image was released. ' * 9}|\n"

    assert '<td class="narrow">2022-10-29 01:02</td><td>The image' in render_html(parse_markdown(markdown))
    long = markdown + "| 2022-10-29 01:03 | On it |\n" * 200 + "| a sentence with very many words | x |\n"
    assert "narrow" not in render_html(parse_markdown(long))


def test_a_thousand_rows_are_all_there():
    html = render_html([table(("n",), [(f"row {number}",) for number in range(1000)])])
    assert html.count("<tr>") == 1001
    assert "row 999" in html


def test_a_picture_has_its_address_or_its_bytes_or_a_note():
    blocks = parse_markdown("![a](attachment:a.png)\n\n![b](attachment:b.svg)\n\n![c](attachment:c.png)")
    html = render_html(
        blocks, images={"a.png": ImageResource(b"", url="/attachments/7"), "b.svg": ImageResource(DRAWING)}
    )
    assert '<img src="/attachments/7" alt="a"' in html
    assert '<img src="data:image/svg+xml;base64,' in html
    assert "[Picture could not be shown: c]" in html


def test_right_to_left_text_says_so():
    assert render_html([Paragraph(inlines("تعطلت الخدمة"))]) == '<p dir="rtl">تعطلت الخدمة</p>'


def test_a_section_can_be_linked_by_its_title():
    document = Document(
        title="T",
        generated_at=AT,
        sections=[DocumentSection("Follow-ups", []), DocumentSection("Follow-ups", [])],
    )
    html = render_document_html(document)
    assert '<section id="doc-follow-ups"' in html
    assert '<section id="doc-follow-ups-2"' in html


def test_tasks_and_badges_are_read_out():
    html = render_html([*parse_markdown("- [x] done"), Table(head=(), rows=(((Badge("Overdue", "bad"),),),))])
    assert 'role="img" aria-label="Done"' in html
    assert '<span class="badge badge-bad">Overdue</span>' in html


def test_a_title_is_one_clean_line():
    assert plain_text(" a\u202eb\n\tc\x00 ") == "ab c"
    assert plain_text("\ud800x") == "x"
