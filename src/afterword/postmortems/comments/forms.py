"""What people fill in about comments. The writes check again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from afterword.postmortems.comments.models import COMMENT_LENGTH_MAX, QUOTE_LENGTH_MAX
from afterword.postmortems.models import Section

HINT_LENGTH_MAX = 400


class CommentForm(forms.Form):
    """A conversation to begin, about a section or some of its words."""

    section = forms.TypedChoiceField()
    quote = forms.CharField(
        label="About these words",
        required=False,
        max_length=QUOTE_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Copied as they are read in the section. Leave it empty to speak of the whole section.",
    )
    hint = forms.CharField(required=False, max_length=HINT_LENGTH_MAX, widget=forms.HiddenInput)
    text = forms.CharField(
        label="Comment",
        max_length=COMMENT_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Markdown. Call somebody with @ and their name: they get a mail.",
    )

    def __init__(self, data: Any, *, sections: Sequence[Section], given: Mapping[str, str]) -> None:
        initial = {name: given.get(name, "") for name in ("section", "quote", "hint")}
        super().__init__(data, initial=initial)
        field = self.fields["section"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(str(section.unique_id), section.title) for section in sections]
        by_key = {str(section.unique_id): section.unique_id for section in sections}
        field.coerce = lambda key: by_key[key]


class AnswerForm(forms.Form):
    """Something to say in a conversation."""

    text = forms.CharField(
        label="Answer", max_length=COMMENT_LENGTH_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )
