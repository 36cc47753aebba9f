"""Custom fields in forms. They bring what was typed to `kinds.parse_value`, which alone decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from afterword.accounts.models import Person, Team
from afterword.fields.kinds import LABELS, FieldKind, Items, parse_value
from afterword.fields.models import HELP_LENGTH_MAX, NAME_LENGTH_MAX, FieldDefinition
from afterword.fields.reads import Value
from afterword.lib.errors import InvalidInput

OPTIONS_CHARACTERS_MAX = 12_000
NOTHING = ("", "–")
YES_OR_NO = (("yes", "Yes"), ("no", "No"))


class CustomField(forms.Field):
    """A field of a form for one custom field; cleaned to its items.

    `people` are offered for a person; the one who is there already stays on offer.
    """

    def __init__(self, value: Value[Any], people: Sequence[Person]) -> None:
        definition: FieldDefinition = value.definition
        super().__init__(
            label=definition.name,
            required=False,
            help_text=definition.help,
            widget=_widget(value, people),
            initial=_initial(value),
        )
        self.kind = definition.kind
        self.options = definition.options
        self.kept = value.items

    def clean(self, value: Any) -> Items:
        try:
            return parse_value(self.kind, value, options=self.options, kept=self.kept)
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.fields["value"], code="invalid") from refusal


class DefinitionForm(forms.Form):
    """A custom field itself. What it holds and whose it is can be said once, when it is made."""

    name = forms.CharField(label="Name", max_length=NAME_LENGTH_MAX, help_text="As in Data centre.")
    kind = forms.ChoiceField(label="What it holds", choices=[(str(kind), LABELS[kind]) for kind in FieldKind])
    team = forms.ChoiceField(label="For", required=False)
    options = forms.CharField(
        label="Choices",
        required=False,
        max_length=OPTIONS_CHARACTERS_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Of a list, each on a line of its own.",
    )
    help = forms.CharField(
        label="Help",
        required=False,
        max_length=HELP_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Stands beside it where it is filled in.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        field: FieldDefinition | None = None,
        teams: Sequence[Team] = (),
        for_everyone: bool = False,
    ) -> None:
        """`teams` and `for_everyone` are whom a new field may be made for."""
        if field is None:
            super().__init__(data)
            self._teams = {str(team.unique_id): team for team in teams}
            everyone = [("", "The whole organisation")] if for_everyone else []
            chosen = self.fields["team"]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [*everyone, *((key, team.name) for key, team in self._teams.items())]
            chosen.required = not for_everyone
            return
        super().__init__(data, initial=self.initial_of(field))
        del self.fields["kind"], self.fields["team"]
        if not field.has_options:
            del self.fields["options"]

    @classmethod
    def initial_of(cls, field: FieldDefinition) -> dict[str, Any]:
        return {"name": field.name, "help": field.help, "options": "\n".join(field.options)}

    def values(self) -> dict[str, Any]:
        """What the write takes."""
        given = dict(self.cleaned_data)
        given["options"] = given.get("options", "").splitlines()
        if "team" in given:
            given["team"] = self._teams.get(given["team"])
        return given


def as_given(kind: str, items: Items) -> Any:
    """What a form cleaned, as the writes take what people give."""
    if kind == FieldKind.MULTI_CHOICE:
        return list(items)
    return items[0] if items else None


def _widget(value: Value[Any], people: Sequence[Person]) -> forms.Widget:
    definition: FieldDefinition = value.definition
    choices = [(one, one) for one in dict.fromkeys([*definition.options, *value.items])]
    match FieldKind(definition.kind):
        case FieldKind.LONG_TEXT:
            return forms.Textarea(attrs={"rows": 4})
        case FieldKind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        case FieldKind.CHOICE:
            return forms.Select(choices=[NOTHING, *choices])
        case FieldKind.MULTI_CHOICE:
            return forms.CheckboxSelectMultiple(choices=choices)
        case FieldKind.DATE:
            return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        case FieldKind.PERSON:
            known = {**value.people, **{str(person.unique_id): str(person) for person in people}}
            return forms.Select(choices=[NOTHING, *known.items()])
        case FieldKind.LINK:
            return forms.TextInput(attrs={"type": "url", "autocomplete": "off"})
        case FieldKind.YES_NO:
            return forms.Select(choices=[NOTHING, *YES_OR_NO])
        case _:
            return forms.TextInput(attrs={"autocomplete": "off"})


def _initial(value: Value[Any]) -> Any:
    if value.definition.kind == FieldKind.MULTI_CHOICE:
        return list(value.items)
    return value.items[0] if value.items else ""
