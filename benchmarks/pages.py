"""How long pages take with 100,000 incidents, and with a thousand; and a long incident beside a short one.

    python -m benchmarks pages [--incidents N] [--rounds N] [--only sqlite,postgresql] [--json]

Each database is fresh and has a process of its own, which fills it and then asks for the pages over
Django's whole way from a request to the answer, without the network. First every list is read with 1,000
incidents, then with all of them; every tenth has a post-mortem and three follow-ups, all have an event in
the audit log. The short incident has 10 entries and 2 alerts, the long one 1,000 and 200. An administrator
sees everything, a member the nine tenths of their team. Times are medians; "processor" is that of the
process and of PostgreSQL's together, which a busy machine changes less.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from fold import Bench
from ingest import cpu_model

FOLDER = Path(__file__).resolve().parent
DATABASES = ("sqlite", "postgresql")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9, help="of which the median is shown")
    parser.add_argument("--only", default="", help=f"of {', '.join(DATABASES)}, with a comma")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    chosen = {name.strip() for name in options.only.split(",") if name.strip()}
    results = {}
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as name:
        bench = Bench(Path(name))
        for database in DATABASES:
            if chosen and database not in chosen:
                continue
            with bench.database(database) as environment:
                results[database] = fill_and_measure(environment, options)
    report = {
        "machine": f"{os.cpu_count()} cores, {cpu_model()}, Python {platform.python_version()}",
        "load_average": os.getloadavg(),
        "results": results,
    }
    print(json.dumps(report) if options.json else render(report))


def fill_and_measure(environment: dict[str, str], options: argparse.Namespace) -> dict[str, Any]:
    finished = subprocess.run(
        [sys.executable, str(FOLDER / "_pages.py"), str(options.incidents), str(options.rounds)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(finished.stdout.splitlines()[-1]))


def render(report: dict[str, Any]) -> str:
    lines = ["", f"{report['machine']}; load average {report['load_average'][0]:.1f}"]
    for database, pages in report["results"].items():
        lines += [
            "",
            f"| {database} | with few, ms | ms | times | slowest | processor ms | queries | KB |",
            "|---|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for page, found in pages.items():
            ratio = found["ms"] / found["before"]
            lines.append(
                f"| {page} | {found['before']:.1f} | {found['ms']:.1f} | {ratio:.1f} |"
                f" {found['slowest_ms']:.1f} | {found['processor_ms']:.1f} | {found['queries']:.0f} |"
                f" {found['kilobytes']:.0f} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
