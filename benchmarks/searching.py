"""How long reading, listing and finding take among 10,000 post-mortems, and among a hundred.

    python -m benchmarks searching [--documents N] [--rounds N] [--only sqlite,postgresql] [--json] [--plan]

Each database is fresh and has a process of its own, which fills it and then asks. A document has five
sections of 60 words, out of 8,000 that are as unequal as those of a language; sixteen more stand in a
quarter of the documents each. Pages are asked for over Django's whole way from a request to the answer, by
a member who reads nine tenths of the documents; a search counts what it finds and reads the first 20 with a
passage of each.
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
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=9, help="of which the median is shown")
    parser.add_argument("--plan", action="store_true", help="print how each database finds a word")
    add_options(parser)
    options = parser.parse_args()
    report = measure_both(
        options,
        lambda environment: run_script(
            environment, "_searching.py", str(options.documents), str(options.rounds)
        ),
    )
    print(json.dumps(report) if options.json else render(report, with_plan=options.plan))


def render(report: dict[str, Any], *, with_plan: bool) -> str:
    lines = ["", f"{report['machine']}; load average {report['load_average'][0]:.1f}"]
    for database, results in report["results"].items():
        lines += ["", f"{database}: filled in {results['filled_seconds']:.1f} s", ""]
        lines += [
            "| page | with few, ms | ms | times | processor ms | queries |",
            "|---|---:|---:|---:|---:|---:|",
        ]
        for page, found in results["pages"].items():
            ratio = found["ms"] / found["before"]
            lines.append(
                f"| {page} | {found['before']:.1f} | {found['ms']:.1f} | {ratio:.1f} |"
                f" {found['processor_ms']:.1f} | {found['queries']:.0f} |"
            )
        lines += [
            "",
            "| search for | with few, ms | median ms | times | p95 ms |",
            "|---|---:|---:|---:|---:|",
        ]
        for kind, found in results["searches"].items():
            few = results["few"][kind]["median"]
            lines.append(
                f"| {kind} | {few:.1f} | {found['median']:.1f} | {found['median'] / few:.1f} |"
                f" {found['p95']:.1f} |"
            )
        if with_plan:
            lines += ["", results["plan"]]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
