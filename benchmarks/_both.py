"""What benchmarks share that measure on SQLite and on PostgreSQL, each database fresh."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fold import Bench
from ingest import cpu_model

FOLDER = Path(__file__).resolve().parent
DATABASES = ("sqlite", "postgresql")


def add_options(parser: argparse.ArgumentParser) -> None:
    """`--only` and `--json`, as `measure_both` and `print_report` take them."""
    parser.add_argument("--only", default="", help=f"of {', '.join(DATABASES)}, with a comma")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def measure_both(
    options: argparse.Namespace, measure: Callable[[dict[str, str]], dict[str, Any]]
) -> dict[str, Any]:
    """The machine, and what `measure` finds with the environment of each database that was chosen."""
    chosen = {name.strip() for name in options.only.split(",") if name.strip()}
    results = {}
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as name:
        bench = Bench(Path(name))
        for database in DATABASES:
            if chosen and database not in chosen:
                continue
            with bench.database(database) as environment:
                results[database] = measure(environment)
    return {
        "machine": f"{os.cpu_count()} cores, {cpu_model()}, Python {platform.python_version()}",
        "load_average": os.getloadavg(),
        "results": results,
    }


def run_script(environment: dict[str, str], script: str, *arguments: str) -> dict[str, Any]:
    """The JSON object in the last line that a script of this folder prints, in a process of its own."""
    finished = subprocess.run(
        [sys.executable, str(FOLDER / script), *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return dict(json.loads(finished.stdout.splitlines()[-1]))
