"""The fold as a process of its own, for PostgreSQL. Any number of them share the work."""

from __future__ import annotations

import logging
import os
import threading

from django.db import InterfaceError, InternalError, OperationalError, connection

from afterword.ingest.fold import Pulse, fold_rows

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
    pulse = Pulse()
    while not stop.is_set():
        try:
            pulse.beat()
            if fold_rows() == 0:
                stop.wait(POLL_SECONDS)
        except (OperationalError, InterfaceError, InternalError) as error:
            # An internal error is, among others, a transaction that the server has given up on.
            logger.warning("The fold has to wait: %s", error)
            connection.close()
            stop.wait(AWAY_SECONDS)
    connection.close()


def fold_once() -> int:
    """Fold one batch; how many rows."""
    return fold_rows()
