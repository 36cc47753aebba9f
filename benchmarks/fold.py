"""How many alerts a second one worker folds into incidents, against plain SQL that copies the same rows.

    .venv/bin/python benchmarks/fold.py [--rows 20000] [--runs 3] [--signals 100000] [--only NAMES] [--json]

The alerts have 1,000 entities with an open incident each. "Speed" is for alerts of these; with "turnover" one
in twenty ends its incident or opens another, and so it is in the steady load and the memory. A mapping and
three alert rules are on: one sets the priority, one adds a tag, one writes a summary. Each subject is a
process of its own with a fresh database; SQLite runs with `synchronous=FULL`, PostgreSQL with `fsync=on`.
Subjects take turns within each run, and the table shows medians.

- The floor copies the rows that the fold has written, alerts, entries and fates, into tables with the same
  indexes, by `INSERT ... SELECT` in as many transactions, and deletes the rows of the inbox.
- "with the ORM" is the fold with Django's `bulk_create` and `bulk_update` in place of our own statements.
- The storm is a burst of 100,000 alerts about one entity, while 100 alerts a second come about others: the
  times are theirs, from acceptance to fate.
- The steady load is 1,000 alerts a second into a running `afterword serve`, from acceptance to fate. It
  begins once the program says that it is ready and has folded the 1,000 alerts of a first second, which
  are not counted.
- Memory is what the folding process has after a tenth of the signals and after all of them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen

from _folding import WARM_UP_ROWS
from ingest import PROJECT, START_SECONDS_MAX, cpu_model, start_postgresql

FOLDER = Path(__file__).resolve().parent
STEADY_PER_SECOND = 1_000
STEADY_SECONDS = 10
DATABASES = ("sqlite", "postgresql")
PARTS = ("speed", "turnover", "storm", "steady", "memory")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000, help="in each run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--signals", type=int, default=100_000, help="for the memory")
    parser.add_argument("--only", default="", help=f"of {', '.join((*DATABASES, *PARTS))}, with commas")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    chosen = {name.strip() for name in options.only.split(",") if name.strip()}
    databases = [name for name in DATABASES if name in chosen] or list(DATABASES)
    parts = [name for name in PARTS if name in chosen] or list(PARTS)
    found: dict[str, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as name:
        bench = Bench(Path(name))
        for run in range(options.runs):
            for database in databases:
                for part in parts:
                    if part == "memory" and run:
                        continue
                    result = bench.measure(database, part, options)
                    found.setdefault(f"{part} on {database}", []).append(result)
                    if not options.json:
                        print(f"run {run + 1} {part} on {database}: {json.dumps(result)}", flush=True)
    report = {
        "machine": f"{os.cpu_count()} cores, {cpu_model()}, Python {platform.python_version()}",
        "load_average": os.getloadavg(),
        "results": {name: median(runs) for name, runs in found.items()},
    }
    print(json.dumps(report) if options.json else render(report))


def median(runs: list[dict[str, Any]]) -> dict[str, float]:
    """Of each figure by itself."""
    return {name: round(statistics.median(run[name] for run in runs), 3) for name in runs[0]}


def render(report: dict[str, Any]) -> str:
    lines = ["", f"{report['machine']}; load average {report['load_average'][0]:.1f}", ""]
    for name, figures in report["results"].items():
        shown = ", ".join(f"{label.replace('_', ' ')} {value:,g}" for label, value in figures.items())
        lines.append(f"- {name}: {shown}")
    return "\n".join(lines)


class Bench:
    """Fresh databases, and one process for each measurement."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._postgresql = ""

    def measure(self, database: str, part: str, options: argparse.Namespace) -> dict[str, Any]:
        if part == "steady":
            with self.database(database) as environment:
                return self._steady(environment)
        if part in ("speed", "turnover"):
            results = {}
            for way in ("ours", "orm"):
                with self.database(database) as environment:
                    results[way] = self._run(environment, part, str(options.rows), way)
            ours, orm = results["ours"], results["orm"]
            return {
                "per_second": ours["per_second"],
                "floor_per_second": ours["floor_per_second"],
                "of_the_floor": ours["per_second"] / ours["floor_per_second"],
                "processor_microseconds": ours["processor_microseconds"],
                "server_processor_microseconds": ours["server_processor_microseconds"],
                "with_the_orm_per_second": orm["per_second"],
            }
        with self.database(database) as environment:
            count = str(options.signals if part == "memory" else 100_000)
            return self._run(environment, part, count, "ours")

    def _run(self, environment: dict[str, str], *arguments: str) -> dict[str, Any]:
        finished = subprocess.run(
            [sys.executable, str(FOLDER / "_folding.py"), *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return dict(json.loads(finished.stdout.splitlines()[-1]))

    def _steady(self, environment: dict[str, str]) -> dict[str, Any]:
        path = self._run(environment, "prepare", "0", "ours")["path"]
        port = free_port()
        serve = subprocess.Popen(
            [sys.executable, "-m", "afterword.config.cli", "serve", "--no-migrate"],
            env={**environment, "AFTERWORD_BIND": f"127.0.0.1:{port}", "AFTERWORD_LOG_LEVEL": "warning"},
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(port)
            asyncio.run(send_steadily(port, path, 0, WARM_UP_ROWS))
            self._run(environment, "warm", "0", "ours")
            asyncio.run(send_steadily(port, path, WARM_UP_ROWS, STEADY_PER_SECOND * STEADY_SECONDS))
            # What waits when the server is stopped would be folded by the next process, a second later.
            self._run(environment, "warm", "0", "ours")
        finally:
            serve.terminate()
            serve.wait()
        return self._run(environment, "lags", str(WARM_UP_ROWS + STEADY_PER_SECOND * STEADY_SECONDS), "ours")

    @contextmanager
    def database(self, database: str) -> Iterator[dict[str, str]]:
        data = self.folder / uuid.uuid4().hex
        data.mkdir()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERWORD_")}
        environment = {
            **kept,
            "AFTERWORD_DATA": str(data),
            "AFTERWORD_SECRET_KEY": "only-for-benchmarks-" * 2,
            "DJANGO_SETTINGS_MODULE": "afterword.config.settings",
            "PYTHONPATH": str(PROJECT / "src"),
        }
        name = f"bench_{uuid.uuid4().hex}"
        if database == "postgresql":
            self._postgresql = self._postgresql or start_postgresql(self.folder)
            environment["AFTERWORD_DATABASE_URL"] = urlunsplit(
                urlsplit(self._postgresql)._replace(path=f"/{name}")
            )
            self._execute(f"CREATE DATABASE {name}")
        try:
            yield environment
        finally:
            shutil.rmtree(data)
            if database == "postgresql":
                self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._postgresql, autocommit=True) as connection:
            connection.execute(statement.encode())


async def send_steadily(port: int, path: str, start: int, count: int) -> None:
    """`STEADY_PER_SECOND` requests a second over a few connections, each at its own time."""
    from _folding import body_of

    connections = 20
    began = time.perf_counter()

    async def send(place: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for turn in range(place, count, connections):
            wait = began + turn / STEADY_PER_SECOND - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            body = body_of(start + turn).encode()
            head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            answer = await reader.readuntil(b"\r\n\r\n")
            assert answer.startswith(b"HTTP/1.1 200"), answer
            lines = answer.lower().split(b"\r\n")
            length = next(line for line in lines if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
        writer.close()

    await asyncio.gather(*(send(place) for place in range(connections)))


def wait_until_ready(port: int) -> None:
    """The port is open before the programs behind it have started."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return
        time.sleep(0.05)
    raise SystemExit("The server did not become ready.")


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


if __name__ == "__main__":
    main()
