"""What people fill in about incidents. The writes check again: a form is not the only way in."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from afterword.accounts.models import Person
from afterword.accounts.reads import visible_people, visible_teams, writable_teams
from afterword.catalog.models import NAME_LENGTH_MAX, IncidentRole, Service
from afterword.catalog.reads import (
    visible_escalation_policies,
    visible_incident_roles,
    visible_incident_types,
    visible_priorities,
    visible_services,
    visible_severities,
    visible_slas,
    visible_tags,
)
from afterword.incidents.facts.reads import visible_fields
from afterword.incidents.models import (
    SUMMARY_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Incident,
    IncidentStatus,
)
from afterword.incidents.reads import CLOSED, OPEN, POST_INCIDENT, SEARCH_CHARACTERS_MAX, IncidentFilter
from afterword.incidents.rules import summary_digest

CHOICES_MAX = 500
"""How many teams or services a list of choices offers. A filter in the address may name any."""

MORE_FILTERS = ("type", "tag", "role", "person", "field", "value")
"""Those that stand above the list once they are asked for."""

WHEN_FORMAT = "%Y-%m-%dT%H:%M"


class WhenField(forms.DateTimeField):
    """A moment in the reader's zone, to the minute."""

    def __init__(self, **settings: Any) -> None:
        widget = forms.DateTimeInput(format=WHEN_FORMAT, attrs={"type": "datetime-local"})
        super().__init__(
            widget=widget,
            error_messages={"invalid": "Please give a date and a time, as in 2026-03-02 14:05."},
            **settings,
        )


def describe_zone() -> str:
    """Which zone the times of a form are in."""
    return f"In your time zone, {timezone.get_current_timezone_name()}."


