"""An event loop for tests with short limits of time, on machines that do much else."""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

TURN_SECONDS_MAX = 0.02
COUNTED_SECONDS_MAX = 0.05
Result = TypeVar("Result")


def run_unhurried(main: Coroutine[Any, Any, Result]) -> Result:
    """As `asyncio.run`, by a clock that stands still while the process is kept from its work.

    A limit of a second then runs out when the loop had a second, and both sides of a connection, when both
    are in this loop, had the same one.
    """
    with asyncio.Runner(loop_factory=_UnhurriedLoop) as runner:
        return runner.run(main)


class _UnhurriedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._told = self._looked_at = time.monotonic()
        super().__init__(_ShortTurns())

    def time(self) -> float:
        now = time.monotonic()
        self._told += min(now - self._looked_at, COUNTED_SECONDS_MAX)
        self._looked_at = now
        return self._told


class _ShortTurns(selectors.DefaultSelector):
    """Waits no longer than the clock may count at once."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(TURN_SECONDS_MAX if timeout is None else min(timeout, TURN_SECONDS_MAX))
