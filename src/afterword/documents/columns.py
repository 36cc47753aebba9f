"""How wide the columns of a table are, on a page and in a PDF."""

from afterword.documents.tree import Table
from afterword.documents.words import written_text

ROWS_SAMPLED_MAX = 200
_NARROW_COLUMN_CHARACTERS_MAX = 18
_NARROW_LINE_CHARACTERS_MAX = 56


def column_widths(table: Table, columns: int) -> list[float]:
    """Shares of the line for each column, 0 for as narrow as its text.

    A column of short words is as narrow as they are; the others share the rest by how much they hold.
    """
    if table.widths:
        return [float(width) for width in [*table.widths, *[1.0] * columns][:columns]]
    longest = [0] * columns
    total = [0] * columns
    sample = [table.head, *table.rows[:ROWS_SAMPLED_MAX]]
    for row in sample:
        for column, cell in enumerate(row[:columns]):
            length = len(written_text(cell))
            longest[column] = max(longest[column], length)
            total[column] += length
    narrow = [length <= _NARROW_COLUMN_CHARACTERS_MAX for length in longest]
    taken = sum(length + 3 for length, is_narrow in zip(longest, narrow, strict=True) if is_narrow)
    if all(narrow) or taken > _NARROW_LINE_CHARACTERS_MAX:
        return [float(max(4, min(length, 60))) for length in longest]
    return [
        0.0 if is_narrow else float(max(12, min(length / len(sample) + longest[column] / 4, 80)))
        for column, (is_narrow, length) in enumerate(zip(narrow, total, strict=True))
    ]


def narrow_columns(table: Table) -> frozenset[int]:
    """The columns as narrow as their text, which breaks nowhere; none where too many rows are to be read."""
    if table.widths:
        return frozenset(column for column, width in enumerate(table.widths) if width == 0)
    if len(table.rows) > ROWS_SAMPLED_MAX:
        return frozenset()
    columns = max([len(table.head), *(len(row) for row in table.rows)], default=0)
    return frozenset(column for column, width in enumerate(column_widths(table, columns)) if width == 0)