class FilterForm(forms.Form):
    """The line above the list. What it offers is only what the reader may see."""

    text = forms.CharField(
        label="Search",
        required=False,
        max_length=SEARCH_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Title, summary or #number"}),
    )
    status = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Any"),
            (OPEN, "Open"),
            *IncidentStatus.choices,
            (POST_INCIDENT, "Post-incident open"),
            (CLOSED, "Closed"),
        ],
    )
    team = forms.ChoiceField(required=False)
    service = forms.ChoiceField(required=False)
    severity = forms.CharField(required=False, max_length=NAME_LENGTH_MAX, widget=forms.Select)
    type = forms.CharField(required=False, max_length=NAME_LENGTH_MAX, widget=forms.Select)
    priority = forms.CharField(required=False, max_length=NAME_LENGTH_MAX, widget=forms.Select)
    tag = forms.CharField(required=False, max_length=NAME_LENGTH_MAX, widget=forms.Select)
    role = forms.CharField(required=False, max_length=NAME_LENGTH_MAX, widget=forms.Select)
    person = forms.ChoiceField(label="Person", required=False)
    field = forms.CharField(required=False, max_length=NAME_LENGTH_MAX, widget=forms.Select)
    value = forms.CharField(
        label="Is, or has in it",
        required=False,
        max_length=SEARCH_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any, *, actor: Person) -> None:
        super().__init__(data)
        teams = [(str(team.unique_id), team.name) for team in visible_teams(actor)[:CHOICES_MAX]]
        services = [
            (str(service.unique_id), service.name) for service in visible_services(actor)[:CHOICES_MAX]
        ]
        self.shows_team = len(teams) > 1
        _field(self, "team").choices = [("", "Any"), *teams]
        _field(self, "service").choices = [("", "Any"), *services]
        # By name: several teams have a P1.
        urgent_first = visible_priorities(actor).order_by("rank", "name", "id")
        self.shows_priority = self._offer("priority", urgent_first)
        self.shows_severity = self._offer("severity", visible_severities(actor))
        # The rest is asked for by who wants it: most readers of the list never do.
        self.shows_more = any(self.data.get(name) for name in ("more", *MORE_FILTERS))
        if self.shows_more:
            self._offer_more(actor)

    def _offer_more(self, actor: Person) -> None:
        self.shows_tag = self._offer("tag", visible_tags(actor).order_by("name", "id"))
        self.shows_type = self._offer("type", visible_incident_types(actor))
        self.shows_role = self._offer("role", visible_incident_roles(actor))
        self.shows_field = self._offer("field", visible_fields(actor))
        people = visible_people(actor).distinct().order_by("name", "pk").values_list("unique_id", "name")
        _field(self, "person").choices = [
            ("", "Anybody"),
            *((str(key), name) for key, name in people[:CHOICES_MAX]),
        ]

    def _offer(self, name: str, things: QuerySet[Any]) -> bool:
        spellings: dict[str, str] = {}
        for thing in things.values_list("name", flat=True)[: CHOICES_MAX * 4]:
            spellings.setdefault(thing.casefold(), thing)
        names = list(spellings.values())[:CHOICES_MAX]
        given = self.data.get(name, "")
        if given and given not in names:
            names.append(given)
        widget = self.fields[name].widget
        assert isinstance(widget, forms.Select)
        widget.choices = [("", "Any"), *((spelling, spelling) for spelling in names)]
        return bool(names)

    def wanted(self) -> IncidentFilter | None:
        """What the list is narrowed to; None for an address that makes no sense."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        return IncidentFilter(
            status=given["status"],
            team=uuid.UUID(given["team"]) if given["team"] else None,
            service=uuid.UUID(given["service"]) if given["service"] else None,
            text=given["text"],
            priority=given["priority"],
            tag=given["tag"],
            severity=given["severity"],
            incident_type=given["type"],
            role=given["role"],
            person=uuid.UUID(given["person"]) if given["person"] else None,
            field=given["field"],
            value=given["value"] if given["field"] else "",
        )


class NewIncidentForm(forms.Form):
    """A report by hand."""

    title = forms.CharField(
        label="What is wrong?",
        max_length=TITLE_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text="In a few words, as a colleague would look for it in a year.",
    )
    service = forms.ChoiceField(label="Which service?")
    started_at = WhenField(label="When did it start?", required=False)
    summary = forms.CharField(
        label="What is known so far?",
        required=False,
        max_length=SUMMARY_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Markdown. It can be changed at any time.",
    )

    is_private = forms.BooleanField(
        label="Keep it private",
        required=False,
        help_text="Only you see it, and whom you make a member, give a role or page.",
    )

    def __init__(self, *args: Any, actor: Person, **settings: Any) -> None:
        super().__init__(*args, **settings)
        services = visible_services(actor).filter(team__in=writable_teams(actor))[:CHOICES_MAX]
        self.services = {str(service.unique_id): service for service in services}
        self.has_team = bool(self.services) or writable_teams(actor).exists()
        teams = {service.team_id for service in self.services.values()}
        choices = [
            (key, f"{service.name} ({service.team.name})" if len(teams) > 1 else service.name)
            for key, service in self.services.items()
        ]
        _field(self, "service").choices = choices if len(choices) == 1 else [("", "Choose one"), *choices]
        self.fields["started_at"].help_text = f"{describe_zone()} Leave it empty if nobody knows yet."

    def chosen_service(self) -> Service:
        return self.services[self.cleaned_data["service"]]


class EditIncidentForm(forms.Form):
    """The words of an incident: its title and its summary."""

    title = forms.CharField(max_length=TITLE_LENGTH_MAX)
    summary = forms.CharField(
        required=False,
        max_length=SUMMARY_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="What happened and what is known, in Markdown. Post-mortems show it as it stands here.",
    )
    data: QueryDict
    started_from = forms.CharField(widget=forms.HiddenInput, max_length=64)
    title_before = forms.CharField(widget=forms.HiddenInput, max_length=TITLE_LENGTH_MAX, required=False)

    @classmethod
    def of(cls, incident: Incident) -> EditIncidentForm:
        """The form as it is opened."""
        return cls(
            initial={
                "title": incident.title,
                "title_before": incident.title,
                "summary": incident.summary,
                "started_from": summary_digest(incident.summary),
            }
        )

    def missed(self, incident: Incident) -> bool:
        """Whether someone else wrote the summary while this form was open. Saving again then replaces it."""
        seen = summary_digest(incident.summary)
        if self.data.get("started_from") == seen:
            return False
        self.data = self.data.copy()
        self.data["started_from"] = seen
        return True


class ResolutionForm(forms.Form):
    """When it ended. An empty one means now."""

    at = WhenField(label="When did it end?", required=False)

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.fields["at"].help_text = f"{describe_zone()} Leave it empty for now."


class ResponseForm(forms.Form):
    """How an incident is answered. What it has stays on offer, also when it is archived by now."""

    severity = forms.ChoiceField(required=False)
    incident_type = forms.ChoiceField(label="Type", required=False)
    priority = forms.ChoiceField(required=False)
    sla = forms.ChoiceField(label="SLA", required=False)
    escalation_policy = forms.ChoiceField(label="Escalation policy", required=False)
    tags = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, actor: Person, incident: Incident, **settings: Any) -> None:
        names = ("severity", "incident_type", "priority", "sla", "escalation_policy")
        has = {name: getattr(incident, name) for name in names}
        tags = list(incident.tags.all())
        initial = {name: str(thing.unique_id) if thing else "" for name, thing in has.items()}
        settings["initial"] = {**initial, "tags": [str(tag.unique_id) for tag in tags]}
        super().__init__(*args, **settings)
        team = incident.service.team
        offered: dict[str, QuerySet[Any]] = {
            "severity": visible_severities(actor, archived=False),
            "incident_type": visible_incident_types(actor, archived=False),
            "priority": visible_priorities(actor, team=team, archived=False),
            "sla": visible_slas(actor, team=team, archived=False).filter(is_active=True),
            "escalation_policy": visible_escalation_policies(actor, team=team, archived=False),
            "tags": visible_tags(actor, team=team, archived=False),
        }
        self.things: dict[str, dict[str, Any]] = {}
        for name, things in offered.items():
            held = tags if name == "tags" else [has[name]] if has[name] else []
            known = {str(thing.unique_id): thing for thing in [*things[:CHOICES_MAX], *held]}
            self.things[name] = known
            choices = [(key, str(thing)) for key, thing in known.items()]
            _field(self, name).choices = choices if name == "tags" else [("", "None"), *choices]
        self.has_choices = any(self.things.values())

    def chosen(self) -> dict[str, Any]:
        """The things by their names; the tags as a list."""
        given = self.cleaned_data
        tags = [self.things["tags"][key] for key in given["tags"]]
        named = {name: self.things[name].get(given[name]) for name in self.things if name != "tags"}
        return {**named, "tags": tags}


class RoleForm(forms.Form):
    """Who does what in an incident."""

    role = forms.ChoiceField(label="Role")
    person = forms.ChoiceField(label="Who")

    def __init__(self, *args: Any, actor: Person, **settings: Any) -> None:
        super().__init__(*args, **settings)
        roles = visible_incident_roles(actor, archived=False)[:CHOICES_MAX]
        people = visible_people(actor).filter(is_active=True).distinct().order_by("name", "id")[:CHOICES_MAX]
        self.roles = {str(role.unique_id): role for role in roles}
        self.people = {str(person.unique_id): person for person in people}
        _field(self, "role").choices = [(key, str(role)) for key, role in self.roles.items()]
        _field(self, "person").choices = [(key, str(person)) for key, person in self.people.items()]

    def chosen(self) -> tuple[IncidentRole, Person]:
        return self.roles[self.cleaned_data["role"]], self.people[self.cleaned_data["person"]]


def _field(form: forms.Form, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    return field
