"""How true drafts are, how well the check of citations catches what is not, and what a large incident costs.

    python -m benchmarks drafting [--incidents FILE] [--entries 10000,50000] [--only PARTS] [--json]

- `citations` runs the check on a set of its own (`_citing.py`): claims that follow from their evidence, and
  the same with a number, a service, a person or a citation falsified, with a negation, or invented.
- `size` drafts one incident with so many entries and half as many alerts, on each database. The seconds of
  the processor count a busy machine like an idle one.
- `replay` needs `--incidents`: a file with one JSON object a line, as `id`, `title`, `started_at`,
  `resolved_at`, `updates` of `at` and `message`, and `components`. The first update of each goes the way in
  that all alerts go, the others are notes of a person, and the drafts are compared with the file by a scorer
  that shares nothing with the program.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from fold import Bench
from ingest import cpu_model

FOLDER = Path(__file__).resolve().parent
DATABASES = ("sqlite", "postgresql")
PARTS = ("citations", "size", "replay")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--incidents", type=Path, help="a file of incidents to replay")
    parser.add_argument("--entries", default="10000", help="how many, with commas")
    parser.add_argument("--only", default="", help=f"of {', '.join((*PARTS, *DATABASES))}, with commas")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    chosen = {name.strip() for name in options.only.split(",") if name.strip()}
    parts = [part for part in PARTS if part in chosen] or list(PARTS)
    databases = [name for name in DATABASES if name in chosen] or list(DATABASES)
    found: dict[str, Any] = {
        "machine": f"{os.cpu_count()} cores, {cpu_model()}, Python {platform.python_version()}",
        "load_average": os.getloadavg(),
    }
    if "citations" in parts:
        found["citations"] = check_citations()
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as name:
        bench = Bench(Path(name))
        for database in databases:
            if "size" in parts:
                for entries in options.entries.split(","):
                    found[f"size on {database}, {entries} entries"] = run(bench, database, "size", entries)
            if "replay" in parts and options.incidents:
                file = str(options.incidents.resolve())
                found[f"replay on {database}"] = run(bench, database, "replay", file)
    print(json.dumps(found) if options.json else render(found))


def run(bench: Bench, database: str, what: str, argument: str) -> dict[str, Any]:
    with bench.database(database) as environment:
        finished = subprocess.run(
            [sys.executable, str(FOLDER / "_replaying.py"), what, argument],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    told: dict[str, Any] = json.loads(finished.stdout)
    return told


def check_citations() -> dict[str, Any]:
    """Of each kind of claim how many were accepted, left to verify, and refused; in all and held out."""
    from _citing import HELD_OUT, trials

    from afterword.drafting.citations.check import check_claim

    found: dict[str, Counter[str]] = {}
    slips = []
    for trial in trials():
        verdict = check_claim(trial.claim, trial.book)
        for name in ("", ", held out") if trial.case in HELD_OUT else ("",):
            found.setdefault(f"{trial.wrong or 'true'}{name}", Counter())[verdict.outcome] += 1
        is_slip = verdict.outcome != "refused" if trial.wrong else verdict.outcome == "refused"
        if is_slip and trial.case not in HELD_OUT:
            told = "; ".join(f"{one.kind} {one.text}" for one in verdict.findings)
            slips.append(
                f"{trial.case}, {trial.wrong or 'true'}, {verdict.outcome}: {trial.claim.text} [{told}]"
            )
    return {"claims": {name: dict(counts) for name, counts in sorted(found.items())}, "slips": slips}


def render(found: dict[str, Any]) -> str:
    lines = [f"{found.pop('machine')}, load {found.pop('load_average')[0]:.1f}"]
    for part, told in found.items():
        lines.append(f"\n{part}")
        for name, value in told.items():
            if isinstance(value, dict):
                lines.append(f"  {name}: " + ", ".join(f"{key} {_short(one)}" for key, one in value.items()))
            elif isinstance(value, list):
                lines += [f"  {name}: {one}" for one in value]
            else:
                lines.append(f"  {name}: {_short(value)}")
    return "\n".join(lines)


def _short(value: Any) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
