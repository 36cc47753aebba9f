"""What all ways of reading a chat share: what is known beside the text, and what a text turned out to hold.

Pure: no Django.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from afterword.incidents.chat.markup import Markup, to_markdown
from afterword.incidents.chat.messages import MARKDOWN_CHARACTERS_MAX, TEXT_CHARACTERS_MAX, Said
from afterword.incidents.rules import check_moment
from afterword.lib.errors import InvalidInput

SLACK_EXPORT = "Slack export"
JSON_MESSAGES = "JSON"
SLACK_COPY = "Text copied from Slack"
WEECHAT = "WeeChat log"
IRC = "IRC log"
BRACKETS = "Lines with times in brackets"
FORMATS = frozenset({SLACK_EXPORT, JSON_MESSAGES, SLACK_COPY, WEECHAT, IRC, BRACKETS})


@dataclass(frozen=True)
class Given:
    """What is known beside the text itself."""

    now: datetime
    day: date | None = None
    """On which the first message was written, where the text tells only times of day."""
    zone: tzinfo | None = None
    """In which times are told that name no zone."""
    channel: str = ""
    """Which folder of an export is meant."""


@dataclass(frozen=True)
class Reading:
    """What a text turned out to hold."""

    format: str
    messages: tuple[Said, ...]
    """The earliest first."""
    channel: str = ""
    """As the text itself calls it."""
    skipped: int = 0
    """Lines or messages that could not be read."""
    left_out: int = 0
    """Messages beyond the first `MESSAGES_READ_MAX`."""


def kept_markdown(text: str, markup: Markup, names: Mapping[str, str] | None = None) -> str:
    """As an entry can keep it: what is too long is cut, and says so."""
    if len(text) > TEXT_CHARACTERS_MAX:
        text = text[: TEXT_CHARACTERS_MAX - 2].rstrip() + " …"
    # Each character of plain text is at most two of Markdown; only what marks stand for can be longer.
    markdown = to_markdown(text, markup, names)
    if len(markdown) > MARKDOWN_CHARACTERS_MAX:
        return markdown[: MARKDOWN_CHARACTERS_MAX - 1] + "…"
    return markdown


def has_been(at: datetime, given: Given) -> bool:
    """Whether the timeline takes a line of this moment."""
    try:
        check_moment("at", at, now=given.now)
    except InvalidInput:
        return False
    return True


def decoded(data: bytes) -> str:
    """A file as text. Raises InvalidInput for `file`."""
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise wrong("file", "This is neither text in UTF-8 nor an archive.")


def wrong(name: str, reason: str) -> InvalidInput:
    """A refusal of the field that is called `name`."""
    return InvalidInput(fields={name: reason})


def loaded(text: str, name: str, line: int = 0) -> Any:
    """What JSON says. Raises InvalidInput for `name`, with the line.

    `line` is its number, where the text is one line of a longer one.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {line or error.lineno}"
        raise wrong(name, f"This begins like JSON, but cannot be read as JSON from {where} on.") from None
    except (ValueError, RecursionError):
        raise wrong(name, "This JSON is nested too deep, or has a number that is too large.") from None
