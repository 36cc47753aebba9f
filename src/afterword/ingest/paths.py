"""Paths into JSON: `payload.alerts.0.labels.instance`, `payload["a key.with anything"]`. Pure.

A step is a key of an object or, in an array, a number from 0; `first`, `last` and `size` of an array are
those of Liquid. A key with dots, spaces or brackets stands in brackets and quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

PATH_CHARACTERS_MAX = 500
PATH_STEPS_MAX = 66
"""One more than a body may be deep, and the payload's own name."""

ROOT = r"[A-Za-z_]\w*"
STEP = r"""\.[^\s.,:|<>=!'"\[\](){}%]+|\[\s*(?:\d{1,9}|"[^"\n]*"|'[^'\n]*')\s*\]"""
PATH = rf"{ROOT}(?:{STEP})*"
_PATH = re.compile(PATH)
_STEP = re.compile(STEP)
_IN_MARKS = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_INDEX = re.compile(r"[0-9]{1,9}")
# A hyphen at the end would belong to the marks: `-}}` takes the blanks behind it away.
_PLAIN_NAME = re.compile(r"[^\W\d](?:[\w-]*\w)?|0|[1-9]\d{0,8}")
_END_OF_MARKS = "}}"


class BadPath(ValueError):
    """A path that leads nowhere in any alert; its message says why."""


class Missing:
    """Of the one value that says that a path leads nowhere, for `None` is a value in JSON."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class Step(NamedTuple):
    """One step of a path."""

    key: str
    place: int | None
    """The key as a place in an array, where it can be one."""


Path = tuple[Step, ...]


def parse_path(text: str, *, roots: Sequence[str]) -> Path:
    """The steps of a path, which may stand in `{{ }}` and begins with one of `roots`. Raises BadPath."""
    text = text.strip()
    in_marks = _IN_MARKS.fullmatch(text)
    text = in_marks[1] if in_marks else text
    if len(text) > PATH_CHARACTERS_MAX:
        raise BadPath(f"A path has at most {PATH_CHARACTERS_MAX} characters.")
    if _PATH.fullmatch(text) is None:
        raise BadPath('A path is expected, as in payload.alerts.0.title or payload["a key"].')
    steps = split_path(text)
    if steps[0].key not in roots:
        raise BadPath(f"A path begins with {join_words(roots)}.")
    if len(steps) > PATH_STEPS_MAX:
        raise BadPath(f"A path has at most {PATH_STEPS_MAX} steps.")
    return steps


def split_path(text: str) -> Path:
    """The steps of a text that `PATH` matches."""
    root = text[: next((at for at, character in enumerate(text) if character in ".["), len(text))]
    keys = [root]
    for found in _STEP.finditer(text, len(root)):
        step = found.group()
        key = step[1:] if step.startswith(".") else step[1:-1].strip()
        keys.append(key[1:-1] if step.startswith("[") and key[0] in "\"'" else key)
    return tuple(
        Step(key, int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None) for key in keys
    )


def look_up(value: Any, steps: Path) -> Any:
    """What stands at the end of the path, from `value` on; MISSING when it leads nowhere."""
    given = value
    try:
        # Most paths lead through objects alone, and alerts are asked for a dozen of them each.
        for key, _ in steps:
            value = value[key]
        return value
    except KeyError:
        return MISSING
    except TypeError:
        return _look_into_lists(given, steps)


def _look_into_lists(value: Any, steps: Path) -> Any:
    for key, index in steps:
        if type(value) is dict:
            value = value.get(key, MISSING)
            if value is MISSING:
                return MISSING
        elif type(value) is list:
            if index is not None and index < len(value):
                value = value[index]
            elif key == "size":
                value = len(value)
            elif value and key in ("first", "last"):
                value = value[0 if key == "first" else -1]
            else:
                return MISSING
        else:
            return MISSING
    return value


def write_path(keys: Sequence[str | int]) -> str:
    """The path with these keys as a person types it, the first one the root; empty for one that cannot be."""
    written = str(keys[0])
    for key in keys[1:]:
        name = str(key)
        if _END_OF_MARKS in name:
            return ""
        if _PLAIN_NAME.fullmatch(name):
            written += f".{name}"
        elif '"' not in name and "\n" not in name:
            written += f'["{name}"]'
        elif "'" not in name and "\n" not in name:
            written += f"['{name}']"
        else:
            return ""
    return written


def join_words(words: Sequence[str]) -> str:
    """`a, b or c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
