"""Processes that open a new database together."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections

from afterword.config import database

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def test_who_opens_it_while_another_one_writes_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, has_tried = tmp_path / "new.sqlite3", threading.Event()

    def sleep(seconds: float) -> None:
        has_tried.set()
        assert has_written.wait(60)

    def open_it() -> str:
        try:
            database._open()
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode")
                return str(cursor.fetchone()[0])
        finally:
            connection.close()

    has_written = threading.Event()
    monkeypatch.setattr(database.time, "sleep", sleep)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE words (word)")
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setitem(connections.settings["default"], "NAME", str(path))
        with ThreadPoolExecutor(1) as pool:
            opened = pool.submit(open_it)
            assert has_tried.wait(60)
            other.execute("COMMIT")
            has_written.set()
            assert opened.result(60) == "wal"
