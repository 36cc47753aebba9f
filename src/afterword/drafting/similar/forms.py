"""What comes in from the pages of what was seen before."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django import forms

from afterword.accounts.models import Person
from afterword.drafting.similar.reads import TEXT_CHARACTERS_MAX
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib.errors import NotFound
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import get_postmortem


class LookForm(forms.Form):
    """A symptom, the words of an alert, a sentence."""

    text = forms.CharField(
        label="What do you see?",
        max_length=TEXT_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Paste an alert, or say it in your own words.",
        error_messages={"required": "Please say what you look for."},
    )


class RepeatForm(forms.Form):
    """What had the same cause: the number of an incident, or of a post-mortem."""

    incident = forms.IntegerField(required=False, min_value=1)
    postmortem = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: Mapping[str, Any], *, actor: Person) -> None:
        super().__init__(data)
        self._actor = actor
        self.earlier_incident: Incident | None = None
        self.earlier_postmortem: Postmortem | None = None

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        incident, postmortem = given.get("incident"), given.get("postmortem")
        with suppress(NotFound):
            if incident is not None and postmortem is None:
                self.earlier_incident = get_incident(self._actor, incident)
            elif postmortem is not None and incident is None:
                self.earlier_postmortem = get_postmortem(self._actor, postmortem)
        if self.earlier_incident is None and self.earlier_postmortem is None:
            raise forms.ValidationError("There is no such incident or post-mortem that you can see.")
        return given
