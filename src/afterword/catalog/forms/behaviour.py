"""The form of what a service does with its alerts. It checks shape; the write decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from django import forms

from afterword.catalog.forms.fields import MinutesField
from afterword.catalog.forms.services import ServiceForm
from afterword.catalog.models import GROUPING_MINUTES_MAX, EscalationPolicy, Priority, Service, Sla
from afterword.catalog.writes.services import Behaviour
from afterword.lib.forms import EditForm

NEVER = "Empty: never."
SERVICES_OFFERED_MAX = 1_000
"""Of those that a service may depend on, beside those that it does."""


def _minutes(label: str, help_text: str) -> MinutesField:
    return MinutesField(
        label=label, minutes_max=GROUPING_MINUTES_MAX, empty=0, required=False, help_text=help_text
    )


class EditServiceForm(EditForm, ServiceForm):
    """A service with its behaviour. `behaviour()` and `dependencies()` give what was chosen.

    What the service has already is offered too, though it was archived since.
    """

    priority = forms.ChoiceField(
        label="Priority",
        required=False,
        help_text="An incident gets it when its alert names no other.",
    )
    sla = forms.ChoiceField(
        label="SLA",
        required=False,
        help_text="How fast its incidents are to be answered, when the alert names no other.",
    )
    escalation_policy = forms.ChoiceField(
        label="Escalation policy",
        required=False,
        help_text="Who is called about its incidents, when the alert names no other.",
    )
    collation_minutes = _minutes(
        "Join alerts for",
        "An alert about something else joins an incident of this service that was opened so recently, "
        f"as in 10 min. {NEVER}",
    )
    auto_resolve_minutes = _minutes(
        "Resolve after silence of",
        f"An incident that no alert speaks of for so long is resolved, as in 12 h. {NEVER}",
    )
    reopen_minutes = _minutes(
        "Open again within",
        "An alert about something whose incident was resolved so recently opens that incident again "
        f"instead of a new one, as in 30 min. {NEVER}",
    )

    starts_private = forms.BooleanField(
        label="Its incidents start private",
        required=False,
        help_text="Only the team's managers and whoever is paged see them, until others are made members.",
    )

    depends_on = forms.MultipleChoiceField(
        label="Depends on",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What it calls or needs. What was changed there stands beside its incidents too.",
    )

    def __init__(
        self,
        *args: Any,
        service: Service,
        current: Behaviour,
        depends_on: Sequence[Service],
        services: Iterable[Service],
        priorities: Sequence[Priority],
        slas: Sequence[Sla],
        policies: Sequence[EscalationPolicy],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._offered: dict[str, dict[str, Any]] = {}
        for name, things in (
            ("priority", priorities),
            ("sla", slas),
            ("escalation_policy", policies),
        ):
            self._offer(name, list(things), getattr(current, name))
        for field in fields(Behaviour):
            value = getattr(current, field.name)
            self.initial[field.name] = (
                value if isinstance(value, int) else str(value.unique_id) if value else ""
            )
        self._offer_services(service, depends_on, services)

    def behaviour(self) -> Behaviour:
        values = {field.name: self.cleaned_data[field.name] for field in fields(Behaviour)}
        for name, offered in self._offered.items():
            values[name] = offered.get(values[name])
        return Behaviour(**values)

    def dependencies(self) -> list[Service]:
        return [self._services[key] for key in self.cleaned_data["depends_on"]]

    def _offer_services(self, service: Service, has: Sequence[Service], services: Iterable[Service]) -> None:
        """Those that it has stand first; with their teams where these are not all its own."""
        self._services = {str(one.unique_id): one for one in (*has, *services)}
        self.initial["depends_on"] = [str(one.unique_id) for one in has]
        several = any(one.team_id != service.team_id for one in self._services.values())
        field = self.fields["depends_on"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [
            (key, f"{one.name} ({one.team.name})" if several else one.name)
            for key, one in self._services.items()
        ]

    def _offer(self, name: str, things: list[Any], current: Any) -> None:
        if current is not None and current not in things:
            things.append(current)
        self._offered[name] = {str(thing.unique_id): thing for thing in things}
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "None"),
            *(
                (key, f"{thing.name} (archived)" if thing.archived_at else thing.name)
                for key, thing in self._offered[name].items()
            ),
        ]
