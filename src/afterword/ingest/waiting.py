"""Which rows of the inbox are folded next: in order, fairly, and by one worker at a time."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from afterword.ingest.configuration import Configuration
from afterword.ingest.partitions import ENTITY_PARTITIONS_COUNT, PARTITIONS_COUNT, is_of_service
from afterword.lib import bulk

FOLD_LOCKS = 20_871_402
"""The first half of the advisory locks of partitions; any number that nobody else uses."""
IDLE_SECONDS_MAX = 10.0
"""A worker that says nothing for so long in the middle of a fold loses its transaction and its locks. One
that is killed loses them at once; this is for a machine that vanishes."""
PARTITIONS_AT_ONCE = 4
"""Locked and read together. A worker that has enough leaves the others to other workers."""
STORM_SHARE = 4
"""A lane with more than one in so many rows of a full batch is a storm: the others go past it."""
STORM_ROWS_MIN = 5
"""In a batch; two rows of one entity in a small one are none."""
STORMS_MAX = 16
SCANNED_PER_ROW = 50
"""Looked through for those who go past a storm, for each row of a batch: a tenth of what it takes to fold."""

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


class Lane(NamedTuple):
    """What must stay in order: the rows of an entity, or all of an integration."""

    integration_pk: int
    entity_id: str | None

    def holds(self, row: WaitingRow) -> bool:
        return row.integration_pk == self.integration_pk and self.entity_id in (None, row.entity_id)


class OlderRuleWaits(Exception):
    """Rows of an integration wait in partitions of two kinds: only who holds all of them sees their order."""


class Line:
    """Where one process stands in the inbox, from batch to batch. To forget it is always safe.

    Rows are folded in the order in which they came, until one lane fills the batches: a storm. Then the
    others go past it. Used on SQLite only, where rows come in the order of their keys: all rows up to
    `passed_pk` that still wait belong to storms.
    """

    def __init__(self) -> None:
        self.storms: set[Lane] = set()
        self.passed_pk = 0

    def forget(self) -> None:
        self.storms = set()
        self.passed_pk = 0


def next_rows(rows_max: int, line: Line) -> list[WaitingRow]:
    """The next rows to fold, in their order, for this transaction only.

    On SQLite the transaction itself is the only writer. On PostgreSQL it takes some partitions, each under
    a lock that ends with the transaction, so that several workers share the work and nobody has to find
    out that one of them has died.
    """
    assert connection.in_atomic_block
    if connection.vendor == "sqlite":
        return _go_past_storms(rows_max, line) if line.storms else _next_in_order(rows_max, line)
    return _next_of_partitions(rows_max)


def require_order(rows: Sequence[WaitingRow], configurations: Mapping[int, Configuration]) -> None:
    """Raises OlderRuleWaits when rows of these integrations may have to be folded first.

    A mapping, a rule or collation that is switched on or off moves an integration's rows to partitions of
    the other kind, and those that wait stay where they are. Ask when the rows are read, for then whatever
    was acknowledged before one of them can be seen.
    """
    if connection.vendor == "sqlite":
        return
    latest: dict[bool, dict[int, int]] = {False: {}, True: {}}
    for row in rows:
        configuration = configurations.get(row.integration_pk)
        is_apart = is_of_service(row.partition)
        if configuration is not None and configuration.is_apart != is_apart:
            raise OlderRuleWaits
        latest[is_apart][row.integration_pk] = row.pk
    for is_apart, pks in latest.items():
        if pks and _has_older(is_apart, pks):
            raise OlderRuleWaits


def next_rows_alone(rows_max: int) -> list[WaitingRow]:
    """The next rows of all partitions in their order, once no other worker folds any."""
    assert connection.in_atomic_block
    # In the order of their numbers, so that two who do this wait for one another and not in a circle.
    bulk.fetch(
        "SELECT set_config('idle_in_transaction_session_timeout', %s, true),"
        " pg_advisory_xact_lock(%s, number) FROM generate_series(0, %s::int) AS number",
        [_idle_limit(), FOLD_LOCKS, PARTITIONS_COUNT - 1],
    )
    statement = f"SELECT {COLUMNS} FROM ingest_inbox ORDER BY id LIMIT %s"  # noqa: S608
    return [_row(row) for row in bulk.fetch(statement, [rows_max])]


# SQLite ------------------------------------------------------------------------------------------------


def _next_in_order(rows_max: int, line: Line) -> list[WaitingRow]:
    rows = _sqlite_rows("1", [], rows_max)
    if len(rows) == rows_max:
        line.storms = _storms(rows)
        line.passed_pk = rows[-1].pk if line.storms else 0
    return rows


def _go_past_storms(rows_max: int, line: Line) -> list[WaitingRow]:
    """Half for those who go past, the rest for the storms."""
    end = line.passed_pk + SCANNED_PER_ROW * rows_max
    calm, values = _not_of(line.storms, "?")
    wanted = max(rows_max // 2, 1)
    passing = _sqlite_rows(f"id > ? AND id <= ? AND {calm}", [line.passed_pk, end, *values], wanted)
    if len(line.storms) > STORMS_MAX or _is_moved(passing, line.storms):
        line.forget()
        return _sqlite_rows("1", [], rows_max)
    if len(passing) == wanted:
        end = passing[-1].pk
        line.storms |= _storms(passing)
    else:
        end = min(end, max(_last_pk(), line.passed_pk))
    known = {row.pk for row in passing}
    behind = _sqlite_rows("id <= ?", [end], rows_max)
    storming = [row for row in behind if row.pk not in known]
    rows = sorted([*passing, *storming[: rows_max - len(passing)]])
    line.passed_pk = end
    if len(behind) < rows_max and len(rows) == len(behind):
        # Nothing is left behind: the storm is over.
        line.forget()
    return rows


def _is_moved(passing: Sequence[WaitingRow], storms: Collection[Lane]) -> bool:
    """Whether an integration with a storm among its entities is kept in one order by now."""
    storming = {lane.integration_pk for lane in storms if lane.entity_id is not None}
    return any(is_of_service(row.partition) and row.integration_pk in storming for row in passing)


def _sqlite_rows(condition: str, values: Sequence[Any], rows_max: int) -> list[WaitingRow]:
    statement = f"SELECT {SQLITE_COLUMNS} FROM ingest_inbox WHERE {condition} ORDER BY id LIMIT ?"  # noqa: S608
    return [
        WaitingRow._make((*row[:6], bulk.read_sqlite_time(row[6])))
        for row in bulk.fetch(statement, [*values, rows_max])
    ]


def _last_pk() -> int:
    found = bulk.fetch("SELECT max(id) FROM ingest_inbox", [])
    return int(found[0][0] or 0)


# PostgreSQL --------------------------------------------------------------------------------------------


def _next_of_partitions(rows_max: int) -> list[WaitingRow]:
    rows: list[WaitingRow] = []
    share = max(rows_max // PARTITIONS_AT_ONCE, 1)
    full: dict[int, int] = {}
    waiting = _waiting_partitions()
    at_once = min(PARTITIONS_AT_ONCE, rows_max)
    while waiting and len(rows) < rows_max:
        held = _lock_partitions([waiting.pop() for _ in range(min(at_once, len(waiting)))])
        # A statement of its own, after the locks: it sees what their last holders have left.
        found = _rows_of_partitions([(partition, 0, share) for partition in held])
        counts = Counter(row.partition for row in found)
        full |= {
            partition: max(row.pk for row in found if row.partition == partition)
            for partition, count in counts.items()
            if count == share
        }
        rows += found
    rows += _passing_storms(rows, full, share)
    left = rows_max - len(rows)
    if full and left > 0:
        more = -(-left // len(full))
        rows += _rows_of_partitions([(partition, last_pk, more) for partition, last_pk in full.items()])
    return sorted(set(rows))


def _passing_storms(rows: Sequence[WaitingRow], full: Collection[int], share: int) -> list[WaitingRow]:
    """Rows from behind a storm, in partitions that have more rows than were read.

    What is calm in such a partition is read from its beginning, so that each lane stays in order. These
    rows come on top of a batch: up to as many again, when all of it is storms.
    """
    passing = []
    for partition in full:
        storms = _storms([row for row in rows if row.partition == partition])
        if storms:
            calm, values = _not_of(storms, "%s")
            statement = (
                f"SELECT {COLUMNS} FROM ingest_inbox WHERE partition = %s AND {calm} ORDER BY id LIMIT %s"  # noqa: S608
            )
            passing += [_row(row) for row in bulk.fetch(statement, [partition, *values, share])]
    return passing


def _waiting_partitions() -> list[int]:
    """The partitions with rows, in any order: with the same one the workers would get in each other's way."""
    found = bulk.fetch(
        "SELECT number, set_config('idle_in_transaction_session_timeout', %s, true)"
        " FROM generate_series(0, %s::int) AS number"
        " WHERE EXISTS (SELECT 1 FROM ingest_inbox WHERE partition = number)",
        [_idle_limit(), PARTITIONS_COUNT - 1],
    )
    waiting = [number for number, _ in found]
    random.shuffle(waiting)
    return waiting


