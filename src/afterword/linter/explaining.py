"""`--explain`: the page about a category as lines of plain text, for a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

WIDTH_COLUMNS = 80
INDENT = "    "
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")


def explained(page: str) -> Iterator[str]:
    """The lines of a page in Markdown as people read them: the rows of its table one below the other."""
    for number, block in enumerate(page.strip().split("\n\n")):
        if number:
            yield ""
        if block.startswith("# "):
            title = block.removeprefix("# ").strip()
            yield title
            yield "=" * len(title)
        elif block.startswith("|"):
            yield from _rows(block)
        else:
            yield from _wrapped(block)


def _rows(block: str) -> Iterator[str]:
    heads, _, *rows = [_cells(line) for line in block.splitlines()]
    for number, cells in enumerate(rows):
        if number:
            yield ""
        for head, cell in zip(heads, cells, strict=False):
            yield from _wrapped(f"{head}: {cell}", INDENT)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _BETWEEN_CELLS.split(line)[1:-1]]


def _wrapped(text: str, indent: str = "") -> list[str]:
    plain = " ".join(text.replace("**", "").split())
    return textwrap.wrap(
        plain,
        WIDTH_COLUMNS,
        initial_indent=indent,
        subsequent_indent=indent * 2,
        break_long_words=False,
        break_on_hyphens=False,
    )
