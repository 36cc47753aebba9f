"""What people fill in about flows, tasks and debriefs. The writes check again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from afterword.accounts.models import Person
from afterword.accounts.reads import visible_people
from afterword.catalog.models import IncidentRole
from afterword.catalog.reads import visible_incident_roles
from afterword.incidents.flow import facts, reads, rules
from afterword.incidents.flow.models import (
    FLOW_NAME_LENGTH_MAX,
    PLACE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    TASK_HELP_LENGTH_MAX,
    TASK_TITLE_LENGTH_MAX,
    Debrief,
    Flow,
    FlowStep,
    FlowTask,
    OwnerRule,
    TaskKind,
)
from afterword.incidents.flow.writes import Step
from afterword.incidents.forms import WhenField, describe_zone
from afterword.incidents.models import Incident

PEOPLE_OFFERED_MAX = 500
DEBRIEF_MINUTES = 45
DEBRIEF_AFTER_DAYS = 3


class SkipForm(forms.Form):
    """Why a task is not done."""

    reason = forms.CharField(
        label="Why not?",
        max_length=REASON_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Please say why it is not done."},
    )


class OwnedForm(forms.Form):
    """A form with an owner, out of those who may own a task of the incident, and a due date."""

    owner = forms.ChoiceField(required=False)
    due_on = forms.DateField(
        label="Due",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Until the end of that day. Empty: never due.",
    )

    def __init__(
        self, *args: Any, actor: Person, incident: Incident, keeping: Person | None = None, **settings: Any
    ) -> None:
        super().__init__(*args, **settings)
        owners = list(reads.possible_owners(actor, incident)[:PEOPLE_OFFERED_MAX])
        if keeping is not None and keeping not in owners:
            owners.insert(0, keeping)
        self._owners = {str(person.unique_id): person for person in owners}
        _choices(self, "owner", [("", "Nobody yet"), *_named(owners)])

    def chosen_owner(self) -> Person | None:
        return self._owners.get(self.cleaned_data["owner"])


class TaskForm(OwnedForm):
    """A task for one incident alone."""

    title = forms.CharField(
        label="What is to be done?",
        max_length=TASK_TITLE_LENGTH_MAX,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    help_text = forms.CharField(
        label="What should whoever does it know?",
        required=False,
        max_length=TASK_HELP_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_required = forms.BooleanField(label="The incident is not closed before it is done", required=False)


class ChangeTaskForm(OwnedForm):
    """Who does it, and until when."""

    @classmethod
    def of(cls, task: FlowTask, *, actor: Person, data: Mapping[str, Any] | None = None) -> ChangeTaskForm:
        return cls(
            data,
            actor=actor,
            incident=task.run.incident,
            keeping=task.owner,
            initial={"owner": str(task.owner.unique_id) if task.owner else "", "due_on": task.due_on},
        )


class DebriefForm(forms.Form):
    """When, where and with whom to look back."""

    starts_at = WhenField(label="When?")
    minutes = forms.IntegerField(
        label="How many minutes?", widget=forms.NumberInput(attrs={"min": 5, "max": 480, "step": 5})
    )
    place = forms.CharField(
        label="Where?",
        required=False,
        max_length=PLACE_LENGTH_MAX,
        help_text="A room, or the link to a call.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    facilitator = forms.ChoiceField(
        label="Who leads through it?",
        required=False,
        help_text="Best somebody who was not involved: they can ask what everybody else takes for granted.",
    )
    people = forms.MultipleChoiceField(
        label="Who is asked to come?", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        actor: Person,
        incident: Incident,
        suggested: Iterable[Person],
        keeping: Iterable[Person] = (),
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        people = {person.pk: person for person in reads.people_for(actor, incident)[:PEOPLE_OFFERED_MAX]}
        for person in keeping:
            people.setdefault(person.pk, person)
        self._people = {str(person.unique_id): person for person in people.values()}
        first = list(suggested)
        others = [person for person in people.values() if person not in first]
        choices: list[Any] = [("", "Nobody yet")]
        if first:
            choices.append(("Not involved", _named(first)))
        choices.append(("Others", _named(others)) if first else ("People", _named(others)))
        _choices(self, "facilitator", choices)
        _choices(self, "people", _named(people.values()))
        self.fields["starts_at"].help_text = describe_zone()

    @classmethod
    def of(
        cls, task: FlowTask, debrief: Debrief | None, *, actor: Person, data: Mapping[str, Any] | None = None
    ) -> DebriefForm:
        incident = task.run.incident
        now = timezone.now()
        suggested = reads.suggest_facilitators(actor, incident, now=now)
        initial: dict[str, Any]
        guests = [] if debrief is None else reads.people_of(debrief)
        if debrief is None:
            involved = reads.people_involved(incident)
            known = reads.people_for(actor, incident).filter(pk__in=involved)[:PEOPLE_OFFERED_MAX]
            initial = {
                "starts_at": _suggest_start(task),
                "minutes": DEBRIEF_MINUTES,
                "facilitator": str(suggested[0].unique_id) if suggested else "",
                "people": [str(person.unique_id) for person in known],
            }
        else:
            initial = {
                "starts_at": debrief.starts_at,
                "minutes": debrief.minutes,
                "place": debrief.place,
                "facilitator": str(debrief.facilitator.unique_id) if debrief.facilitator else "",
                "people": [str(person.unique_id) for person in debrief.people.all()],
            }
        return cls(data, actor=actor, incident=incident, suggested=suggested, keeping=guests, initial=initial)

    def chosen_facilitator(self) -> Person | None:
        return self._people.get(self.cleaned_data["facilitator"])

    def chosen_people(self) -> list[Person]:
        return [self._people[key] for key in self.cleaned_data["people"]]


class FlowForm(forms.Form):
    """What enters a flow, and how it goes. The fields of conditions are those of the known facts."""

    name = forms.CharField(
        max_length=FLOW_NAME_LENGTH_MAX, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    is_enabled = forms.BooleanField(label="Incidents enter it", required=False, initial=True)
    weekdays = forms.MultipleChoiceField(
        label="Working days",
        choices=[(str(number), name) for number, name in enumerate(rules.WEEKDAY_NAMES, start=1)],
        widget=forms.CheckboxSelectMultiple,
        initial=list(rules.WORKING_DAYS),
        help_text="Due dates and reminders count these, where the organisation is.",
        error_messages={"required": "Please choose at least one working day."},
    )
    closes_itself = forms.BooleanField(
        label="Close the incident with the last required task",
        required=False,
        initial=True,
        help_text="Otherwise somebody closes it by hand.",
    )

    def __init__(self, *args: Any, actor: Person, flow: Flow | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        present: Mapping[str, Any] = flow.conditions if flow else {}
        self._names = []
        for fact in facts.known_facts():
            name = f"if_{fact.name}"
            wanted = present.get(fact.name)
            if fact.kind == "minutes":
                self.fields[name] = forms.IntegerField(
                    label=f"{fact.label} at least, in minutes", required=False, min_value=1, initial=wanted
                )
            else:
                choices = [*fact.choices(actor)]
                known = {value for value, _ in choices}
                gone = [(value, f"{value} (gone)") for value in wanted or () if value not in known]
                if not choices and not gone:
                    continue
                self.fields[name] = forms.MultipleChoiceField(
                    label=fact.label,
                    required=False,
                    choices=[*choices, *gone],
                    widget=forms.CheckboxSelectMultiple,
                    initial=wanted or [],
                )
            self._names.append((name, fact.name))

    @classmethod
    def of(cls, flow: Flow, *, actor: Person, data: Mapping[str, Any] | None = None) -> FlowForm:
        return cls(
            data,
            actor=actor,
            flow=flow,
            initial={
                "name": flow.name,
                "is_enabled": flow.is_enabled,
                "weekdays": list(flow.weekdays),
                "closes_itself": flow.closes_itself,
            },
        )

    def condition_fields(self) -> list[forms.BoundField]:
        return [self[name] for name, _ in self._names]

    def wanted(self) -> dict[str, Any]:
        """What the writes take."""
        given = self.cleaned_data
        return {
            "name": given["name"],
            "is_enabled": given["is_enabled"],
            "weekdays": "".join(given["weekdays"]),
            "closes_itself": given["closes_itself"],
            "conditions": {fact: given[name] for name, fact in self._names if given[name]},
        }


class StepForm(forms.Form):
    """A task that every incident of a flow gets."""

    kind = forms.ChoiceField(
        label="What is it about?",
        choices=TaskKind.choices,
        help_text="Key fields, draft, export, sharing and follow-ups tick themselves when they are done.",
    )
    title = forms.CharField(
        required=False,
        max_length=TASK_TITLE_LENGTH_MAX,
        help_text="Empty: what it is about, in the words above.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    help_text = forms.CharField(
        label="Help",
        required=False,
        max_length=TASK_HELP_LENGTH_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner_rule = forms.ChoiceField(label="Who does it?", choices=OwnerRule.choices)
    owner_role = forms.ChoiceField(
        label="Which role",
        required=False,
        help_text="Where nobody has it: who resolved the incident by hand.",
    )
    owner_person = forms.ChoiceField(label="Which person", required=False)
    due_days = forms.IntegerField(
        label="Due after",
        required=False,
        min_value=0,
        max_value=rules.DAYS_MAX,
        help_text="Working days after the resolution. Empty: never.",
    )
    is_required = forms.BooleanField(
        label="The incident is not closed before it is done", required=False, initial=True
    )
    remind_before_days = forms.IntegerField(
        label="First reminder",
        required=False,
        min_value=0,
        max_value=rules.DAYS_MAX,
        help_text="Working days before it is due. Empty: no reminders.",
    )
    remind_every_days = forms.IntegerField(
        label="Then every",
        required=False,
        min_value=1,
        max_value=rules.DAYS_MAX,
        help_text="Working days, until it is done. Empty: only once.",
    )

    def __init__(self, *args: Any, actor: Person, step: FlowStep | None = None, **settings: Any) -> None:
        super().__init__(*args, **settings)
        roles = list(visible_incident_roles(actor, archived=False))
        people = list(visible_people(actor).filter(is_active=True).order_by("name")[:PEOPLE_OFFERED_MAX])
        if step is not None and step.owner_role is not None and step.owner_role not in roles:
            roles.append(step.owner_role)
        self._roles: dict[str, IncidentRole] = {str(role.unique_id): role for role in roles}
        self._people = {str(person.unique_id): person for person in people}
        _choices(self, "owner_role", [("", "No role"), *((str(one.unique_id), one.name) for one in roles)])
        _choices(self, "owner_person", [("", "Nobody"), *_named(people)])

    @classmethod
    def of(cls, step: FlowStep, *, actor: Person, data: Mapping[str, Any] | None = None) -> StepForm:
        names = ("kind", "title", "help_text", "owner_rule", "due_days", "is_required")
        initial = {name: getattr(step, name) for name in (*names, "remind_before_days", "remind_every_days")}
        initial["owner_role"] = str(step.owner_role.unique_id) if step.owner_role else ""
        initial["owner_person"] = str(step.owner_person.unique_id) if step.owner_person else ""
        return cls(data, actor=actor, step=step, initial=initial)

    def wanted(self) -> Step:
        """What the writes take."""
        given = dict(self.cleaned_data)
        title = given.pop("title").strip()
        if not title and given["kind"] != TaskKind.FREE:
            title = str(TaskKind(given["kind"]).label)
        return Step(
            **{
                **given,
                "title": title,
                "owner_role": self._roles.get(given["owner_role"]),
                "owner_person": self._people.get(given["owner_person"]),
            }
        )


def _suggest_start(task: FlowTask) -> Any:
    """Two in the afternoon on the day on which it is due, or some working days from now."""
    zone = timezone.get_current_timezone()
    now = timezone.localtime(timezone.now(), zone)
    day = task.due_on or rules.working_day_after(now.date(), DEBRIEF_AFTER_DAYS, task.run.weekdays)
    if day <= now.date():
        day = rules.working_day_after(now.date(), 1, task.run.weekdays)
    return now.replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(days=(day - now.date()).days)


def _named(people: Iterable[Person]) -> list[tuple[str, str]]:
    return [(str(person.unique_id), str(person)) for person in people]


def _choices(form: forms.Form, name: str, choices: list[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
