"""Where the prose of a text is: Markdown read once, line by line, into blocks with offsets of the source."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

# A cell that is longer is no name of who did what the next cell tells.
LEAD_CHARACTERS_MAX = 60

# What is masked is one "word" that no rule knows: U+FFFC, the sign for an object in a text.
MASK = "￼"

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_RULER = re.compile(r" {0,3}(?:=+|-{2,}|\*{3,}|_{3,}|(?:- ){2,}-)\s*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,9}[.)])(?:\s+|$)(?P<task>\[[ xX]\]\s+)?")
_QUOTE = re.compile(r" {0,3}>")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_DEFINITION = re.compile(r" {0,3}\[(?!\^)[^\]\n]{1,200}\]:\s")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\s]{1,200}\]:[ \t]+(?=\S)")
_BOLD_LINE = re.compile(r"\s*(?:\*\*|__)[^*_\n]{1,120}(?:\*\*|__):?\s*$|\s*[^.!?\n]{1,80}:\s*$")
_HTML_LINE = re.compile(r" {0,3}</?(?:!--|[a-z][a-z0-9-]*)[ />\n]", re.IGNORECASE)

# Each is bounded, or ends at the first character that cannot belong to it, so that none can run away.
_MASKED_MARKDOWN = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`{1,3})(?!`)[^`]{1,2000}(?P=ticks)(?!`))"
    r"|(?P<comment><!--[^>]{0,4000}>)"
    r"|(?P<template>\{\{[^{}]{0,500}\}\}|\{%[^{}%]{0,500}%\}|<%[^<>%]{0,500}%>)"
    r"|(?P<bracket>\[(?=[^\[\]]{1,300}\]\())"
    r"|(?P<link>\]\([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})?(?:\s+\"[^\"\n]{0,200}\")?\))"
    r"|(?P<tag></?[a-zA-Z][^<>]{0,500}>)"
    r"|(?P<strike>~~[^~\n]{1,500}~~)"
)
_MASKED = re.compile(
    r"(?P<url>\b(?:https?|ftp|ssh|git|s3|postgres|mailto):(?://)?[^\s<>\"'\])|]{1,4000})"
    r"|(?P<mail>(?<![\w.+@-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5})"
    r"|(?P<path>(?<![\w.)\]/])~?/[\w.@~-]{1,200}(?:/[\w.@~*-]{0,200}){1,40})"
    r"|(?P<quote>\"[^\"]{1,800}\"|“[^”“]{1,800}”|„[^“”„]{1,800}[“”]|«[^»«]{1,800}»|»[^»«]{1,800}«"
    r"|(?<![\w])‘[^‘’\n]{1,400}’(?!\w)|(?<![\w'’])'(?=\S)[^'\n]{1,400}(?<=\S)'(?![\w'’]))"
)


_CELL_EDGES = " |\t\n\r"


class Shape(StrEnum):
    """What a block of prose is."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    CELL = "cell"
    HEADING = "heading"


class Block(NamedTuple):
    """Prose of its own: `text` is as long as the source from `start`, with masks in place of what is none.

    `section` is the nearest heading before it; `task` says that it is the item of a list of tasks. Of a cell
    there are also the `lead`, which is the short cell before it up to its own text, its column's `head`, and
    all `heads` of the table.
    """

    start: int
    text: str
    shape: Shape
    section: str
    task: bool = False
    lead: str = ""
    head: str = ""
    heads: tuple[str, ...] = ()


def blocks_of(text: str, *, markdown: bool = True) -> list[Block]:
    """The prose of a text in order. Block quotes, code, comments and tables' heads are none."""
    return _Reading(text, markdown).blocks()


