"""Which rows of the inbox are folded next."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from afterword.ingest.reads import PARTITIONS_COUNT
from afterword.lib import bulk

FOLD_LOCKS = 20_871_402
"""The first half of the advisory locks of partitions; any number that nobody else uses."""
IDLE_SECONDS_MAX = 10.0
"""A worker that says nothing for so long in the middle of a fold loses its transaction and its locks. One
that is killed loses them at once; this is for a machine that vanishes."""
COLUMNS = "id, trace_id, integration_id, partition, entity_id, body, received_at"
SQLITE_COLUMNS = COLUMNS.replace("received_at", "CAST(received_at AS TEXT)")


class WaitingRow(NamedTuple):
    """A signal that was accepted and waits for the fold: a row of the inbox."""

    pk: int
    trace_id: str
    """32 hexadecimal digits."""
    integration_pk: int
    partition: int
    entity_id: str
    """With which it was accepted: what the sender said, else the trace id."""
    body: str
    received_at: datetime


def next_rows(rows_max: int) -> list[WaitingRow]:
    """The next rows to fold, in their order, for this transaction only.

    On SQLite the transaction itself is the only writer. On PostgreSQL it takes one partition after the
    other until it has enough, each under a lock that ends with the transaction, so that several workers
    share the work and nobody has to find out that one of them has died.
    """
    assert connection.in_atomic_block
    if connection.vendor == "sqlite":
        statement = f"SELECT {SQLITE_COLUMNS} FROM ingest_inbox ORDER BY id LIMIT ?"  # noqa: S608
        return [_sqlite_row(row) for row in bulk.fetch(statement, [rows_max])]
    rows: list[WaitingRow] = []
    for partition in _waiting_partitions():
        if len(rows) < rows_max and _lock_partition(partition):
            # A statement of its own, after the lock: it sees what the last holder has left.
            statement = f"SELECT {COLUMNS} FROM ingest_inbox WHERE partition = %s ORDER BY id LIMIT %s"  # noqa: S608
            rows += [_row(row) for row in bulk.fetch(statement, [partition, rows_max - len(rows)])]
    return sorted(rows)


def _waiting_partitions() -> list[int]:
    """The partitions with rows, in any order: with the same one the workers would get in each other's way."""
    found = bulk.fetch(
        "SELECT number, set_config('idle_in_transaction_session_timeout', %s, true)"
        " FROM generate_series(0, %s::int) AS number"
        " WHERE EXISTS (SELECT 1 FROM ingest_inbox WHERE partition = number)",
        [f"{IDLE_SECONDS_MAX * 1000:.0f}", PARTITIONS_COUNT - 1],
    )
    waiting = [number for number, _ in found]
    random.shuffle(waiting)
    return waiting


def _lock_partition(partition: int) -> bool:
    found = bulk.fetch("SELECT pg_try_advisory_xact_lock(%s, %s::int)", [FOLD_LOCKS, partition])
    return bool(found[0][0])


def _row(row: Sequence[Any]) -> WaitingRow:
    pk, trace_id, integration_pk, partition, entity_id, body, received_at = row
    assert isinstance(trace_id, uuid.UUID)
    return WaitingRow(pk, trace_id.hex, integration_pk, partition, entity_id, body, received_at)


def _sqlite_row(row: Sequence[Any]) -> WaitingRow:
    pk, trace_id, integration_pk, partition, entity_id, body, received_at = row
    at = bulk.read_sqlite_time(received_at)
    return WaitingRow(pk, trace_id, integration_pk, partition, entity_id, body, at)
