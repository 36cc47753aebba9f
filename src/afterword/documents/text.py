"""Text from outside, made safe to set beside text of ours."""

import re
import unicodedata

from afterword.lib.text import is_blank

# Embeddings, overrides and isolates of the bidirectional algorithm reach beyond the text that holds
# them (UAX 9; "Trojan Source", CVE-2021-42574). Control characters and lone surrogates are no text.
# Tab and line feed stay.
_NOT_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_ADDRESS = re.compile(r"(?:https?|mailto):[^\s]", re.IGNORECASE)
_ROOT_RELATIVE = re.compile(r"/(?![/\\])")
_NOT_IN_ADDRESS = re.compile(r"[\s<>\"\\^`{|}]")

DIRECTION_CHARACTERS_MAX = 2_000
ADDRESS_BYTES_MAX = 4_000
"""Typst makes no PDF with an address of more than 8,000 bytes."""


def clean_text(value: str) -> str:
    """The text without bidirectional controls, control characters and lone surrogates."""
    return _NOT_TEXT.sub("", value)


def plain_text(value: str) -> str:
    """The text as one clean line: for titles, names and everything set beside text of ours.

    Nothing where nothing would be seen: a link that is a zero-width space alone could not be clicked.
    """
    line = " ".join(clean_text(value).split())
    return "" if is_blank(line) else line


def link_target(href: str) -> str | None:
    """The address, if a document may point there: http, https, mailto, "#part" or "/path"; else None.

    Anything else (javascript:, data:, file:, //host, a path that depends on the page, more than
    ADDRESS_BYTES_MAX) gives None, and the link is shown as its text.
    """
    href = clean_text(href).strip()
    if len(href.encode()) > ADDRESS_BYTES_MAX or _NOT_IN_ADDRESS.search(href):
        return None
    if _ADDRESS.match(href) or _ROOT_RELATIVE.match(href) or (href.startswith("#") and len(href) > 1):
        return href
    return None


def is_outside(target: str) -> bool:
    """Whether a link target leads away from this install's pages, as far as its form tells."""
    return not target.startswith(("#", "/"))


def runs_right_to_left(value: str) -> bool:
    """Whether the first letter with a direction is right to left (UAX 9, rule P2)."""
    for character in value[:DIRECTION_CHARACTERS_MAX]:
        match unicodedata.bidirectional(character):
            case "L":
                return False
            case "R" | "AL":
                return True
    return False


def slug(value: str) -> str:
    """The text as part of an address: letters and digits of any script, lower case, joined by hyphens."""
    words = re.findall(r"\w+", plain_text(value).lower().replace("_", " "))
    return "-".join(words)[:80] or "part"
