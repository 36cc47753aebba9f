"""What a form of the catalogue lets one choose from."""

from __future__ import annotations

import uuid

from django import forms


def offer_teams(form: forms.Form, choices: list[tuple[str, str]]) -> None:
    field = form.fields["team"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def team_key(value: str) -> str:
    """A team's id from an address, as the forms spell it; empty when it is none."""
    try:
        return str(uuid.UUID(value))
    except ValueError:
        return ""
