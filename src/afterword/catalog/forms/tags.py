"""The form of a tag. It checks shape; the writes decide."""

from __future__ import annotations

from afterword.catalog.forms.fields import ColourField
from afterword.catalog.forms.owned import OwnedForm, name_field


class TagForm(OwnedForm):
    name = name_field("A word that you would look for: database, customer-facing.")
    colour = ColourField()
