"""What people fill in about related incidents and merging."""

from __future__ import annotations

from typing import Any

from django import forms

from afterword.accounts.models import Person
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.incidents.related.models import REASON_LENGTH_MAX
from afterword.lib.errors import NotFound

REFERENCE_LENGTH_MAX = 30


class IncidentField(forms.CharField):
    """Another incident by its number."""

    def __init__(self, **settings: Any) -> None:
        widget = forms.TextInput(attrs={"placeholder": "#42", "autocomplete": "off"})
        super().__init__(max_length=REFERENCE_LENGTH_MAX, widget=widget, **settings)


class _OtherForm(forms.Form):
    """A form with an incident that the actor must see, in the field that `names` it."""

    names = ""

    def __init__(self, *args: Any, actor: Person, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.actor = actor
        self.found: Incident | None = None

    def clean(self) -> None:
        reference = self.cleaned_data.get(self.names, "").strip().removeprefix("#")
        if not reference:
            return
        try:
            self.found = get_incident(self.actor, reference)
        except NotFound:
            self.add_error(self.names, "There is no such incident that you can see.")

    def chosen(self) -> Incident:
        assert self.found is not None, "only a valid form has one"
        return self.found


class RelationForm(_OtherForm):
    names = "other"
    other = IncidentField(label="Which incident?")
    reason = forms.CharField(
        label="Why?",
        required=False,
        max_length=REASON_LENGTH_MAX,
        help_text="In a few words: the same cause, a consequence of it.",
    )


class MergeForm(_OtherForm):
    names = "into"
    into = IncidentField(
        label="Into which incident?",
        help_text="That one goes on for both. Everybody who sees it then sees this one too.",
    )
    reason = forms.CharField(label="Why?", required=False, max_length=REASON_LENGTH_MAX)
