"""What people fill in about what is drafted."""

from __future__ import annotations

from typing import Any

from django import forms

from afterword.drafting.suggestions.rules import Allowed, Choice
from afterword.lib.forms import EditForm

NAMES = ("automatic", "model", "model_private", "begins")
CHOICES = {"": None, "yes": True, "no": False}


class ChoiceForm(EditForm):
    """What one level says: yes, no, or nothing of its own."""

    begins = forms.ChoiceField(
        label="Begin the post-mortem when an incident is resolved",
        required=False,
        help_text="For an incident whose post-incident flow has the task to draft it, and that has none yet. "
        "Whoever owns the task owns the post-mortem, else the incident's lead, else a manager of the team.",
    )
    automatic = forms.ChoiceField(
        label="Draft by itself when an incident is resolved",
        required=False,
        help_text="A blank post-mortem is never drafted by itself. By hand a draft can always be asked for.",
    )
    model = forms.ChoiceField(
        label="Let a model write, where one is set up",
        required=False,
        help_text="It sees evidence of the incident, with names and secrets replaced, and sends it to its "
        "endpoint. Who says no here is not overruled further down.",
    )
    model_private = forms.ChoiceField(
        label="Let it write about private incidents too",
        required=False,
        help_text="Only where the organisation allows it.",
    )

    def __init__(self, data: Any = None, *, choice: Choice, above: Allowed, usual: str = "As usual") -> None:
        """`above` is what holds where nothing is chosen here, and `usual` says whose choice that is."""
        words = {value: key for key, value in CHOICES.items()}
        super().__init__(data, initial={name: words[getattr(choice, name)] for name in NAMES})
        for name in NAMES:
            holds = "yes" if getattr(above, name) else "no"
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", f"{usual}: {holds}"), ("yes", "Yes"), ("no", "No")]

    def chosen(self) -> Choice:
        """What `writes` take."""
        return Choice(*(CHOICES[self.cleaned_data[name]] for name in NAMES))
