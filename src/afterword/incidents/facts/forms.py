"""What people fill in about the facts of an incident. The writes check again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service
from afterword.fields.forms import CustomField, DefinitionForm, as_given
from afterword.fields.reads import Value
from afterword.incidents.facts import reads
from afterword.incidents.facts.models import (
    LINK_TITLE_LENGTH_MAX,
    LINK_URL_LENGTH_MAX,
    IncidentField,
    LinkKind,
    UsefulLink,
)
from afterword.incidents.models import Incident

CHOICES_MAX = 1_000
PREFIX = "field_"


class ServicesForm(forms.Form):
    """What an incident affects beside its own service."""

    services = forms.MultipleChoiceField(
        label="Services", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any, *, actor: Person, incident: Incident) -> None:
        has = list(reads.affected_services(actor, incident))
        super().__init__(data, initial={"services": [str(service.unique_id) for service in has]})
        offered = reads.services_to_affect(actor, incident).order_by("name", "pk")[:CHOICES_MAX]
        self.known = {str(service.unique_id): service for service in [*has, *offered]}
        several = len({service.team_id for service in self.known.values()} | {incident.service.team_id}) > 1
        field = self.fields["services"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (key, f"{service.name} ({service.team.name})" if several else service.name)
            for key, service in self.known.items()
        ]

    def chosen(self) -> list[Service]:
        return [self.known[key] for key in self.cleaned_data["services"]]


class LinkForm(forms.Form):
    """Where else there is something about an incident."""

    kind = forms.ChoiceField(label="What is it?", choices=LinkKind.choices, initial=LinkKind.TICKET)
    url = forms.CharField(
        label="Address",
        max_length=LINK_URL_LENGTH_MAX,
        widget=forms.TextInput(attrs={"type": "url", "autocomplete": "off", "placeholder": "https://"}),
    )
    title = forms.CharField(
        label="Title", required=False, max_length=LINK_TITLE_LENGTH_MAX, help_text="Empty: the address."
    )

    @classmethod
    def of(cls, link: UsefulLink, data: Any = None) -> LinkForm:
        return cls(data, initial={"kind": link.kind, "url": link.url, "title": link.title})


class ValuesForm(forms.Form):
    """The custom fields of an incident."""

    data: QueryDict
    started_from = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(
        self, data: Any, *, values: Sequence[Value[IncidentField]], people: Sequence[Person]
    ) -> None:
        super().__init__(data, initial={"started_from": reads.digest_values(values)})
        self._names = {f"{PREFIX}{value.definition.unique_id}": value for value in values}
        for name, value in self._names.items():
            field = CustomField(value, people)
            if value.definition.is_required:
                field.help_text = f"{value.definition.help} Needed before it is resolved.".strip()
            self.fields[name] = field

    @property
    def value_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self._names]

    def wanted(self) -> dict[str, Any]:
        """What was filled in, by the unique ids of the fields."""
        return {
            name.removeprefix(PREFIX): as_given(value.definition.kind, self.cleaned_data[name])
            for name, value in self._names.items()
        }

    def add_reasons(self, reasons: dict[str, str]) -> None:
        """Put what the write refused at its field."""
        for key, reason in reasons.items():
            name = f"{PREFIX}{key}"
            self.add_error(name if name in self.fields else None, reason)

    def start_again_from(self, values: Sequence[Value[IncidentField]]) -> None:
        """Saving again then replaces what somebody else has written meanwhile."""
        self.data = self.data.copy()
        self.data["started_from"] = reads.digest_values(values)


class IncidentFieldForm(DefinitionForm):
    """A custom field of incidents."""

    is_required = forms.BooleanField(
        label="Needed to resolve",
        required=False,
        help_text="A person fills it in before they resolve an incident. Alerts resolve without.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        field: IncidentField | None = None,
        teams: Sequence[Team] = (),
        for_everyone: bool = False,
    ) -> None:
        super().__init__(data, field=field, teams=teams, for_everyone=for_everyone)
        if field is not None:
            self.initial["is_required"] = field.is_required
