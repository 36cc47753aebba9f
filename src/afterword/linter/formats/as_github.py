"""For GitHub Actions: workflow commands, which GitHub shows beside the lines of a pull request.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from afterword.language import CATEGORIES, Severity
from afterword.linter.files import relative
from afterword.linter.formats import Checked, Placed, placed

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def write(checked: Iterable[Checked]) -> Iterator[str]:
    """A line for each finding."""
    for file in checked:
        for place in placed(file):
            yield _command(relative(file.source.path), place, file.page_of(place.finding.category))


def _command(path: str, place: Placed, page: str) -> str:
    finding = place.finding
    properties = {
        "file": path,
        "line": place.line,
        "col": place.column,
        "endLine": place.end_line,
        # GitHub counts the last character in.
        "endColumn": max(place.end_column - 1, 1),
        "title": f"{CATEGORIES[finding.category].title} ({finding.category})",
    }
    told = ",".join(f"{name}={_escaped(str(value), in_property=True)}" for name, value in properties.items())
    words = [f"“{finding.text}”: {finding.message}"]
    words += [f"Instead: {suggestion}" for suggestion in finding.suggestions[:3]]
    words += [finding.question] if finding.question else []
    words.append(f"More: {page or f'afterword lint --explain {finding.category}'}")
    return f"::{LEVELS[finding.severity]} {told}::{_escaped(chr(10).join(words))}"


def _escaped(text: str, *, in_property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text