def _idle_limit() -> str:
    return f"{IDLE_SECONDS_MAX * 1000:.0f}"


def _lock_partitions(partitions: Sequence[int]) -> list[int]:
    found = bulk.fetch(
        "SELECT number, pg_try_advisory_xact_lock(%s, number) FROM unnest(%b::int[]) AS number",
        [FOLD_LOCKS, list(partitions)],
    )
    return [number for number, is_held in found if is_held]


def _rows_of_partitions(wanted: Sequence[tuple[int, int, int]]) -> list[WaitingRow]:
    """Of each partition so many rows behind a key."""
    if not wanted:
        return []
    columns = ", ".join(f"r.{name}" for name in COLUMNS.split(", "))
    rows = bulk.fetch(
        f"SELECT {columns} FROM unnest(%b::int[], %b::bigint[], %b::bigint[]) AS w (partition, pk, count)"  # noqa: S608
        " CROSS JOIN LATERAL (SELECT * FROM ingest_inbox i WHERE i.partition = w.partition AND i.id > w.pk"
        " ORDER BY i.id LIMIT w.count) AS r",
        [list(column) for column in zip(*wanted, strict=True)],
    )
    return [_row(row) for row in rows]


def _has_older(is_apart: bool, latest: Mapping[int, int]) -> bool:
    """Whether rows of these integrations wait in partitions of the other kind, before the last one known."""
    other = f"partition {'<' if is_apart else '>='} {ENTITY_PARTITIONS_COUNT}"
    found = bulk.fetch(
        f"SELECT 1 FROM ingest_inbox WHERE {other} AND integration_id = ANY(%b) AND id < %s LIMIT 1",  # noqa: S608
        [list(latest), max(latest.values())],
    )
    return bool(found)


