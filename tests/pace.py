"""Limits of processor time that hold on a slow or busy machine too."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

STEPS = 200_000
STEPS_SECONDS = 0.012
"""Of a processor of 2024 with nothing else to do, for which limits are written."""
SLOWNESS_MAX = 10.0


@contextlib.contextmanager
def within(seconds_max: float) -> Iterator[None]:
    """Fails where this thread takes more than so many seconds of an idle processor of 2024.

    A slower processor, or one whose other half is busy, has as many times as long as it takes for the same
    small piece of work just before or just after. So it tells work without a bound from a bad moment.
    """
    slowness = _slowness()
    began = time.thread_time()
    yield
    seconds = time.thread_time() - began
    slowness = max(slowness, _slowness())
    assert seconds < seconds_max * slowness, f"{seconds:.2f} s, {slowness:.1f} times slower than usual"


def _slowness() -> float:
    """How many times as long as usual the processor takes now; at least 1."""
    began = time.thread_time()
    total = 0
    for step in range(STEPS):
        total += step
    seconds = time.thread_time() - began
    return min(max(seconds / STEPS_SECONDS, 1.0), SLOWNESS_MAX)
