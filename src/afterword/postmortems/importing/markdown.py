"""One Markdown file read as a post-mortem: title, day, sections. Pure: no Django.

What a line says is kept where it stands. A heading becomes the title of a section, or stays in the text where
it cannot; the front matter is kept as it is in a section of its own. So every line is somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from afterword.documents import clean_text, parse_markdown, read_texts
from afterword.lib.errors import InvalidInput
from afterword.lib.text import is_blank
from afterword.postmortems.importing.days import day_in_digits, read_day, value_of_day_line, year_in_name
from afterword.postmortems.importing.headings import meaning_of

FILE_BYTES_MAX = 1024 * 1024
SECTIONS_MAX = 60
SECTION_BYTES_MAX = 64 * 1024
LINE_BYTES_MAX = 60 * 1024
TITLE_CHARACTERS_MAX = 300
SECTION_TITLE_CHARACTERS_MAX = 200
FRONT_LINES_MAX = 200
REFERENCES_MAX = 200
DAY_LINES_MAX = 400
"""So far into a text its day is looked for."""
LABELS_MIN = 2
"""How many items such as `- **Impact**: ...` make a text without headings one of sections."""

INTRODUCTION = "Introduction"
WHOLE_TEXT = "Post-mortem"
REST = "More"
FROM_THE_FILE = "From the file"

_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})[ \t]*$")
_NOT_PARAGRAPH = re.compile(r" {4,}|\t| {0,3}(?:[-*+>|<`~]|#{1,6}(?:\s|$)|\d{1,9}[.)]\s)")
_FENCE = re.compile(r" {0,3}(?:[-*+] +|> ?)*(`{3,}(?=[^`]*$)|~{3,})")
_FENCE_END = re.compile(r"\s*(`{3,}|~{3,})\s*$")
_LABEL = re.compile(r"([-*+] {1,3})?(?:\*\*|__)(?!\s)([^*_\n]{1,80}?)(?<!\s)(?:\*\*|__)[ \t]*(:?)[ \t]*(.*)$")
_REFERENCE = re.compile(r" {0,3}\[(\^?[^\]\n]{1,200})\]:[ \t]*\S")
_SETTING = re.compile(r"([A-Za-z][\w -]{0,60}?)[ \t]*:(?:[ \t]+(.*))?$")
_LIST_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)$")
_LOSES_BY_READING = re.compile(r"\]\(|\]\[|!\[|<|https?://")
_MARKDOWN_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".txt")


@dataclass(frozen=True)
class GuessedSection:
    """A part of the file, as a section of a document."""

    title: str
    text: str
    meaning: str = ""
    """The section of our templates that it is taken for, or nothing."""


@dataclass(frozen=True)
class ReadFile:
    """A file as it was understood."""

    title: str
    written_on: datetime | None
    sections: list[GuessedSection]
    settings: dict[str, list[str]] = field(default_factory=dict)
    """The front matter: names in small letters, each with its values."""
    later_day: datetime | None = None
    """The first day that was passed over, for it is after the last one that it can be."""
    year_of_name: int | None = None
    """The year in the name of the file, where no day is known."""
    unread_day: str = ""
    """What stands where its day is said, when it is written so that it can be more than one, or none."""

    def setting(self, *names: str) -> str:
        """The first value of the first of these that the front matter has; nothing else."""
        return next((self.settings[name][0] for name in names if self.settings.get(name)), "")


def read_file(name: str, data: bytes, *, last_day: date = date.max) -> ReadFile:
    """Read a file; `name` gives title and day where the text does not. `last_day` is the last that its day
    can be. Raises InvalidInput."""
    return read_text(name, _decode(data), last_day=last_day)


def read_text(name: str, text: str, *, last_day: date = date.max) -> ReadFile:
    """The same of a text. Raises InvalidInput with the reason."""
    text = clean_text(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if is_blank(text):
        raise _refusal("There is no text in it.")
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if len(line) > LINE_BYTES_MAX // 4 and len(line.encode(errors="replace")) > LINE_BYTES_MAX:
            raise _refusal(f"Line {number} is longer than {LINE_BYTES_MAX // 1024} KB.")
    front, body, settings = _split_front_matter(lines)
    given = _first(settings, "title", "name")
    title, body = _take_title(body, given)
    sections = _bounded(_with_references([*_sections_of(body), *_front_section(front)], body))
    found = title or given or _title_from_name(name)
    if len(found) > TITLE_CHARACTERS_MAX:
        sections.insert(0, GuessedSection(INTRODUCTION, found))
        found = found[: TITLE_CHARACTERS_MAX - 1].rstrip() + "…"
    day = later = None
    for one in _days_of(settings, body, name, found):
        if one.date() <= last_day:
            day = one
            break
        later = later or one
    year = year_in_name(_last_part(name), last_day.year) if day is None else None
    return ReadFile(found, day, sections, settings, later, year, _unread_day(settings, body))


def guess_sections(text: str) -> list[GuessedSection]:
    """The sections of a text that has no title of its own and no front matter. Raises InvalidInput."""
    body = clean_text(text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    return _bounded(_with_references(_sections_of(body), body))


def looks_like_markdown(name: str, data: bytes) -> bool:
    """Whether a file of this name is taken: by its ending, or without one by a heading or front matter."""
    last = _last_part(name)
    if last.casefold().endswith(_MARKDOWN_ENDINGS):
        return True
    if re.search(r"\.[A-Za-z]\w{0,7}$", last):
        return False
    beginning = data[:4096].decode(errors="replace").lstrip("\ufeff \n\r\t")
    return beginning.startswith(("# ", "## ", "---\n"))


def describes_its_folder(name: str) -> bool:
    """Whether it is by its name about the folder it lies in, and no post-mortem."""
    stem = _last_part(name).rpartition(".")[0] or _last_part(name)
    return stem.casefold() in {"readme", "license", "licence", "contributing", "code_of_conduct", "changelog"}


def _last_part(name: str) -> str:
    """The name of a file without its folders."""
    return name.rpartition("/")[2]


def _decode(data: bytes) -> str:
    if len(data) > FILE_BYTES_MAX:
        raise _refusal(f"A file may have at most {FILE_BYTES_MAX // 1024} KB; this one has more.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise _refusal("It is not text.") from error
    if b"\0" in data:
        raise _refusal("It is not text.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _refusal(f"It is not text in UTF-8: line {line} cannot be read.") from error


def _refusal(reason: str) -> InvalidInput:
    return InvalidInput(reason, fields={"file": reason})


# Front matter ------------------------------------------------------------------------------------------


def _split_front_matter(lines: list[str]) -> tuple[list[str], list[str], dict[str, list[str]]]:
    """The lines of the front matter, those behind it, and what it says. Nothing where it has no end."""
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[start].rstrip() != "---":
        return [], lines, {}
    for end in range(start + 1, min(len(lines), start + FRONT_LINES_MAX)):
        if lines[end].rstrip() in ("---", "..."):
            inner = lines[start + 1 : end]
            settings = _read_settings(inner)
            return (inner, lines[end + 1 :], settings) if settings else ([], lines, {})
    return [], lines, {}


def _read_settings(lines: Sequence[str]) -> dict[str, list[str]]:
    """`name: value`, `name: [a, b]` and lists of `- value`. More than that is kept, not understood."""
    found: dict[str, list[str]] = {}
    values: list[str] | None = None
    for line in lines:
        item = _LIST_ITEM.match(line)
        setting = None if line.startswith((" ", "\t")) else _SETTING.match(line)
        if setting:
            values = found.setdefault(setting[1].strip().casefold().replace(" ", "_").replace("-", "_"), [])
            values += _values(setting[2] or "")
        elif item and values is not None:
            values += _values(item[1])
    return found


def _values(text: str) -> list[str]:
    text = text.strip()
    if text.startswith("[") and text.endswith("]"):
        return [value for part in text[1:-1].split(",") if (value := _unquoted(part))]
    value = _unquoted(text)
    return [value] if value else []


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].strip()
    return re.sub(r"[ \t]+#.*$", "", text).strip()


def _front_section(front: list[str]) -> list[GuessedSection]:
    if not any(line.strip() for line in front):
        return []
    longest = max((len(run) for line in front for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [GuessedSection(FROM_THE_FILE, "\n".join([f"{fence}yaml", *front, fence]))]


def _first(settings: dict[str, list[str]], *names: str) -> str:
    return next((settings[name][0] for name in names if settings.get(name)), "")


# Title and day -----------------------------------------------------------------------------------------


def _take_title(lines: list[str], given: str) -> tuple[str, list[str]]:
    """The title that the text has, and the lines without it. With a title from elsewhere only the same is
    taken, so that no words are lost."""
    headings = _headings(lines)
    if not headings:
        return "", lines
    first = headings[0]
    several_at_the_top = sum(1 for one in headings if one.level == first.level) > 1
    if first.level > 1 and (meaning_of(first.title) or several_at_the_top):
        return "", lines
    if first.level == 1 and several_at_the_top and meaning_of(first.title):
        return "", lines
    title = _plain(first.title)
    if is_blank(title) or _LOSES_BY_READING.search(first.title):
        return title, lines
    if given and given.casefold() != title.casefold():
        return "", lines
    return title, lines[: first.start] + lines[first.end :]


def _title_from_name(name: str) -> str:
    stem = re.sub(r"\.[A-Za-z]\w{0,7}$", "", _last_part(name))
    words = re.sub(r"[-_\s]+", " ", stem).strip()
    return (words[:1].upper() + words[1:]) if words and not is_blank(words) else "Post-mortem"


def _days_of(settings: dict[str, list[str]], body: list[str], name: str, title: str) -> Iterator[datetime]:
    """From the front matter, a line `Date: ...`, the file's name, the title; then those in the text."""
    texts = (*_said_days(settings, body), _last_part(name), title, *body[:DAY_LINES_MAX])
    return (day for text in texts if (day := read_day(text)) is not None)