def _row(row: Sequence[Any]) -> WaitingRow:
    pk, trace_id, integration_pk, partition, entity_id, body, received_at = row
    assert isinstance(trace_id, uuid.UUID)
    return WaitingRow(pk, trace_id.hex, integration_pk, partition, entity_id, body, received_at)


# Storms ------------------------------------------------------------------------------------------------


def _storms(rows: Sequence[WaitingRow]) -> set[Lane]:
    counts = Counter(_lane(row) for row in rows)
    share = max(len(rows) / STORM_SHARE, STORM_ROWS_MIN)
    return {lane for lane, count in counts.items() if count >= share}


def _lane(row: WaitingRow) -> Lane:
    return Lane(row.integration_pk, None if is_of_service(row.partition) else row.entity_id)


def _not_of(storms: Collection[Lane], mark: str) -> tuple[str, list[Any]]:
    """A condition for rows that belong to none of the storms, and its values."""
    conditions: list[str] = []
    values: list[Any] = []
    for integration_pk, entity_id in storms:
        if entity_id is None:
            conditions.append(f"integration_id <> {mark}")
            values.append(integration_pk)
        else:
            conditions.append(f"(integration_id <> {mark} OR entity_id <> {mark})")
            values += [integration_pk, entity_id]
    return " AND ".join(conditions), values
