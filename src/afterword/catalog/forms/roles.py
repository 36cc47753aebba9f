"""The form of an incident role. It checks shape; the writes decide."""

from __future__ import annotations

from django import forms

from afterword.catalog.forms.owned import name_field, text_field
from afterword.lib.forms import EditForm


class IncidentRoleForm(EditForm):
    name = name_field("As in Incident lead, or Scribe.")
    description = text_field("What does somebody with this role do?")
    is_single = forms.BooleanField(
        label="One person at a time", required=False, help_text="Who gets it takes it over from who had it."
    )
