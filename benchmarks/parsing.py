"""How long the Markdown parser takes for hostile paragraphs of 60,000 characters, and for a real document.

    python -m benchmarks parsing [--characters N] [--rounds N]

One process, no server and no database. The figure of each is the fastest round, in milliseconds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from afterword.documents import parse_markdown

FOLDER = Path(__file__).resolve().parent
REAL = FOLDER.parent / "docs" / "reference" / "performance.md"
NOTE = "[^a]: x\n\n"
PATTERNS = {
    "openers": "[",
    "pictures": "![",
    "openers in lines": "[\n",
    "openers and emphasis": "[*a",
    "footnotes": '"[^:^(',
    "pairs": "[]",
    "halves of links": "[](",
    "stars": "**a ",
    "code": "` `` ",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--characters", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    texts = {
        name: NOTE + (pattern * options.characters)[: options.characters]
        for name, pattern in PATTERNS.items()
    }
    real = REAL.read_text()
    texts[f"{REAL.name}, {len(real):,} characters"] = real
    for name, text in texts.items():
        print(f"{name:<40} {min(measure(text) for _ in range(options.rounds)) * 1000:8.1f} ms")


def measure(text: str) -> float:
    began = time.perf_counter()
    parse_markdown(text)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
