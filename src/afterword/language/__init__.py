"""Blame and clarity findings in what people write about incidents. Pure: no Django, no network."""

from afterword.language.checking import TEXT_CHARACTERS_MAX, Checker, check
from afterword.language.findings import (
    CATEGORIES,
    LANGUAGES,
    Category,
    Finding,
    Kind,
    Options,
    Severity,
    Target,
)

__all__ = [
    "CATEGORIES",
    "LANGUAGES",
    "TEXT_CHARACTERS_MAX",
    "Category",
    "Checker",
    "Finding",
    "Kind",
    "Options",
    "Severity",
    "Target",
    "check",
]
