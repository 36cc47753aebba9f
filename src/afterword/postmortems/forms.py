"""What people fill in about post-mortems and templates. The writes check again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.lib.forms import moment_seen
from afterword.postmortems import reads, rules
from afterword.postmortems.choosing.reads import suggest_template
from afterword.postmortems.models import STATUS_TEXT_LENGTH_MAX, TITLE_LENGTH_MAX, Postmortem, Template
from afterword.postmortems.reads import (
    SEARCH_CHARACTERS_MAX,
    FoundIncidents,
    TemplateChoice,
)
from afterword.postmortems.templates import TEMPLATE_BYTES_MAX
from afterword.postmortems.writes import INCIDENTS_MAX

CHOICES_MAX = 500
"""How many teams, authors or templates a list of choices offers."""


class NewPostmortemForm(forms.Form):
    """A post-mortem to begin. The incidents are picked in the page and come as `incident=7&incident=9`."""

    title = forms.CharField(max_length=TITLE_LENGTH_MAX, required=False)
    title_before = forms.CharField(widget=forms.HiddenInput, required=False)
    """The title that the page had made by itself: who left it gets one of what is picked now."""
    author = forms.ChoiceField()
    owner = forms.ChoiceField(required=False)
    status_text = forms.CharField(
        label="Status of the incident", required=False, max_length=STATUS_TEXT_LENGTH_MAX
    )
    template = forms.ChoiceField(widget=forms.RadioSelect, required=False)
    """Nothing: the one that fits. What is ticked by its key is used whatever fits."""
    blank = forms.ChoiceField(
        label="Begin with",
        choices=[("", "What the record says"), ("yes", "Blank sections")],
        widget=forms.RadioSelect,
        required=False,
    )
    """Whether the starting texts of the template stay out. What live sections draw is there all the same."""
    another = forms.BooleanField(label="Begin another one all the same", required=False)
    search = forms.CharField(
        label="Find incidents",
        required=False,
        max_length=SEARCH_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Title, service or #number"}),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        actor: Person,
        numbers: Sequence[str],
        typed: QueryDict | None = None,
    ) -> None:
        """`typed` fills the form in without checking it, as in the middle of looking for incidents."""
        self.actor = actor
        self.has_team = reads.may_begin(actor)
        self.search_text = str((data or typed or QueryDict()).get("search", ""))[:SEARCH_CHARACTERS_MAX]
        self.picked = _picked(actor, numbers)
        self.already = reads.postmortems_about(actor, self.picked)
        self.templates = reads.template_choices(actor)
        self.suggestion = suggest_template(self.picked, [choice.key for choice in self.templates])
        self.people = list(reads.possible_authors(actor)[:CHOICES_MAX])
        self.title_suggested = rules.suggest_title([incident.title for incident in self.picked])
        initial: dict[str, str] = {
            "title": self.title_suggested,
            "author": str(actor.unique_id),
            "owner": "",
            "status_text": "",
            "template": "",
            "search": self.search_text,
            "blank": "",
            "another": "",
        }
        if typed:
            initial |= {name: value for name in initial if (value := str(typed.get(name, "")))}
            if typed.get("title") == typed.get("title_before"):
                initial["title"] = self.title_suggested
        initial["title_before"] = self.title_suggested
        super().__init__(data, initial=initial)
        _choices(self, "author", [(str(person.unique_id), str(person)) for person in self.people])
        _choices(
            self, "owner", [("", "The author"), *((str(one.unique_id), str(one)) for one in self.people)]
        )
        _choices(
            self, "template", [("", "The one that fits"), *((one.key, one.name) for one in self.templates)]
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "title" not in self.errors and given["title"] in ("", given.get("title_before")):
            # Without a script the page does not know what is picked until it is sent.
            given["title"] = self.title_suggested
        if self.already and not given.get("another"):
            raise forms.ValidationError(
                {"another": "There is a post-mortem about this already. Tick this to begin another one."}
            )
        return given

    def offered(self) -> list[tuple[Incident, bool, bool]]:
        """The incidents to pick from: those that are picked, then those found.

        With each, whether it is picked, and whether there is a post-mortem about it already.
        """
        picked = set(self.picked)
        others = [incident for incident in self.found.incidents if incident not in picked]
        rows = [*self.picked, *others]
        told = reads.told_incidents(self.actor, rows)
        return [(incident, incident in picked, incident.pk in told) for incident in rows]

    @cached_property
    def found(self) -> FoundIncidents:
        return reads.pickable_incidents(self.actor, self.search_text)

    @property
    def takes_what_fits(self) -> bool:
        """Whether the one that fits is ticked."""
        return not self["template"].value()

    def offered_templates(self) -> list[tuple[TemplateChoice, bool]]:
        """The templates, and whether each is ticked."""
        chosen = self["template"].value()
        return [(choice, choice.key == chosen) for choice in self.templates]

    @property
    def fitting(self) -> TemplateChoice | None:
        """The template that fits what is picked; `suggestion` says why. None before anything is picked."""
        if not self.picked:
            return None
        return next((one for one in self.templates if one.key == self.suggestion.key), None)

    def chosen_template(self) -> str | None:
        """Only of a valid form: what somebody ticked; None for the template that fits what was picked."""
        return self.cleaned_data["template"] or None

    def chosen_person(self, name: str) -> Person | None:
        """Only of a valid form: the `author` or the `owner`."""
        return next((one for one in self.people if str(one.unique_id) == self.cleaned_data[name]), None)


class CoverForm(forms.Form):
    """Who sees to a post-mortem, and where its incident stands in the organisation's own words."""

    owner = forms.ChoiceField(help_text="Who sees to it that it gets done, reviewed and published.")
    status_text = forms.CharField(
        label="Status of the incident",
        required=False,
        max_length=STATUS_TEXT_LENGTH_MAX,
        help_text="As its readers shall see it: “Resolved, monitoring until Friday”.",
    )

    def __init__(self, data: Any, *, actor: Person, postmortem: Postmortem) -> None:
        people = list(reads.possible_authors(actor)[:CHOICES_MAX])
        present = postmortem.owner or postmortem.author
        if present not in people:
            people.insert(0, present)
        self.people = {str(person.unique_id): person for person in people}
        initial = {"owner": str(present.unique_id), "status_text": postmortem.status_text}
        super().__init__(data, initial=initial, auto_id="cover_%s")
        _choices(self, "owner", [(key, str(person)) for key, person in self.people.items()])

    def chosen(self) -> dict[str, Any]:
        """Only of a valid form: what `writes.change_cover` takes."""
        given = self.cleaned_data
        return {"owner": self.people[given["owner"]], "status_text": given["status_text"]}


