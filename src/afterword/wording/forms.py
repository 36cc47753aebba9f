"""What people fill in about words. The writes check again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from afterword.language import CATEGORIES, LANGUAGES, Kind, Severity
from afterword.lib.forms import EditForm
from afterword.wording.models import WordingSettings

LANGUAGE_NAMES = {"en": "English", "de": "German"}
SEVERITY_NAMES = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.INFO: "Info"}
OFF, USUAL = "off", ""
LINES_CHARACTERS_MAX = 100_000
_QUOTED = re.compile(r'"((?:[^"]|"")+)"\s*(?::(.*))?')


def _lines(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=LINES_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=help_text,
    )


class SettingsForm(EditForm):
    """What the check looks for, how much each finding weighs, and the organisation's own terms."""

    requires_reasons = forms.BooleanField(
        label="Ask for no blame before approval",
        required=False,
        help_text="Each finding of blame has to be gone, or muted with a reason, before anybody approves.",
    )
    language = forms.ChoiceField(
        label="Your post-mortems are written in",
        choices=[(code, LANGUAGE_NAMES.get(code, code)) for code in LANGUAGES],
    )
    blame = forms.BooleanField(label="Look for blame", required=False)
    clarity = forms.BooleanField(label="Look for what is unclear", required=False)
    flagged = _lines(
        "Terms to avoid",
        "One on each line, with the reason behind a colon: “whitelist: we say allowlist”. "
        'A term that has a colon itself stands in quotation marks: “"note:": we say what it is”.',
    )
    allowed = _lines("Terms that are fine", "One on each line. They are never a finding.")
    acronyms = _lines(
        "Abbreviations that everybody knows",
        "One on each line, with what it stands for behind a colon: “SLO: service level objective”. Those in "
        "the names of teams, services and tags are known already.",
    )
    names = _lines(
        "Other people's names",
        "One on each line: people of suppliers, names in chat. Members of a team are known already.",
    )

    def __init__(self, data: Any = None, *, settings: WordingSettings) -> None:
        super().__init__(data, initial=_initial(settings))
        for name, category in CATEGORIES.items():
            usual = SEVERITY_NAMES[category.severity].lower()
            self.fields[_level(name)] = forms.ChoiceField(
                label=category.title,
                required=False,
                choices=[
                    (USUAL, f"As usual ({usual})"),
                    *((str(severity), shown) for severity, shown in SEVERITY_NAMES.items()),
                    (OFF, "Off"),
                ],
            )

    @property
    def blame_levels(self) -> list[BoundField]:
        return self._levels_of(Kind.BLAME)

    @property
    def clarity_levels(self) -> list[BoundField]:
        return self._levels_of(Kind.CLARITY)

    def chosen(self) -> dict[str, Any]:
        """What `writes.change_settings` takes."""
        given = self.cleaned_data
        levels = {name: given[_level(name)] for name in CATEGORIES}
        return {
            "requires_reasons": given["requires_reasons"],
            "language": given["language"],
            "kinds_off": [str(kind) for kind in Kind if not given[kind]],
            "off": [name for name, level in levels.items() if level == OFF],
            "severities": {name: level for name, level in levels.items() if level not in (OFF, USUAL)},
            "flagged": read_terms(given["flagged"]),
            "acronyms": read_terms(given["acronyms"]),
            "allowed": _read_lines(given["allowed"]),
            "names": _read_lines(given["names"]),
        }

    def _levels_of(self, kind: Kind) -> list[BoundField]:
        return [self[_level(name)] for name, category in CATEGORIES.items() if category.kind == kind]


def read_terms(text: str) -> dict[str, str]:
    """Terms with what is said of them, from lines of `term: reason`."""
    terms: dict[str, str] = {}
    for line in _read_lines(text):
        term, why = _term_and_reason(line)
        if term:
            terms[term] = why
    return terms


def write_terms(terms: Iterable[tuple[str, str]]) -> str:
    """The lines that `read_terms` reads as these: a term with a colon stands in quotation marks."""
    lines = []
    for term, why in terms:
        doubled = term.replace('"', '""')
        shown = f'"{doubled}"' if ":" in term or term.startswith('"') else term
        lines.append(f"{shown}: {why}" if why else shown)
    return "\n".join(lines)


def _term_and_reason(line: str) -> tuple[str, str]:
    if quoted := _QUOTED.fullmatch(line):
        return quoted[1].replace('""', '"').strip(), (quoted[2] or "").strip()
    term, _, why = line.partition(":")
    return term.strip(), why.strip()


def _initial(settings: WordingSettings) -> dict[str, Any]:
    levels = {_level(name): level for name, level in settings.severities.items()}
    levels |= {_level(name): OFF for name in settings.off}
    return {
        "requires_reasons": settings.requires_reasons,
        "language": settings.language,
        "blame": Kind.BLAME.value not in settings.kinds_off,
        "clarity": Kind.CLARITY.value not in settings.kinds_off,
        "flagged": write_terms(settings.terms),
        "acronyms": write_terms(settings.known_acronyms),
        "allowed": "\n".join(settings.allowed),
        "names": "\n".join(settings.names),
        **{_level(name): levels.get(_level(name), USUAL) for name in CATEGORIES},
    }


def _read_lines(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _level(category: str) -> str:
    return f"level-{category}"
