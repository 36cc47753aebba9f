"""Many rows of one table in one statement, on either database, for work that is measured by the second.

The ORM takes a hundred microseconds to make, bind and write a row; here it is a tenth. Values are given as
the databases want them: a UUID as 32 hexadecimal digits, JSON as text, a time as an aware datetime in UTC.
PostgreSQL gets one array for each column (`unnest`) or, for many rows, a stream (`COPY`); SQLite several rows
of values: one statement for each row would give up the interpreter's lock and wait for it each time.

Everything here runs in the caller's transaction and raises Django's exceptions.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache, cached_property, lru_cache
from itertools import chain
from typing import Any

from django.db import connection, models

SQLITE_ROWS_MAX = 64
"""In one statement: more of them are hardly faster, and each size has to be prepared once."""
SQLITE_VALUES_MAX = 8_000
"""In one statement; the usual limit of SQLite is 32,766."""

Row = Sequence[Any]


class Table:
    """Some columns of a model's table, in a fixed order, to insert or to update."""

    def __init__(self, model: type[models.Model], *fields: str, also: str = "") -> None:
        """`also`: what an update sets beside the columns, in the words of SQL, with the table's full name."""
        self.model = model
        self.fields: list[Any] = [model._meta.get_field(name) for name in fields]
        self.names: list[str] = [field.column for field in self.fields]
        self._name = model._meta.db_table
        self._also = f", {also}" if also else ""
        self._times = [
            place for place, field in enumerate(self.fields) if isinstance(field, models.DateTimeField)
        ]

    def insert(self, rows: Sequence[Row], *, skip_twins: bool = False) -> None:
        """Insert rows in their order. `skip_twins`: leave out those that break a unique constraint."""
        if not rows:
            return
        ending = " ON CONFLICT DO NOTHING" if skip_twins else ""
        columns = ", ".join(self.names)
        if connection.vendor == "sqlite":
            self._on_sqlite(f"INSERT INTO {self._name} ({columns}) VALUES ", ending, rows)  # noqa: S608
            return
        casts = ", ".join(f"g.{name}{self._cast(place)}" for place, name in enumerate(self.names))
        given = f"SELECT {casts} FROM {self._given} AS g ({columns})"  # noqa: S608
        execute(f"INSERT INTO {self._name} ({columns}) {given}{ending}", self._arrays(rows))

    def stream(self, rows: Iterable[Row]) -> None:
        """Insert many rows in their order. PostgreSQL works on the first while the next are put together, and
        has less work with each than with `insert`. Not inside of `without_waiting`."""
        if connection.vendor == "sqlite":
            self.insert(list(rows))
            return
        import psycopg

        statement = f"COPY {self._name} ({', '.join(self.names)}) FROM STDIN"
        with (
            connection.wrap_database_errors,
            psycopg.Cursor(connection.connection) as cursor,
            cursor.copy(statement.encode()) as copy,
        ):
            for row in rows:
                copy.write_row(row)

    def update(self, rows: Sequence[Row]) -> None:
        """Write the columns into the rows that the first one, the primary key, names; each at most once."""
        if not rows:
            return
        if connection.vendor == "sqlite":
            sets = ", ".join(
                f"{name} = g.column{place}" for place, name in enumerate(self.names[1:], start=2)
            )
            start = f"UPDATE {self._name} SET {sets}{self._also} FROM (VALUES "  # noqa: S608
            self._on_sqlite(start, f") AS g WHERE {self._name}.{self.names[0]} = g.column1", rows)
            return
        sets = ", ".join(
            f"{name} = g.{name}{self._cast(place)}" for place, name in enumerate(self.names[1:], start=1)
        )
        execute(
            f"UPDATE {self._name} SET {sets}{self._also} FROM {self._given} AS g ({', '.join(self.names)})"  # noqa: S608
            f" WHERE {self._name}.{self.names[0]} = g.{self.names[0]}",
            self._arrays(rows),
        )

    def _on_sqlite(self, start: str, ending: str, rows: Sequence[Row]) -> None:
        rows_max = max(min(SQLITE_ROWS_MAX, SQLITE_VALUES_MAX // len(self.names)), 1)
        first = 0
        with connection.wrap_database_errors:
            while first < len(rows):
                # Powers of two: few different statements, so that all stay prepared.
                size = min(1 << ((len(rows) - first).bit_length() - 1), rows_max)
                values = list(chain.from_iterable(rows[first : first + size]))
                for place in self._times:
                    times = values[place :: len(self.names)]
                    values[place :: len(self.names)] = [at and write_sqlite_time(at) for at in times]
                connection.connection.execute(start + _marks(len(self.names), size) + ending, values)
                first += size

    def _arrays(self, rows: Sequence[Row]) -> list[list[Any]]:
        return [list(column) for column in zip(*rows, strict=True)]

    @cached_property
    def _given(self) -> str:
        return f"unnest({', '.join(f'%b::{array}[]' for array, _ in map(_postgresql_type, self.fields))})"

    def _cast(self, place: int) -> str:
        return _postgresql_type(self.fields[place])[1]


@contextmanager
def without_waiting() -> Iterator[None]:
    """Statements inside are sent to PostgreSQL without waiting for the one before: while it works on one,
    the rows of the next are put together. What fails raises at the end of the block, at the latest."""
    if connection.vendor == "sqlite":
        yield
        return
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def execute(statement: str, values: Sequence[Any]) -> None:
    """Run a prepared statement on PostgreSQL."""
    import psycopg

    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement.encode(), values, prepare=True)


def fetch(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a prepared query, in the placeholders of the database at hand."""
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            found: list[tuple[Any, ...]] = connection.connection.execute(statement, values).fetchall()
            return found
        import psycopg

        with psycopg.Cursor(connection.connection) as cursor:
            return cursor.execute(statement.encode(), values, prepare=True, binary=True).fetchall()


def is_one_of(keys: Collection[int]) -> tuple[str, Any]:
    """The end of a condition on a key, in one placeholder, and its value."""
    if connection.vendor == "sqlite":
        return "IN (SELECT value FROM json_each(?))", json.dumps(list(keys))
    return "= ANY(%b)", list(keys)


def take_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Primary keys for rows to be inserted in this transaction, growing, and given to nobody else."""
    table = model._meta.db_table
    if connection.vendor == "sqlite":
        # The caller holds the only writer; SQLite notes the largest key when the rows are inserted.
        assert connection.in_atomic_block
        found = fetch("SELECT seq FROM sqlite_sequence WHERE name = ?", [table])
        last = int(found[0][0]) if found else 0
        return range(last + 1, last + count + 1)
    # The name of the sequence is looked up once, and not for each key.
    found = fetch(
        "WITH s AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence)"
        " SELECT array_agg(nextval(s.sequence)) FROM s, generate_series(1, %s)",
        [table, count],
    )
    keys: list[int] = found[0][0]
    return keys


@lru_cache(maxsize=10_000)
def write_sqlite_time(at: datetime) -> str:
    """A time in UTC as Django writes it on SQLite, where times are compared as text.

    The same time stands in several rows of a batch.
    """
    return str(at)[:-6]


def read_sqlite_time(text: str) -> datetime:
    """A time that was read as text, with `CAST(... AS TEXT)`: Django's way takes three times as long."""
    return datetime.fromisoformat(f"{text}+00:00")


@cache
def _marks(columns: int, rows: int) -> str:
    return ",".join(["(" + ",".join("?" * columns) + ")"] * rows)


def _postgresql_type(field: Any) -> tuple[str, str]:
    """The type of the array that carries a column, and the cast of its values behind that."""
    kind = str(field.rel_db_type(connection) if field.is_relation else field.db_type(connection))
    if kind == "uuid":
        return "text", "::uuid"
    if kind == "jsonb":
        return "text", "::jsonb"
    return ("text", "") if kind.startswith("varchar") else (kind, "")
