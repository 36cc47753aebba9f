"""How good the rules are on labelled sentences: `python -m afterword.language.evaluate FILE...`.

A file has a JSON object per line with `text` and `label` (blame, advisory or neutral), for blame sentences
also `category` and `span` ([start, end], optional), and `roster` (names, optional) and `language`. A blame
finding counts as correct where it overlaps the labelled span of a blame sentence, or stands anywhere in one
without a span. Sentences labelled `advisory` are left out. `-v` shows what was missed or false, `--table`
prints a table in Markdown.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from afterword.language import Finding, Kind, Options, check


@dataclass
class Score:
    """Counts over the sentences of a file. A finding is right or false; a sentence is found or missed.

    Of the false, `beside` stand in a sentence that is labelled as blame, outside of its span; the others in
    the `flagged` of the `neutral` sentences.
    """

    right: int = 0
    beside: int = 0
    neutral: int = 0
    flagged: int = 0
    false: list[tuple[str, Finding]] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str]] = field(default_factory=list)
    false_by: Counter[str] = field(default_factory=Counter)
    right_by: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)

    @property
    def precision(self) -> float:
        """Right findings among all findings; 1 where there are none."""
        findings = self.right + len(self.false)
        return self.right / findings if findings else 1.0

    @property
    def recall(self) -> float:
        """Blame sentences with a right finding among all blame sentences; 1 where there are none."""
        total = sum(self.total.values())
        return sum(self.found.values()) / total if total else 1.0


def score(rows: Iterable[dict[str, Any]], *, language: str = "en") -> Score:
    """Check every row and compare with its label."""
    result = Score()
    for row in rows:
        if row["label"] == "advisory":
            continue
        options = Options(
            language=row.get("language", language),
            kinds=frozenset({Kind.BLAME}),
            roster=frozenset(row.get("roster") or ()),
        )
        blames = row["label"] == "blame"
        start, end = row.get("span") or (0, len(row["text"]))
        hit = False
        findings = check(row["text"], options)
        result.neutral += not blames
        result.flagged += not blames and bool(findings)
        for finding in findings:
            if blames and finding.start < end and finding.end > start:
                hit = True
                result.right += 1
                result.right_by[finding.category] += 1
            else:
                result.beside += blames
                result.false.append((row["text"], finding))
                result.false_by[finding.category] += 1
        if blames:
            category = row.get("category") or "?"
            result.total[category] += 1
            if hit:
                result.found[category] += 1
            else:
                result.missed.append((category, row["text"]))
    return result


def main(arguments: list[str]) -> int:
    """Print the score of each file; with `-v` also every false finding and every missed sentence."""
    paths = [Path(argument) for argument in arguments if not argument.startswith("-")]
    out = sys.stdout.write
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        result = score(json.loads(line) for line in lines if line.strip())
        out(
            "".join(
                f"{line}\n" for line in (_table(result) if "--table" in arguments else _lines(path, result))
            )
        )
        if "-v" in arguments:
            for text, finding in result.false:
                out(f"FALSE {finding.category} [{finding.text}] in: {text}\n")
            for category, text in result.missed:
                out(f"MISSED {category}: {text}\n")
    return 0


def _lines(path: Path, result: Score) -> Iterator[str]:
    yield (
        f"{path.name}: precision {result.precision:.3f}, recall {result.recall:.3f} "
        f"({result.right} right, {len(result.false)} false, {len(result.missed)} missed)"
    )
    yield f"  of the false, {result.beside} stand in blame sentences beside the labelled span"
    for category, total, found, right, findings in _by_category(result):
        yield (
            f"  {category:24} sentences {total:4}  recall {_share(found, total):>4}   "
            f"findings {findings:4}  precision {_share(right, findings):>4}"
        )


def _table(result: Score) -> Iterator[str]:
    yield "| category | sentences | found | recall | findings of it | right | precision |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for category, total, found, right, findings in _by_category(result):
        shares = (_share(found, total), _share(right, findings))
        yield f"| {category} | {total} | {found} | {shares[0]} | {findings} | {right} | {shares[1]} |"
    total, findings = sum(result.total.values()), result.right + len(result.false)
    yield (
        f"| **all** | **{total}** | **{sum(result.found.values())}** | **{result.recall:.2f}** "
        f"| **{findings}** | **{result.right}** | **{result.precision:.2f}** |"
    )
    yield f"\n{result.flagged} of {result.neutral} neutral sentences flagged."


def _by_category(result: Score) -> Iterator[tuple[str, int, int, int, int]]:
    """For each: sentences labelled so, those found as whatever, findings of it that are right, all of it."""
    for category in sorted(set(result.total) | set(result.right_by) | set(result.false_by)):
        right, false = result.right_by[category], result.false_by[category]
        yield category, result.total[category], result.found[category], right, right + false


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