def _unread_day(settings: dict[str, list[str]], body: list[str]) -> str:
    """What was meant as its day and is none that can be told; nothing where another one can be."""
    said = _said_days(settings, body)
    if any(read_day(text) is not None for text in said):
        return ""
    return next((found[0] for text in said if (found := day_in_digits(text))), "")


def _said_days(settings: dict[str, list[str]], body: list[str]) -> list[str]:
    given = _first(settings, "date", "datum", "incident_date", "created", "created_at", "published", "day")
    return [given, *filter(None, map(value_of_day_line, body[:DAY_LINES_MAX]))]


# Sections ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Heading:
    """Lines `start` to `end` (not included) are this heading."""

    start: int
    end: int
    level: int
    title: str


def _headings(lines: Sequence[str]) -> list[_Heading]:
    found: list[_Heading] = []
    code = _code_lines(lines)
    for number, line in enumerate(lines):
        if number in code:
            continue
        if heading := _HEADING.match(line):
            found.append(_Heading(number, number + 1, len(heading[1]), (heading[2] or "").strip()))
            continue
        below = _UNDERLINE.match(lines[number + 1]) if number + 1 < len(lines) else None
        alone = number == 0 or not lines[number - 1].strip() or (found and found[-1].end == number)
        if below and alone and line.strip() and not _NOT_PARAGRAPH.match(line) and number + 1 not in code:
            found.append(_Heading(number, number + 2, 1 if below[1][0] == "=" else 2, line.strip()))
    return found


