"""The form of an integration. It checks shape; the write decides."""

from __future__ import annotations

from django import forms

from afterword.catalog.models import NAME_LENGTH_MAX


class IntegrationForm(forms.Form):
    name = forms.CharField(
        label="Name", max_length=NAME_LENGTH_MAX, help_text="What sends the alerts, as in “Prometheus”."
    )
