"""What stands in a vendor's JSON, read so that one odd field never costs an alert.

A field of another type than the vendor writes counts as missing; what an alert cannot do without is asked
for by its format, which then raises BadSignal. All of it is pure and raises nothing.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from afterword.incidents.models import ENTITY_ID_LENGTH_MAX
from afterword.ingest.formats.bodies import REPLACEMENT, without_nulls

LINKS_MAX = 20
LINK_CHARACTERS_MAX = 8_192
LINK_TEXT_CHARACTERS_MAX = 200
DIGEST_CHARACTERS = 32
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Vendors write the year 1 for a time that they do not know; nothing is taken from before this one."""
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = 100_000_000_000
"""A number of seconds from here on would be past the year 5138: it is one of milliseconds."""

_encoder = msgspec.json.Encoder()


def text_of(value: Any) -> str:
    """A text without blanks around it; a number as it is written; empty for anything else."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def text_in(parent: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that has a text."""
    return next((text for name in names if (text := text_of(parent.get(name)))), "")


def object_in(parent: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The object in this field; an empty one when there is none."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def objects_in(parent: Mapping[str, Any], name: str, *, count_max: int) -> list[dict[str, Any]]:
    """The objects in this field's list, at most `count_max`."""
    value = parent.get(name)
    return [item for item in value if isinstance(item, dict)][:count_max] if isinstance(value, list) else []


def texts_in(parent: Mapping[str, Any], name: str, *, count_max: int) -> list[str]:
    """The texts in this field's list, at most `count_max`."""
    value = parent.get(name)
    texts = [text_of(item) for item in value] if isinstance(value, list) else []
    return [text for text in texts if text][:count_max]


def time_of(value: Any) -> datetime | None:
    """A time in ISO 8601, or in seconds or milliseconds since 1970; None for anything else.

    Without a zone it is UTC. A time before 1970 or after 2200 is none: `0001-01-01T00:00:00Z` says that the
    time is not known.
    """
    try:
        if isinstance(value, str):
            at = datetime.fromisoformat(value.strip())
            at = at if at.tzinfo is not None else at.replace(tzinfo=UTC)
        elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            at = datetime.fromtimestamp(value / 1000 if abs(value) >= MILLISECONDS_FROM else value, UTC)
        else:
            return None
        at = at.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if EARLIEST <= at < LATEST else None


def link(url: Any, text: str = "") -> list[dict[str, str]]:
    """The link as a list of one, to be added to others; none when it is not an address of the web."""
    if not isinstance(url, str):
        return []
    url = url.strip()
    if not url.lower().startswith(("http://", "https://")) or len(url) > LINK_CHARACTERS_MAX:
        return []
    return [{"link_url": url, "link_text": text[:LINK_TEXT_CHARACTERS_MAX]}]


def image(source: Any, *, href: Any = None, alt: Any = None) -> list[dict[str, str]]:
    """The image as a list of one; none when its source is not an address of the web."""
    linked = link(source)
    if not linked:
        return []
    target = link(href)
    return [
        {
            "src": linked[0]["link_url"],
            "href": target[0]["link_url"] if target else "",
            "alt": text_of(alt)[:LINK_TEXT_CHARACTERS_MAX],
        }
    ]


def entity_of(text: str) -> str:
    """An id of the sender's as an entity: a longer one than fits keeps its beginning, and stays distinct."""
    text = text.replace("\0", REPLACEMENT)
    if len(text) <= ENTITY_ID_LENGTH_MAX:
        return text
    return f"{text[: ENTITY_ID_LENGTH_MAX - DIGEST_CHARACTERS - 1]}#{digest(text)}"


def digest(*parts: str) -> str:
    """Some characters that stand for these texts and no others."""
    joined = "\0".join(parts).encode(errors="surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:DIGEST_CHARACTERS]


def write_json(value: Any) -> str:
    """The value for the inbox: JSON that any database keeps as a text, because it has no NUL in it."""
    return _encoder.encode(without_nulls(value)).decode()


def joined(parts: Sequence[str], separator: str = "\n\n") -> str:
    """Those of the texts that say something, the same one once."""
    return separator.join(dict.fromkeys(part for part in parts if part))
