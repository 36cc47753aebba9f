"""The tree of a document: what every renderer reads.

Markdown becomes this tree (`parser.py`), and live sections are built from it directly. All nodes are
frozen and hold tuples, so a tree can be shared, compared and kept in a cache. Text is plain text: a
renderer escapes it, and takes bidirectional controls out of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

Tone = Literal["neutral", "accent", "progress", "good", "warning", "bad"]
Alignment = Literal["left", "center", "right"] | None


@dataclass(frozen=True, slots=True)
class Text:
    """Characters. A line feed is a soft break: a space where lines are filled."""

    value: str


@dataclass(frozen=True, slots=True)
class Strong:
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Emphasis:
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Strike:
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class Code:
    value: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link. A renderer shows only the children where `link_target(href)` is None."""

    href: str
    children: "Inlines"


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A break that the writer asked for."""


@dataclass(frozen=True, slots=True)
class InlineImage:
    """A picture in a line of text; `name` is a key of the images mapping."""

    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class FootnoteReference:
    number: int


@dataclass(frozen=True, slots=True)
class Badge:
    """A short word with a colour that says how to take it: a status, a priority."""

    value: str
    tone: Tone = "neutral"


Inline = Text | Strong | Emphasis | Strike | Code | Link | LineBreak | InlineImage | FootnoteReference | Badge
Inlines = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    children: Inlines


@dataclass(frozen=True, slots=True)
class Missing(Paragraph):
    """Says to those who could add it what is not there: nothing that a document itself says."""


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 1 to 6, as written; documents renumber it so that no level is skipped."""

    level: int
    children: Inlines


@dataclass(frozen=True, slots=True)
class ListItem:
    """`checked` is None unless the item is a task."""

    blocks: "Blocks"
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[ListItem, ...]
    tight: bool = True


@dataclass(frozen=True, slots=True)
class OrderedList:
    items: tuple[ListItem, ...]
    start: int = 1
    tight: bool = True


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: "Blocks"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose head is repeated on every printed page.

    `widths` are shares of the line for each column (`(1, 1, 4, 2)`), a zero meaning as narrow as its
    text; empty lets the renderer decide. An empty head makes a table without one.
    """

    head: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    alignments: tuple[Alignment, ...] = ()
    widths: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    term: Inlines
    description: Inlines


@dataclass(frozen=True, slots=True)
class DefinitionList:
    """Terms and what they are: a key information block."""

    items: tuple[Definition, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture on its own; `name` is a key of the images mapping, `title` its caption."""

    name: str
    alt: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between two thoughts."""


@dataclass(frozen=True, slots=True)
class Footnote:
    number: int
    blocks: "Blocks"


@dataclass(frozen=True, slots=True)
class Footnotes:
    items: tuple[Footnote, ...]


Block = (
    Paragraph
    | Heading
    | BulletList
    | OrderedList
    | Quote
    | CodeBlock
    | Table
    | DefinitionList
    | Image
    | Rule
    | Footnotes
)
Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class ImageResource:
    """A picture's bytes, and the address a page finds it at.

    `url` is root-relative ("/attachments/7"); without one the bytes go into the page themselves. What
    the bytes are is read from them and not from a name; a PDF takes PNG, JPEG, GIF and SVG.
    """

    data: bytes
    url: str = ""


NO_IMAGES: Mapping[str, ImageResource] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class DocumentSection:
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: a cover and its sections.

    `generated_at` is an aware time and the PDF's only clock: the same document gives the same bytes.
    `language` is a BCP 47 tag. `status` is shown as a badge beside the subtitle. `base_url` is what
    "/path" links hang on where a document leaves the install (Markdown, PDF); without one they stay
    as they are in Markdown and are text in the PDF.
    """

    title: str
    generated_at: datetime
    sections: Sequence[DocumentSection]
    subtitle: str = ""
    status: str = ""
    status_tone: Tone = "neutral"
    facts: Sequence[tuple[str, str]] = ()
    authors: Sequence[str] = ()
    language: str = "en"
    images: Mapping[str, ImageResource] = field(default_factory=lambda: NO_IMAGES)
    base_url: str = ""


def inlines(value: str) -> Inlines:
    """Plain text as the children of a paragraph, a cell or a definition; line feeds become breaks."""
    lines = value.split("\n")
    children: list[Inline] = []
    for position, line in enumerate(lines):
        if position:
            children.append(LineBreak())
        if line:
            children.append(Text(line))
    return tuple(children)


def paragraph(value: str) -> Paragraph:
    """Plain text as one paragraph."""
    return Paragraph(inlines(value))


def definitions(facts: Sequence[tuple[str, str]]) -> DefinitionList:
    """Pairs of plain text as a definition list."""
    return DefinitionList(tuple(Definition(inlines(term), inlines(value)) for term, value in facts))


def table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float] = ()) -> Table:
    """Plain text as a table."""
    return Table(
        head=tuple(inlines(cell) for cell in head),
        rows=tuple(tuple(inlines(cell) for cell in row) for row in rows),
        widths=tuple(widths),
    )