def _code_lines(lines: Sequence[str]) -> set[int]:
    """The numbers of the lines inside fences, which are no headings whatever they look like."""
    inside: set[int] = set()
    fence = ""
    for number, line in enumerate(lines):
        if fence:
            inside.add(number)
            end = _FENCE_END.match(line)
            if end and end[1][0] == fence[0] and len(end[1]) >= len(fence):
                fence = ""
        elif begin := _FENCE.match(line):
            inside.add(number)
            fence = begin[1]
    return inside


def _sections_of(lines: list[str]) -> list[GuessedSection]:
    headings = _headings(lines)
    if not headings:
        return _unheaded(lines, WHOLE_TEXT)
    level = _level_of_sections(headings)
    starts = [heading for heading in headings if heading.level <= level]
    sections = _unheaded(lines[: starts[0].start], INTRODUCTION)
    rest = starts[SECTIONS_MAX:]
    if rest:
        starts = starts[:SECTIONS_MAX]
    for number, heading in enumerate(starts):
        end = starts[number + 1].start if number + 1 < len(starts) else len(lines)
        if rest and number + 1 == len(starts):
            end = rest[0].start
        sections.append(_section(heading, lines[heading.start : heading.end], lines[heading.end : end]))
    if rest:
        sections.append(GuessedSection(REST, _joined(lines[rest[0].start :])))
    return sections


def _level_of_sections(headings: Sequence[_Heading]) -> int:
    """The level on which most headings are known; sections begin there and at what is higher.

    Where none is known it is the highest, or the one below where the highest is there only once.
    """
    levels = sorted({heading.level for heading in headings})
    known = [sum(1 for one in headings if one.level == level and meaning_of(one.title)) for level in levels]
    if any(known):
        return levels[known.index(max(known))]
    counts = [sum(1 for heading in headings if heading.level == level) for level in levels]
    if len(levels) > 1 and counts[0] == 1 and counts[1] > 1:
        return levels[1]
    return levels[0]


