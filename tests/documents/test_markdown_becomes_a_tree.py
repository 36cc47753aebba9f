from dataclasses import fields, is_dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.documents import (
    BulletList,
    Code,
    CodeBlock,
    DocumentTooLarge,
    Emphasis,
    FootnoteReference,
    Footnotes,
    Heading,
    Image,
    InlineImage,
    LineBreak,
    Link,
    ListItem,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Strike,
    Strong,
    Table,
    Text,
    limits,
    parse_markdown,
)
from afterword.documents.words import written_text
from tests.examples import examples
from tests.pace import within

pytestmark = pytest.mark.pure


def inlines_of(markdown):
    (block,) = parse_markdown(markdown)
    assert isinstance(block, Paragraph)
    return block.children


def text_in(node):
    """Every string in a tree, joined."""
    if isinstance(node, str):
        return node
    if is_dataclass(node):
        return " ".join(text_in(getattr(node, field.name)) for field in fields(node))
    if isinstance(node, list | tuple):
        return " ".join(text_in(child) for child in node)
    return ""


def depth_of(node):
    if is_dataclass(node):
        return 1 + max((depth_of(getattr(node, field.name)) for field in fields(node)), default=0)
    if isinstance(node, list | tuple):
        return max((depth_of(child) for child in node), default=0)
    return 0


def test_blocks_and_inlines_become_nodes():
    assert parse_markdown("## Title\n\n> quoted\n\n---\n\n```go\nx := 1\n```\n") == [
        Heading(2, (Text("Title"),)),
        Quote((Paragraph((Text("quoted"),)),)),
        Rule(),
        CodeBlock("go", "x := 1"),
    ]
    assert inlines_of("a *b* **c** ~~d~~ `e`  \nf") == (
        Text("a "),
        Emphasis((Text("b"),)),
        Text(" "),
        Strong((Text("c"),)),
        Text(" "),
        Strike((Text("d"),)),
        Text(" "),
        Code("e"),
        LineBreak(),
        Text("f"),
    )


def test_a_task_list_keeps_what_is_done():
    (tasks,) = parse_markdown("- [x] done\n- [ ] open\n- plain\n")
    assert isinstance(tasks, BulletList)
    assert [item.checked for item in tasks.items] == [True, False, None]
    assert tasks.items[0] == ListItem((Paragraph((Text("done"),)),), checked=True)


def test_an_ordered_list_keeps_its_first_number_and_its_spacing():
    (tight,) = parse_markdown("3. a\n4. b\n")
    (loose,) = parse_markdown("3. a\n\n4. b\n")
    assert isinstance(tight, OrderedList)
    assert isinstance(loose, OrderedList)
    assert (tight.start, tight.tight, loose.tight) == (3, True, False)


def test_a_list_that_starts_at_zero_starts_at_zero():
    (numbered,) = parse_markdown("0. a\n1. b\n")
    assert isinstance(numbered, OrderedList)
    assert numbered.start == 0


def test_a_table_keeps_head_rows_and_alignments():
    (table,) = parse_markdown("| a | b |\n|:--|--:|\n| 1 | **2** |\n| 3 \\| 4 |\n")
    assert table == Table(
        head=((Text("a"),), (Text("b"),)),
        rows=(((Text("1"),), (Strong((Text("2"),)),)), ((Text("3 | 4"),), ())),
        alignments=("left", "right"),
    )


def test_footnotes_are_numbered_in_the_order_of_reading_and_none_is_lost():
    blocks = parse_markdown(
        "b[^two] a[^one]\n\n[^one]: first\n[^two]: second\n[^three]: nobody points here\n"
    )
    assert [child for child in blocks[0].children if isinstance(child, FootnoteReference)] == [
        FootnoteReference(1),
        FootnoteReference(2),
    ]
    notes = blocks[-1]
    assert isinstance(notes, Footnotes)
    assert [(note.number, written_text(note.blocks[0].children)) for note in notes.items] == [
        (1, "second"),
        (2, "first"),
        (3, "nobody points here"),
    ]


def test_a_bare_address_becomes_a_link_without_the_punctuation_after_it():
    assert inlines_of("see https://example.com/a_b_c(d)?x=1, or (http://example.com).") == (
        Text("see "),
        Link("https://example.com/a_b_c(d)?x=1", (Text("https://example.com/a_b_c(d)?x=1"),)),
        Text(", or ("),
        Link("http://example.com", (Text("http://example.com"),)),
        Text(")."),
    )


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.com",
        "relative/path",
        "../up",
        "ftp://example.com",
    ],
)
def test_a_link_that_may_not_lead_there_becomes_its_text(target):
    assert inlines_of(f"[words]({target})") == (Text("words"),)


