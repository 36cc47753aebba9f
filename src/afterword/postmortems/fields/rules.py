"""Decisions about custom fields of post-mortems. Pure: no Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from afterword.documents import (
    Block,
    Definition,
    DefinitionList,
    Inline,
    LineBreak,
    Link,
    Paragraph,
    Strong,
    Text,
)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def slug_of(name: str, *, characters_max: int) -> str:
    """How templates name a field that people call `name`; empty where no letter of a to z is left of it."""
    name = name.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:characters_max].strip("-")


def is_slug(text: str) -> bool:
    """Whether a template can name a field so."""
    return _SLUG.fullmatch(text) is not None


def draw_values(values: Sequence[tuple[str, str, str]]) -> list[Block]:
    """Name, words and address of each value as blocks of a document; the address is empty but of a link.

    What has several lines stands below its name, the others in a list.
    """
    blocks: list[Block] = []
    listed: list[Definition] = []
    for name, words, url in values:
        if "\n" not in words:
            told: Inline = Link(url, (Text(words),)) if url else Text(words)
            listed.append(Definition((Text(name),), (told,)))
            continue
        if listed:
            blocks.append(DefinitionList(tuple(listed)))
            listed = []
        blocks += [Paragraph((Strong((Text(name),)),)), *_paragraphs(words)]
    return [*blocks, DefinitionList(tuple(listed))] if listed else blocks


def _paragraphs(words: str) -> list[Block]:
    found: list[Block] = []
    for part in re.split(r"\n[ \t]*\n", words.strip()):
        inlines: list[Inline] = []
        for line in part.split("\n"):
            inlines += [LineBreak(), Text(line)] if inlines else [Text(line)]
        found.append(Paragraph(tuple(inlines)))
    return found
