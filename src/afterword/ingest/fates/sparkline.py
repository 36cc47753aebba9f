"""A small picture of the last hour, drawn by the server: one bar for each minute. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from afterword.ingest.fates.rules import Minute

BAR_WIDTH = 3
GAP_WIDTH = 1
HEIGHT = 32
BAR_HEIGHT_MIN = 2
"""Of a minute with any signals: one among thousands is still seen."""


def draw(minutes: Sequence[Minute]) -> SafeString:
    """An SVG with a name in words; the failed part of each bar stands at its foot in another colour."""
    most = max((minute.total for minute in minutes), default=0)
    width = len(minutes) * (BAR_WIDTH + GAP_WIDTH) - GAP_WIDTH
    bars = format_html_join(
        "",
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>',
        (
            (name, place * (BAR_WIDTH + GAP_WIDTH), y, BAR_WIDTH, height)
            for place, minute in enumerate(minutes)
            for name, y, height in _bars(minute, most)
        ),
    )
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<path class="sparkline__ground" d="M0 {}H{}"/>{}</svg>',
        width,
        HEIGHT,
        describe(minutes),
        HEIGHT - 0.5,
        width,
        bars,
    )


def describe(minutes: Sequence[Minute]) -> str:
    """The picture in a sentence."""
    total = sum(minute.total for minute in minutes)
    if not total:
        return f"No signals in the last {len(minutes)} minutes."
    most = max(minute.total for minute in minutes)
    noun = "signal" if total == 1 else "signals"
    return f"{total:,} {noun} in the last {len(minutes)} minutes, at most {most:,} in one."


def _bars(minute: Minute, most: int) -> list[tuple[str, float, float]]:
    if not minute.total:
        return []
    whole = _height(minute.total, most)
    bad = _height(minute.failed, most) if minute.failed else 0.0
    bars = []
    if whole > bad:
        bars.append(("sparkline__bar", round(HEIGHT - whole, 1), round(whole - bad, 1)))
    if bad:
        bars.append(("sparkline__bar sparkline__bar--failed", round(HEIGHT - bad, 1), round(bad, 1)))
    return bars


def _height(count: int, most: int) -> float:
    return max(HEIGHT * count / most, BAR_HEIGHT_MIN)
