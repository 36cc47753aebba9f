"""For people: each finding with its line, the words marked below, and what could stand there instead."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from afterword.language import Severity
from afterword.linter.files import FileFault
from afterword.linter.formats import Checked, Placed, placed

# A paragraph is often one line of Markdown: this much of it is shown around the finding.
WIDTH_COLUMNS_MAX = 100
TAB_COLUMNS = 4
SUGGESTIONS_SHOWN_MAX = 5

COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
BOLD, FAINT, GREEN = "1", "2", "32"


class Painter:
    """Puts colours around words, where they are wanted."""

    def __init__(self, *, is_coloured: bool) -> None:
        self.is_coloured = is_coloured

    def __call__(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.is_coloured and text else text


def write(checked: Iterable[Checked], faults: Iterable[FileFault], *, is_coloured: bool) -> Iterator[str]:
    """Lines of text: the findings of each file, and at the end how many there are."""
    paint = Painter(is_coloured=is_coloured)
    files = files_with = 0
    counts: Counter[Severity] = Counter()
    for file in checked:
        files += 1
        files_with += bool(file.findings)
        for place in placed(file):
            counts[place.finding.severity] += 1
            yield from describe(file, place, paint)
            yield ""
    if counts:
        yield paint("`afterword lint --explain CATEGORY` says why, with examples.", FAINT)
    yield _sum(counts, files, files_with, sum(1 for _ in faults))


def describe(file: Checked, place: Placed, paint: Painter) -> Iterator[str]:
    """One finding: where, what, the line with a mark below, and what to do about it."""
    finding = place.finding
    yield (
        paint(f"{printable(file.source.path)}:{place.line}:{place.column}:", BOLD)
        + f" {paint(finding.severity.value, COLOURS[finding.severity])}: {printable(finding.message)} "
        + paint(f"[{finding.category}]", FAINT)
    )
    line = file.lines.line(place.line)
    end = place.end_column - 1 if place.end_line == place.line else len(line)
    before, marked, after = excerpt(line, place.column - 1, end)
    gutter = f"{place.line:>5} | "
    mark = "^" * max(columns(marked), 1)
    yield f"{paint(gutter, FAINT)}{before}{marked}{after}".rstrip()
    yield f"{paint('      | ', FAINT)}{' ' * columns(before)}{paint(mark, COLOURS[finding.severity])}"
    for suggestion in finding.suggestions[:SUGGESTIONS_SHOWN_MAX]:
        yield f"        {paint('instead:', FAINT)} {paint(printable(suggestion) or '(nothing)', GREEN)}"
    if finding.question:
        yield f"        {paint('ask:', FAINT)} {printable(finding.question)}"
    if page := file.page_of(finding.category):
        yield f"        {paint('why:', FAINT)} {page}"


def excerpt(line: str, start: int, end: int) -> tuple[str, str, str]:
    """What stands before, in and after the span; cut, with an ellipsis, where the line is long."""
    end = min(end, start + WIDTH_COLUMNS_MAX)
    room = max(WIDTH_COLUMNS_MAX - (end - start), 20)
    first = 0 if end <= WIDTH_COLUMNS_MAX else max(start - room // 2, 0)
    last = min(len(line), max(first + WIDTH_COLUMNS_MAX, end + 10))
    before = ("…" if first else "") + printable(line[first:start])
    after = printable(line[end:last]) + ("…" if last < len(line) else "")
    return before, printable(line[start:end]), after


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: two for wide characters, none for those that combine."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def printable(text: str) -> str:
    """The text without what would steer a terminal: a file shall not be able to."""
    return "".join(
        character if character.isprintable() else " " * TAB_COLUMNS if character == "\t" else "·"
        for character in text
    )


def _sum(counts: Counter[Severity], files: int, files_with: int, faults: int) -> str:
    unread = f", {_count(faults, 'file')} not read" if faults else ""
    total = sum(counts.values())
    if not total:
        return f"Nothing found in {_count(files, 'file')}{unread}."
    parts = ", ".join(_count(counts[level], level.value) for level in Severity if counts[level])
    return f"{_count(total, 'finding')} in {files_with:,} of {_count(files, 'file')}{unread}: {parts}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 or noun == "info" else f"{number:,} {noun}s"