class _Reading:
    def __init__(self, text: str, markdown: bool) -> None:
        self.text = text
        self.markdown = markdown
        self.found: list[Block] = []
        self.section = ""
        self.open: tuple[int, int, Shape, bool] | None = None

    def blocks(self) -> list[Block]:
        lines = self._lines()
        number = self._after_front_matter(lines) if self.markdown else 0
        blank = True
        while number < len(lines):
            start, end = lines[number]
            line = self.text[start:end]
            if not line.strip():
                self._close()
                blank, number = True, number + 1
            elif self.markdown:
                number = self._markdown_line(lines, number, line, blank)
                blank = False
            else:
                self._prose(start, end, line)
                number += 1
        self._close()
        return self.found

    def _lines(self) -> list[tuple[int, int]]:
        found, at = [], 0
        for line in self.text.splitlines(keepends=True):
            found.append((at, at + len(line)))
            at += len(line)
        return found

    def _after_front_matter(self, lines: list[tuple[int, int]]) -> int:
        if not lines or self.text[: lines[0][1]].rstrip() != "---":
            return 0
        for number in range(1, min(len(lines), 100)):
            if self.text[slice(*lines[number])].rstrip() in {"---", "..."}:
                return number + 1
        return 0

    def _markdown_line(self, lines: list[tuple[int, int]], number: int, line: str, blank: bool) -> int:
        start, end = lines[number]
        fence = _FENCE.match(line.lstrip()) if line.lstrip()[:3] in {"```", "~~~"} else None
        if fence:
            self._close()
            return self._after_fence(lines, number, fence[1])
        if line.lstrip().startswith("<!--"):
            self._close()
            return self._after_comment(lines, number)
        if heading := _HEADING.match(line):
            self._close()
            self.section = line.strip().strip("#").strip()
            self._add(start + heading.end(), start + len(line.rstrip("# \t\r\n")), Shape.HEADING, False)
        elif _RULER.match(line):
            self._end_under_ruler(line)
        elif _QUOTE.match(line) or _DEFINITION.match(line):
            self._close()
            return self._after_quote(lines, number) if _QUOTE.match(line) else number + 1
        elif "|" in line and self._is_table(lines, number):
            self._close()
            return self._after_table(lines, number)
        elif blank and (line.startswith(("    ", "\t"))) and not self._in_list():
            self._close()
        elif line.lstrip(" ").startswith("[^") and self._footnote(start, end, line):
            pass
        elif self.open is None and _BOLD_LINE.match(line) and not _ITEM.match(line):
            self.section = line.strip().strip("*_:").strip()
        elif _HTML_LINE.match(line) and line.rstrip().endswith(">") and self.open is None:
            self._prose(start, end, line)
        else:
            self._prose(start, end, line)
        return number + 1

    def _footnote(self, start: int, end: int, line: str) -> bool:
        """Open the prose of a footnote, if the line begins one."""
        mark = _FOOTNOTE.match(line)
        if mark is None:
            return False
        self._close()
        self.open = (start + mark.end(), end, Shape.PARAGRAPH, False)
        return True

    def _in_list(self) -> bool:
        return bool(self.found) and self.found[-1].shape is Shape.ITEM

    def _after_fence(self, lines: list[tuple[int, int]], number: int, fence: str) -> int:
        for later in range(number + 1, len(lines)):
            line = self.text[slice(*lines[later])].strip()
            if line.startswith(fence) and not line.strip(fence[0]):
                return later + 1
        return len(lines)

    def _after_comment(self, lines: list[tuple[int, int]], number: int) -> int:
        for later in range(number, len(lines)):
            if "-->" in self.text[slice(*lines[later])]:
                return later + 1
        return len(lines)

    def _after_quote(self, lines: list[tuple[int, int]], number: int) -> int:
        # A paragraph of a quotation goes on in lines without its mark.
        while number < len(lines) and self.text[slice(*lines[number])].strip():
            line = self.text[slice(*lines[number])]
            if not _QUOTE.match(line) and (_ITEM.match(line) or _HEADING.match(line)):
                break
            number += 1
        return number

    def _end_under_ruler(self, line: str) -> None:
        """A paragraph of one line over a ruler is a heading."""
        mark = line.strip()[0]
        if self.open is not None and self.open[2] is Shape.PARAGRAPH and mark in "=-":
            start, end, _, _ = self.open
            if self.text.count("\n", start, end) <= 1:
                self.section, self.open = self.text[start:end].strip(), None
                self._add(start, end, Shape.HEADING, False)
                return
        self._close()

    def _is_table(self, lines: list[tuple[int, int]], number: int) -> bool:
        line = self.text[slice(*lines[number])].strip()
        if number + 1 < len(lines):
            below = self.text[slice(*lines[number + 1])]
            if "-" in below and "|" in below and _TABLE_RULE.match(below):
                return True
        return line.startswith("|") and line.count("|") >= 2

    def _after_table(self, lines: list[tuple[int, int]], number: int) -> int:
        heads: tuple[str, ...] = ()
        if number + 1 < len(lines) and _TABLE_RULE.match(self.text[slice(*lines[number + 1])]):
            line = self.text[slice(*lines[number])]
            heads = tuple(
                self.text[start:end].strip(_CELL_EDGES) for start, end in self._cells(lines[number], line)
            )
            number += 2
        while number < len(lines):
            line = self.text[slice(*lines[number])]
            if "|" not in line or not line.strip():
                break
            self._table_row(self._cells(lines[number], line), heads)
            number += 1
        return number

    def _table_row(self, cells: list[tuple[int, int]], heads: tuple[str, ...]) -> None:
        before: tuple[int, int] | None = None
        for number, (start, end) in enumerate(cells):
            plain = self.text[start:end].strip(_CELL_EDGES)
            if plain:
                text = masked(self.text[start:end], markdown=True)
                lead = masked(self.text[slice(*before)], markdown=True) if before and " " in plain else ""
                head = heads[number] if number < len(heads) else ""
                self.found.append(Block(start, text, Shape.CELL, self.section, False, lead, head, heads))
            before = (start, end) if 0 < len(plain) <= LEAD_CHARACTERS_MAX else None

    def _cells(self, line_at: tuple[int, int], line: str) -> list[tuple[int, int]]:
        """Where the cells of a row are, each with the bar behind it; one that opens the row is no cell."""
        found: list[tuple[int, int]] = []
        at = line_at[0]
        for cell in _cells(line):
            if found or cell.strip(_CELL_EDGES) or at > line_at[0] + line.find("|"):
                found.append((at, at + len(cell)))
            at += len(cell)
        return found

    def _prose(self, start: int, end: int, line: str) -> None:
        item = _ITEM.match(line)
        if item and item.end() < len(line):
            self._close()
            self.open = (start + item.end(), end, Shape.ITEM, bool(item["task"]))
        elif self.open is None:
            self.open = (start, end, Shape.PARAGRAPH, False)
        else:
            self.open = (self.open[0], end, *self.open[2:])

    def _close(self) -> None:
        if self.open is not None:
            self._add(*self.open)
            self.open = None

    def _add(self, start: int, end: int, shape: Shape, task: bool) -> None:
        if start >= end:
            return
        text = masked(self.text[start:end], markdown=self.markdown)
        self.found.append(Block(start, text, shape, self.section, task))


def masked(text: str, *, markdown: bool = True) -> str:
    """The text at the same length, with a mask over code, addresses, quotations and marks."""
    if markdown and any(sign in text for sign in "`<{(~"):
        text = _MASKED_MARKDOWN.sub(_mask_markdown, text)
    if any(sign in text for sign in ":@/\"“„«»‘'"):
        text = _MASKED.sub(_mask, text)
    return text


def _mask_markdown(found: re.Match[str]) -> str:
    sign = MASK if found.lastgroup in {"code", "ticks", "template"} or found["code"] else " "
    return sign * len(found[0])


def _mask(found: re.Match[str]) -> str:
    return MASK * len(found[0])


def _cells(line: str) -> list[str]:
    """The cells with their bars, so that their lengths add up to the line's."""
    found, begin = [], 0
    for at, sign in enumerate(line):
        if sign == "|" and (at == 0 or line[at - 1] != "\\"):
            found.append(line[begin : at + 1])
            begin = at + 1
    found.append(line[begin:])
    return found
