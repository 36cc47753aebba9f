"""Words that people and programs send, made fit to be kept and shown. Pure."""

from __future__ import annotations

import unicodedata

from afterword.lib.errors import InvalidInput

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the order of all that follows them: a name must not mirror the rest of a line."""


BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers that Unicode counts as letters or signs, and that every font draws as nothing."""


def one_line(field: str, text: str, *, characters_max: int, required: bool = True) -> str:
    """`text` on one line, without control characters. Raises InvalidInput, naming `field`.

    What would be drawn as nothing, as a zero-width space alone, counts as nothing.
    """
    line = " ".join(_without_controls(text).split())
    return _within_limits(field, line, characters_max, required)


def many_lines(field: str, text: str, *, characters_max: int, required: bool = False) -> str:
    """`text` with its lines and tabs, without other control characters. Raises InvalidInput."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join("\t".join(_without_controls(part) for part in line.split("\t")) for line in lines)
    return _within_limits(field, kept.strip(), characters_max, required)


def is_blank(text: str) -> bool:
    """Whether nothing of it would be seen: spaces, controls and characters without a width or a shape."""
    return all(character in BLANK_LETTERS or unicodedata.category(character)[0] in "ZC" for character in text)


def _without_controls(text: str) -> str:
    return "".join(character for character in text if _may_stay(character))


def _may_stay(character: str) -> bool:
    if character in BIDI_CONTROLS:
        return False
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cs")


def _within_limits(field: str, text: str, characters_max: int, required: bool) -> str:
    if required and is_blank(text):
        raise InvalidInput(fields={field: "Please fill this in."})
    if len(text) > characters_max:
        raise InvalidInput(fields={field: f"Please use at most {characters_max:,} characters."})
    return text
