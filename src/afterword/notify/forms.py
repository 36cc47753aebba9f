"""What people fill in to write to stakeholders. The writes check again."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from afterword.accounts.forms import TimeZoneField
from afterword.accounts.models import Person, Team
from afterword.accounts.reads import visible_people, visible_teams
from afterword.incidents.models import MESSAGE_BODY_LENGTH_MAX, MESSAGE_SUBJECT_LENGTH_MAX

CHOICES_MAX = 500
"""People and teams on offer; anybody else is written to by address."""
EMAILS_CHARACTERS_MAX = 20_000


class MessageForm(forms.Form):
    """A message to those who want to know."""

    subject = forms.CharField(max_length=MESSAGE_SUBJECT_LENGTH_MAX)
    body = forms.CharField(
        label="Message",
        max_length=MESSAGE_BODY_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Markdown. Title, status and times of the incident are added below it.",
    )
    teams = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    people = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    emails = forms.CharField(
        label="Other addresses",
        required=False,
        max_length=EMAILS_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "support@example.com, desk@example.com"}),
        help_text="With commas, or one on each line.",
    )
    time_zone = TimeZoneField(label="Time zone", help_text="In which the mail tells times.")

    def __init__(self, *args: Any, actor: Person, **settings: Any) -> None:
        settings["initial"] = {"time_zone": actor.time_zone}
        super().__init__(*args, **settings)
        people = visible_people(actor).filter(is_active=True).distinct().order_by("name", "id")[:CHOICES_MAX]
        teams = visible_teams(actor).order_by("name", "id")[:CHOICES_MAX]
        self.known_people = {str(person.unique_id): person for person in people}
        self.known_teams = {str(team.unique_id): team for team in teams}
        zone = self.fields["time_zone"]
        assert isinstance(zone, TimeZoneField)
        zone.keep(actor.time_zone)
        for name, known in (("people", self.known_people), ("teams", self.known_teams)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(key, str(thing)) for key, thing in known.items()]

    def chosen_people(self) -> list[Person]:
        return [self.known_people[key] for key in self.cleaned_data["people"]]

    def chosen_teams(self) -> list[Team]:
        return [self.known_teams[key] for key in self.cleaned_data["teams"]]

    def given_emails(self) -> list[str]:
        return split_emails(self.cleaned_data["emails"])


def split_emails(text: str) -> list[str]:
    """The addresses of a text in which commas, semicolons, spaces and lines separate them."""
    return [part for part in re.split(r"[\s,;]+", text) if part]
