"""A kept body made readable. Pure."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

CHARACTERS_SHOWN_MAX = 20_000
PRETTY_CHARACTERS_MAX = 200_000
"""A longer body is shown as it came: putting it in order would take longer than reading its beginning."""


class ShownBody(NamedTuple):
    """A body, or its beginning."""

    text: str
    is_cut: bool


def show_body(body: str) -> ShownBody:
    """JSON with a line for each value, its numbers as they were sent; anything else as it is."""
    text = body
    if len(body) <= PRETTY_CHARACTERS_MAX:
        try:
            text = msgspec.json.format(body, indent=2)
        except (msgspec.MsgspecError, RecursionError, UnicodeError):
            text = body
    return ShownBody(text[:CHARACTERS_SHOWN_MAX], len(text) > CHARACTERS_SHOWN_MAX)
