"""The words that the renderers themselves put into a document, and the plain text of inlines."""

import dataclasses
from collections.abc import Iterable, Iterator
from typing import Any

from afterword.documents.tree import (
    Badge,
    Block,
    Code,
    CodeBlock,
    Emphasis,
    FootnoteReference,
    Image,
    Inline,
    InlineImage,
    LineBreak,
    Link,
    Strike,
    Strong,
    Text,
)

PICTURE_MISSING = "[Picture could not be shown: {}]"


def written_text(children: Iterable[Inline]) -> str:
    """What a reader reads in these inlines, without marks: for ids, bookmarks and the direction."""
    return "".join(_written(child) for child in children)


def read_texts(blocks: Iterable[Block]) -> Iterator[str]:
    """What is read in one piece: the inlines of each paragraph, cell and term, each block of code."""
    for block in blocks:
        yield from _texts_of(block)


def _texts_of(node: Any) -> Iterator[str]:
    if isinstance(node, CodeBlock):
        yield node.text
    elif isinstance(node, Image):
        yield node.alt
    elif isinstance(node, tuple):
        if node and all(isinstance(child, Inline) for child in node):
            yield written_text(node)
        else:
            for child in node:
                yield from _texts_of(child)
    elif dataclasses.is_dataclass(node):
        for one in dataclasses.fields(node):
            if isinstance(value := getattr(node, one.name), tuple):
                yield from _texts_of(value)


def _written(child: Inline) -> str:
    match child:
        case Text(value) | Code(value) | Badge(value):
            return value
        case Strong(children) | Emphasis(children) | Strike(children) | Link(_, children):
            return written_text(children)
        case InlineImage(_, alt):
            return alt
        case LineBreak():
            return " "
        case FootnoteReference():
            return ""
