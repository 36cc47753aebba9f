"""Several people or programs that do the same thing at the same moment, on one database."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.lib.errors import AfterwordError

PEOPLE = 4


@pytest.fixture
def several(
    incident: Incident, alice: Person, bob: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ThreadPoolExecutor]:
    """Threads that each have a connection of their own to one database.

    The tests' SQLite is in memory, where connections wait for nobody; these go to a copy of it in a file,
    opened as an install opens its own.
    """
    if connection.vendor == "sqlite":
        copy = str(tmp_path / "copy.sqlite3")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [copy])
        # As the program does when it starts, alone: SQLite makes nobody wait for the change to a log.
        with contextlib.closing(sqlite3.connect(copy)) as first:
            first.execute("PRAGMA journal_mode=WAL")
        monkeypatch.setitem(connections.settings["default"], "NAME", copy)
    with ThreadPoolExecutor(PEOPLE) as pool:
        yield pool


def ask(pool: ThreadPoolExecutor, question: Callable[[], Any]) -> Any:
    """The answer to a question about the database that the threads share."""

    def run() -> Any:
        try:
            return question()
        finally:
            connection.close()

    return pool.submit(run).result(60)


def at_once(pool: ThreadPoolExecutor, act: Callable[[], object]) -> list[str]:
    """What became of it for each of `PEOPLE` people: the name of the refusal, or "done"."""
    start = threading.Barrier(PEOPLE)

    def run() -> str:
        try:
            start.wait(60)
            act()
        except AfterwordError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    return sorted(future.result(60) for future in [pool.submit(run) for _ in range(PEOPLE)])
