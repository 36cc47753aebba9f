"""The colours of tokens.css reach WCAG 2.2 AA, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

TOKENS = Path(__file__).parents[2] / "frontend/styles/tokens.css"
COLOUR = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
TEXT_RATIO_MIN = 4.5
EDGE_RATIO_MIN = 3.0
SURFACES = ("paper", "surface", "sunken", "raised")
TONES = ("red", "amber", "green", "blue", "violet", "orange", "teal", "indigo", "pink", "grey")

TEXT_PAIRS = [
    *(
        (ink, surface)
        for ink in ("ink", "ink-soft", "ink-faint", "accent", "accent-hover")
        for surface in SURFACES
    ),
    *((tone, surface) for tone in TONES for surface in (*SURFACES, f"{tone}-tint")),
    *(("ink", f"{tone}-tint") for tone in (*TONES, "accent")),
    ("accent", "accent-tint"),
    *(
        ("on-accent", solid)
        for solid in ("accent-solid", "accent-solid-hover", "red-solid", "red-solid-hover")
    ),
]
EDGE_PAIRS = [("edge", surface) for surface in SURFACES] + [("accent", surface) for surface in SURFACES]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_can_be_read_on_its_ground(ink: str, ground: str, scheme: str) -> None:
    colours = read_colours(scheme)
    assert ratio(colours[ink], colours[ground]) >= TEXT_RATIO_MIN


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_the_edge_of_a_control_can_be_seen(edge: str, ground: str, scheme: str) -> None:
    colours = read_colours(scheme)
    assert ratio(colours[edge], colours[ground]) >= EDGE_RATIO_MIN


def read_colours(scheme: str) -> dict[str, str]:
    return {
        name: light if scheme == "light" else dark for name, light, dark in COLOUR.findall(TOKENS.read_text())
    }


def ratio(one: str, other: str) -> float:
    """Contrast as WCAG 2.2 defines it."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
