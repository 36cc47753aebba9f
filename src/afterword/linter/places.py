"""Where in a text a character stands, as people and editors count."""

from __future__ import annotations

import re
from bisect import bisect_right

# The ends of lines that editors know; U+2028 and the like stay within a line, as they do there.
LINE_END = re.compile(r"\r\n|\n|\r")


class Lines:
    """The lines of one text. Lines and columns count from 1, columns in characters (code points)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in LINE_END.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of the character at `offset`."""
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """That line without its end."""
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[self.starts[number - 1] : end].rstrip("\r\n")
