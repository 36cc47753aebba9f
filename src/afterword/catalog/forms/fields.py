"""Fields that the forms of the catalogue have of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from afterword.catalog.colours import DEFAULT_NAME, PALETTE
from afterword.catalog.minutes import describe_minutes, parse_minutes
from afterword.lib.errors import InvalidInput

LOCAL_TIME_FORMAT = "%Y-%m-%dT%H:%M"


class MinutesField(forms.CharField):
    """A length of time as people type it, `4 h` or `1 d 12 h`; cleaned to whole minutes, empty to `empty`."""

    def __init__(self, *, minutes_max: int, empty: int | None = None, **kwargs: Any) -> None:
        super().__init__(
            max_length=100,
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            **kwargs,
        )
        self.minutes_max = minutes_max
        self.empty = empty

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return self.empty
        try:
            return parse_minutes(text, field="minutes", minutes_max=self.minutes_max)
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.fields["minutes"], code="invalid") from refusal

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        return "" if value == self.empty else describe_minutes(value)


class LocalTimeField(forms.CharField):
    """A date and a time of day to the minute, cleaned to a datetime without a zone: the form knows which."""

    widget = forms.DateTimeInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=40,
            widget=forms.DateTimeInput(format=LOCAL_TIME_FORMAT, attrs={"type": "datetime-local"}),
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise forms.ValidationError(
                "Please give a date and a time, as in 2026-03-02 14:05.", code="invalid"
            ) from error
        return moment.replace(tzinfo=None, second=0, microsecond=0)


class ColourField(forms.ChoiceField):
    """One of the colours of the palette, by its name."""

    def __init__(self) -> None:
        super().__init__(
            label="Colour",
            choices=[(colour.name, colour.label) for colour in PALETTE],
            initial=DEFAULT_NAME,
            widget=forms.RadioSelect,
        )
