"""The forms of services. They check shape; the writes decide."""

from __future__ import annotations

from typing import Any

from django import forms

from afterword.accounts.models import Team
from afterword.catalog.forms.choices import offer_teams
from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX

SEARCH_CHARACTERS_MAX = 100


class ServiceForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=NAME_LENGTH_MAX, help_text="As people say it when it is down."
    )
    summary = forms.CharField(
        label="What is it?",
        max_length=SUMMARY_LENGTH_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class NewServiceForm(ServiceForm):
    """With the team that is to own it. `chosen()` gives that team."""

    team = forms.ChoiceField(label="Team")
    field_order = ["team", "name", "summary"]

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._teams = {str(team.unique_id): team for team in teams}
        offer_teams(self, [(key, team.name) for key, team in self._teams.items()])

    def chosen(self) -> Team:
        return self._teams[self.cleaned_data["team"]]


class ServiceFilterForm(forms.Form):
    text = forms.CharField(
        label="Name or summary",
        max_length=SEARCH_CHARACTERS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    team = forms.ChoiceField(label="Team", required=False)

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._teams = {str(team.unique_id): team for team in teams}
        offer_teams(self, [("", "All teams"), *((key, team.name) for key, team in self._teams.items())])

    def chosen(self) -> Team | None:
        return self._teams.get(self.cleaned_data.get("team", ""))
