"""The key timestamps of an incident as a drawing: a line of time, its moments numbered on it. Pure.

A drawing says nothing to those who do not see it, so it comes with the same in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from afterword.documents import ImageResource
from afterword.incidents.rules import KeyTimestamp
from afterword.lib import clock

WIDTH = 460.0
HEIGHT = 46.0
EDGE = 12.0
PIXELS_PER_POINT = 4 / 3
RADIUS = 7.5
APART_MIN = 17.0
"""Numbers of moments that are closer in time than this are drawn beside one another."""
_INK, _LINE, _TINTS = "#1c1d21", "#86837b", ("#fce9e7", "#fcf0d9", "#e9edfa", "#e3f3e8")
_TONES = ("#a1201b", "#7c4a03", "#2a4cb0", "#1b6236")


@dataclass(frozen=True)
class Strip:
    """A drawing, and what it says."""

    picture: ImageResource
    told: tuple[str, ...]
    """Each moment, in the order of the numbers in the drawing: `Detected +4 min`."""

    @property
    def words(self) -> str:
        """All of it with the numbers, for beside the drawing."""
        return ", ".join(f"{number} {one}" for number, one in enumerate(self.told, 1))


def draw_strip(moments: Sequence[KeyTimestamp]) -> Strip | None:
    """The moments in their order from the left to the right; None for fewer than two different times."""
    picture = draw_times([moment.at for moment in moments])
    return Strip(picture, _tell(moments)) if picture is not None else None


def draw_times(times: Sequence[datetime]) -> ImageResource | None:
    """The line and its numbers alone, of times in their order; None for fewer than two different ones."""
    if len(set(times)) < 2:
        return None
    first, last = times[0], times[-1]
    true = [_place(at, first, last) for at in times]
    shown = _spread(true)
    pieces = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}"'
        f' width="{WIDTH * PIXELS_PER_POINT:.0f}" height="{HEIGHT * PIXELS_PER_POINT:.0f}">'
    ]
    for index, (start, end) in enumerate(pairwise(true)):
        pieces.append(
            f'<rect x="{start:.1f}" y="32" width="{max(end - start, 0):.1f}" height="8"'
            f' fill="{_TINTS[min(index, len(_TINTS) - 1)]}"/>'
        )
    pieces.append(f'<path d="M{true[0]:.1f} 36H{true[-1]:.1f}" stroke="{_LINE}" stroke-width="0.8"/>')
    for number, (at, place) in enumerate(zip(true, shown, strict=True), 1):
        tone = _TONES[min(number - 1, len(_TONES) - 1)] if number < len(times) else _TONES[-1]
        pieces.append(f'<path d="M{place:.1f} 18L{at:.1f} 36" stroke="{_LINE}" stroke-width="0.6"/>')
        pieces.append(f'<circle cx="{at:.1f}" cy="36" r="2.6" fill="{tone}"/>')
        pieces.append(
            f'<circle cx="{place:.1f}" cy="11" r="{RADIUS}" fill="#ffffff" stroke="{tone}"/>'
            f'<text x="{place:.1f}" y="14.2" font-family="Inter" font-size="9" font-weight="600"'
            f' text-anchor="middle" fill="{_INK}">{number}</text>'
        )
    pieces.append("</svg>")
    return ImageResource("".join(pieces).encode())


def _tell(moments: Sequence[KeyTimestamp]) -> tuple[str, ...]:
    start = moments[0].at
    later = (f"{moment.label} {clock.describe_elapsed(start, moment.at)}" for moment in moments[1:])
    return (moments[0].label, *later)


def _place(at: datetime, first: datetime, last: datetime) -> float:
    share = (at - first) / (last - first)
    return EDGE + share * (WIDTH - 2 * EDGE)


def _spread(places: Sequence[float]) -> list[float]:
    """The places with at least `APART_MIN` between them, as near to the true ones as the line allows."""
    spread: list[float] = []
    for place in places:
        spread.append(max(place, spread[-1] + APART_MIN) if spread else place)
    room = WIDTH - EDGE
    for index in range(len(spread) - 1, -1, -1):
        spread[index] = min(spread[index], room)
        room = spread[index] - APART_MIN
    return spread