@pytest.mark.parametrize(
    "target", ["https://example.com/a", "http://example.com", "mailto:demo@example.com", "/path", "#part"]
)
def test_a_link_that_may_lead_there_stays(target):
    assert inlines_of(f"[words]({target})") == (Link(target, (Text("words"),)),)


def test_html_stays_text():
    assert text_in(parse_markdown("<script>alert(1)</script>\n\na <b>b</b>")).split() == [
        "<script>alert(1)</script>",
        "a",
        "<b>b</b>",
    ]


def test_only_an_attachment_is_a_picture():
    assert parse_markdown('![chart](attachment:the%20chart.png "Caption")') == [
        Image("the chart.png", "chart", "Caption")
    ]
    assert inlines_of("a ![chart](attachment:c.png)")[1] == InlineImage("c.png", "chart")
    assert inlines_of("![chart](https://example.com/c.png)") == (
        Link("https://example.com/c.png", (Text("chart"),)),
    )
    for source in ("../../etc/passwd", "/etc/passwd", "attachment:../x.png", "attachment:a/b.png", "c.png"):
        assert inlines_of(f"![chart]({source})") == (Text("chart"),)


def test_bidirectional_controls_do_not_arrive():
    assert inlines_of("a\u202eb\u2066c `\u202ad`") == (Text("abc "), Code("d"))


def test_what_is_nested_too_deep_is_kept_as_text():
    blocks = parse_markdown(">" * 5000 + " the last word")
    assert "the last word" in text_in(blocks)
    assert depth_of(blocks) < 40
    nested = "\n".join("  " * level + f"- level {level}" for level in range(200))
    blocks = parse_markdown(nested)
    assert depth_of(blocks) < 80
    for level in range(200):
        assert f"level {level}" in text_in(blocks)


def test_emphasis_nested_too_deep_keeps_its_text():
    blocks = parse_markdown("*a **b " * 500 + "c" + "** d*" * 500)
    assert depth_of(blocks) < 40
    assert text_in(blocks).count("a") == 500


def test_a_text_over_the_limit_is_refused_and_one_at_the_limit_is_read():
    assert parse_markdown("x" * limits.TEXT_BYTES_MAX)
    with pytest.raises(DocumentTooLarge, match="1024 KB"):
        parse_markdown("é" * (limits.TEXT_BYTES_MAX // 2 + 1))


def test_too_many_parts_rows_or_columns_are_refused():
    with pytest.raises(DocumentTooLarge, match="parts"):
        parse_markdown("a\n\n" * (limits.NODES_MAX + 1))
    with pytest.raises(DocumentTooLarge, match="rows"):
        parse_markdown("|a|\n|-|\n" + "|1|\n" * (limits.TABLE_ROWS_MAX + 1))
    with pytest.raises(DocumentTooLarge, match="columns"):
        parse_markdown("a|" * 41 + "\n" + "-|" * 41)


@pytest.mark.parametrize(
    "markdown",
    [
        "[" * 60_000,
        "[a](" * 15_000,
        "![" * 30_000,
        "*a _b " * 10_000,
        "a**b" * 15_000 + "c* " * 1_000,
        "<" * 60_000,
        "https://" * 8_000,
        "https://example.com/" + ")" * 60_000,
        "[^a]: x\n\n" + "[^a]" * 15_000,
        ">" * 100 + "a\n" + "b\n" * 20_000,
        "* * * * * * a\n" * 5_000,
        "word " * 200_000,
        "".join("`" * ticks + " " for ticks in range(300)),
    ],
    ids=lambda markdown: markdown[:12].strip(),
)
def test_reading_takes_time_in_proportion_to_the_text(markdown):
    with within(5):
        parse_markdown(markdown)


MARKS = [
    *"#*_~`[]()<>!|\\-+:.&;^\"'/ \n\t01ax",
    *("\n\n", "```", "[^a]", "[^a]: ", "- [ ] ", "1. ", "    ", "> ", "https://a.b", "|-|-|\n"),
    *("![x](attachment:y)", "](", "javascript:", "data:", "\u202e", "\x00", "\ud800", "é", "م", "🔥"),
]
MARKDOWN = st.text(max_size=200) | st.lists(st.sampled_from(MARKS), max_size=60).map("".join)


@examples(400)
@given(MARKDOWN)
def test_any_text_becomes_a_tree(markdown):
    parse_markdown(markdown)
