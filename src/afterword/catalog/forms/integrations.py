"""The form of an integration. It checks shape; the write decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms

from afterword.catalog.models import NAME_LENGTH_MAX, IntegrationKind
from afterword.catalog.senders import LINES
from afterword.catalog.writes.integrations import SIGNALS_PER_MINUTE_MAX
from afterword.lib.forms import EditForm


class IntegrationForm(EditForm):
    name = forms.CharField(
        label="Name", max_length=NAME_LENGTH_MAX, help_text="What sends the alerts, as in “Prometheus”."
    )


class EditIntegrationForm(IntegrationForm):
    signals_per_minute_max = forms.IntegerField(
        label="Alerts a minute, at most",
        min_value=0,
        max_value=SIGNALS_PER_MINUTE_MAX,
        required=False,
    )

    def __init__(self, *args: Any, default: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        otherwise = f"{default:,}, for each integration" if default else "any number"
        self.fields["signals_per_minute_max"].help_text = (
            "What is more is answered with 429, and its sender comes again later. "
            f"0: any number. Empty: what the settings of the server say, which is {otherwise}."
        )


class NewIntegrationForm(IntegrationForm):
    """With the kind of its sender. Without a choice it is the generic kind."""

    kind = forms.ChoiceField(
        label="What sends?",
        choices=IntegrationKind.choices,
        initial=IntegrationKind.GENERIC,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_kind(self) -> IntegrationKind:
        return IntegrationKind(self.cleaned_data["kind"] or IntegrationKind.GENERIC)

    def offered_kinds(self) -> Iterator[tuple[IntegrationKind, str, bool]]:
        """Each kind, what it is for, and whether it is chosen."""
        chosen = self["kind"].value() or IntegrationKind.GENERIC
        for kind, line in LINES.items():
            yield kind, line, kind == chosen
