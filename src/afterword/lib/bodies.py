"""What the body of a call to our own API may hold: the names that it knows, and no others.

A name that nobody reads is a mistake that looks like a success: `titel` in a change would change nothing and
be answered with 200. The shapes of other vendors take whatever their clients send, and are no `Body`.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pydantic import BaseModel, ConfigDict

NAME_CHARACTERS_MAX = 60
"""Of an unknown name, this much is compared with the known ones."""


class Body(BaseModel):
    """What comes in, or a part of it. Other names than its own are refused, each by name."""

    model_config = ConfigDict(extra="forbid")


def unknown_name(name: str, known: Iterable[str], kind: str = "field") -> str:
    """Why a name cannot be used, in a sentence or two, with the nearest that could be meant."""
    names = sorted(known)
    near = get_close_matches(name[:NAME_CHARACTERS_MAX].lower(), names, n=1)
    if near:
        return f"There is no such {kind} here. Do you mean “{near[0]}”?"
    if not names:
        return f"There is no such {kind} here: it takes none."
    return f"There is no such {kind} here. There are: {', '.join(names)}."
