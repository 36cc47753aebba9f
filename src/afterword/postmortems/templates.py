"""A template is one Markdown file: front matter, sections, guidance, starting text. Pure: no Django.

`docs/reference/template-language.md` describes the format for those who write templates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from afterword.documents import plain_text
from afterword.lib import liquid
from afterword.lib.liquid import TemplateLimitError, TemplateSyntaxError

TEMPLATE_BYTES_MAX = 64 * 1024
SECTIONS_MAX = 50
NAME_CHARACTERS_MAX = 100
TITLE_CHARACTERS_MAX = 200
HELP_CHARACTERS_MAX = 2_000
FIELDS_MAX = 20
"""Custom fields that one section shows, or that a template requires."""

LIVE_NAMES = ("key-information", "summary", "timeline", "impact", "follow-ups")
"""Every part of a document that can be drawn from the record. `live.py` says who draws which."""

PLACES = ("here", "confluence", "notion", "google-docs")
"""Where a document made from a template is written."""
PLACE_NAMES = {
    "here": "Afterword",
    "confluence": "Confluence",
    "notion": "Notion",
    "google-docs": "Google Docs",
}

_FENCE = "---"
_SETTING = re.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)")
_QUOTATION = re.compile(r"""(["'])(.*?)\1[ \t]*(?:#.*)?""")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TITLE = re.compile(r"##(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_LIVE = re.compile(r":::[ \t]*(.*?)[ \t]*")
_DIRECTIVE = re.compile(r">[ \t]*(help|fields)[ \t]*:[ \t]*(.*)", re.IGNORECASE)
_INTERNAL = re.compile(r">[ \t]*internal[ \t]*", re.IGNORECASE)
_QUOTED = re.compile(r">[ \t]?(.*)")
_CODE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")


@dataclass(frozen=True)
class TemplateSection:
    """One section as a template describes it."""

    title: str
    live: str = ""
    """The part of the record that is drawn here: one of `LIVE_NAMES`, or nothing."""
    help: str = ""
    """Guidance for the writer, in Markdown; never printed."""
    fields: tuple[str, ...] = ()
    internal: bool = False
    """Whether no public edition has it."""
    text: str = ""
    """What the section starts with, in Markdown and Liquid."""
    text_line: int = field(default=1, compare=False)
    """The line of the source where `text` begins."""

    @property
    def live_words(self) -> str:
        """What the part of the record is called in a line; nothing where people write."""
        return self.live.replace("-", " ").capitalize()


@dataclass(frozen=True)
class ParsedTemplate:
    """A template, read."""

    name: str
    sections: tuple[TemplateSection, ...]
    writes: str = "here"
    requires: tuple[str, ...] = ()


def parse_template(source: str) -> ParsedTemplate:
    """Read a template. Raises TemplateSyntaxError and TemplateLimitError, with the line that is to blame."""
    if len(source.encode(errors="replace")) > TEMPLATE_BYTES_MAX:
        raise TemplateLimitError(f"a template has at most {TEMPLATE_BYTES_MAX // 1024} KB.")
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    settings, after = _read_front_matter(lines)
    sections = tuple(_read_sections(lines, after))
    if not sections:
        raise TemplateSyntaxError(
            "a template has at least one section: a line like “## Summary”.", line=after + 1
        )
    return ParsedTemplate(settings.name, sections, settings.writes, settings.requires)


def format_template(template: ParsedTemplate) -> str:
    """The template as its Markdown file: `parse_template` reads the same from it again."""
    readable_bare = _value_of(template.name) == template.name
    lines = [_FENCE, f"name: {template.name}" if readable_bare else f'name: "{template.name}"']
    if template.writes != PLACES[0]:
        lines.append(f"writes: {template.writes}")
    if template.requires:
        lines.append(f"requires: [{', '.join(template.requires)}]")
    lines.append(_FENCE)
    for section in template.sections:
        lines += ["", f"## {section.title}"]
        if section.live:
            lines.append(f"::: {section.live}")
        if section.help:
            first, *rest = section.help.split("\n")
            lines += [f"> help: {first}", *(f"> {line}".rstrip() for line in rest)]
        if section.fields:
            lines.append(f"> fields: {', '.join(section.fields)}")
        if section.internal:
            lines.append("> internal")
        if section.text:
            lines += ["", section.text]
    return "\n".join(lines) + "\n"


# Front matter ------------------------------------------------------------------------------------------


@dataclass
class _Settings:
    name: str = ""
    writes: str = PLACES[0]
    requires: tuple[str, ...] = ()
    given: set[str] = field(default_factory=set)


def _read_front_matter(lines: Sequence[str]) -> tuple[_Settings, int]:
    """The settings, and the index of the first line behind them."""
    if lines[0].strip() != _FENCE:
        raise TemplateSyntaxError(
            f"a template begins with front matter between two lines of “{_FENCE}”.", line=1
        )
    settings = _Settings()
    for index, line in enumerate(lines[1:], start=1):
        if line.strip() == _FENCE:
            if "name" not in settings.given:
                raise TemplateSyntaxError("the front matter gives no “name”.", line=index + 1)
            return settings, index + 1
        _read_setting(line, index + 1, settings)
    raise TemplateSyntaxError(f"the front matter is never closed by a line of “{_FENCE}”.", line=1)


def _read_setting(line: str, number: int, settings: _Settings) -> None:
    text = line.strip()
    if not text or text.startswith("#"):
        return
    match = _SETTING.fullmatch(text)
    if match is None:
        raise TemplateSyntaxError("the front matter takes lines like “name: Standard”.", line=number)
    key, value = match.group(1).lower(), _value_of(match.group(2))
    if key in settings.given:
        raise TemplateSyntaxError(f"“{key}” is given twice.", line=number)
    settings.given.add(key)
    if key == "name":
        settings.name = _usable_text("the name", value, NAME_CHARACTERS_MAX, number)
    elif key == "writes":
        if value not in PLACES:
            raise TemplateSyntaxError(f"“writes” takes one of: {', '.join(PLACES)}.", line=number)
        settings.writes = value
    elif key == "requires":
        settings.requires = _slugs(value.removeprefix("[").removesuffix("]"), "requires", number)
    else:
        raise TemplateSyntaxError(
            f"the front matter knows “name”, “writes” and “requires”, not “{key}”.", line=number
        )


def _value_of(text: str) -> str:
    """What stands behind the colon, without its quotation marks and without a comment."""
    if (quoted := _QUOTATION.fullmatch(text)) is not None:
        return quoted.group(2).strip()
    return re.split(r"(?:^|[ \t])#", text, maxsplit=1)[0].strip()


def _usable_text(what: str, value: str, characters_max: int, number: int) -> str:
    value = plain_text(value)
    if not value:
        raise TemplateSyntaxError(f"{what} is empty.", line=number)
    if len(value) > characters_max:
        raise TemplateLimitError(f"{what} has at most {characters_max} characters.", line=number)
    return value


def _slugs(value: str, what: str, number: int) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(_value_of(part.strip()) for part in value.split(",") if part.strip()))
    for name in names:
        if not _SLUG.fullmatch(name):
            raise TemplateSyntaxError(
                f"“{what}” takes names of fields like “root-cause”, not “{name[:40]}”.", line=number
            )
    if len(names) > FIELDS_MAX:
        raise TemplateLimitError(f"“{what}” takes at most {FIELDS_MAX} fields.", line=number)
    return names


# Sections ----------------------------------------------------------------------------------------------


def _read_sections(lines: Sequence[str], start: int) -> Iterator[TemplateSection]:
    taken: dict[str, int] = {}
    for title, number, body in _split_sections(lines, start):
        before = taken.setdefault(title.casefold(), number)
        if before != number:
            raise TemplateSyntaxError(f"there is a section “{title}” in line {before} already.", line=number)
        if len(taken) > SECTIONS_MAX:
            raise TemplateLimitError(f"a template has at most {SECTIONS_MAX} sections.", line=number)
        yield _read_section(title, body, number)


def _split_sections(lines: Sequence[str], start: int) -> Iterator[tuple[str, int, list[str]]]:
    """Each section's title, the number of its line, and the lines below it. Code is not looked into."""
    title, number, body = "", 0, list[str]()
    fence, fence_number = "", 0
    for index in range(start, len(lines)):
        line = lines[index]
        if fence:
            if re.fullmatch(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*", line):
                fence = ""
        elif (code := _CODE.match(line)) is not None:
            fence, fence_number = code.group(1), index + 1
        elif (heading := _TITLE.fullmatch(line)) is not None:
            if number:
                yield title, number, body
            title = _usable_text(
                "this section's title", heading.group(1) or "", TITLE_CHARACTERS_MAX, index + 1
            )
            number, body = index + 1, []
            continue
        if number:
            body.append(line)
        elif line.strip():
            raise TemplateSyntaxError(
                "there is text before the first section; a section begins with a line like “## Summary”.",
                line=index + 1,
            )
    if fence:
        raise TemplateSyntaxError("the block of code that begins here is never closed.", line=fence_number)
    if number:
        yield title, number, body


def _read_section(title: str, body: Sequence[str], number: int) -> TemplateSection:
    """`number` is the line of the title; `body` are the lines below it."""
    live, help_text, fields, internal = "", "", tuple[str, ...](), False
    index = 0
    while index < len(body):
        line, here = body[index], number + index + 1
        if not line.strip():
            index += 1
        elif (marked := _LIVE.fullmatch(line)) is not None:
            live = _usable_live_name(marked.group(1), live, here)
            index += 1
        elif _INTERNAL.fullmatch(line):
            internal = True
            index += 1
        elif (directive := _DIRECTIVE.fullmatch(line)) is not None:
            end = index + 1
            if directive.group(1).lower() == "help":
                while (
                    end < len(body)
                    and _QUOTED.fullmatch(body[end])
                    and not (_DIRECTIVE.fullmatch(body[end]) or _INTERNAL.fullmatch(body[end]))
                ):
                    end += 1
                help_text = _usable_help([directive.group(2), *body[index + 1 : end]], help_text, here)
            else:
                if fields:
                    raise TemplateSyntaxError("this section has its “> fields:” already.", line=here)
                fields = _slugs(directive.group(2), "fields", here)
            index = end
        else:
            break
    text_line = number + index + 1
    _refuse_late_directives(body[index:], text_line)
    text = "\n".join(body[index:]).rstrip()
    _check_text(text, text_line)
    return TemplateSection(title, live, help_text, fields, internal, text, text_line)


def _usable_live_name(name: str, before: str, number: int) -> str:
    if before:
        raise TemplateSyntaxError(f"this section draws “{before}” already.", line=number)
    if name not in LIVE_NAMES:
        raise TemplateSyntaxError(
            f"“::: {name[:40]}” is not known; there are {', '.join(LIVE_NAMES)}.", line=number
        )
    return name


def _usable_help(lines: Sequence[str], before: str, number: int) -> str:
    if before:
        raise TemplateSyntaxError("this section has its “> help:” already.", line=number)
    first, *rest = lines
    quoted = [match.group(1) for line in rest if (match := _QUOTED.fullmatch(line)) is not None]
    text = "\n".join([first.strip(), *(line.rstrip() for line in quoted)]).strip()
    if len(text) > HELP_CHARACTERS_MAX:
        raise TemplateLimitError(f"help has at most {HELP_CHARACTERS_MAX} characters.", line=number)
    return text


def _refuse_late_directives(body: Sequence[str], first_number: int) -> None:
    """What is meant for the template would otherwise be printed in every document made from it."""
    fence = ""
    for offset, line in enumerate(body):
        if fence:
            fence = "" if line.strip().startswith(fence) and not line.strip().strip(fence[0]) else fence
        elif (code := _CODE.match(line)) is not None:
            fence = code.group(1)
        elif _LIVE.fullmatch(line) or _DIRECTIVE.fullmatch(line) or _INTERNAL.fullmatch(line):
            raise TemplateSyntaxError(
                "“:::”, “> help:”, “> fields:” and “> internal” stand directly below the section's title, "
                "before its text.",
                line=first_number + offset,
            )


def _check_text(text: str, first_number: int) -> None:
    try:
        liquid.check(text)
    except liquid.TemplateError as error:
        raise type(error)(error.reason, line=first_number + (error.line or 1) - 1) from error
