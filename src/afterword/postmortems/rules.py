"""Decisions about post-mortems. Pure: no Django, and the time is an argument."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from afterword.documents import (
    Block,
    BulletList,
    CodeBlock,
    DocumentTooLarge,
    Emphasis,
    Heading,
    Image,
    InlineImage,
    ListItem,
    Missing,
    OrderedList,
    Paragraph,
    Strong,
    Text,
    clean_text,
    parse_markdown,
    read_texts,
)

TITLE_SUGGESTED_CHARACTERS_MAX = 200


def suggest_title(titles: Sequence[str]) -> str:
    """A title to begin with, for a post-mortem about incidents with these titles."""
    if not titles:
        return ""
    first = titles[0]
    if len(first) > TITLE_SUGGESTED_CHARACTERS_MAX:
        first = first[: TITLE_SUGGESTED_CHARACTERS_MAX - 1].rstrip() + "…"
    others = len(titles) - 1
    if not others:
        return first
    return f"{first} and {others} more incident{'s' if others > 1 else ''}"


def write_moment(at: datetime, zone: tzinfo) -> str:
    """`2 Mar 2026, 15:05 CET (14:05 UTC)`; the UTC part only where the zone has another time."""
    local = at.astimezone(zone)
    text = f"{write_day(local)}, {local:%H:%M} {local.tzname()}"
    if not local.utcoffset():
        return text
    utc = at.astimezone(UTC)
    day = "" if utc.date() == local.date() else f"{write_day(utc)}, "
    return f"{text} ({day}{utc:%H:%M} UTC)"


def write_day(at: datetime) -> str:
    """`2 Mar 2026`, in English wherever this runs."""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def write_clock(at: datetime, zone: tzinfo, *, with_day: bool) -> str:
    """`15:05:09`, or `2 Mar 15:05:09`."""
    local = at.astimezone(zone)
    day = f"{local.day} {_MONTHS[local.month - 1]} " if with_day else ""
    return f"{day}{local:%H:%M:%S}"


def spans_days(moments: Iterable[datetime], zone: tzinfo) -> bool:
    """Whether the moments fall on more than one day of the zone."""
    return len({at.astimezone(zone).date() for at in moments}) > 1


def kept_text(text: str) -> str:
    """What is kept of a text that somebody typed: its lines, without control characters and empty ends."""
    return clean_text(text.replace("\r\n", "\n").replace("\r", "\n")).strip("\n").rstrip()


def text_digest(text: str) -> str:
    """A short stand-in for a text, by which a form says what its writer started from."""
    return hashlib.sha256(kept_text(text).encode()).hexdigest()[:16]


def prose_blocks(text: str) -> list[Block]:
    """The tree of what people wrote. A text that is too much to read as Markdown is shown as it is."""
    try:
        return parse_markdown(text)
    except DocumentTooLarge as error:
        note = f"{error.message} It is shown as it was typed."
        return [Paragraph((Emphasis((Text(note),)),)), CodeBlock("", text)]


def read_blocks(text: str) -> list[Block]:
    """What is read of what people wrote: as `prose_blocks`, without what nobody filled in."""
    return without_blanks(prose_blocks(text))


def without_blanks(blocks: Sequence[Block]) -> list[Block]:
    """Without points that a template offers and nobody filled in, without what only says that something is
    missing, and without the label over a list or a sentence that is gone with it."""
    kept: list[Block] = []
    for block in blocks:
        shown: Block | None = None if isinstance(block, Missing) else block
        if isinstance(block, BulletList | OrderedList):
            items = [replace(item, blocks=tuple(without_blanks(item.blocks))) for item in block.items]
            filled = tuple(item for item in items if not _is_blank(item))
            shown = replace(block, items=filled) if filled else None
        if shown is not None:
            kept.append(shown)
        elif kept and _is_label(kept[-1]):
            kept.pop()
    return kept


def is_unfilled(text: str) -> bool:
    """Whether a text is empty, or only what a template offers to be filled in: labels, and points in which
    nothing stands. What is not read, such as the address of a link by reference, is no such thing."""
    if read_blocks(text):
        return False
    read = " ".join(read_texts(prose_blocks(text)))
    return _WORD.findall(text) == _WORD.findall(read)


def has_words(blocks: Iterable[Block]) -> bool:
    """Whether anything is read in these."""
    return any(one.strip() for one in read_texts(blocks))


def _is_blank(item: ListItem) -> bool:
    return not has_words(item.blocks) and not _has_picture(item)


def _has_picture(node: Any) -> bool:
    if isinstance(node, tuple):
        return any(_has_picture(one) for one in node)
    if isinstance(node, Image | InlineImage):
        return True
    return is_dataclass(node) and any(_has_picture(getattr(node, one.name)) for one in fields(node))


def _is_label(block: Block) -> bool:
    return isinstance(block, Heading) or (
        isinstance(block, Paragraph) and all(isinstance(child, Strong) for child in block.children)
    )


_WORD = re.compile(r"[^\W\d_]+")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
