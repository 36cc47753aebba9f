"""What was kept of old signals makes room. What is not folded yet is never touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from afterword.ingest.fates.rules import COUNTED_DAYS_KEPT
from afterword.ingest.writes import pruning

CHUNK_ROWS_MAX = 500
"""Short transactions: on SQLite the way in waits for each."""
PRUNED_ROWS_MAX = 50_000
"""Of each kind in one call; the next goes on."""


def prune(at: datetime) -> int:
    """Delete what is too old at `at`, or too much; how many rows.

    The fates of signals go by the ages in the settings, the counts of each minute after `COUNTED_DAYS_KEPT`
    days, and of the bodies of an integration the last hundred stay.
    """
    folded_before = at - timedelta(days=settings.ENV.signal_days_kept)
    failed_before = at - timedelta(days=settings.ENV.failed_signal_days_kept)
    counted_before = at - timedelta(days=COUNTED_DAYS_KEPT)
    deletions = (
        partial(pruning.delete_folded_signals, before=folded_before),
        partial(pruning.delete_failed_signals, before=failed_before),
        partial(pruning.delete_minute_counts, before=counted_before),
        pruning.delete_surplus_bodies,
    )
    return sum(_delete_all(delete) for delete in deletions)


def _delete_all(delete: Callable[..., int]) -> int:
    """Piece by piece; a piece that is not full is the last."""
    total = 0
    while total < PRUNED_ROWS_MAX:
        deleted = delete(rows_max=CHUNK_ROWS_MAX)
        total += deleted
        if deleted < CHUNK_ROWS_MAX:
            break
    return total
