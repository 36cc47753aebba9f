"""How many characters a second the language check reads, and whether ten times the text takes ten times.

    python -m benchmarks language [--rounds N] [--documents FOLDER]

The text is the sentences of the tests as one document (blame in every second paragraph, which is the worst
case), or the Markdown files of a folder. The floor is one regular expression that splits the text into words
and looks each up in a set: what any such check does at least. The seconds are those of the processor. The
start is a new process that imports the package and checks one sentence, beside one that does nothing.
"""

import argparse
import platform
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from afterword.language import check  # noqa: E402 - the path comes first
from tests.language.english import BLAMING, FOUND, SILENT  # noqa: E402

CHARACTERS = 200_000


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--documents", type=Path, help="a folder of Markdown files, read as one text")
    arguments = parser.parse_args()
    rounds: int = arguments.rounds
    sources = {"every second sentence blames": mixed()}
    if arguments.documents:
        files = sorted(arguments.documents.rglob("*.md*"))
        sources[f"{len(files)} documents"] = "\n\n".join(file.read_text(encoding="utf-8") for file in files)
    print(f"Python {platform.python_version()}, {platform.machine()}, medians of {rounds} rounds")
    print("| text | characters | characters/s | floor, characters/s | ten times the text |")
    print("|---|---:|---:|---:|---:|")
    for name, source in sources.items():
        text = source[:CHARACTERS]
        whole = seconds(lambda text=text: check(text), rounds)
        tenth = seconds(lambda text=text: check(text[: len(text) // 10]), rounds)
        floor = seconds(lambda text=text: words(text), rounds)
        print(
            f"| {name} | {len(text):,} | {len(text) / whole:,.0f} | {len(text) / floor:,.0f} "
            f"| {whole / tenth:.1f} times the time |"
        )
    started = process("import afterword.language as l; l.check('He forgot to check it.')", rounds)
    print(f"\nstart, import and one check: {started:.3f} s of the processor; an empty process: ", end="")
    print(f"{process('pass', rounds):.3f} s")


def mixed() -> str:
    """Sentences that blame and sentences that do not, in turn, each paragraph once."""
    blaming = [*BLAMING.strip().splitlines(), *FOUND.values()]
    silent = SILENT.strip().splitlines()
    pairs = list(zip(blaming, silent, strict=False))
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < CHARACTERS:
        number = len(paragraphs)
        one, other = pairs[number % len(pairs)]
        paragraphs.append(f"{one} ({number})\n\n{other} ({number})\n\n")
    return "".join(paragraphs)


def words(text: str, known: frozenset[str] = frozenset({"the"})) -> int:
    return sum(match[0].lower() in known for match in re.finditer(r"\w+", text))


def seconds(work: Callable[[], object], rounds: int) -> float:
    work()
    taken = []
    for _ in range(rounds):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def process(code: str, rounds: int) -> float:
    import resource

    taken = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": str(ROOT / "src")})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
