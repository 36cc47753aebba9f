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
from pathlib import Path
from typing import Any

from _both import add_options, measure_both, run_script

FOLDER = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9, help="of which the median is shown")
    add_options(parser)
    options = parser.parse_args()
    report = measure_both(
        options,
        lambda environment: run_script(environment, "_pages.py", str(options.incidents), str(options.rounds)),
    )
    print(json.dumps(report) if options.json else render(report))


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
