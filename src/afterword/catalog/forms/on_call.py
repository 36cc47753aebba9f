"""The forms of on-call schedules. They work without script: there is always a place for one more person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from afterword.accounts.forms import TimeZoneField
from afterword.accounts.models import Person, Team
from afterword.catalog.forms.owned import name_field, text_field
from afterword.catalog.models import OnCallSchedule
from afterword.catalog.writes.on_call import PEOPLE_MAX
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import EditForm

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EMPTY_PLACES = 3
"""Offered behind those that are taken; saving makes room for more."""
TIME_OF_DAY = "%H:%M"


class OnCallScheduleForm(EditForm):
    """`values()` is what the writes take."""

    name = name_field("As in Payments, first line.")
    summary = text_field("When is it used?")
    time_zone = TimeZoneField(
        label="Time zone", help_text="In which the day and the time of handover are meant."
    )
    starts_on = forms.DateField(
        label="First turn begins on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    handover_weekday = forms.TypedChoiceField(
        label="Handover on", coerce=int, choices=list(enumerate(WEEKDAYS)), initial=0
    )
    handover_time = forms.TimeField(
        label="at",
        initial=time(9),
        widget=forms.TimeInput(attrs={"type": "time"}, format=TIME_OF_DAY),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        people: Sequence[Person],
        team: Team,
        schedule: OnCallSchedule | None = None,
        zone: str,
    ) -> None:
        turns = [turn.person for turn in schedule.turns.all()] if schedule else []
        initial: dict[str, Any] = {"time_zone": zone, "starts_on": timezone.localdate()}
        if schedule:
            initial = {
                "name": schedule.name,
                "summary": schedule.summary,
                "time_zone": schedule.time_zone,
                "starts_on": schedule.starts_on,
                "handover_weekday": schedule.handover_weekday,
                "handover_time": schedule.handover_time,
            }
        super().__init__(data, initial=initial)
        self._turns = [str(person.unique_id) for person in turns]
        known = sorted({*people, *turns}, key=lambda one: (one.name.casefold(), one.pk))
        self._people = {str(one.unique_id): one for one in known}
        zone_field = self.fields["time_zone"]
        assert isinstance(zone_field, TimeZoneField)
        zone_field.keep(initial["time_zone"])
        filled = len(turns)
        if data is not None:
            filled = sum(1 for place in range(PEOPLE_MAX) if data.get(f"person-{place}"))
        self._places = [f"person-{place}" for place in range(min(filled + EMPTY_PLACES, PEOPLE_MAX))]
        choices = [("", "Nobody"), *((key, _called(one)) for key, one in self._people.items())]
        for place, name in enumerate(self._places):
            self.fields[name] = forms.ChoiceField(
                label=f"Turn {place + 1}",
                choices=choices,
                required=False,
                initial=str(turns[place].unique_id) if place < len(turns) else "",
            )

    def places(self) -> list[forms.BoundField]:
        return [self[name] for name in self._places]

    def values(self) -> dict[str, Any]:
        given = {name: value for name, value in self.cleaned_data.items() if name not in self._places}
        chosen = [self.cleaned_data[name] for name in self._places]
        return {**given, "people": [self._people[key] for key in chosen if key]}

    def _kept(self) -> dict[str, Any]:
        # How many places there are is a matter of the page, not of what is kept.
        kept = {name: value for name, value in super()._kept().items() if name not in self._places}
        return {**kept, "turns": self._turns}

    def at_its_fields(self, refusal: InvalidInput) -> InvalidInput:
        """The same refusal with the names that this form has for the write's fields."""
        return InvalidInput(
            fields={"person-0" if name == "people" else name: why for name, why in refusal.fields.items()}
        )


class OverrideForm(forms.Form):
    """Somebody else for a while, in the schedule's time zone."""

    person = forms.ChoiceField(label="Who is on call instead")
    starts_at = forms.DateTimeField(
        label="From", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label="Until", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    def __init__(self, data: Any = None, *, people: Sequence[Person], zone: ZoneInfo) -> None:
        super().__init__(data)
        self._people = {str(one.unique_id): one for one in people}
        self._zone = zone
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Choose somebody"), *((key, _called(one)) for key, one in self._people.items())]

    def values(self) -> dict[str, Any]:
        return {
            "person": self._people[self.cleaned_data["person"]],
            "starts_at": self._in_zone("starts_at"),
            "ends_at": self._in_zone("ends_at"),
        }

    def _in_zone(self, name: str) -> datetime:
        """What was typed, read in the schedule's zone and not in the reader's."""
        given: datetime = self.cleaned_data[name]
        return given.astimezone(timezone.get_current_timezone()).replace(tzinfo=self._zone)


def _called(person: Person) -> str:
    return f"{person} ({person.email})" if person.is_active else f"{person} (deactivated)"
