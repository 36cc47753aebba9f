"""Texts with placeholders: `{{payload.title}} on {{payload.host}}`. Pure.

The language is that of all templates, Liquid. Most placeholders are only a path, and those are looked up
without it: that is a hundred times as fast. A step of a path may be a number, which Liquid does not know.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from afterword.ingest.paths import MISSING, PATH, STEP, BadPath, look_up, parse_path
from afterword.lib.liquid import PreparedTemplate, TemplateError

TEXT_CHARACTERS_MAX = 2_000
"""Of a text with placeholders, as it is written."""
FILLED_CHARACTERS_MAX = 64 * 1024
"""Of the same when it is filled in; the rest is cut off."""
KEY_CHARACTERS_MAX = 255
"""Of a text that things are told apart by: the entity of an alert, the key of a group."""
DIGEST_CHARACTERS = 32

Variables = Mapping[str, Any]
Fill = Callable[[Variables], str]

_OUTPUT = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_PATH = re.compile(PATH)
_STEP = re.compile(STEP)
_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STRING_OR_PATH = re.compile(rf"""("[^"]*"|'[^']*')|((?<![\w.]){PATH})""")
_LIQUIDS_NAME = re.compile(r"[A-Za-z_][\w-]*", re.ASCII)


class BadText(ValueError):
    """A text that cannot be filled in, whatever comes; its message says why."""


class Text:
    """A text that was read once, to be filled in for each alert."""

    __slots__ = ("fill", "source")

    def __init__(
        self, source: str, *, roots: Sequence[str], characters_max: int = TEXT_CHARACTERS_MAX
    ) -> None:
        """Raises BadText."""
        if len(source) > characters_max:
            raise BadText(f"Please use at most {characters_max:,} characters.")
        if "\0" in source:
            raise BadText("It contains a NUL character.")
        self.source = source
        self.fill: Fill = _compile(source, roots)
        """The text with these values, at most `FILLED_CHARACTERS_MAX`. Raises TemplateError."""


def _compile(source: str, roots: Sequence[str]) -> Fill:
    if "{%" in source:
        return _whole_template(source)
    pieces: list[str | Fill] = []
    at = 0
    for found in _OUTPUT.finditer(source):
        pieces.append(source[at : found.start()])
        pieces.append(_placeholder(found.group(), found[1], roots))
        at = found.end()
    if "{{" in source[at:]:
        # Liquid says best what is wrong with it.
        return _whole_template(source)
    pieces.append(source[at:])
    return _joined([piece for piece in pieces if piece != ""])


def _placeholder(source: str, inside: str, roots: Sequence[str]) -> Fill:
    if _PATH.fullmatch(inside) is None:
        return _whole_template(source)
    try:
        steps = parse_path(inside, roots=roots)
    except BadPath as error:
        raise BadText(str(error)) from error

    def fill(variables: Variables) -> str:
        value = look_up(variables, steps)
        return value if type(value) is str else text_of(value)

    return fill


def _joined(pieces: Sequence[str | Fill]) -> Fill:
    if not pieces:
        return lambda variables: ""
    if len(pieces) == 1:
        only = pieces[0]
        return (
            (lambda variables: only) if isinstance(only, str) else (lambda variables: _cut(only(variables)))
        )

    def fill(variables: Variables) -> str:
        return _cut("".join([piece if isinstance(piece, str) else piece(variables) for piece in pieces]))

    return fill


def _cut(text: str) -> str:
    """The text, or its first `FILLED_CHARACTERS_MAX` characters."""
    return text if len(text) <= FILLED_CHARACTERS_MAX else text[:FILLED_CHARACTERS_MAX]


def _whole_template(source: str) -> Fill:
    try:
        template = PreparedTemplate(in_liquids_words(source))
    except TemplateError as error:
        raise BadText(error.message) from error
    return template.render


def in_liquids_words(source: str) -> str:
    """The text with `alerts.0` as `alerts[0]`, and other steps that Liquid cannot read in brackets too."""

    def path(found: re.Match[str]) -> str:
        return found[1] or _STEP.sub(step, found[2])

    def step(found: re.Match[str]) -> str:
        key = found.group()[1:]
        if found.group().startswith("[") or _LIQUIDS_NAME.fullmatch(key):
            return found.group()
        return f"[{key}]" if key.isascii() and key.isdigit() else f'["{key}"]'

    return _MARK.sub(lambda mark: _STRING_OR_PATH.sub(path, mark.group()), source)


def text_of(value: Any) -> str:
    """A value of JSON as text: nothing for null and for what is not there; lists and objects as JSON."""
    if type(value) is str:
        return value
    if value is None or value is MISSING:
        return ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int | float):
        try:
            return str(value)
        except ValueError:
            # Python writes no whole number of more than a few thousand digits.
            return ""
    try:
        return msgspec.json.encode(value).decode()
    except (ValueError, OverflowError, RecursionError, msgspec.MsgspecError):
        return ""


def as_key(text: str) -> str:
    """The text within `KEY_CHARACTERS_MAX`; what is longer ends in a digest, so that two remain two."""
    if len(text) <= KEY_CHARACTERS_MAX:
        return text
    digest = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:DIGEST_CHARACTERS]
    return f"{text[: KEY_CHARACTERS_MAX - DIGEST_CHARACTERS - 1]}~{digest}"


def without_nulls(text: str) -> str:
    """The text as a database keeps it."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text
