"""The tree as the JSON that `typst/document.typ` reads: levels, widths and breaks are decided here."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from afterword.documents import limits
from afterword.documents.columns import column_widths
from afterword.documents.errors import DocumentTooLarge
from afterword.documents.glyphs import MISSING_MARK, Drawable
from afterword.documents.text import clean_text, is_outside, link_target, plain_text, runs_right_to_left, slug
from afterword.documents.tree import (
    Badge,
    Block,
    BulletList,
    Code,
    CodeBlock,
    DefinitionList,
    Document,
    Emphasis,
    Footnote,
    FootnoteReference,
    Footnotes,
    Heading,
    Image,
    Inline,
    InlineImage,
    Inlines,
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
from afterword.documents.words import PICTURE_MISSING, written_text

Json = dict[str, Any]

RUNNING_TITLE_CHARACTERS_MAX = 90
CONTENTS_HEADINGS_MIN = 16
CONTENTS_SECTIONS_MIN = 9
CONTENTS_ENTRIES_MAX = 500
"""Ten pages. Each entry costs Typst eight times what its heading does: it lays the whole document out again
until the pages that the contents name are right."""
MISSING_LISTED_MAX = 24

# Scripts that break lines without spaces or join their letters are left to Typst.
_LONG_WORD = re.compile(r"[^\s\u0590-\u08ff\u0900-\u0fff\u3000-\u9fff\uac00-\ud7af\uf900-\ufaff]{16,}")
_BREAKABLE = re.compile(r"[^/._\-?&=:,;@+%#|]*[/._\-?&=:,;@+%#|]+|[^/._\-?&=:,;@+%#|]+")
_PIECE_CHARACTERS = 8
# Each piece costs Typst more than the last; in words beyond this, zero-width spaces stand between them.
_PIECED_CHARACTERS_MAX = 1_000
_ENDLESS_WORD = re.compile(r"\S{1001,}")
_CODE_PART_LINES = 100
# A block of code takes Typst the memory of four paragraphs: as one node, too many would pass for a document.
_CODE_NODES = 4
_WHOLE_CHARACTERS_MAX = 64
_WHOLE_CHARACTERS_IN_CELL_MAX = 24


def printable(document: Document, pictures: Mapping[str, str], drawable: Drawable) -> Json:
    """The document for the template. `pictures` maps the names of usable pictures to files.

    Heading levels are renumbered so that none is skipped: sections are the first level. Raises
    DocumentTooLarge over DOCUMENT_CHARACTERS_MAX or NODES_MAX.
    """
    return _Printing(document, pictures, drawable).document()


def pictures_used(document: Document) -> list[str]:
    """The names of the pictures in a document, each once, in the order of reading."""
    names: dict[str, None] = {}
    for section in document.sections:
        for node in _walk(section.blocks):
            if isinstance(node, Image | InlineImage):
                names.setdefault(node.name)
    return list(names)


def _walk(nodes: Iterable[Any]) -> Iterator[Any]:
    """Every block and inline, in the order of reading."""
    for node in nodes:
        yield node
        match node:
            case Paragraph(children) | Heading(_, children):
                yield from _walk(children)
            case Strong(children) | Emphasis(children) | Strike(children) | Link(_, children):
                yield from _walk(children)
            case BulletList(items) | OrderedList(items) | Footnotes(items):
                for item in items:
                    yield from _walk(item.blocks)
            case Quote(blocks):
                yield from _walk(blocks)
            case Table(head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from _walk(cell)
            case DefinitionList(definitions):
                for definition in definitions:
                    yield from _walk(definition.term)
                    yield from _walk(definition.description)


class _Printing:
    """One document; holds what is one per document."""

    def __init__(self, document: Document, pictures: Mapping[str, str], drawable: Drawable) -> None:
        self.source = document
        self.pictures = pictures
        self.drawable = drawable
        self.characters = 0
        self.nodes = 0
        self.headings = 0
        self.subheadings = 0

    def document(self) -> Json:
        source = self.source
        sections = [
            _SectionPrinting(self, number, section.blocks).section(section.title)
            for number, section in enumerate(source.sections, 1)
        ]
        title = self.line(source.title) or "Untitled"
        status = self.line(source.status)
        printed: Json = {
            "title": title,
            "rtl": runs_right_to_left(title),
            "running": title[:RUNNING_TITLE_CHARACTERS_MAX]
            + ("…" if len(title) > RUNNING_TITLE_CHARACTERS_MAX else ""),
            "language": _language(source.language),
            "status": {"k": "badge", "v": status, "tone": source.status_tone} if status else None,
            "subtitle": self.line(source.subtitle),
            "authors": [name for name in map(self.line, source.authors) if name],
            "facts": [
                [self.line(term), self.text(plain_text(fact), narrow=True)] for term, fact in source.facts
            ],
            "generated": f"{source.generated_at.astimezone(UTC):%Y-%m-%d, %H:%M} UTC",
            "sections": sections,
            "contents": self.headings >= CONTENTS_HEADINGS_MIN or len(sections) >= CONTENTS_SECTIONS_MIN,
            "contents_depth": self.contents_depth(len(sections)),
        }
        printed["missing"] = self.missing_note()
        return printed

    def contents_depth(self, sections: int) -> int:
        """Sections and the headings right below them, as far as they are not too many; 0 for none at all."""
        entries = (sections, sections + self.subheadings)
        return sum(count <= CONTENTS_ENTRIES_MAX for count in entries)

    def missing_note(self) -> str:
        missing = sorted(self.drawable.missing)
        if not missing:
            return ""
        listed = ", ".join(f"U+{ord(character):04X}" for character in missing[:MISSING_LISTED_MAX])
        more = f" and {len(missing) - MISSING_LISTED_MAX} more" if len(missing) > MISSING_LISTED_MAX else ""
        return (
            f"The installed fonts cannot draw every character of this document. Shown as {MISSING_MARK}"
            f" or left out: {listed}{more}."
        )

    def count(self, value: str = "", *, nodes: int = 1) -> None:
        self.nodes += nodes
        self.characters += len(value)
        if self.nodes > limits.NODES_MAX or self.characters > limits.DOCUMENT_CHARACTERS_MAX:
            raise DocumentTooLarge("This document is too large for a PDF. Its text can still be downloaded.")

    def line(self, value: str) -> str:
        """One line of plain text."""
        self.count(value)
        return self.drawable.text(plain_text(value))

    def text(self, value: str, *, narrow: bool) -> str | Json:
        """Text, or the pieces of it between which a line may break where a word is too long for one."""
        self.count(value)
        value = self.drawable.text(clean_text(value).replace("\n", " "))
        if not _LONG_WORD.search(value):
            return value
        whole_max = _WHOLE_CHARACTERS_IN_CELL_MAX if narrow else _WHOLE_CHARACTERS_MAX
        pieces: list[str] = []
        position = 0
        for word in _LONG_WORD.finditer(value):
            if len(word.group()) > _PIECED_CHARACTERS_MAX:
                cut = ["\u200b".join(_cut(word.group(), _PIECE_CHARACTERS))]
            else:
                cut = list(_word_pieces(word.group(), whole_max))
            before = value[position : word.start()]
            pieces.append(before + cut[0])
            pieces.extend(cut[1:])
            position = word.end()
        pieces[-1] += value[position:]
        return {"k": "long", "c": pieces} if len(pieces) > 1 else pieces[0]


class _SectionPrinting:
    """One section; its links, notes and heading levels are its own."""

    def __init__(self, whole: _Printing, number: int, blocks: Sequence[Block]) -> None:
        self.whole = whole
        self.number = number
        self.blocks_given = blocks
        self.levels: list[int] = []
        self.anchors = self.anchors_of(blocks)
        self.anchors_used: set[str] = set()
        self.notes_used: set[int] = set()
        self.notes = {
            note.number for node in _walk(blocks) if isinstance(node, Footnotes) for note in node.items
        }

    def anchors_of(self, blocks: Sequence[Block]) -> set[str]:
        return {slug(written_text(node.children)) for node in _walk(blocks) if isinstance(node, Heading)}

    def section(self, title: str) -> Json:
        self.whole.headings += 1
        return {"title": self.whole.line(title) or "Untitled", "blocks": self.blocks(self.blocks_given)}

    def blocks(self, blocks: Iterable[Block]) -> list[Json]:
        return [printed for block in blocks for printed in self.block(block)]

    def block(self, block: Block) -> Iterator[Json]:
        self.whole.count()
        match block:
            case Paragraph(children):
                yield {"k": "p", **self.directed(children)}
            case Heading(level, children):
                yield from self.heading(level, children)
            case BulletList(items, tight):
                yield {"k": "ul", "items": self.items(items), "tight": tight}
            case OrderedList(items, start, tight):
                yield {"k": "ol", "items": self.items(items), "tight": tight, "start": start}
            case Quote(inner):
                first = inner[0] if inner else None
                rtl = isinstance(first, Paragraph) and runs_right_to_left(written_text(first.children))
                yield {"k": "quote", "c": self.blocks(inner), "rtl": rtl}
            case CodeBlock(_, text):
                yield self.code(text)
            case Table():
                yield from self.table(block)
            case DefinitionList(items):
                pairs = [
                    [self.inlines(item.term, narrow=True), self.directed(item.description, narrow=True)]
                    for item in items
                ]
                yield {"k": "facts", "items": pairs}
            case Image(name, alt, title):
                yield {"k": "figure", "c": self.picture(name, alt), "caption": self.whole.line(title)}
            case Rule():
                yield {"k": "rule"}
            case Footnotes(items):
                yield {"k": "notes", "items": [self.footnote(note) for note in items]}

    def code(self, text: str) -> Json:
        """Code in parts of bounded length: Typst's time for one raw text grows with its square."""
        self.whole.count(text, nodes=_CODE_NODES)
        text = self.whole.drawable.text(clean_text(text).replace("\t", "    "))
        lines = _ENDLESS_WORD.sub(lambda word: "\u200b".join(_cut(word.group(), 64)), text).split("\n")
        parts = [lines[at : at + _CODE_PART_LINES] for at in range(0, len(lines), _CODE_PART_LINES)]
        return {"k": "code", "parts": ["\n".join(part) for part in parts]}

    def heading(self, level: int, children: Inlines) -> Iterator[Json]:
        """A heading at the level below the section's title that its place asks for, none skipped."""
        text = written_text(children)
        if not plain_text(text):
            return
        while self.levels and self.levels[-1] >= level:
            self.levels.pop()
        self.levels.append(level)
        self.whole.headings += 1
        self.whole.subheadings += len(self.levels) == 1
        anchor = slug(text)
        own = anchor not in self.anchors_used
        self.anchors_used.add(anchor)
        yield {
            "k": "h",
            "level": min(len(self.levels) + 1, 6),
            "label": self.anchor(anchor) if own else None,
            **self.directed(children),
        }

    def anchor(self, anchor: str) -> str:
        return f"part-{self.number}-{anchor}"

    def note(self, number: int) -> str | None:
        return f"note-{self.number}-{number}" if number in self.notes else None

    def footnote(self, note: Footnote) -> Json:
        """A note; only the first of its number can be pointed at."""
        own = note.number not in self.notes_used
        self.notes_used.add(note.number)
        label = self.note(note.number) if own else None
        return {"number": note.number, "label": label, "c": self.blocks(note.blocks)}

    def items(self, items: Sequence[ListItem]) -> list[Json]:
        printed = []
        for item in items:
            self.whole.count()
            printed.append({"c": self.blocks(item.blocks), "checked": item.checked})
        return printed

    def table(self, table: Table) -> Iterator[Json]:
        columns = max([len(table.head), *(len(row) for row in table.rows)], default=0)
        if not columns:
            return
        yield {
            "k": "table",
            "columns": column_widths(table, columns),
            "align": [alignment or "start" for alignment in [*table.alignments, *[None] * columns][:columns]],
            "head": [self.directed(cell, narrow=True) for cell in _filled(table.head, columns)]
            if table.head
            else [],
            "rows": [
                [self.directed(cell, narrow=True) for cell in _filled(row, columns)] for row in table.rows
            ],
        }

    def directed(self, children: Inlines, *, narrow: bool = False) -> Json:
        self.whole.count()
        return {"c": self.inlines(children, narrow=narrow), "rtl": runs_right_to_left(written_text(children))}

    def inlines(self, children: Iterable[Inline], *, narrow: bool = False) -> list[str | Json]:
        return [printed for child in children for printed in self.inline(child, narrow)]

    def inline(self, child: Inline, narrow: bool) -> Iterator[str | Json]:
        match child:
            case Text(value):
                yield self.whole.text(value, narrow=narrow)
            case Strong(children):
                yield {"k": "strong", "c": self.inlines(children, narrow=narrow)}
            case Emphasis(children):
                yield {"k": "em", "c": self.inlines(children, narrow=narrow)}
            case Strike(children):
                yield {"k": "strike", "c": self.inlines(children, narrow=narrow)}
            case Code(value):
                self.whole.count(value)
                printed = self.whole.text(value, narrow=narrow)
                yield {"k": "mono", "c": [printed] if isinstance(printed, str) else printed["c"]}
            case Link(href, children):
                yield from self.link(href, self.inlines(children, narrow=narrow))
            case LineBreak():
                yield {"k": "br"}
            case InlineImage(name, alt):
                yield self.picture(name, alt)
            case FootnoteReference(number):
                self.whole.count()
                yield {"k": "note", "v": str(number), "to": self.note(number)}
            case Badge(value, tone):
                yield {"k": "badge", "v": self.whole.line(value), "tone": tone}

    def link(self, href: str, children: list[str | Json]) -> Iterator[str | Json]:
        self.whole.count(href)
        target = link_target(href)
        if target is not None and not is_outside(target):
            target = self.inside(target)
        if target is None:
            yield from children
        elif target.startswith("#"):
            yield {"k": "jump", "to": self.anchor(target[1:]), "c": children}
        else:
            yield {"k": "link", "to": target, "c": children}

    def inside(self, target: str) -> str | None:
        """A link within the section if its heading is there, one of the install if its address is known."""
        if target.startswith("#"):
            return target if target[1:] in self.anchors else None
        return self.whole.source.base_url.rstrip("/") + target if self.whole.source.base_url else None

    def picture(self, name: str, alt: str) -> Json:
        self.whole.count()
        label = self.whole.line(alt or name)
        if name in self.whole.pictures:
            return {"k": "img", "file": self.whole.pictures[name], "alt": label}
        return {"k": "gone", "v": PICTURE_MISSING.format(label)}


def _language(tag: str) -> Json:
    """A BCP 47 tag as Typst's language and region; English where it is none."""
    found = re.fullmatch(r"([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?(?:-.*)?", tag)
    if not found:
        return {"lang": "en", "region": None}
    return {"lang": found.group(1).lower(), "region": found.group(2).lower() if found.group(2) else None}


def _word_pieces(word: str, whole_characters_max: int) -> Iterator[str]:
    """A long word as pieces: after its punctuation, and anywhere in a run that has none."""
    pending = ""
    for run in _BREAKABLE.findall(word):
        if len(run) > whole_characters_max:
            if pending:
                yield pending
                pending = ""
            yield from _cut(run, _PIECE_CHARACTERS)
            continue
        pending += run
        if len(pending) >= 4:
            yield pending
            pending = ""
    if pending:
        yield pending


def _cut(value: str, characters: int) -> Iterator[str]:
    return (value[at : at + characters] for at in range(0, len(value), characters))


def _filled(row: Sequence[Inlines], columns: int) -> list[Inlines]:
    return [*row, *[()] * (columns - len(row))]
