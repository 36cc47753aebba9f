"""Numbers that a claim rounds, and says that it does. Pure.

“More than 60” is borne out by 63 and “nearly 50” by 48: a number with fewer digits that count, on the side
that the words say. A number that is not hedged has to be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ABOVE_SHARE = 0.25
"""How much more something may be where somebody says “more than”."""
ABOUT_SHARE = 0.08
"""How far “about”, “nearly” and “less than” may be off."""
HEDGE_CHARACTERS_MAX = 24
_HEDGE = re.compile(
    r"(?:(?P<above>more than|over|above|upwards of|at least|well over|just over)"
    r"|(?P<below>nearly|almost|close to|just under|less than|fewer than|under|below|not quite)"
    r"|(?P<about>about|around|roughly|approximately|approx\.?|some|circa|~|≈))\s*$",
    re.IGNORECASE,
)


def hedge_before(text: str, start: int) -> str | None:
    """`above`, `below` or `about`, where the words before say so of what stands there."""
    match = _HEDGE.search(text[max(0, start - HEDGE_CHARACTERS_MAX) : start])
    return match.lastgroup if match else None


def is_rounded(value: float, hedge: str, told: Iterable[float]) -> bool:
    """Whether one of these is what was rounded."""
    digits = _digits_that_count(value)
    return any(_digits_that_count(one) > digits and is_on_side(value, hedge, one) for one in told)


def is_on_side(value: float, hedge: str, told: float) -> bool:
    """Whether what is told is as far above, below or around a value as the words allow."""
    if hedge == "above":
        return value < told <= value * (1 + ABOVE_SHARE)
    if hedge == "below":
        return value * (1 - ABOUT_SHARE) <= told < value
    return abs(told - value) <= ABOUT_SHARE * value


def _digits_that_count(value: float) -> int:
    return len(f"{value:.10f}".replace(".", "").strip("0"))
