"""How well what was seen before is found, and how long it takes.

    python -m benchmarks.similar [--documents FOLDER] [--embeddings URL --model NAME] [--json]

`similar_labels.json` names public post-mortems by their files, with the service, the alert and the cause that
an author would have filled in, and asks for them as a new incident would: by the title, the service and the
alert of its first alert, and no cause. Which ones are worth a look then was judged by reading them, before
anything was measured. The texts themselves are no part of the project: `--documents` is the folder that holds
them, and without it only the time is measured.

`FTS` is the search of the product for any of the words, ranked by the database; `BM25` is our own over the
same words, with those of the alert and the service; with boosts is what the product shows without an
endpoint; fused adds embeddings by RRF. `--embeddings stand-in` fuses with an order by pieces of words, for a
machine without a model: it says nothing about models.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from fold import Bench
from ingest import cpu_model

FOLDER = Path(__file__).resolve().parent
LABELS = FOLDER / "similar_labels.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=Path, help="the folder with the labelled post-mortems")
    parser.add_argument("--incidents", type=int, default=10_000, help="among which the time is measured")
    parser.add_argument("--only", default="sqlite,postgresql", help="which databases")
    parser.add_argument("--embeddings", default="", help="an endpoint in OpenAI's format, or `stand-in`")
    parser.add_argument("--model", default="", help="its model")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    folder = str(options.documents) if options.documents and options.documents.is_dir() else ""
    results = {}
    with tempfile.TemporaryDirectory(prefix="afterword-bench-") as name:
        bench = Bench(Path(name))
        for database in options.only.split(","):
            with bench.database(database) as environment:
                if options.embeddings:
                    environment = {
                        **environment,
                        "AFTERWORD_EMBEDDINGS_URL": options.embeddings,
                        "AFTERWORD_EMBEDDINGS_MODEL": options.model,
                    }
                finished = subprocess.run(
                    [sys.executable, str(FOLDER / "_similar.py"), folder, str(options.incidents)],
                    env=environment,
                    stdout=subprocess.PIPE,
                    text=True,
                    check=True,
                )
                results[database] = json.loads(finished.stdout.splitlines()[-1])
    report = {
        "machine": f"{os.cpu_count()} cores, {cpu_model()}, Python {platform.python_version()}",
        "load_average": os.getloadavg(),
        "results": results,
    }
    print(json.dumps(report) if options.json else render(report))


def render(report: dict[str, Any]) -> str:
    lines = [f"{report['machine']}; load average {report['load_average'][0]:.1f}"]
    for database, found in report["results"].items():
        lines += ["", f"{database}:"]
        if found["quality"]:
            lines += ["", "| way | MRR | hit@5 | recall@5 | queries |", "|---|---:|---:|---:|---:|"]
            lines += [
                f"| {way} | {one['mrr']:.3f} | {one['hit5']:.3f} | {one['recall5']:.3f} | {one['queries']} |"
                for way, one in found["quality"].items()
            ]
        else:
            lines += ["", "No documents were given: only the time is measured."]
        times = found["milliseconds"]
        lines += [
            "",
            f"among {found['incidents']:,}: median {statistics.median(times):.1f} ms,"
            f" most {max(times):.1f} ms; indexed in {found['indexed_seconds']:.1f} s",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
