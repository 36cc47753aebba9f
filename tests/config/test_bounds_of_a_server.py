"""What a web process sets for itself before it serves: open files, and an end to statements."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from typing import Any

import dj_database_url
import psycopg
import pytest
from django.db.utils import ConnectionHandler

from afterword.config import database
from afterword.config.database import STATEMENT_SECONDS_MAX, bound_statements
from afterword.config.sockets import OPEN_FILES_MAX, allow_many_connections
from afterword.ingest import stores
from tests.servers import postgresql_url

pytestmark = pytest.mark.pure

LOW = 512


@pytest.fixture
def few_files() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if len(os.listdir("/proc/self/fd")) > LOW // 2:
        pytest.skip("this process has too many files open already")
    resource.setrlimit(resource.RLIMIT_NOFILE, (LOW, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.mark.usefixtures("few_files")
def test_as_many_files_may_be_open_as_the_system_allows() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allow_many_connections()
    expected = OPEN_FILES_MAX if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES_MAX)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (expected, hard)


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, f"{STATEMENT_SECONDS_MAX}s"), ({"options": "-c statement_timeout=7000"}, "7s")],
)
def test_a_statement_of_a_request_has_an_end(
    given: dict[str, Any], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: dict[str, Any] = dict(dj_database_url.parse(postgresql_url()))
    settings["OPTIONS"] = {**settings.get("OPTIONS", {}), **given}
    connection = ConnectionHandler({"default": settings})["default"]
    for module in (database, stores):
        monkeypatch.setattr(module, "connection", connection)
    bound_statements()
    with psycopg.connect(**stores.connection_parameters()) as opened:
        assert opened.execute("SHOW statement_timeout").fetchone() == (expected,)
