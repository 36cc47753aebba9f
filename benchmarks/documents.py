"""How quickly a running server answers with post-mortems: one of 60 KB, and a list of 10,000.

    python -m benchmarks documents [--documents N] [--rounds N] [--only sqlite,postgresql] [--json]

Each database is fresh. The server is `afterword web` as it is installed, with two views more, which are the
floor: one answers with as many bytes of HTML as the page that is read, the other with those of the list,
and neither asks the database anything itself. They pass the same middlewares, with the same session. Every
request goes over loopback on one connection, one after the other; pages and floors take turns, so that a
slow moment of the machine is shared. The reader sees nine tenths of the documents. A document has five
sections of 60 words; the long one has ten sections and 60 revisions.
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from _both import add_options, measure_both
from fold import free_port
from ingest import wait_for_port

FOLDER = Path(__file__).resolve().parent
WARM_UP_ROUNDS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=60, help="requests of each page")
    add_options(parser)
    options = parser.parse_args()
    report = measure_both(options, lambda environment: measure(environment, options))
    print(json.dumps(report) if options.json else render(report))


def measure(environment: dict[str, str], options: argparse.Namespace) -> dict[str, Any]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, str(FOLDER / "_documents.py"), str(port), str(options.documents)],
        env={**environment, "AFTERWORD_LOG_LEVEL": "warning"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout is not None
        # It fills the database, says where its pages are, and then serves.
        told = dict(json.loads(server.stdout.readline()))
        wait_for_port(port)
        return ask(port, told, options.rounds)
    finally:
        server.terminate()
        server.wait()


def ask(port: int, told: dict[str, Any], rounds: int) -> dict[str, Any]:
    """Milliseconds of each page, and of the floor that has as many bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Cookie": told["cookie"]}
    times: dict[str, list[float]] = {name: [] for name in told["pages"]}
    sizes: dict[str, int] = {}
    for turn in range(WARM_UP_ROUNDS + rounds):
        for name, path in told["pages"].items():
            began = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            took = (time.perf_counter() - began) * 1e3
            assert answer.status == 200, (path, answer.status)
            sizes[name] = len(body)
            if turn >= WARM_UP_ROUNDS:
                times[name].append(took)
    connection.close()
    found = {}
    for name, all_times in times.items():
        ordered = sorted(all_times)
        found[name] = {
            "ms": statistics.median(ordered),
            "p95_ms": ordered[int(len(ordered) * 0.95)],
            "kilobytes": sizes[name] / 1e3,
            "floor": told["floors"].get(name, ""),
        }
    for one in found.values():
        floor = found.get(str(one["floor"]))
        one["times_the_floor"] = one["ms"] / floor["ms"] if floor else 1.0
    return found


def render(report: dict[str, Any]) -> str:
    lines = ["", f"{report['machine']}; load average {report['load_average'][0]:.1f}"]
    for database, pages in report["results"].items():
        lines += [
            "",
            database,
            "",
            "| page | KB | median ms | p95 ms | times the floor |",
            "|---|---:|---:|---:|---:|",
        ]
        lines += [
            f"| {name} | {one['kilobytes']:.0f} | {one['ms']:.1f} | {one['p95_ms']:.1f} |"
            f" {one['times_the_floor']:.1f} |"
            for name, one in pages.items()
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
