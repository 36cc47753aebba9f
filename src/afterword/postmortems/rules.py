"""Decisions about post-mortems. Pure: no Django, and the time is an argument."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

from afterword.documents import (
    Block,
    CodeBlock,
    DocumentTooLarge,
    Emphasis,
    Paragraph,
    Text,
    clean_text,
    parse_markdown,
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


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
