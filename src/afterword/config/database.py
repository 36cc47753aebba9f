"""The database at the start: is it there, and has it the tables of this version?"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from afterword.config.env import make_data_folder
from afterword.config.refusals import CANNOT_AS_CONFIGURED, Refusal
from afterword.ingest.stores import connection_parameters

CONNECT_SECONDS_MAX = 5
LOCKED_AGAIN_SECONDS = 0.05
STATEMENT_SECONDS_MAX = 30
"""For one statement of a page or the API: who asked has given up by then."""
MIGRATION_LOCK = 0x0AF7E4
"""The number of the PostgreSQL advisory lock under which one machine migrates. No meaning beyond that."""


def bound_statements() -> None:
    """On PostgreSQL: end what a request asks after `STATEMENT_SECONDS_MAX`, unless the address says when.

    For a process that answers requests, before it first connects. Migrations and the fold take their time.
    """
    if connection.vendor != "postgresql":
        return
    options = connection.settings_dict["OPTIONS"]
    given = options.get("options", "")
    if "statement_timeout" not in given:
        options["options"] = f"{given} -c statement_timeout={STATEMENT_SECONDS_MAX * 1000}".strip()


def check_database() -> None:
    """Raises Refusal when the database is away, or when its tables are not those of this version."""
    pending = count_pending_migrations()
    if pending:
        noun = "migration has" if pending == 1 else "migrations have"
        raise Refusal(
            f"The database is not ready: {pending} {noun} not been applied. Run `afterword migrate`."
        )


def migrate() -> int:
    """Bring the tables up to this version; how many migrations that took. Raises Refusal.

    One process migrates at a time; the others wait for it and find nothing left to do.
    """
    with _only_one_migrates():
        pending = count_pending_migrations()
        if pending:
            call_command("migrate", verbosity=0, interactive=False)
        return pending


def count_pending_migrations() -> int:
    """How many migrations are still to be applied. Raises Refusal for a database that is away or newer."""
    _require_connection()
    try:
        executor = MigrationExecutor(connection)
        newer = _unknown_migrations(executor)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise Refusal(f"The database {describe_database()} cannot be read: {_first_line(error)}.") from error
    if newer:
        raise Refusal(
            f"The database was written by a newer Afterword (it has {newer[0]}): install that version again.",
            CANNOT_AS_CONFIGURED,
        )
    return len(plan)


def describe_database() -> str:
    """Which database this is, without its password."""
    if connection.vendor == "sqlite":
        return str(settings.DATABASES["default"]["NAME"])
    named = settings.DATABASES["default"]
    return f"{named['NAME']} on {named.get('HOST') or 'localhost'}"


def _unknown_migrations(executor: MigrationExecutor) -> list[str]:
    own = {config.label for config in apps.get_app_configs() if config.name.startswith("afterword.")}
    applied = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations or {})
    return sorted(f"{label}.{name}" for label, name in applied if label in own)


def _require_connection() -> None:
    if connection.vendor == "sqlite":
        make_data_folder(settings.ENV)
    else:
        _require_server()
    try:
        _open()
    except (DatabaseError, ImproperlyConfigured) as error:
        raise Refusal(
            f"The database {describe_database()} cannot be opened: {_first_line(error)}."
        ) from error


def _open() -> None:
    """Connect. Who first opens an SQLite database that is new, or comes from a backup, has it keep a log
    (`journal_mode=WAL`), and while one writes SQLite refuses that at once, however long it was told to wait:
    two processes that are started together would meet there, and one of them would end."""
    deadline = time.monotonic() + settings.SQLITE_BUSY_TIMEOUT_SECONDS
    while True:
        try:
            connection.ensure_connection()
            return
        except OperationalError as error:
            if connection.vendor != "sqlite" or "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(LOCKED_AGAIN_SECONDS)


def _require_server() -> None:
    """Django's pool waits long and then does not say why: ask once by ourselves."""
    import psycopg

    arguments = {**connection_parameters(), "connect_timeout": CONNECT_SECONDS_MAX}
    try:
        psycopg.connect(**arguments).close()
    except psycopg.Error as error:
        raise Refusal(
            f"The database {describe_database()} cannot be reached: {_first_line(error)}."
        ) from error


@contextmanager
def _only_one_migrates() -> Iterator[None]:
    _require_connection()
    if connection.vendor == "sqlite":
        with _locked_file(Path(make_data_folder(settings.ENV)) / "migrate.lock"):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


@contextmanager
def _locked_file(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _first_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0].removeprefix("connection failed: ").rstrip(".")
