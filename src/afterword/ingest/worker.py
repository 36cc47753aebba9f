"""The fold as a process of its own, for PostgreSQL. Any number of them share the work."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

from django.db import InterfaceError, InternalError, OperationalError, connection

from afterword.ingest import reads
from afterword.ingest.fold import FOLD_ROWS_MAX, Pulse, fold_rows

POLL_SECONDS = 0.05
"""An empty inbox is looked at so often: one cheap query, and a status that is complete in no time."""
AWAY_SECONDS = 1.0
NICENESS = 5
"""Where the fold and the way in want the same processor, the way in goes first: somebody waits for it."""

logger = logging.getLogger(__name__)


def run_fold(stop: threading.Event) -> None:
    """Fold until `stop` is set. Waits for a database that is away; nothing is lost or done twice."""
    # On Linux it holds for this thread and no other.
    os.nice(NICENESS)
    pulse, courtesy = Pulse(), Courtesy()
    while not stop.is_set():
        try:
            pulse.beat()
            if fold_rows(courtesy.rows_max) == 0:
                stop.wait(POLL_SECONDS)
            stop.wait(courtesy.rest(newest_row=reads.newest_row(), at=time.monotonic()))
        except (OperationalError, InterfaceError, InternalError) as error:
            # An internal error is, among others, a transaction that the server has given up on.
            logger.warning("The fold has to wait: %s", error)
            connection.close()
            stop.wait(AWAY_SECONDS)
    connection.close()


class Courtesy:
    """Gives way to senders who press while there is no processor left for all: what waits in the inbox is
    safe and can wait, a sender cannot.

    Niceness alone does not do it: PostgreSQL works for this process at its own priority. Whether others
    want the processor is read from how long this thread has waited for one (Linux tells; elsewhere, and on
    a machine with a processor to spare, the fold goes on as fast as it can).
    """

    PRESSED_ROWS_PER_SECOND = 3_000
    """From which on senders are held to press: fewer are folded as they come."""
    WAITED_SHARE_MIN = 0.05
    """Of the time since the last batch that this thread waited for a processor."""
    SHARE = 0.1
    """Of the time, that the fold takes then; as it does on SQLite."""
    ROWS_MAX = 200
    """In a batch then: PostgreSQL is done with each of its statements before anybody is kept waiting."""
    REST_SECONDS_MAX = 0.5

    def __init__(self, waited: Path = Path("/proc/thread-self/schedstat")) -> None:
        self._schedule = waited
        self._at = time.monotonic()
        self._newest_row: int | None = None
        self._rested = 0.0
        self.rows_max = FOLD_ROWS_MAX
        """For the next batch."""
        self._waited = self._seconds_waited()

    def rest(self, *, newest_row: int, at: float) -> float:
        """Seconds to leave the processor to others, after a batch that ended at `at` of the monotonic clock.

        `newest_row` is the key of the row that was accepted last: by it the rows that came are counted.
        """
        took, waited = max(at - self._at, 1e-6), self._seconds_waited()
        busy = max(took - self._rested, 1e-6)
        came = newest_row - self._newest_row if self._newest_row is not None else 0
        gives_way = (
            came / took >= self.PRESSED_ROWS_PER_SECOND
            and (waited - self._waited) / busy >= self.WAITED_SHARE_MIN
        )
        self.rows_max = self.ROWS_MAX if gives_way else min(self.rows_max * 2, FOLD_ROWS_MAX)
        rest = min(busy * (1 / self.SHARE - 1), self.REST_SECONDS_MAX) if gives_way else 0.0
        self._at, self._newest_row, self._waited, self._rested = at, newest_row, waited, rest
        return rest

    def _seconds_waited(self) -> float:
        """On a run queue, so far (the second figure of schedstat, in nanoseconds; proc(5))."""
        try:
            return int(self._schedule.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0


def fold_once() -> int:
    """Fold one batch; how many rows."""
    return fold_rows()
