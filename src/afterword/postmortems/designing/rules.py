"""From what somebody filled in to the template's file. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from afterword.lib.liquid import TemplateError
from afterword.postmortems.templates import (
    ParsedTemplate,
    TemplateSection,
    format_template,
    parse_template,
)


class SectionRefused(Exception):
    """A template that cannot be written as a file."""

    def __init__(self, place: int | None, reason: str) -> None:
        """`place` is the section that is to blame, the first one being 0; None: what stands above them."""
        super().__init__(reason)
        self.place, self.reason = place, reason


def write_template(given: ParsedTemplate) -> str:
    """The file of a template whose parts were filled in one by one. Raises SectionRefused."""
    wanted = ParsedTemplate(
        given.name, tuple(_tidy(section) for section in given.sections), given.writes, given.requires
    )
    source = format_template(wanted)
    try:
        parsed = parse_template(source)
    except TemplateError as error:
        raise SectionRefused(_place_of(wanted, error.line or 1), error.reason) from error
    for place, section in enumerate(wanted.sections):
        if place >= len(parsed.sections) or parsed.sections[place] != section:
            raise SectionRefused(
                place,
                "In a template no line of a text may begin with “## ”, “:::”, “> help:”, “> fields:” or "
                "“> internal”, and none of the help with “fields:”. Use “### ” for a heading.",
            )
    if (parsed.name, parsed.writes, parsed.requires) != (wanted.name, wanted.writes, wanted.requires):
        raise SectionRefused(None, "Please use another name: this one cannot stand in the template's file.")
    return source


def _tidy(section: TemplateSection) -> TemplateSection:
    """As it is read from a file again."""
    lines = section.text.split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    help_lines = [line.rstrip() for line in section.help.strip().split("\n")]
    return replace(section, text="\n".join(lines).rstrip(), help="\n".join(help_lines))


def _place_of(template: ParsedTemplate, line: int) -> int | None:
    """The section in which this line of the template's file stands."""
    found = None
    for place in range(len(template.sections)):
        before: Sequence[TemplateSection] = template.sections[:place]
        head = format_template(replace(template, sections=tuple(before)))
        if line > head.count("\n"):
            found = place
    return found
