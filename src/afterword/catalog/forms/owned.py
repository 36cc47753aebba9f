"""The form of a thing that a team has."""

from __future__ import annotations

from typing import Any

from django import forms

from afterword.accounts.models import Team
from afterword.catalog.forms.choices import offer_teams
from afterword.catalog.models import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.lib.forms import EditForm


class OwnedForm(EditForm):
    """With `teams` it asks for the team that is to own it: `chosen_team()`; without, for what can change."""

    team = forms.ChoiceField(label="Team")

    def __init__(self, *args: Any, teams: list[Team] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._teams = {str(team.unique_id): team for team in teams or []}
        if teams is None:
            del self.fields["team"]
        else:
            offer_teams(self, [(key, team.name) for key, team in self._teams.items()])

    def chosen_team(self) -> Team:
        return self._teams[self.cleaned_data["team"]]

    def values(self) -> dict[str, Any]:
        """What the write takes: all that was filled in but the team."""
        return {name: value for name, value in self.cleaned_data.items() if name != "team"}


class TeamFilterForm(forms.Form):
    """The line above a list. Of one team there is nothing to choose."""

    team = forms.ChoiceField(label="Team", required=False)

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._teams = {str(team.unique_id): team for team in teams}
        self.is_needed = len(teams) > 1
        offer_teams(self, [("", "All teams"), *((key, team.name) for key, team in self._teams.items())])

    def chosen(self) -> Team | None:
        return self._teams.get(self.cleaned_data.get("team", "")) if self.is_valid() else None


def name_field(help_text: str = "") -> forms.CharField:
    return forms.CharField(label="Name", max_length=NAME_LENGTH_MAX, help_text=help_text)


def text_field(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=SUMMARY_LENGTH_MAX,
        required=False,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
