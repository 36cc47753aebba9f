"""What people fill in about who sees an incident."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from afterword.accounts.models import Person


class MembersForm(forms.Form):
    """People to make members, of those who can be."""

    people = forms.MultipleChoiceField(label="Who?", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, people: Sequence[Person], **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.offered = {str(person.unique_id): person for person in people}
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, str(person)) for key, person in self.offered.items()]

    def chosen(self) -> list[Person]:
        return [self.offered[key] for key in self.cleaned_data["people"]]
