"""An install from before the migrations were squashed becomes the same as a new one."""

from __future__ import annotations

import gzip
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.conftest import ON_POSTGRESQL
from tests.servers import (
    environment_of,
    migrate,
    migrated_postgresql,
    migrated_sqlite,
    new_postgresql,
    postgresql_url,
)

pytestmark = pytest.mark.server

BEFORE = Path(__file__).with_name("before_squashing")
"""What the 79 migrations made, of which 0001 to 0016 of the incidents and others are one each by now: the
schema and the rows, by `pg_dump` and from `sqlite_master`."""
OF_DJANGO = {"django_migrations", "django_content_type", "auth_permission", "django_site", "sqlite_sequence"}
DIFFERS_ALWAYS = {"unique_id", "created_at"}


def test_an_upgraded_database_is_the_same_as_a_new_one(tmp_path: Path):
    written = gzip.decompress((BEFORE / f"{'postgresql' if ON_POSTGRESQL else 'sqlite'}.sql.gz").read_bytes())
    if ON_POSTGRESQL:
        import psycopg

        with new_postgresql() as url:
            with psycopg.connect(url, autocommit=True) as database:
                database.execute(written)
            migrate(environment_of(tmp_path, database_url=url))
            new_url = urlunsplit(urlsplit(postgresql_url())._replace(path=f"/{migrated_postgresql()}"))
            with psycopg.connect(url) as upgraded, psycopg.connect(new_url) as new:
                assert of_postgresql(upgraded) == of_postgresql(new)
        return
    with closing(sqlite3.connect(tmp_path / "afterword.sqlite3")) as database:
        database.executescript(written.decode())
    migrate(environment_of(tmp_path))
    with (
        closing(sqlite3.connect(tmp_path / "afterword.sqlite3")) as upgraded,
        closing(sqlite3.connect(migrated_sqlite())) as new,
    ):
        assert of_sqlite(upgraded) == of_sqlite(new)


def of_sqlite(database: sqlite3.Connection) -> dict[str, Any]:
    """The tables, what is said of each in whatever order, and what they hold."""
    found: dict[str, Any] = {}
    for kind, name, sql in database.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
    ):
        if kind != "table" or "VIRTUAL" in sql:
            found[f"{kind} {name}"] = sql
            continue
        found[f"table {name}"] = sorted(parts_of(sql[sql.index("(") + 1 : sql.rindex(")")]))
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{name}")')]
        found[f"rows of {name}"] = rows_of(database, name, sorted(columns))
    return found


def parts_of(sql: str) -> list[str]:
    """What stands between commas that are in no brackets and in no quotes."""
    parts, depth, quoted, start = [], 0, "", 0
    for at, letter in enumerate(sql):
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "'\"":
            quoted = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == "," and not depth:
            parts.append(sql[start:at].strip())
            start = at + 1
    return [*parts, sql[start:].strip()]


def of_postgresql(database: Any) -> dict[str, Any]:
    """The same of PostgreSQL, and its columns in order."""
    found: dict[str, Any] = {}
    relations = database.execute(
        "SELECT relname, reloptions, oid FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    ).fetchall()
    for name, options, oid in relations:
        described = database.execute(
            "SELECT attname, format_type(atttypid, atttypmod), attnotnull, attidentity,"
            " pg_get_expr(adbin, adrelid) FROM pg_attribute"
            " LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
            " WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [oid],
        ).fetchall()
        found[f"table {name}"] = options, described
        found[f"constraints of {name}"] = sorted(
            without_its_name(conname, pg)
            for conname, pg in database.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
                " WHERE conrelid = %s AND contype <> 'n'",
                [oid],
            ).fetchall()
        )
        found[f"indexes of {name}"] = sorted(
            without_its_name(index, sql)
            for index, sql in database.execute(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s",
                [name],
            ).fetchall()
        )
        found[f"rows of {name}"] = rows_of(database, name, [column[0] for column in described])
    return found


LOST_BY_A_DUMP = re.compile(r"::(character varying|text)(\[\])?|[()]")
MADE_UP = re.compile(r"_([0-9a-f]{8})(_|$)|_(key|pkey|check|fkey)\d*$")


def without_its_name(name: str, sql: str) -> tuple[str, str]:
    """A constraint that the database or Django named by itself counts by what it says."""
    said = LOST_BY_A_DUMP.sub("", sql)
    return ("", said.replace(name, "")) if MADE_UP.search(name) else (name, said)


def rows_of(database: Any, table: str, columns: list[str]) -> list[str]:
    """What was written by the migrations themselves."""
    if table in OF_DJANGO:
        return []
    kept = ", ".join(f'"{column}"' for column in columns if column not in DIFFERS_ALWAYS)
    return sorted(map(repr, database.execute(f'SELECT {kept} FROM "{table}"').fetchall()))
