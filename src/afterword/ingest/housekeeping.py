"""Old fates of signals make room. What is not folded yet is never touched."""

from __future__ import annotations

from datetime import datetime, timedelta

from afterword.ingest import writes

SIGNAL_DAYS_KEPT = 30
FAILED_SIGNAL_DAYS_KEPT = 90
"""Failed signals hold the body that could not be folded: time to find the fault."""
CHUNK_ROWS_MAX = 500
"""Short transactions: on SQLite the way in waits for each."""
PRUNED_ROWS_MAX = 50_000
"""In one call; the next goes on."""


def prune(at: datetime) -> int:
    """Delete the fates of signals that are too old at `at`; how many."""
    pruned = 0
    for failed, days in ((False, SIGNAL_DAYS_KEPT), (True, FAILED_SIGNAL_DAYS_KEPT)):
        deleted = CHUNK_ROWS_MAX
        while deleted == CHUNK_ROWS_MAX and pruned < PRUNED_ROWS_MAX:
            deleted = writes.delete_signals(
                received_before=at - timedelta(days=days), failed=failed, rows_max=CHUNK_ROWS_MAX
            )
            pruned += deleted
    return pruned
