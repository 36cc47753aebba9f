"""What other linters of prose say about post-mortems, beside `afterword lint --kind blame`.

Give it a folder of post-mortems, sentences with labels, and where the others are installed; what is not
given is left out:

    npm install alex@11.0.1 write-good@1.0.8;  pip install proselint==0.16.0
    python benchmarks/linters.py --documents FOLDER --sentences FILE.jsonl \\
        --node-modules node_modules --proselint .venv/bin/proselint

A line of the sentences is `{"text": ..., "label": "blame" | "advisory" | "neutral"}`. A sentence counts as
flagged when anything in it is.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

SUFFIXES = {".md", ".markdown", ".txt", ""}
RUN_SECONDS_MAX = 600


class Hit(NamedTuple):
    """One complaint: file, line from 1, and what sort it is in the linter's own words."""

    path: str
    line: int
    sort: str


Linter = Callable[[list[str]], list[Hit]]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=Path, help="a folder of post-mortems")
    parser.add_argument("--sentences", type=Path, help="sentences with labels, as JSON lines")
    parser.add_argument("--node-modules", type=Path, help="where alex and write-good are installed")
    parser.add_argument("--proselint", type=Path, help="the program proselint")
    options = parser.parse_args()
    if not options.documents and not options.sentences:
        print("No documents and no sentences were given: see --help.")
        return
    linters: dict[str, Linter] = {"afterword": afterword}
    if options.node_modules:
        linters["alex"] = lambda paths: alex(options.node_modules / ".bin/alex", paths)
        linters["write-good"] = lambda paths: write_good(options.node_modules / ".bin/write-good", paths)
    if options.proselint:
        linters["proselint"] = lambda paths: proselint(options.proselint, paths)
    with tempfile.TemporaryDirectory() as folder:
        if options.documents:
            in_documents(linters, options.documents, Path(folder))
        if options.sentences:
            in_sentences(linters, options.sentences, Path(folder))


def in_documents(linters: dict[str, Linter], documents: Path, folder: Path) -> None:
    """How much each says about whole documents, and of what sort."""
    paths = []
    for path in sorted(documents.rglob("*")):
        if path.is_file() and path.suffix in SUFFIXES and path.name != "LICENSE":
            # All of them know .md; a name without blanks is one argument everywhere.
            copy = folder / f"{len(paths):03}.md"
            copy.write_bytes(path.read_bytes())
            paths.append(str(copy))
    print(f"{len(paths)} documents\n\n| linter | hits | a document | most frequent |\n|---|---|---|---|")
    for name, linter in linters.items():
        hits = linter(paths)
        most = ", ".join(
            f"{sort} {count}" for sort, count in Counter(hit.sort for hit in hits).most_common(4)
        )
        print(f"| {name} | {len(hits)} | {len(hits) / len(paths):.2f} | {most} |")


def in_sentences(linters: dict[str, Linter], sentences: Path, folder: Path) -> None:
    """How many blaming sentences each finds, and how many neutral ones it flags."""
    rows = [json.loads(line) for line in sentences.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [row for row in rows if row["label"] in ("blame", "neutral")]
    path = folder / "sentences.md"
    path.write_text("\n\n".join(" ".join(row["text"].split()) for row in rows), encoding="utf-8")
    total = Counter(row["label"] for row in rows)
    print(f"\n{total['blame']} blaming sentences, {total['neutral']} neutral ones\n")
    print("| linter | blaming, flagged | neutral, flagged |\n|---|---|---|")
    for name, linter in linters.items():
        lines = {hit.line for hit in linter([str(path)])}
        flagged = Counter(row["label"] for number, row in enumerate(rows) if number * 2 + 1 in lines)
        shown = (
            f"{flagged[label]} ({flagged[label] / max(total[label], 1):.0%})"
            for label in ("blame", "neutral")
        )
        print(f"| {name} | {' | '.join(shown)} |")


def afterword(paths: list[str]) -> list[Hit]:
    command = [sys.executable, "-m", "afterword.config.entry", "lint", "--no-config", "--kind", "blame"]
    found = json.loads(_run([*command, "--format", "json", *paths]))
    return [Hit(row["path"], row["line"], row["category"]) for row in found]


def alex(program: Path, paths: list[str]) -> list[Hit]:
    hits, path = [], ""
    for line in _run([str(program), "--why", *paths]).splitlines():
        if match := re.match(r" +(\d+):\d+(?:-\d+:\d+)? +warning .* (\S+) +(retext-\w+)", line):
            hits.append(Hit(path, int(match[1]), match[3]))
        elif line.endswith(".md") or ": " in line:
            path = line.split(":")[0].strip()
    return hits


def write_good(program: Path, paths: list[str]) -> list[Hit]:
    hits = []
    for line in _run([str(program), "--parse", *paths]).splitlines():
        if match := re.match(r"(.+\.md):(\d+):\d+:(.*)", line):
            hits.append(Hit(match[1], int(match[2]), re.sub(r'^".*?" ', "", match[3])))
    return hits


def proselint(program: Path, paths: list[str]) -> list[Hit]:
    found = json.loads(_run([str(program), "check", "-o", "json", *paths]))["result"]
    return [
        Hit(path, row["pos"][0], row["check_path"])
        for path, told in found.items()
        for row in told.get("diagnostics", ())
    ]


def _run(command: list[str]) -> str:
    """What the program says, on either stream: alex complains on the second."""
    answer = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=RUN_SECONDS_MAX
    )
    return answer.stdout


if __name__ == "__main__":
    main()
