"""How findings are written down: one module for each `--format`, each with `write(checked, faults)`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from afterword.language import Finding
from afterword.linter.files import Source
from afterword.linter.places import Lines

FORMATS = ("text", "json", "sarif", "github")


@dataclass(frozen=True)
class Checked:
    """One file and what was found in it, and the lines to find the places."""

    source: Source
    findings: list[Finding]
    lines: Lines


@dataclass(frozen=True)
class Placed:
    """One finding with where it begins and ends: lines and columns from 1, the end exclusive."""

    finding: Finding
    line: int
    column: int
    end_line: int
    end_column: int


def placed(checked: Checked) -> Iterator[Placed]:
    """The findings of a file with their places."""
    for finding in checked.findings:
        line, column = checked.lines.place(finding.start)
        end_line, end_column = checked.lines.place(finding.end)
        yield Placed(finding, line, column, end_line, end_column)
