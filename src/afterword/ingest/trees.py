"""A value of JSON as a tree to pick from: each key with the path that leads to it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from afterword.ingest.paths import PATH_CHARACTERS_MAX, write_path
from afterword.ingest.texts import text_of

BRANCHES_MAX = 300
"""In all; a page with more could not be used."""
ITEMS_MAX = 20
"""Of one list."""
TEXT_CHARACTERS_MAX = 80


@dataclass
class Branch:
    """One key: what it is called, how to get there, and what is there."""

    name: str
    path: str
    """Empty for a key that no path can name."""
    text: str = ""
    below: list[Branch] = field(default_factory=list)
    left_out: int = 0
    """So many more stand below it."""
    is_open: bool = True


def grow(name: str, value: Any) -> Branch:
    """The tree of a value whose root is called `name`, at most `BRANCHES_MAX` branches of it."""
    return _grow([name], value, iter(range(BRANCHES_MAX)))


def _grow(keys: list[str | int], value: Any, places: Iterator[int]) -> Branch:
    path = write_path(keys)
    branch = Branch(str(keys[-1]), path if len(path) <= PATH_CHARACTERS_MAX else "")
    if isinstance(value, dict):
        children: list[tuple[str | int, Any]] = list(value.items())
        branch.text = "" if children else "{}"
    elif isinstance(value, list):
        children = list(enumerate(value[:ITEMS_MAX]))
        branch.left_out = len(value) - len(children)
        branch.text = "" if children else "[]"
    else:
        branch.text = _shown(value)
        return branch
    for place, (key, child) in enumerate(children):
        if next(places, None) is None:
            branch.left_out += len(children) - place
            break
        branch.below.append(_grow([*keys, key], child, places))
    branch.is_open = len(keys) < 4
    return branch


def _shown(value: Any) -> str:
    if value is None:
        return "null"
    text = " ".join(text_of(value).split()) if isinstance(value, str) else text_of(value)
    return text if len(text) <= TEXT_CHARACTERS_MAX else text[: TEXT_CHARACTERS_MAX - 1] + "…"
