"""For programs: one list of objects, in the order of the files and of their text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from afterword.linter.formats import Checked, Placed, placed


def write(checked: Iterable[Checked]) -> Iterator[str]:
    """One JSON array, an object a line."""
    between = "["
    for file in checked:
        for place in placed(file):
            yield between + json.dumps(as_object(file.source.path, place), ensure_ascii=False)
            between = ","
    yield "[]" if between == "[" else "]"


def as_object(path: str, place: Placed) -> dict[str, Any]:
    """One finding. Lines and columns count from 1, characters from 0; ends are exclusive.

    Where nothing reads right in the place of the words, the message ends in what to ask instead.
    """
    finding = place.finding
    asks = finding.question and not finding.suggestions
    return {
        "path": path,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
        "start": finding.start,
        "end": finding.end,
        "category": finding.category,
        "severity": finding.severity.value,
        "target": finding.target.value,
        "message": f"{finding.message} {finding.question}" if asks else finding.message,
        "text": finding.text,
        "suggestions": list(finding.suggestions),
    }
