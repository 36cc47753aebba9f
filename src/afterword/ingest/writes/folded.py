"""What the fold writes down about the rows that it has folded, in the transaction of their effects."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from afterword.ingest.models import RecentBody, Signal
from afterword.ingest.waiting import WaitingRow
from afterword.lib import bulk

RECENT_BODIES_MAX = 100
"""Kept of each integration. Between two clearances there may be half as many more."""
PRUNE_EVERY_BODIES = RECENT_BODIES_MAX // 2

SIGNALS = bulk.Table(
    Signal,
    *("trace_id", "integration_id", "received_at", "folded_at", "error", "failure", "entity_id"),
    *("change_unique_id", "alert_unique_id", "incident_unique_id", "incident_number"),
    *("is_incident_created", "suppressed", "body"),
)
BODIES = bulk.Table(RecentBody, "trace_id", "integration", "entity_id", "body", "received_at")

_unpruned: dict[int, int] = defaultdict(int)
"""How many bodies of an integration were kept since the last clearance. A guess is enough."""


class Fate(NamedTuple):
    """What became of a row."""

    error: str = ""
    """Why it became nothing; then `failure` says what kind of reason that is."""
    failure: str = ""
    change_unique_id: str = ""
    alert_unique_id: str = ""
    incident_unique_id: str = ""
    incident_number: int | None = None
    is_incident_created: bool = False
    suppressed: bool = False


def finish_rows(
    *, rows: Sequence[WaitingRow], fates: Sequence[Fate], at: datetime, integration_pks: Collection[int]
) -> None:
    """Write down what became of rows, each with its fate, and take them from the inbox.

    `integration_pks`: those of the rows' integrations that are still there.
    """
    assert connection.in_atomic_block
    pairs = list(zip(rows, fates, strict=True))
    own = [(row, fate) for row, fate in pairs if row.integration_pk in integration_pks]
    with bulk.without_waiting():
        _delete([row.pk for row in rows])
        _keep_bodies([row for row, _ in own])
    SIGNALS.stream(_signal(row, fate, at) for row, fate in pairs)
    # Last, for workers on the same integration wait for one another from here until the commit.
    _count(own, at)


def _signal(row: WaitingRow, fate: Fate, at: datetime) -> tuple[object, ...]:
    is_failed = bool(fate.error)
    return (
        *(row.trace_id, row.integration_pk, row.received_at, at, fate.error, fate.failure),
        row.entity_id if is_failed else "",
        *(fate.change_unique_id, fate.alert_unique_id, fate.incident_unique_id, fate.incident_number),
        *(fate.is_incident_created, fate.suppressed),
        row.body if is_failed else "",
    )


def _delete(pks: Sequence[int]) -> None:
    if connection.vendor == "sqlite":
        statement = "DELETE FROM ingest_inbox WHERE id IN (SELECT value FROM json_each(?))"
        bulk.fetch(statement, [json.dumps(pks)])
    else:
        bulk.execute("DELETE FROM ingest_inbox WHERE id = ANY(%b)", [pks])


def _keep_bodies(rows: Sequence[WaitingRow]) -> None:
    by_integration: dict[int, list[WaitingRow]] = defaultdict(list)
    for row in rows:
        by_integration[row.integration_pk].append(row)
    for integration_pk, own in by_integration.items():
        kept = own[-RECENT_BODIES_MAX:]
        BODIES.insert([(*_named(row), row.body, row.received_at) for row in kept], skip_twins=True)
        _unpruned[integration_pk] += len(kept)
        if _unpruned[integration_pk] >= PRUNE_EVERY_BODIES:
            _prune(integration_pk)
            del _unpruned[integration_pk]


def _named(row: WaitingRow) -> tuple[str, int, str]:
    named_none = row.entity_id.replace("-", "") == row.trace_id
    return row.trace_id, row.integration_pk, "" if named_none else row.entity_id


def _prune(integration_pk: int) -> None:
    # A row that another worker is about to delete is left to it: two who wait for one another help nobody.
    is_sqlite = connection.vendor == "sqlite"
    mark, skipping = ("?", "") if is_sqlite else ("%s", " FOR UPDATE SKIP LOCKED")
    bulk.fetch(
        "DELETE FROM ingest_recentbody WHERE trace_id IN (SELECT trace_id FROM ingest_recentbody"  # noqa: S608
        f" WHERE integration_id = {mark} AND (received_at, trace_id) < (SELECT received_at, trace_id"
        f" FROM ingest_recentbody WHERE integration_id = {mark} ORDER BY received_at DESC, trace_id DESC"
        f" LIMIT 1 OFFSET {RECENT_BODIES_MAX - 1}){skipping}) RETURNING trace_id",
        [integration_pk, integration_pk],
    )


@dataclass(slots=True)
class _Counts:
    folded: int = 0
    suppressed: int = 0
    failed: int = 0
    lag_milliseconds: int = 0
    lag_milliseconds_max: int = 0


def _count(rows: Sequence[tuple[WaitingRow, Fate]], at: datetime) -> None:
    counts: dict[int, _Counts] = defaultdict(_Counts)
    for row, fate in rows:
        count = counts[row.integration_pk]
        if fate.error:
            count.failed += 1
        elif fate.suppressed:
            count.suppressed += 1
        else:
            count.folded += 1
        lag = max(int((at - row.received_at).total_seconds() * 1000), 0)
        count.lag_milliseconds += lag
        if lag > count.lag_milliseconds_max:
            count.lag_milliseconds_max = min(lag, 2**31 - 1)
    minute = at.replace(second=0, microsecond=0)
    is_sqlite = connection.vendor == "sqlite"
    mark, larger = ("?", "max") if is_sqlite else ("%s", "greatest")
    statement = (
        "INSERT INTO ingest_minutecount AS known (integration_id, minute, folded, suppressed, failed,"  # noqa: S608
        f" lag_milliseconds, lag_milliseconds_max) VALUES ({', '.join([mark] * 7)})"
        " ON CONFLICT (integration_id, minute) DO UPDATE SET folded = known.folded + excluded.folded,"
        " suppressed = known.suppressed + excluded.suppressed, failed = known.failed + excluded.failed,"
        " lag_milliseconds = known.lag_milliseconds + excluded.lag_milliseconds, lag_milliseconds_max ="
        f" {larger}(known.lag_milliseconds_max, excluded.lag_milliseconds_max) RETURNING id"
    )
    # In one order, so that no two workers wait for one another.
    for integration_pk, count in sorted(counts.items()):
        bulk.fetch(
            statement,
            [
                *(integration_pk, bulk.write_sqlite_time(minute) if is_sqlite else minute),
                *(count.folded, count.suppressed, count.failed),
                *(count.lag_milliseconds, count.lag_milliseconds_max),
            ],
        )
