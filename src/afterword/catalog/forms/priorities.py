"""The form of a priority. It checks shape; the writes decide."""

from __future__ import annotations

from afterword.catalog.forms.fields import ColourField
from afterword.catalog.forms.owned import OwnedForm, name_field, text_field


class PriorityForm(OwnedForm):
    name = name_field("As people say it: P1, or Urgent.")
    description = text_field("When is it this one?", "In a sentence, so that two people choose the same.")
    colour = ColourField()
