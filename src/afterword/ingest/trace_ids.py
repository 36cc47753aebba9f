"""Trace ids: UUIDs of version 7 (RFC 9562), which begin with the time.

Rows that come one after the other then stand side by side in every index by trace id. With random ids the
index costs three times as much as all the rest of a row in the inbox (measured on SQLite).
"""

from __future__ import annotations

import os
import time

_POOL_IDS = 512
_RANDOM_DIGITS = 15
"""In hexadecimal, so 60 bits; the digit before them carries the variant."""
_COUNT_MAX = 0xFFF


class TraceIds:
    """Makes ids that grow, with 60 random bits each: nobody guesses another's. For one thread."""

    def __init__(self) -> None:
        self._milliseconds = 0
        self._head = ""
        self._count = 0
        self._pool = ""
        self._used = 0

    def new(self) -> str:
        """A trace id with its hyphens, as it is answered."""
        milliseconds = time.time_ns() // 1_000_000
        if milliseconds > self._milliseconds:
            self._begin(milliseconds)
        elif self._count < _COUNT_MAX:
            self._count += 1
        else:
            # More than 4,096 in a millisecond, or a clock set back: the time of the ids goes its own way.
            self._begin(self._milliseconds + 1)
        if self._used == len(self._pool):
            self._pool, self._used = os.urandom(_POOL_IDS * _RANDOM_DIGITS).hex(), 0
        start = self._used
        self._used = end = start + _RANDOM_DIGITS
        return (
            f"{self._head}-7{self._count:03x}-8{self._pool[start : start + 3]}-{self._pool[start + 3 : end]}"
        )

    def _begin(self, milliseconds: int) -> None:
        digits = f"{milliseconds:012x}"
        self._milliseconds, self._head, self._count = milliseconds, f"{digits[:8]}-{digits[8:]}", 0
