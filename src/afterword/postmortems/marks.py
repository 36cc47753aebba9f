"""Marks behind words of a post-mortem, on the page that is read: what packages above know of these words.

They register in their AppConfig.ready(). Marks are on that page alone: in no file, no export, no edition.
What they draw is HTML, cleaned and escaped by them.
"""

from __future__ import annotations

import dataclasses
import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.safestring import SafeString, mark_safe

from afterword.accounts.models import Person
from afterword.documents import (
    Block,
    Document,
    DocumentSection,
    Inline,
    Inlines,
    Text,
    read_texts,
    render_document_html,
    written_text,
)
from afterword.postmortems import rules
from afterword.postmortems.comments.rules import Anchor, find_anchor, squeeze
from afterword.postmortems.models import Postmortem, Section

_STAND_IN = "\ue000{}:{}\ue001"
"""What stands in the text for a mark until it is rendered, with something in it that no writer knows."""


@dataclass(frozen=True)
class Mark:
    """Something that stands right behind the words of an anchor, in what people wrote in a section."""

    section: uuid.UUID
    anchor: Anchor
    html: SafeString


class Marker(Protocol):
    """Finds the marks of a post-mortem."""

    def __call__(
        self, *, reader: Person, postmortem: Postmortem, sections: Sequence[Section]
    ) -> Sequence[Mark]: ...


_markers: list[Marker] = []


def register_marks(find: Marker) -> None:
    """Have `find` asked for the page on which a post-mortem is read."""
    if find not in _markers:
        _markers.append(find)


def render_with_marks(
    document: Document, *, reader: Person, postmortem: Postmortem, sections: Sequence[Section]
) -> SafeString:
    """The document as HTML with every mark whose words still stand there. `sections` are those of the
    post-mortem, which come last in the document, in their order."""
    marks = [
        mark for find in _markers for mark in find(reader=reader, postmortem=postmortem, sections=sections)
    ]
    if not marks:
        return mark_safe(render_document_html(document))  # noqa: S308 - cleaned by the renderer
    nonce = secrets.token_hex(8)
    first = len(document.sections) - len(sections)
    parts = list(document.sections[:first])
    for section, part in zip(sections, document.sections[first:], strict=True):
        own = {place: mark for place, mark in enumerate(marks) if mark.section == section.unique_id}
        blocks = _marked(part.blocks, section, own, nonce) if own else part.blocks
        parts.append(DocumentSection(part.title, blocks))
    html = render_document_html(dataclasses.replace(document, sections=parts))
    for place, mark in enumerate(marks):
        html = html.replace(_STAND_IN.format(nonce, place), mark.html)
    return mark_safe(html)  # noqa: S308 - cleaned by the renderer, and by who made the marks


def _marked(blocks: Sequence[Block], section: Section, marks: dict[int, Mark], nonce: str) -> Sequence[Block]:
    """The blocks with a token where each mark comes. What people wrote is the last of them."""
    count = len(rules.read_blocks(section.text))
    if not count or count > len(blocks):
        return blocks
    written = tuple(blocks[-count:])
    text = squeeze("\n".join(read_texts(written)))
    ends: dict[int, list[str]] = {}
    for place, mark in marks.items():
        start = find_anchor(text, mark.anchor)
        if start is not None:
            ends.setdefault(start + len(mark.anchor.quote), []).append(_STAND_IN.format(nonce, place))
    return [*blocks[:-count], *_Insertion(ends).into(written)]


class _Insertion:
    """Puts tokens into a tree, by the place in its text where white space is squeezed.

    It walks the tree as `read_texts` does, so that both count alike.
    """

    def __init__(self, ends: dict[int, list[str]]) -> None:
        self._ends = ends
        self._at = 0
        """How far the squeezed text has been walked."""

    def into(self, blocks: tuple[Block, ...]) -> list[Block]:
        return [self._walk(block) for block in blocks]

    def _walk(self, node: Any) -> Any:
        if isinstance(node, tuple):
            if node and all(isinstance(child, Inline) for child in node):
                return self._piece(node)
            return tuple(self._walk(child) for child in node)
        if not dataclasses.is_dataclass(node) or isinstance(node, type):
            return node
        if (text := _own_text(node)) is not None:
            self._pass(text)
            return node
        changed = {
            one.name: self._walk(value)
            for one in dataclasses.fields(node)
            if isinstance(value := getattr(node, one.name), tuple)
        }
        return dataclasses.replace(node, **changed) if changed else node

    def _pass(self, text: str) -> tuple[int, str]:
        """Where this piece begins in the squeezed text, and how it reads there."""
        squeezed = squeeze(text)
        if not squeezed:
            return self._at, ""
        begin = self._at + (1 if self._at else 0)
        self._at = begin + len(squeezed)
        return begin, squeezed

    def _piece(self, children: Inlines) -> Inlines:
        text = written_text(children)
        begin, squeezed = self._pass(text)
        wanted = {
            _raw_place(text, end - begin): "".join(tokens)
            for end, tokens in self._ends.items()
            if begin < end <= begin + len(squeezed)
        }
        return tuple(_inserted(children, wanted)) if wanted else children


def _own_text(node: Any) -> str | None:
    """The text of a block that has no inlines: code, a picture."""
    found = list(read_texts([node])) if not _has_tuples(node) else []
    return found[0] if found else None


def _has_tuples(node: Any) -> bool:
    return any(isinstance(getattr(node, one.name), tuple) for one in dataclasses.fields(node))


def _raw_place(text: str, squeezed_length: int) -> int:
    """How many characters of `text` make so many of it squeezed."""
    count, is_space, begun = 0, False, False
    for place, character in enumerate(text):
        if count == squeezed_length:
            return place
        if character.isspace():
            is_space = begun
            continue
        count += 2 if is_space else 1
        is_space, begun = False, True
    return len(text)


def _inserted(children: Inlines, wanted: dict[int, str]) -> Iterator[Inline]:
    """The inlines with a token at each place; inside a link or something strong it comes behind that."""
    at = 0
    for child in children:
        end = at + len(written_text([child]))
        inside = sorted(place for place in wanted if at < place <= end)
        if isinstance(child, Text):
            for place in inside:
                yield Text(child.value[: place - at])
                yield Text(wanted[place])
                child, at = Text(child.value[place - at :]), place
            if child.value:
                yield child
        else:
            yield child
            for place in inside:
                yield Text(wanted[place])
        at = end
