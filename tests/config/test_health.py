from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client

from afterword import __version__
from afterword.config.health import HEARTBEAT_AGE_SECONDS_MAX, describe_storage, write_heartbeat
from afterword.ingest import writes as ingest
from afterword.lib import clock
from tests.servers import postgresql_url, running_afterword, wait_until


@pytest.mark.django_db
def test_it_is_not_ready_before_the_worker_has_said_anything(client: Client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ok", "worker": "silent"})


@pytest.mark.django_db
@pytest.mark.parametrize("silent", ["worker", "fold"])
def test_it_is_ready_while_both_the_worker_and_the_fold_are_heard(client: Client, silent: str):
    now = clock.now()
    write_heartbeat(now)
    ingest.write_heartbeat(at=now)
    assert client.get("/readyz").json() == {"database": "ok", "worker": "ok"}
    assert client.get("/readyz").status_code == 200

    long_ago = now - timedelta(seconds=HEARTBEAT_AGE_SECONDS_MAX + 5)
    if silent == "worker":
        write_heartbeat(long_ago)
    else:
        ingest.write_heartbeat(at=long_ago)
    assert client.get("/readyz").json() == {"database": "ok", "worker": "silent"}


@pytest.mark.django_db
def test_it_is_alive_without_an_organisation(client: Client):
    answer = client.get("/healthz", headers={"host": "probe.invalid"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": __version__})


@pytest.mark.pure
def test_it_says_when_nothing_can_be_stored_beside_an_sqlite_file(tmp_path: Path):
    file = tmp_path / "data" / "afterword.sqlite3"
    file.parent.mkdir()
    file.touch()
    assert describe_storage(file) == "ok"
    assert describe_storage(file, free_bytes_min=2**63) == "full"
    # Permissions would not stop a test that runs as root.
    file.parent.rename(tmp_path / "elsewhere")
    assert describe_storage(file) == "read-only"


@pytest.mark.server
@pytest.mark.skipif(
    os.environ.get("AFTERWORD_TEST_DATABASE") != "postgresql", reason="an SQLite file does not go away"
)
def test_it_is_not_ready_while_the_database_is_away(tmp_path: Path):
    import psycopg
    from psycopg import sql

    def rename(old: str, new: str) -> None:
        command = sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(old), sql.Identifier(new))
        with psycopg.connect(postgresql_url(), autocommit=True) as server:
            server.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
                    sql.Identifier(old), sql.SQL("false" if new.endswith("_away") else "true")
                )
            )
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [old])
            server.execute(command)

    with running_afterword(tmp_path / "data") as running:
        name = urlsplit(running.environment["AFTERWORD_DATABASE_URL"]).path.removeprefix("/")
        rename(name, f"{name}_away")
        try:
            wait_until(
                lambda: requests.get(f"{running.url}/readyz", timeout=60).json()["database"] == "away",
                "the database is away and nobody notices",
            )
            assert requests.get(f"{running.url}/healthz", timeout=60).status_code == 200
        finally:
            rename(f"{name}_away", name)
        wait_until(
            lambda: requests.get(f"{running.url}/readyz", timeout=60).status_code == 200,
            "the database is back and nobody notices",
        )
