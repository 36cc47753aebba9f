"""What people fill in about which template begins what. The writes check again."""

from __future__ import annotations

from typing import Any

from django import forms

from afterword.accounts.models import Person
from afterword.accounts.reads import managed_teams
from afterword.catalog.reads import visible_incident_types, visible_severities
from afterword.postmortems import reads

CHOICES_MAX = 500


class RuleForm(forms.Form):
    """One rule: for whom, for what, and which template."""

    team = forms.ChoiceField(label="For", required=False)
    severity = forms.ChoiceField(required=False)
    incident_type = forms.ChoiceField(label="Type", required=False)
    template = forms.ChoiceField()

    def __init__(self, data: Any = None, *, actor: Person, template: str = "") -> None:
        """`template` is the key of the one that is chosen to begin with."""
        super().__init__(data, initial={"template": template})
        teams = managed_teams(actor).distinct()[:CHOICES_MAX]
        severities = visible_severities(actor, archived=False)[:CHOICES_MAX]
        types = visible_incident_types(actor, archived=False)[:CHOICES_MAX]
        self.things: dict[str, dict[str, Any]] = {
            "team": {str(team.unique_id): team for team in teams},
            "severity": {str(severity.unique_id): severity for severity in severities},
            "incident_type": {str(one.unique_id): one for one in types},
        }
        nothing = {"team": "Everybody", "severity": "Any severity", "incident_type": "Any type"}
        for name, things in self.things.items():
            first = [] if name == "team" and not actor.is_admin else [("", nothing[name])]
            self._offer(name, first + [(key, str(thing)) for key, thing in things.items()])
        self._offer("template", [(choice.key, choice.name) for choice in reads.template_choices(actor)])

    def chosen(self) -> dict[str, Any]:
        """Only of a valid form: what `writes.set_rule` takes."""
        given = self.cleaned_data
        named = {name: things.get(given[name]) for name, things in self.things.items()}
        return {**named, "template": given["template"]}

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices
