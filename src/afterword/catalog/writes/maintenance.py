"""Every change to maintenance windows.

The fold reads the windows of a service with every batch, so a change counts for what it folds next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.audit.writes import record
from afterword.catalog.maintenance import Occurrence, next_occurrence, occurrence_at
from afterword.catalog.models import MaintenanceWindow, Repeat, Service
from afterword.catalog.writes import owned
from afterword.catalog.writes.texts import clean_name
from afterword.lib.errors import Conflict, InvalidInput
from afterword.lib.zones import zone_names

WINDOWS_PER_TEAM_MAX = 1_000
SERVICES_PER_WINDOW_MAX = 500
WINDOW_DAYS_MAX = 366
OCCURRENCES_LOOKED_AT = 10
EARLIEST_YEAR, LATEST_YEAR = 2000, 2200


class NotUnderWay(Conflict):
    """This maintenance window is not active now, so there is nothing to end."""


@dataclass(frozen=True)
class Schedule:
    """When a window is active. The times are aware; `maintenance` says what a repetition means."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str = "UTC"
    repeats: str = Repeat.ONCE
    repeat_until: datetime | None = None


@transaction.atomic
def create_maintenance_window(
    *, actor: Person, team: Team, name: str, services: Sequence[Service], schedule: Schedule
) -> MaintenanceWindow:
    """Make a maintenance window for some services of a team. Raises InvalidInput, NotAllowed, NotFound."""
    accounts.require_manager(actor, team)
    owned.require_room(
        MaintenanceWindow.objects.filter(team=team), WINDOWS_PER_TEAM_MAX, "maintenance windows in a team"
    )
    _check_services(team, services)
    _check_schedule(schedule)
    window = MaintenanceWindow.objects.create(
        team=team,
        name=clean_name(name),
        **{field.name: getattr(schedule, field.name) for field in fields(schedule)},
    )
    window.services.set(services)
    _record(actor, window, "created")
    return window


@transaction.atomic
def change_maintenance_window(
    *,
    actor: Person,
    window: MaintenanceWindow,
    name: str,
    services: Sequence[Service],
    schedule: Schedule,
) -> MaintenanceWindow:
    """Change a maintenance window, also one that is under way. Raises InvalidInput, NotAllowed, NotFound."""
    owned.require_right(actor, window)
    _check_services(window.team, services)
    _check_schedule(schedule)
    wanted = {
        "name": clean_name(name),
        **{field.name: getattr(schedule, field.name) for field in fields(schedule)},
    }
    changed = [field for field, value in wanted.items() if getattr(window, field) != value]
    for field in changed:
        setattr(window, field, wanted[field])
    if changed:
        window.save(update_fields=changed)
    if set(window.services.all()) != set(services):
        window.services.set(services)
        changed.append("services")
    if changed:
        _record(actor, window, "changed", changed=changed)
    return window


@transaction.atomic
def end_maintenance(*, actor: Person, window: MaintenanceWindow, at: datetime) -> MaintenanceWindow:
    """End a window that is active at `at`; one that repeats goes on with its next occurrence.

    For this it begins anew with that occurrence: the audit log keeps what was before. Raises NotAllowed,
    NotFound, NotUnderWay.
    """
    owned.require_right(actor, window)
    occurrence = occurrence_at(window, at)
    if occurrence is None:
        raise NotUnderWay
    following = _next_at_its_usual_time(window, at)
    if following is not None:
        window.starts_at, window.ends_at = following
    else:
        # A window ends after its start, even where both are the same moment.
        window.starts_at = occurrence.starts_at
        window.ends_at = max(at, occurrence.starts_at + timedelta(microseconds=1))
        window.repeats, window.repeat_until = Repeat.ONCE, None
    window.save(update_fields=["starts_at", "ends_at", "repeats", "repeat_until"])
    _record(actor, window, "ended", began_at=occurrence.starts_at.isoformat())
    return window


@transaction.atomic
def delete_maintenance_window(*, actor: Person, window: MaintenanceWindow) -> None:
    """Remove a window; its services are no longer under maintenance. Raises NotAllowed, NotFound."""
    owned.require_right(actor, window)
    _record(actor, window, "deleted")
    window.delete()


def _check_services(team: Team, services: Sequence[Service]) -> None:
    if not services:
        raise InvalidInput(fields={"services": "Please choose at least one service."})
    if len(services) > SERVICES_PER_WINDOW_MAX:
        raise InvalidInput(fields={"services": f"Please choose at most {SERVICES_PER_WINDOW_MAX} services."})
    if any(service.team_id != team.pk for service in services):
        raise InvalidInput(fields={"services": f"Please choose services of the team {team}."})


def _check_schedule(schedule: Schedule) -> None:
    if schedule.time_zone not in zone_names():
        raise InvalidInput(
            fields={"time_zone": f"{schedule.time_zone[:64]!r} is not a time zone that we know."}
        )
    if schedule.repeats not in Repeat.values:
        raise InvalidInput(fields={"repeats": f"Please choose one of: {', '.join(Repeat.values)}."})
    moments = {
        "starts_at": schedule.starts_at,
        "ends_at": schedule.ends_at,
        "repeat_until": schedule.repeat_until,
    }
    for field, moment in moments.items():
        if moment is not None and not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise InvalidInput(fields={field: f"Please give a year from {EARLIEST_YEAR} to {LATEST_YEAR}."})
    if schedule.ends_at <= schedule.starts_at:
        raise InvalidInput(fields={"ends_at": "It cannot end before it starts."})
    if schedule.ends_at - schedule.starts_at > timedelta(days=WINDOW_DAYS_MAX):
        raise InvalidInput(fields={"ends_at": f"Please give at most {WINDOW_DAYS_MAX} days."})
    if schedule.repeats == Repeat.ONCE and schedule.repeat_until is not None:
        raise InvalidInput(fields={"repeat_until": "This window does not repeat."})
    if schedule.repeat_until is not None and schedule.repeat_until < schedule.starts_at:
        raise InvalidInput(fields={"repeat_until": "The last repetition cannot come before the first start."})


def _next_at_its_usual_time(window: MaintenanceWindow, after: datetime) -> Occurrence | None:
    """The next occurrence that no change of clocks moves: from it the same times of day follow."""
    zone = ZoneInfo(window.time_zone)

    def times(occurrence: Occurrence) -> list[tuple[int, int]]:
        local = [moment.astimezone(zone) for moment in occurrence]
        return [(moment.hour, moment.minute) for moment in local]

    usual = times(Occurrence(window.starts_at, window.ends_at))
    found = following = next_occurrence(window, after)
    for _ in range(OCCURRENCES_LOOKED_AT):
        if found is None or times(found) == usual:
            return found
        found = next_occurrence(window, found.starts_at)
    return following


def _record(actor: Person, window: MaintenanceWindow, done: str, **data: object) -> None:
    record(
        actor=actor,
        action=f"maintenance_window.{done}",
        subject=window,
        team_id=window.team_id,
        data={
            "starts_at": window.starts_at.isoformat(),
            "ends_at": window.ends_at.isoformat(),
            "repeats": str(window.repeats),
            **data,
        },
    )
