"""The form of an SLA. It checks shape; the writes decide."""

from __future__ import annotations

from django import forms

from afterword.catalog.forms.fields import MinutesField
from afterword.catalog.forms.owned import OwnedForm, name_field, text_field
from afterword.catalog.writes.slas import PROMISE_MINUTES_MAX


class SlaForm(OwnedForm):
    name = name_field("As in Gold, or Customers with a contract.")
    description = text_field("What is it for?")
    acknowledge_minutes = MinutesField(
        label="Time to acknowledge",
        minutes_max=PROMISE_MINUTES_MAX,
        required=False,
        help_text="From the incident’s creation, as in 15 min or 4 h. Empty: no promise.",
    )
    resolve_minutes = MinutesField(
        label="Time to resolve",
        minutes_max=PROMISE_MINUTES_MAX,
        required=False,
        help_text="From the incident’s creation too, as in 8 h or 1 d 12 h. Empty: no promise.",
    )
    is_active = forms.BooleanField(
        label="It is in force",
        required=False,
        initial=True,
        help_text="Without this, alerts and services that name it get no SLA.",
    )
