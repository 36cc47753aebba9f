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

    A bucket holds what is allowed in `BURST_SECONDS`, at least `BURST_MIN`.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._buckets: dict[int, _Bucket] = {}

    def take(self, pk: int, per_minute_max: int) -> int:
        """Let one signal in: 0, or else the whole seconds after which one may come."""
        now = self._monotonic()
        bucket = self._buckets.get(pk)
        if bucket is None or bucket.per_minute_max != per_minute_max:
            bucket = self._buckets[pk] = _Bucket(per_minute_max, now)
        tokens = bucket.tokens + (now - bucket.at) * bucket.per_second
        tokens = min(tokens, bucket.full)
        bucket.at = now
        if tokens >= 1.0:
            bucket.tokens = tokens - 1.0
            return 0
        bucket.tokens = tokens
        return max(math.ceil((1.0 - tokens) / bucket.per_second), 1)

    def owe(self, pk: int, signals: int) -> None:
        """So many more have come in with the one that was let in: the next ones wait for them."""
        self._buckets[pk].tokens -= signals


class _Bucket:
    __slots__ = ("at", "full", "per_minute_max", "per_second", "tokens")

    def __init__(self, per_minute_max: int, at: float) -> None:
        self.per_minute_max = per_minute_max
        self.per_second = per_minute_max / _SECONDS
        self.full = self.tokens = max(self.per_second * BURST_SECONDS, BURST_MIN)
        self.at = at
