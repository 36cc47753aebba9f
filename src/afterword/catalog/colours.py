"""The colours that a priority or a tag may have. Pure.

A few colours with names rather than any at all: each has a pair of shades for light and dark pages that can
be read on both (`frontend/styles/tokens.css`). The row keeps the value, as other programs know colours.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from afterword.lib.errors import InvalidInput


class Colour(NamedTuple):
    """`name` is a tone of the badges, `value` what other programs see."""

    name: str
    label: str
    value: str


PALETTE = (
    Colour("grey", "Grey", "#6b7280"),
    Colour("red", "Red", "#dc2626"),
    Colour("orange", "Orange", "#ea580c"),
    Colour("amber", "Amber", "#d97706"),
    Colour("green", "Green", "#16a34a"),
    Colour("teal", "Teal", "#0d9488"),
    Colour("blue", "Blue", "#2563eb"),
    Colour("indigo", "Indigo", "#4f46e5"),
    Colour("violet", "Violet", "#7c3aed"),
    Colour("pink", "Pink", "#db2777"),
)
NAMES = tuple(colour.name for colour in PALETTE)
DEFAULT_NAME = "grey"
_VALUE = re.compile(r"#[0-9a-f]{6}")


def value_of(colour: str) -> str:
    """The value to keep for a name of the palette or a value as `#1f2937`. Raises InvalidInput."""
    given = colour.strip().lower()
    for known in PALETTE:
        if known.name == given:
            return known.value
    if _VALUE.fullmatch(given):
        return given
    raise InvalidInput(fields={"colour": f"Please choose one of: {', '.join(NAMES)}."})


def name_of(value: str) -> str:
    """The name of the palette's colour that is nearest to a value; grey for what is none."""
    if not _VALUE.fullmatch(value):
        return DEFAULT_NAME
    return min(PALETTE, key=lambda colour: _distance(colour.value, value)).name


def _distance(one: str, other: str) -> float:
    """How different two colours look, by the "redmean" approximation: good enough to choose among ten."""
    (red, green, blue), (its_red, its_green, its_blue) = _parts(one), _parts(other)
    mean = (red + its_red) / 2
    return (
        (2 + mean / 256) * (red - its_red) ** 2
        + 4 * (green - its_green) ** 2
        + (2 + (255 - mean) / 256) * (blue - its_blue) ** 2
    )


def _parts(value: str) -> tuple[int, int, int]:
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)
