"""What the language check says: categories, findings, and what a caller may choose."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

LANGUAGES = ("en", "de")
PACKAGE = os.path.dirname(__file__)


class Kind(StrEnum):
    """Which of the two checks a category belongs to; each can be asked for by itself."""

    BLAME = "blame"
    CLARITY = "clarity"


class Severity(StrEnum):
    """How much a finding weighs: an error is worth a rewrite, an info is worth a thought."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Target(StrEnum):
    """Whom a finding is about."""

    PERSON = "person"
    ROLE = "role"
    TEAM = "team"
    SELF = "self"
    NONE = "none"


class Category(NamedTuple):
    """One sort of finding. `severity` is what it has where nothing else decides."""

    name: str
    kind: Kind
    title: str
    severity: Severity

    @property
    def explanation(self) -> str:
        """The page about it: Markdown, in English."""
        return explanation_of(self.name)

    def explanation_in(self, language: str) -> str:
        """The page about it in that language, in English where it has not been translated."""
        return explanation_of(self.name, language)


class Finding(NamedTuple):
    """A place in a text. `start` and `end` count characters from 0; `end` is exclusive.

    Each suggestion replaces `text`, which is `source[start:end]`; there is none where no rewrite reads
    right, and then `question` asks what would.
    """

    kind: Kind
    category: str
    severity: Severity
    target: Target
    start: int
    end: int
    text: str
    message: str
    suggestions: tuple[str, ...] = ()
    question: str = ""


class Options(NamedTuple):
    """What a caller knows and wants. Everything has a default, so `Options()` is a check of English.

    `roster` holds names, first names and chat names of people. `flagged` maps a house's own terms to why
    they are flagged; `allowed` terms are never flagged. `quantities_known` says that the record has a
    number, so that "some users" could be one. `acronyms` are those that every reader knows.
    """

    language: str = "en"
    kinds: frozenset[Kind] = frozenset(Kind)
    roster: frozenset[str] = frozenset()
    flagged: Mapping[str, str] = MappingProxyType({})
    allowed: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = MappingProxyType({})
    off: frozenset[str] = frozenset()
    quantities_known: bool = False
    acronyms: frozenset[str] = frozenset()


@cache
def explanation_of(category: str, language: str = "en") -> str:
    """The Markdown of a category's page. Raises KeyError for a category that does not exist."""
    name = CATEGORIES[category].name
    page = os.path.join(PACKAGE, language if language in LANGUAGES else "en", "pages", f"{name}.md")
    if not os.path.isfile(page):
        page = os.path.join(PACKAGE, "en", "pages", f"{name}.md")
    with open(page, encoding="utf-8") as file:
        return file.read()


def _categories() -> Mapping[str, Category]:
    blame, clarity = Kind.BLAME, Kind.CLARITY
    error, warning, info = Severity.ERROR, Severity.WARNING, Severity.INFO
    rows = (
        Category("counterfactual_person", blame, "What a person should have done", error),
        Category("counterfactual_team", blame, "What a team should have done", info),
        Category("omission", blame, "What somebody did not do", error),
        Category("individual_cause", blame, "A person as the cause", error),
        Category("human_error", blame, "Human error as an explanation", error),
        Category("character", blame, "A judgement of a person", error),
        Category("hindsight", blame, "Knowledge from afterwards", warning),
        Category("second_guess", blame, "Second-guessing a decision", warning),
        Category("intent", blame, "Assumed intent", error),
        Category("rule_breach", blame, "A broken rule as an explanation", error),
        Category("fault_punish", blame, "Fault and punishment", error),
        Category("careful_fix", blame, "More care as a fix", warning),
        Category("vague_action", clarity, "An action without an end", warning),
        Category("single_root_cause", clarity, "One root cause", info),
        Category("jargon", clarity, "An unexplained abbreviation", info),
        Category("agentless_passive", clarity, "Nobody and nothing acts", info),
        Category("weasel_quantity", clarity, "An amount without a number", info),
        Category("heat", clarity, "Heated words", warning),
        Category("house_term", clarity, "A term that your team avoids", warning),
    )
    return MappingProxyType({row.name: row for row in rows})


CATEGORIES: Mapping[str, Category] = _categories()
