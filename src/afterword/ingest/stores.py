"""How rows get into the inbox, on either database, as fast as a disk that is really synced allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection

from afterword.ingest.inbox import InboxEntry, Store, StoreAway
from afterword.ingest.partitions import ENTITY_PARTITIONS_COUNT

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS_MAX = 3
COMMIT_SECONDS_MAX = 10
BUSY_SECONDS_MAX = 5
"""On SQLite, where a batch may have to wait for a piece of the fold that waits as long."""
_OF_DJANGO = ("context", "cursor_factory", "prepare_threshold", "row_factory", "autocommit", "pool")
_UTC_CHARACTERS = len("+00:00")
_COLUMNS = "trace_id, integration_id, partition, entity_id, body, received_at"


def make_store() -> Store:
    """The store for the database in the settings. Call it in the thread that will use it."""
    return SqliteStore() if connection.vendor == "sqlite" else PostgresqlStore()


def connection_parameters() -> dict[str, Any]:
    """How to reach the PostgreSQL of the settings, as libpq takes it: all that stands in its address.

    A connection without the certificates or the search path would reach another server or other tables.
    """
    given: dict[str, Any] = connection.get_connection_params()
    return {name: value for name, value in given.items() if name not in _OF_DJANGO}


class SqliteStore:
    """Django's own connection of this thread, which the fold shares: SQLite has one writer at a time.

    The rows of a batch are one statement wherever they can be: the interpreter's lock is given up and
    taken back for each, and getting it back from a busy event loop takes longer than the insert.
    """

    def __init__(self) -> None:
        self._hurried: object = None
        """The connection that has been told not to wait as long for another program as a page may."""

    def insert(self, rows: Sequence[InboxEntry]) -> None:
        import sqlite3

        try:
            connection.ensure_connection()
            raw: sqlite3.Connection = connection.connection
            if raw is not self._hurried:
                raw.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS_MAX * 1000}")
                self._hurried = raw
            raw.execute("BEGIN IMMEDIATE")
            try:
                self._insert(raw, rows)
                raw.execute("COMMIT")
            except BaseException:
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
                raise
        except (sqlite3.OperationalError, DatabaseError) as error:
            raise StoreAway(str(error)) from error

    def _insert(self, raw: Any, rows: Sequence[InboxEntry]) -> None:
        start = 0
        while start < len(rows):
            # Powers of two: few different statements, so that all stay prepared.
            size = 1 << ((len(rows) - start).bit_length() - 1)
            values: list[Any] = []
            for row in rows[start : start + size]:
                values += (
                    row.trace_id.replace("-", ""),
                    row.integration_id,
                    # Only two of them, for one thread folds all. With sixteen, each commit would change
                    # sixteen pages of the index for one, which costs more than the rows themselves.
                    0 if row.partition < ENTITY_PARTITIONS_COUNT else ENTITY_PARTITIONS_COUNT,
                    row.entity_id,
                    row.body,
                    # As Django writes a time on SQLite: UTC without saying so.
                    row.received_at.isoformat(" ", "microseconds")[:-_UTC_CHARACTERS],
                )
            raw.execute(_sqlite_insert(size), values)
            start += size

    def close(self) -> None:
        connection.close()


def _sqlite_insert(rows_count: int) -> str:
    return f"INSERT INTO ingest_inbox ({_COLUMNS}) VALUES " + ",".join(["(?,?,?,?,?,?)"] * rows_count)  # noqa: S608


class PostgresqlStore:
    """A connection of its own, outside Django's pool, with one prepared statement for every batch."""

    _SQL = (
        f"INSERT INTO ingest_inbox ({_COLUMNS}) SELECT t::uuid, i, p, e, b, r FROM unnest("  # noqa: S608
        "%b::text[], %b::bigint[], %b::smallint[], %b::text[], %b::text[], %b::timestamptz[])"
        " AS given (t, i, p, e, b, r)"
    )

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Any] | None = None

    def insert(self, rows: Sequence[InboxEntry]) -> None:
        import psycopg

        columns = [
            [row.trace_id for row in rows],
            [row.integration_id for row in rows],
            [row.partition for row in rows],
            [row.entity_id for row in rows],
            [row.body for row in rows],
            [row.received_at for row in rows],
        ]
        try:
            self._connect().execute(self._SQL, columns, prepare=True)
        except psycopg.Error as error:
            self.close()
            raise StoreAway(str(error)) from error

    def _connect(self) -> psycopg.Connection[Any]:
        import psycopg

        if self._connection is None:
            given = connection_parameters()
            bounds = f"-c statement_timeout={COMMIT_SECONDS_MAX * 1000} -c synchronous_commit=on"
            self._connection = psycopg.connect(
                **{
                    **given,
                    "connect_timeout": CONNECT_SECONDS_MAX,
                    "options": f"{given.get('options', '')} {bounds}".strip(),
                    "tcp_user_timeout": COMMIT_SECONDS_MAX * 1000,
                    "application_name": "afterword-inbox",
                },
                autocommit=True,
            )
        return self._connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
