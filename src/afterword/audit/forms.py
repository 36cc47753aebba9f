"""What of the record one wants to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

SEARCH_CHARACTERS_MAX = 100
SUBJECT_ID_CHARACTERS_MAX = 64
NAMES_OF_KINDS = {"apikey": "API key"}


class EventFilterForm(forms.Form):
    text = forms.CharField(
        label="Who, what or to what",
        max_length=SEARCH_CHARACTERS_MAX,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(label="Kind of thing", required=False)
    subject = forms.CharField(max_length=SUBJECT_ID_CHARACTERS_MAX, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        named = [(kind, NAMES_OF_KINDS.get(kind, kind.capitalize())) for kind in kinds]
        field.choices = [("", "Anything"), *named]
