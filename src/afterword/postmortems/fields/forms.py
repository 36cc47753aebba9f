"""What people fill in about custom fields of post-mortems. The writes check again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from afterword.accounts.models import Person, Team
from afterword.fields.forms import YES_OR_NO, CustomField, DefinitionForm, as_given
from afterword.fields.kinds import FieldKind
from afterword.fields.reads import Value, digest_items
from afterword.postmortems.fields import reads
from afterword.postmortems.fields.models import SLUG_LENGTH_MAX, PostmortemField, TeamField
from afterword.postmortems.fields.reads import DocumentField, input_prefix

PEOPLE_OFFERED_MAX = 500


class PostmortemFieldForm(DefinitionForm):
    """A custom field of post-mortems. How templates name it can be said once, when it is made."""

    slug = forms.CharField(
        label="Name in templates",
        required=False,
        max_length=SLUG_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="As in “> fields: root-cause”. Made from the name when you leave it empty.",
    )
    teams = forms.MultipleChoiceField(
        label="Teams",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Whose post-mortems have it. Their managers can change that, and make it mandatory.",
    )

    def __init__(
        self, data: Any = None, *, field: PostmortemField | None = None, teams: Sequence[Team] = ()
    ) -> None:
        super().__init__(data, field=field, for_everyone=True)
        self._offered = {str(team.unique_id): team for team in teams}
        if field is None:
            del self.fields["team"]
            chosen = self.fields["teams"]
            assert isinstance(chosen, forms.MultipleChoiceField)
            chosen.choices = [(key, team.name) for key, team in self._offered.items()]
            if not teams:
                del self.fields["teams"]
        else:
            del self.fields["slug"], self.fields["teams"]

    def values(self) -> dict[str, Any]:
        """What the write takes."""
        given = super().values()
        if "teams" in given:
            given["teams"] = [self._offered[key] for key in given["teams"]]
        return given


class ChoiceForm(forms.Form):
    """Which fields the post-mortems of a team have."""

    USES = (("", "Not asked"), ("optional", "Asked"), ("required", "Mandatory"))
    started_from = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, data: Any, *, fields: Sequence[PostmortemField], chosen: Sequence[TeamField]) -> None:
        super().__init__(data, initial={"started_from": reads.digest_choice(chosen)})
        uses = {one.field_id: "required" if one.is_required else "optional" for one in chosen}
        self._ids: dict[str, uuid.UUID] = {}
        for field in fields:
            name = f"use-{field.unique_id}"
            self._ids[name] = field.unique_id
            self.fields[name] = forms.ChoiceField(
                label=field.name,
                required=False,
                choices=self.USES,
                initial=uses.get(field.pk, ""),
                help_text=field.help,
            )

    @property
    def uses(self) -> list[forms.BoundField]:
        return [self[name] for name in self._ids]

    def chosen(self) -> dict[uuid.UUID, bool]:
        """What the write takes. Only of a valid form."""
        return {
            key: self.cleaned_data[name] == "required"
            for name, key in self._ids.items()
            if self.cleaned_data[name]
        }

    def start_again_from(self, chosen: Sequence[TeamField]) -> None:
        """Saving again then replaces what somebody else has chosen meanwhile."""
        assert isinstance(self.data, QueryDict)
        self.data = self.data.copy()
        self.data["started_from"] = reads.digest_choice(chosen)


class ValueForm(forms.Form):
    """One field of a document. It stands in a form with others, and knows what its writer started from."""

    was = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, data: Any, *, field: DocumentField, people: Sequence[Person]) -> None:
        """Bound where `data` has this field at all: a section that was sent alone has its own."""
        prefix = input_prefix(field.value.definition)
        given = data if data is not None and f"{prefix}-was" in data else None
        super().__init__(given, prefix=prefix, initial={"was": digest_items(field.value.items)})
        asked = CustomField(field.value, people)
        if field.is_required:
            asked.help_text = f"{asked.help_text} Needed before a review.".strip()
        self.fields["value"] = asked
        self._kind = field.value.definition.kind

    @property
    def was_edited(self) -> bool:
        """Whether the writer changed what they were given. Only of a valid form."""
        return digest_items(self.cleaned_data["value"]) != str(self.cleaned_data["was"])

    def wanted(self) -> Any:
        """What the write takes. Only of a valid form."""
        return as_given(self._kind, self.cleaned_data["value"])

    def start_again_from(self, value: Value[PostmortemField]) -> None:
        """Saving again then replaces what somebody else has written meanwhile."""
        assert isinstance(self.data, QueryDict)
        self.data = self.data.copy()
        self.data[self.add_prefix("was")] = digest_items(value.items)


def filter_widget(field: PostmortemField, given: str = "") -> forms.Widget:
    """What a list is narrowed by a field with: its choices to choose from, else a box to type in.

    `given` is what the address asks for; it stays on offer, whatever the choices are now.
    """
    offered = {
        FieldKind.CHOICE: [(one, one) for one in field.options],
        FieldKind.MULTI_CHOICE: [(one, one) for one in field.options],
        FieldKind.YES_NO: list(YES_OR_NO),
    }.get(FieldKind(field.kind))
    if offered is not None:
        if given and given not in {value for value, _ in offered}:
            offered.append((given, given))
        return forms.Select(choices=[("", "Any"), *offered])
    if field.kind == FieldKind.DATE:
        return forms.TextInput(attrs={"type": "date"})
    return forms.TextInput(attrs={"autocomplete": "off"})
