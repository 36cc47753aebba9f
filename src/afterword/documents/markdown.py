"""The tree as Markdown that `parse_markdown` reads back."""

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from afterword.documents.text import clean_text, link_target, plain_text
from afterword.documents.tree import (
    Badge,
    Block,
    BulletList,
    Code,
    CodeBlock,
    DefinitionList,
    Document,
    Emphasis,
    FootnoteReference,
    Footnotes,
    Heading,
    Image,
    Inline,
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
)
from afterword.documents.words import written_text

_MARKS = re.compile(r"([\\`*\[\]<~|])|(?<!\w)(_)|(_)(?!\w)|(&)(?=#?\w+;)|(!)(?=\[)")
_LINE_MARKS = re.compile(r"(?m)^([ \t]*)(?:([#>+=-])|(\d{1,9})([.)]))(?=.*$)")
_EDGE_SPACES = re.compile(r"(?m)^[ \t]+|[ \t]+$")
_BARE = re.compile(r"https?://", re.IGNORECASE)


def render_markdown(document: Document) -> str:
    """The whole document as Markdown; the same document gives the same text.

    The cover is a title, a line of status and authors, and a list of facts; each section is a second-level
    heading with its own headings moved below it. Pictures stay `attachment:<name>`.
    """
    writer = _Writer(base_url=document.base_url)
    lines = [f"# {_escaped(plain_text(document.title))}", ""]
    status, subtitle = _escaped(plain_text(document.status)), _escaped(plain_text(document.subtitle))
    line = " · ".join(part for part in (f"**{status}**" if status else "", subtitle) if part)
    if line:
        lines += [line, ""]
    if document.authors:
        lines += ["*" + _escaped(", ".join(plain_text(name) for name in document.authors)) + "*", ""]
    if document.facts:
        facts = [
            f"- **{_escaped(plain_text(term))}**: {_escaped(plain_text(fact))}"
            for term, fact in document.facts
        ]
        lines += [*facts, ""]
    for section in document.sections:
        lines += [
            f"## {_escaped(plain_text(section.title))}",
            "",
            *writer.blocks(section.blocks, heading_offset=2),
            "",
        ]
    return "\n".join(lines).rstrip("\n") + "\n"


def render_markdown_blocks(blocks: Sequence[Block]) -> str:
    """Some blocks as Markdown, headings as they are."""
    text = "\n".join(_Writer().blocks(blocks, heading_offset=0)).rstrip("\n")
    return text + "\n" if text else ""


