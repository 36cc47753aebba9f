"""How many signals an integration may send: a bucket of tokens for each, in memory."""

from __future__ import annotations

import math
from collections.abc import Callable

BURST_SECONDS = 10.0
"""Who was silent so long may send at once what is allowed in this time."""
BURST_MIN = 10.0
"""Signals that may come at once, however few are allowed a minute."""
_SECONDS = 60.0


class Rates:
    """Token buckets by integration, for one thread. `monotonic` is a clock in seconds.

    A bucket holds what is allowed in `BURST_SECONDS`, at least `BURST_MIN` and at least one request: one
    that carries many signals goes through whole and leaves a debt that the next ones wait for.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._buckets: dict[int, tuple[float, float]] = {}

    def wait_seconds(self, pk: int, per_minute_max: int) -> int:
        """0 when a signal may come in now, else the whole seconds after which one may."""
        tokens = self._tokens(pk, per_minute_max)[0]
        if tokens >= 1.0:
            return 0
        return max(math.ceil((1.0 - tokens) * _SECONDS / per_minute_max), 1)

    def take(self, pk: int, per_minute_max: int, signals: int) -> None:
        """So many have come in."""
        tokens, at = self._tokens(pk, per_minute_max)
        self._buckets[pk] = tokens - signals, at

    def _tokens(self, pk: int, per_minute_max: int) -> tuple[float, float]:
        now = self._monotonic()
        per_second = per_minute_max / _SECONDS
        full = max(per_second * BURST_SECONDS, BURST_MIN)
        bucket = self._buckets.get(pk)
        if bucket is None:
            return full, now
        tokens, at = bucket
        return min(tokens + (now - at) * per_second, full), now
