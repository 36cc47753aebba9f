"""Whom to page now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from afterword.accounts.models import Person
from afterword.catalog.models import EscalationPolicy


class PageForm(forms.Form):
    """`chosen()` is a person or a policy."""

    target = forms.ChoiceField(label="Whom")

    def __init__(
        self, data: Any = None, *, people: Sequence[Person], policies: Sequence[EscalationPolicy]
    ) -> None:
        super().__init__(data)
        self._known: dict[str, Person | EscalationPolicy] = {
            **{f"person:{one.unique_id}": one for one in people},
            **{f"policy:{one.unique_id}": one for one in policies},
        }
        self.has_choices = bool(self._known)
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        groups: list[Any] = [("", "Choose a person or a policy")]
        if people:
            groups.append(("People", [(f"person:{one.unique_id}", str(one)) for one in people]))
        if policies:
            groups.append(
                ("Escalation policies", [(f"policy:{one.unique_id}", str(one)) for one in policies])
            )
        field.choices = groups

    def chosen(self) -> Person | EscalationPolicy:
        return self._known[self.cleaned_data["target"]]

    def add_refusals(self, reasons: dict[str, str]) -> None:
        """Put what the write refused at the one field that there is."""
        for reason in reasons.values():
            self.add_error("target", reason)
