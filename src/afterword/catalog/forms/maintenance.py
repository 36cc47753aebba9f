"""The form of a maintenance window. It checks shape and turns local times into moments; the write decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from afterword.accounts.forms import TimeZoneField
from afterword.catalog.forms.fields import LOCAL_TIME_FORMAT, LocalTimeField
from afterword.catalog.forms.owned import name_field
from afterword.catalog.models import MaintenanceWindow, Repeat, Service
from afterword.catalog.writes.maintenance import Schedule
from afterword.lib.forms import EditForm

LAST_MOMENT_OF_DAY = time(23, 59, 59)
LEFT_OUT = "The clocks are put forward over this time on that day. Please choose another."


class MaintenanceForm(EditForm):
    """All times are in the window's own zone. `schedule()` and `chosen_services()` give what was chosen."""

    name = name_field("What is done: Database upgrade.")
    services = forms.MultipleChoiceField(
        label="Services",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Please choose at least one service."},
    )
    starts_at = LocalTimeField(label="Starts")
    ends_at = LocalTimeField(label="Ends")
    time_zone = TimeZoneField(
        label="Time zone", help_text="Times of day stay the same in it, in summer and winter."
    )
    repeats = forms.ChoiceField(label="Repeats", choices=Repeat.choices, initial=Repeat.ONCE)
    repeat_until = forms.DateField(
        label="Repeats until",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="The last day to begin. Empty: for ever.",
    )

    def __init__(
        self,
        *args: Any,
        services: Sequence[Service],
        zone: str,
        window: MaintenanceWindow | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._window = window
        self._services = {str(service.unique_id): service for service in services}
        offered = self.fields["services"]
        assert isinstance(offered, forms.MultipleChoiceField)
        offered.choices = [(key, service.name) for key, service in self._services.items()]
        zones = self.fields["time_zone"]
        assert isinstance(zones, TimeZoneField)
        zones.keep(zone)
        self.initial.setdefault("time_zone", zone)
        if window is not None:
            self.initial.update(_typed(window))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        name = given.get("time_zone")
        if not name:
            return given
        zone = ZoneInfo(name)
        for field in ("starts_at", "ends_at"):
            if given.get(field) is not None:
                given[field] = self._moment(field, given[field], zone)
        if given.get("repeats") == Repeat.ONCE:
            given["repeat_until"] = None
        elif given.get("repeat_until") is not None:
            given["repeat_until"] = self._last_moment(given["repeat_until"], zone)
        return given

    def chosen_services(self) -> list[Service]:
        return [self._services[key] for key in self.cleaned_data["services"]]

    def schedule(self) -> Schedule:
        names = ("starts_at", "ends_at", "time_zone", "repeats", "repeat_until")
        return Schedule(**{name: self.cleaned_data[name] for name in names})

    def _moment(self, field: str, local: datetime, zone: ZoneInfo) -> datetime | None:
        """The moment at which clocks in `zone` show `local`, the first of two. It may be none."""
        try:
            moment = local.replace(tzinfo=zone).astimezone(UTC)
        except OverflowError:
            self.add_error(field, "Please give a year that is nearer.")
            return None
        if moment.astimezone(zone).replace(tzinfo=None) != local:
            self.add_error(field, LEFT_OUT)
        known = getattr(self._window, field, None)
        # What stands in the form was cut to the minute: the rest stays unless it is changed.
        is_same = known is not None and _shown(known, zone) == local.strftime(LOCAL_TIME_FORMAT)
        return known if is_same else moment

    def _last_moment(self, day: date, zone: ZoneInfo) -> datetime:
        known = self._window.repeat_until if self._window else None
        if known is not None and known.astimezone(zone).date() == day:
            return known
        return datetime.combine(day, LAST_MOMENT_OF_DAY, zone).astimezone(UTC)


def _typed(window: MaintenanceWindow) -> dict[str, Any]:
    zone = ZoneInfo(window.time_zone)
    return {
        "name": window.name,
        "services": [str(service.unique_id) for service in window.services.all()],
        "starts_at": _shown(window.starts_at, zone),
        "ends_at": _shown(window.ends_at, zone),
        "time_zone": window.time_zone,
        "repeats": window.repeats,
        "repeat_until": window.repeat_until.astimezone(zone).date() if window.repeat_until else None,
    }


def _shown(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime(LOCAL_TIME_FORMAT)