class _Writer:
    """Writes blocks as lines; `base_url` stands before links to the install's own pages."""

    def __init__(self, *, base_url: str = "") -> None:
        self.base_url = base_url.rstrip("/")

    def blocks(self, blocks: Iterable[Block], *, heading_offset: int, tight: bool = False) -> Iterator[str]:
        previous: Block | None = None
        for block in blocks:
            if previous is not None and not tight:
                yield ""
            yield from self.block(block, heading_offset)
            previous = block

    def block(self, block: Block, heading_offset: int) -> Iterator[str]:
        match block:
            case Paragraph(children):
                yield from _at_line_starts(self.inlines(children)).split("\n")
            case Heading(level, children):
                text = " ".join(self.inlines(children).replace("\\\n", " ").split())
                text = re.sub(r"(#+)$", r"\\\1", text)
                yield f"{'#' * min(6, level + heading_offset)} {text}".rstrip()
            case BulletList(items, tight):
                yield from self.items(items, ["-"] * len(items), tight, heading_offset)
            case OrderedList(items, start, tight):
                numbers = [f"{number}." for number in range(start, start + len(items))]
                yield from self.items(items, numbers, tight, heading_offset)
            case Quote(inner):
                for line in self.blocks(inner, heading_offset=heading_offset):
                    yield f"> {line}".rstrip()
            case CodeBlock(language, text):
                text = clean_text(text)
                fence = "`" * max(3, _longest_run(text) + 1)
                yield fence + re.sub(r"[`\s]", "", clean_text(language))
                yield from text.split("\n")
                yield fence
            case Table():
                yield from self.table(block)
            case DefinitionList(items):
                for item in items:
                    yield f"- **{self.one_line(item.term)}**: {self.one_line(item.description)}"
            case Image(name, alt, title):
                caption = (
                    ' "' + plain_text(title).replace("\\", "\\\\").replace('"', '\\"') + '"' if title else ""
                )
                yield f"![{_escaped(plain_text(alt))}]({_attachment(name)}{caption})"
            case Rule():
                yield "---"
            case Footnotes(items):
                for note in items:
                    lines = self.blocks(note.blocks, heading_offset=heading_offset)
                    yield f"[^{note.number}]: " + next(lines, "")
                    for line in lines:
                        yield f"    {line}" if line else ""

    def items(
        self, items: Sequence[ListItem], markers: Sequence[str], tight: bool, heading_offset: int
    ) -> Iterator[str]:
        for position, (item, marker) in enumerate(zip(items, markers, strict=True)):
            if position and not tight:
                yield ""
            box = {None: "", True: "[x] ", False: "[ ] "}[item.checked]
            lines = self.blocks(item.blocks, heading_offset=heading_offset, tight=tight)
            yield f"{marker} {box}{next(lines, '')}".rstrip()
            for line in lines:
                yield " " * (len(marker) + 1) + line if line else ""

    def table(self, table: Table) -> Iterator[str]:
        columns = max([len(table.head), *(len(row) for row in table.rows)], default=0)
        if not columns:
            return
        yield _row([self.one_line(cell) for cell in table.head], columns)
        rules = {None: "---", "left": ":--", "center": ":-:", "right": "--:"}
        alignments = [*table.alignments, *[None] * columns][:columns]
        yield _row([rules[alignment] for alignment in alignments], columns)
        for row in table.rows:
            yield _row([self.one_line(cell) for cell in row], columns)

    def one_line(self, children: Iterable[Inline]) -> str:
        """Inlines for a place where a line feed would end it; Markdown has no break there."""
        return self.inlines(children).replace("\\\n", " ").replace("\n", " ").strip()

    def inlines(self, children: Iterable[Inline]) -> str:
        return "".join(self.inline(child) for child in children)

    def inline(self, child: Inline) -> str:
        match child:
            case Text(value):
                return _escaped(clean_text(value))
            case Strong(children):
                return _marked("**", self.inlines(children))
            case Emphasis(children):
                return _marked("*", self.inlines(children))
            case Strike(children):
                return _marked("~~", self.inlines(children))
            case Code(value):
                return _code(clean_text(value))
            case Link(href, children):
                return self.link(href, children)
            case LineBreak():
                return "\\\n"
            case InlineImage(name, alt):
                return f"![{_escaped(plain_text(alt))}]({_attachment(name)})"
            case FootnoteReference(number):
                return f"[^{number}]"
            case Badge(value):
                return f"**{_escaped(plain_text(value))}**" if value.strip() else ""

    def link(self, href: str, children: Sequence[Inline]) -> str:
        target = link_target(href)
        if target is None:
            return self.inlines(children)
        if target.startswith("/"):
            target = self.base_url + target
        if written_text(children) == target and _BARE.match(target) and not re.search(r"[()*_~]", target):
            return f"<{target}>"
        return f"[{self.inlines(children)}]({target.replace('(', '%28').replace(')', '%29')})"


def _row(cells: Sequence[str], columns: int) -> str:
    return "| " + " | ".join([*cells, *[""] * (columns - len(cells))]) + " |"


def _marked(mark: str, inside: str) -> str:
    """A mark must touch a word on its inner side, so spaces at the edges go outside."""
    words = inside.strip()
    if not words:
        return inside
    before, after = inside[: len(inside) - len(inside.lstrip())], inside[len(inside.rstrip()) :]
    return f"{before}{mark}{words}{mark}{after}"


def _code(value: str) -> str:
    value = value.replace("\n", " ")
    fence = "`" * (_longest_run(value) + 1)
    padding = " " if value.startswith(("`", " ")) or value.endswith(("`", " ")) else ""
    return f"{fence}{padding}{value}{padding}{fence}"


def _longest_run(value: str) -> int:
    return max((len(run) for run in re.findall("`+", value)), default=0)


def _escaped(value: str) -> str:
    return _MARKS.sub(r"\\\g<0>", value)


def _at_line_starts(text: str) -> str:
    """The text of a paragraph so that no line of it begins a heading, list, quote or rule."""

    def escaped(found: re.Match[str]) -> str:
        if found.group(2):
            return f"\\{found.group(2)}"
        return f"{found.group(3)}\\{found.group(4)}"

    return _LINE_MARKS.sub(escaped, _EDGE_SPACES.sub("", text))


def _attachment(name: str) -> str:
    return "attachment:" + quote(clean_text(name), safe="")
