"""What people fill in about questions. The writes check again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from afterword.accounts.models import Person
from afterword.accounts.reads import visible_people
from afterword.drafting.interviews.models import (
    ANSWER_CHARACTERS_MAX,
    NOTE_CHARACTERS_MAX,
    QUESTION_CHARACTERS_MAX,
)
from afterword.drafting.interviews.reads import Suggested

BASE_CHARACTERS_MAX = 64
NOBODY_KNOWN = "There is no such person that you can see."


class PeopleForm(forms.Form):
    """Whom to ask: the likeliest first, then everybody else who may see the post-mortem."""

    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(),
        required=False,
        to_field_name="unique_id",
        error_messages={"invalid_choice": NOBODY_KNOWN, "invalid_pk_value": NOBODY_KNOWN},
    )
    """Anybody whom the actor knows of; who may not see the post-mortem is refused by the write, in words."""

    def __init__(
        self, data: Any = None, *, actor: Person, suggested: Sequence[Suggested], others: Sequence[Person]
    ) -> None:
        super().__init__(data)
        field = self.fields["people"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = visible_people(actor).distinct()
        self._suggested, self._others = suggested, others

    def chosen(self) -> set[str]:
        """The unique ids that are ticked."""
        given = self.data.getlist("people") if hasattr(self.data, "getlist") else self.data.get("people", [])
        return set(given)

    @property
    def suggested(self) -> list[tuple[Person, str, bool]]:
        """Who could answer, why that is thought, and whether they are ticked: at first the likeliest."""
        chosen = self.chosen()
        first = not self.is_bound
        return [
            (one.person, one.reason, str(one.person.unique_id) in chosen or (first and place == 0))
            for place, one in enumerate(self._suggested)
        ]

    @property
    def others(self) -> list[tuple[Person, bool]]:
        """Everybody else who can be asked."""
        chosen = self.chosen()
        known = {one.person.pk for one in self._suggested}
        return [(one, str(one.unique_id) in chosen) for one in self._others if one.pk not in known]

    @property
    def has_chosen_others(self) -> bool:
        """Whether any of them is ticked."""
        return any(ticked for _, ticked in self.others)


class QuestionForm(PeopleForm):
    """A question and whom to ask it."""

    text = forms.CharField(
        label="Question",
        max_length=QUESTION_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ask what could be seen then and how it looked, not why somebody did or did not do "
        "something.",
    )
    as_is = forms.BooleanField(required=False, widget=forms.HiddenInput)
    """Ask it although the language check found something."""

    def __init__(self, data: Any = None, *, text: str = "", **people: Any) -> None:
        super().__init__(data, **people)
        self.fields["text"].initial = text


class AnswerForm(forms.Form):
    """What one knows."""

    text = forms.CharField(
        label="Your answer",
        max_length=ANSWER_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Please write what you know, or say below that you do not know."},
    )
    base = forms.CharField(required=False, max_length=BASE_CHARACTERS_MAX, widget=forms.HiddenInput)
    """The digest of the answer that stood there when the page was made."""


class DeclineForm(forms.Form):
    """That one does not know, and who might."""

    note = forms.CharField(
        label="Who might know, or where could one look?",
        required=False,
        max_length=NOTE_CHARACTERS_MAX,
    )
