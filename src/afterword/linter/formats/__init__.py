"""How findings are written down: one module for each `--format`, each with `write(checked, faults)`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from afterword.language import Finding
from afterword.linter.files import Source
from afterword.linter.places import Lines

FORMATS = ("text", "json", "sarif", "github")


class Checked(NamedTuple):
    """One file and what was found in it, and the lines to find the places."""

    source: Source
    findings: list[Finding]
    lines: Lines
    pages: str = ""
    """The address of the Afterword that explains the categories; empty for none."""
    language: str = "en"

    def page_of(self, category: str) -> str:
        """The address of the page about a category, or empty."""
        return page_address(self.pages, category, self.language)


def page_address(pages: str, category: str, language: str = "en") -> str:
    """Where the Afterword at `pages` explains a category; empty without one."""
    if not pages:
        return ""
    return f"{pages}/help/wording/{category}?language={language}"


class Placed(NamedTuple):
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
