"""The words that the renderers themselves put into a document, and the plain text of inlines."""

from collections.abc import Iterable

from afterword.documents.tree import (
    Badge,
    Code,
    Emphasis,
    FootnoteReference,
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