def _section(heading: _Heading, own: list[str], lines: list[str]) -> GuessedSection:
    title = _plain(heading.title)
    keeps = bool(_LOSES_BY_READING.search(heading.title))
    if is_blank(title):
        title, keeps = REST, bool(heading.title)
    if len(title) > SECTION_TITLE_CHARACTERS_MAX:
        title, keeps = title[: SECTION_TITLE_CHARACTERS_MAX - 1].rstrip() + "…", True
    return GuessedSection(title, _joined([*own, "", *lines] if keeps else lines), meaning_of(title))


def _unheaded(lines: list[str], title: str) -> list[GuessedSection]:
    """Lines without headings: by their labels, as in `- **Impact**: ...`, where they have several."""
    code = _code_lines(lines)
    labels = [
        (number, found)
        for number, line in enumerate(lines)
        if number not in code and (found := _LABEL.match(line)) and _is_label(lines, number, found)
    ]
    if len(labels) < LABELS_MIN or not any(meaning_of(found[2]) for _, found in labels):
        text = _joined(lines)
        return [GuessedSection(title, text)] if text.strip() else []
    before = _joined(lines[: labels[0][0]])
    sections = [GuessedSection(INTRODUCTION, before)] if before.strip() else []
    for place, (number, found) in enumerate(labels):
        end = labels[place + 1][0] if place + 1 < len(labels) else len(lines)
        rest = [line if line.strip() else "" for line in lines[number + 1 : end]]
        width = len(found[1] or "")
        inner = [line[min(width, len(line) - len(line.lstrip(" "))) :] for line in rest]
        label = _plain(found[2].strip().rstrip(":"))
        text = _joined(
            [*([found[4], ""] if found[4].strip() and _begins_block(inner) else [found[4]]), *inner]
        )
        sections.append(GuessedSection(label, text, meaning_of(label)))
    return sections


def _is_label(lines: Sequence[str], number: int, found: re.Match[str]) -> bool:
    """Only where the colon says so, or where it stands alone on its line with nothing before it."""
    label = found[2].strip()
    if is_blank(label) or _LOSES_BY_READING.search(label):
        return False
    if found[3] or label.endswith(":") or (found[1] and not found[4].strip()):
        return True
    return not found[4].strip() and (number == 0 or not lines[number - 1].strip())


def _begins_block(lines: Sequence[str]) -> bool:
    """Whether the first of the lines would be read on with the line before it, though it is a list."""
    return bool(lines) and bool(re.match(r"\s*(?:[-*+]|\d{1,9}[.)])\s", lines[0]))


def _with_references(sections: list[GuessedSection], lines: Sequence[str]) -> list[GuessedSection]:
    """Each section with the addresses and footnotes that it names and that stand in another one."""
    code = _code_lines(lines)
    known: dict[str, str] = {}
    for number, line in enumerate(lines):
        if number not in code and (found := _REFERENCE.match(line)) and len(known) < REFERENCES_MAX:
            known.setdefault(found[1].casefold(), line)
    if not known:
        return sections
    return [_with_own_references(section, known) for section in sections]


def _with_own_references(section: GuessedSection, known: dict[str, str]) -> GuessedSection:
    lines = section.text.split("\n")
    here = {found[1].casefold() for line in lines if (found := _REFERENCE.match(line))}
    named = {label.casefold() for label in re.findall(r"\[(\^?[^\[\]\n]{1,200})\]", section.text)}
    missing = [line for label, line in known.items() if label in named and label not in here]
    return replace(section, text="\n".join([*lines, "", *missing])) if missing else section


def _bounded(sections: list[GuessedSection]) -> list[GuessedSection]:
    """The same, with what is too long for one section in several, cut between lines."""
    found = [part for section in sections for part in _cut(section)]
    return found or [GuessedSection(WHOLE_TEXT, "")]


def _cut(section: GuessedSection) -> Iterator[GuessedSection]:
    if len(section.text.encode(errors="replace")) <= SECTION_BYTES_MAX:
        yield section
        return
    part: list[str] = []
    size, count = 0, 1
    for line in section.text.split("\n"):
        added = len(line.encode(errors="replace")) + 1
        if part and size + added > SECTION_BYTES_MAX:
            yield _part(section, part, count)
            part, size, count = [], 0, count + 1
        part.append(line)
        size += added
    yield _part(section, part, count)


def _part(section: GuessedSection, lines: list[str], count: int) -> GuessedSection:
    title = section.title if count == 1 else f"{section.title[:180]} ({count})"
    return replace(section, title=title, text=_joined(lines))


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def _plain(markdown: str) -> str:
    """What is read of a heading, on one line."""
    if len(markdown) > 4 * TITLE_CHARACTERS_MAX:
        return " ".join(markdown.split())
    return " ".join(" ".join(read_texts(parse_markdown(f"# {markdown}"))).split())
