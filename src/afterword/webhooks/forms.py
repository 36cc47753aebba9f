"""The form of an endpoint. It checks shape; the writes decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from afterword.accounts.models import Team
from afterword.lib.outgoing import URL_CHARACTERS_MAX
from afterword.webhooks.events import EVENT_TYPES
from afterword.webhooks.models import DESCRIPTION_LENGTH_MAX, DeliveryState
from afterword.webhooks.writes.endpoints import Wishes

ALL, SOME = "all", "some"


class EndpointForm(forms.Form):
    url = forms.CharField(
        label="Address",
        max_length=URL_CHARACTERS_MAX,
        help_text="It gets a POST with JSON for each event, and answers 200 to 299 within ten seconds.",
        widget=forms.TextInput(attrs={"class": "mono", "inputmode": "url", "spellcheck": "false"}),
        strip=True,
    )
    description = forms.CharField(label="What it is for", max_length=DESCRIPTION_LENGTH_MAX, required=False)
    events = forms.ChoiceField(
        label="Events",
        choices=[
            (ALL, "All, also those of later versions"),
            (SOME, "Only what is chosen below"),
        ],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    event_types = forms.MultipleChoiceField(
        label="Chosen events",
        choices=[(one.name, f"{one.name}: {one.when}") for one in EVENT_TYPES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    of = forms.ChoiceField(
        label="Teams",
        choices=[(ALL, "All teams"), (SOME, "Only those chosen below")],
        widget=forms.RadioSelect,
        initial=ALL,
    )
    teams = forms.MultipleChoiceField(
        label="Chosen teams", widget=forms.CheckboxSelectMultiple, required=False
    )
    includes_private = forms.BooleanField(
        label="Tell of private incidents too",
        help_text="Their titles and numbers leave the circle of their members.",
        required=False,
    )
    is_active = forms.BooleanField(label="Switched on", required=False, initial=True)

    def __init__(self, *args: Any, teams: Sequence[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._teams = {str(team.unique_id): team for team in teams}
        field = self.fields["teams"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, str(team)) for key, team in self._teams.items()]

    def wishes(self) -> Wishes:
        given = self.cleaned_data
        return Wishes(
            url=given["url"],
            description=given["description"],
            all_events=given["events"] == ALL,
            event_types=given["event_types"],
            all_teams=given["of"] == ALL,
            teams=[self._teams[key] for key in given["teams"]],
            includes_private=given["includes_private"],
            is_active=given["is_active"],
        )


class DeliveryFilterForm(forms.Form):
    state = forms.ChoiceField(label="State", choices=[("", "Any"), *DeliveryState.choices], required=False)
