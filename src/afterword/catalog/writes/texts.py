"""What people call the things of the catalogue, made fit to be kept."""

from __future__ import annotations

from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.lib.text import many_lines, one_line


def clean_name(value: str) -> str:
    """One line. Raises InvalidInput at `name`."""
    return one_line("name", value, characters_max=NAME_LENGTH_MAX)


def clean_summary(value: str, *, field: str = "summary") -> str:
    """Some lines, or none. Raises InvalidInput at `field`."""
    return many_lines(field, value, characters_max=SUMMARY_LENGTH_MAX)
