"""The forms of severities and incident types. They check shape; the writes decide."""

from __future__ import annotations

from afterword.catalog.forms.fields import ColourField
from afterword.catalog.forms.owned import name_field, text_field
from afterword.lib.forms import EditForm


class SeverityForm(EditForm):
    name = name_field("As people say it: SEV1, or Critical.")
    description = text_field("When is it this one?", "In a sentence, so that two people choose the same.")
    colour = ColourField()


class IncidentTypeForm(EditForm):
    name = name_field("As in Platform, or Security.")
    description = text_field("What belongs here?")
