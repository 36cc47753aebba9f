"""What people fill in about a template, section by section. `rules.write_template` checks it as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from afterword.accounts.models import Person
from afterword.lib.forms import moment_seen
from afterword.postmortems.fields.reads import all_fields
from afterword.postmortems.templates import (
    HELP_CHARACTERS_MAX,
    LIVE_NAMES,
    NAME_CHARACTERS_MAX,
    PLACE_NAMES,
    SECTIONS_MAX,
    TEMPLATE_BYTES_MAX,
    TITLE_CHARACTERS_MAX,
    ParsedTemplate,
    TemplateSection,
)

FIELDS_OFFERED_MAX = 100
LIVE_WORDS = {
    "key-information": "Key information",
    "summary": "Summary",
    "timeline": "Timeline",
    "impact": "Impact",
    "follow-ups": "Follow-ups",
}


class HeadForm(forms.Form):
    """What stands above the sections."""

    name = forms.CharField(max_length=NAME_CHARACTERS_MAX)
    writes = forms.ChoiceField(
        label="Written in",
        choices=list(PLACE_NAMES.items()),
        help_text="Elsewhere: Afterword begins the document and says so on it, and does not send it there.",
    )
    requires = forms.MultipleChoiceField(
        label="Fields to fill in before a review", required=False, widget=forms.CheckboxSelectMultiple
    )
    started_from = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = dict(super().clean() or {})
        given["started_from"] = moment_seen(given.get("started_from", ""))
        return given


class SectionForm(forms.Form):
    """One section."""

    title = forms.CharField(max_length=TITLE_CHARACTERS_MAX)
    live = forms.ChoiceField(
        label="Drawn from the record",
        required=False,
        choices=[("", "Nothing: people write it"), *((name, LIVE_WORDS[name]) for name in LIVE_NAMES)],
    )
    help = forms.CharField(
        label="Help for the writer",
        required=False,
        max_length=HELP_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    fields_shown = forms.MultipleChoiceField(
        label="Fields shown here", required=False, widget=forms.CheckboxSelectMultiple
    )
    internal = forms.BooleanField(label="Internal: in no public edition", required=False)
    text = forms.CharField(
        label="Starting text",
        required=False,
        strip=False,
        max_length=TEMPLATE_BYTES_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "class": "mono"}),
    )

    def chosen(self) -> TemplateSection:
        """Only of a valid form."""
        given = self.cleaned_data
        return TemplateSection(
            given["title"],
            live=given["live"],
            help=_lines(given["help"]),
            fields=tuple(given["fields_shown"]),
            internal=given["internal"],
            text=_lines(given["text"]),
        )


@dataclass
class Design:
    """The whole form: the head and its sections."""

    actor: Person
    values: dict[str, Any]
    sections: list[dict[str, Any]]
    data: QueryDict | None = None
    """Given: what was sent is checked. Else it is only shown."""
    head: HeadForm = field(init=False)
    parts: list[SectionForm] = field(init=False)

    def __post_init__(self) -> None:
        known = {one.slug: one.name for one in all_fields(self.actor, archived=False)[:FIELDS_OFFERED_MAX]}
        used = [*self.values["requires"], *(slug for part in self.sections for slug in part["fields_shown"])]
        offered = list(({slug: slug for slug in used} | known).items())
        self.head = HeadForm(self.data, initial=self.values)
        _offer(self.head, "requires", offered)
        self.parts = []
        for place, values in enumerate(self.sections):
            part = SectionForm(self.data, initial=values, prefix=f"s{place}")
            _offer(part, "fields_shown", offered)
            self.parts.append(part)

    @classmethod
    def of(cls, actor: Person, template: ParsedTemplate, started_from: str = "") -> Design:
        """As a template stands."""
        values = {
            "name": template.name,
            "writes": template.writes,
            "requires": list(template.requires),
            "started_from": started_from,
        }
        return cls(actor, values, [_values_of(section) for section in template.sections])

    @classmethod
    def sent(cls, actor: Person, data: QueryDict, *, deed: str) -> Design:
        """As it was sent. No deed checks it; `add`, `up:2`, `down:2` and `out:2` change its sections."""
        count = data.get("count", "")
        number = int(count) if count.isascii() and count.isdigit() and len(count) < 7 else 0
        sections = [_raw(data, f"s{place}") for place in range(min(number, SECTIONS_MAX))]
        values: dict[str, Any] = {name: data.get(name, "") for name in ("name", "writes", "started_from")}
        values["requires"] = data.getlist("requires")
        if not deed:
            return cls(actor, values, sections, data)
        verb, _, place_text = deed.partition(":")
        place = (
            int(place_text) if place_text.isascii() and place_text.isdigit() and len(place_text) < 4 else -1
        )
        if verb == "add" and len(sections) < SECTIONS_MAX:
            sections.append(_values_of(TemplateSection("")))
        elif 0 <= place < len(sections):
            if verb == "out":
                del sections[place]
            elif verb in ("up", "down"):
                other = place + (-1 if verb == "up" else 1)
                if 0 <= other < len(sections):
                    sections[place], sections[other] = sections[other], sections[place]
        return cls(actor, values, sections)

    def is_valid(self) -> bool:
        """Whether each part can be used by itself."""
        if not self.parts:
            self.head.add_error(None, "A template has at least one section.")
        every: Sequence[forms.Form] = [self.head, *self.parts]
        wrong = [form for form in every if not form.is_valid()]
        return not wrong

    def chosen(self) -> ParsedTemplate:
        """Only of a valid design."""
        given = self.head.cleaned_data
        return ParsedTemplate(
            given["name"],
            tuple(part.chosen() for part in self.parts),
            given["writes"],
            tuple(given["requires"]),
        )

    @property
    def started_from(self) -> datetime | None:
        """Only of a valid design: when the template that its writer saw was saved."""
        moment: datetime | None = self.head.cleaned_data["started_from"]
        return moment

    def refuse(self, place: int | None, reason: str) -> None:
        """Say why it cannot be saved, at the section that is to blame."""
        if place is None or place >= len(self.parts):
            self.head.add_error("name", reason)
        else:
            self.parts[place].add_error(None, reason)

    @property
    def is_full(self) -> bool:
        return len(self.parts) >= SECTIONS_MAX


def _values_of(section: TemplateSection) -> dict[str, Any]:
    return {
        "title": section.title,
        "live": section.live,
        "help": section.help,
        "fields_shown": list(section.fields),
        "internal": section.internal,
        "text": section.text,
    }


def _raw(data: QueryDict, prefix: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: data.get(f"{prefix}-{name}", "") for name in ("title", "live", "help", "text")
    }
    values["fields_shown"] = data.getlist(f"{prefix}-fields_shown")
    values["internal"] = f"{prefix}-internal" in data
    return values


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    box = form.fields[name]
    assert isinstance(box, forms.MultipleChoiceField)
    box.choices = list(choices)