class TemplateForm(forms.Form):
    """A template as text, or as a file that takes the text's place."""

    source = forms.CharField(
        label="Template",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "mono", "spellcheck": "false", "rows": 24}),
    )
    file = forms.FileField(
        label="Or a Markdown file",
        required=False,
        help_text="Its text takes the place of what stands above.",
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,text/markdown"}),
    )
    started_from = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, template: Template) -> TemplateForm:
        """The form as it stands before anything is typed."""
        return cls(initial={"source": template.source, "started_from": template.updated_at.isoformat()})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        upload = given.get("file")
        if upload is not None:
            if upload.size > TEMPLATE_BYTES_MAX:
                raise forms.ValidationError(
                    {"file": f"A template has at most {TEMPLATE_BYTES_MAX // 1024} KB."}
                )
            try:
                given["source"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError({"file": "This file is not text in UTF-8."}) from error
            # What was in the file is shown in the box, so that a mistake in it can be mended there.
            self._retype("source", given["source"])
        if not given.get("source", "").strip() and "source" not in self.errors:
            raise forms.ValidationError({"source": "Please paste a template or choose a file."})
        given["started_from"] = moment_seen(given.get("started_from") or "")
        return given

    def show_present(self, template: Template) -> None:
        """After somebody else's save: the next save starts from theirs."""
        self._retype("started_from", template.updated_at.isoformat())

    def _retype(self, name: str, value: str) -> None:
        assert isinstance(self.data, QueryDict)
        self.data = self.data.copy()
        self.data[name] = value


def _picked(actor: Person, numbers: Sequence[str]) -> list[Incident]:
    wanted = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 19]
    return reads.incidents_by_number(actor, list(dict.fromkeys(wanted))[: INCIDENTS_MAX + 1])


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
