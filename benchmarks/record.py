"""How long it takes to hold a document of 60 KB against the record, as at every pause in typing.

    python -m benchmarks record [--rounds N] [--json]

Two documents are made up: one like a post-mortem, where every tenth sentence speaks of times and numbers of
the incident, and one in which every sentence does. The processor's time is counted, the median is shown.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parent))

from ingest import cpu_model

from afterword.drafting.record.facts import Deployed, Moment, Record
from afterword.drafting.record.rules import check_record

DOCUMENT_CHARACTERS = 60_000
STARTED = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
ABOUT = (
    "The incident started at 14:05 UTC on Monday, 2 March 2026, and was resolved at 15:17.",
    "It was detected at 14:09 and acknowledged at 14:12 by the engineer on call.",
    "The outage lasted 72 minutes, 12 alerts fired, and two services were affected.",
    "We deployed v2.14.0 of Checkout at 13:58, and the Payments API was slow from then on.",
    "Severity: SEV-2. The cause was identified at 14:31.",
)
OTHER = (
    "The pool of connections is shared by all card payments, so slow calls crowd out the quick ones.",
    "Nobody had looked at the limit since the service was split, and the dashboard shows averages only.",
    "Calls to the provider are tried again by the client, which made the queue longer with each attempt.",
    "What helped was that the runbook names the switch, and that everybody could see the same graph.",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    dense = [ABOUT[n % len(ABOUT)] for n in range(1_000)]
    usual = [ABOUT[n // 10 % len(ABOUT)] if n % 10 == 0 else OTHER[n % len(OTHER)] for n in range(1_000)]
    report = {
        "machine": f"{os.cpu_count()} cores, {cpu_model()}, Python {platform.python_version()}",
        "a post-mortem": measure(usual, options.rounds),
        "nothing but times and numbers": measure(dense, options.rounds),
    }
    if options.json:
        print(json.dumps(report))
        return
    print(report["machine"])
    print("\n| 60 KB of | median ms | most ms | findings |\n|---|---:|---:|---:|")
    for name, found in report.items():
        if isinstance(found, dict):
            print(f"| {name} | {found['median']:.1f} | {found['most']:.1f} | {found['findings']} |")


def measure(sentences: list[str], rounds: int) -> dict[str, Any]:
    paragraphs = [" ".join(sentences[n : n + 5]) for n in range(0, len(sentences), 5)]
    text = "\n\n".join(paragraphs)[:DOCUMENT_CHARACTERS]
    times = []
    for _ in range(rounds):
        began = time.process_time()
        found = check_record(text, RECORD)
        times.append((time.process_time() - began) * 1e3)
    return {"median": statistics.median(times), "most": max(times), "findings": len(found)}


RECORD = Record(
    moments={
        key: [Moment(key, STARTED + timedelta(minutes=minutes))]
        for key, minutes in (
            *(("started", 0), ("detected", 4), ("acknowledged", 7), ("identified", 26)),
            *(("fixed", 60), ("resolved", 72)),
        )
    },
    counts={"alerts": 12, "services": 2, "follow-ups": 3},
    severities=["SEV-2"],
    known_severities=["SEV-1", "SEV-2", "SEV-3"],
    services=["Checkout", "Payments API"],
    known_services=["Checkout", "Payments API", *(f"Service {number}" for number in range(200))],
    versions=[Deployed("v2.14.0", "Checkout")],
)


if __name__ == "__main__":
    main()
