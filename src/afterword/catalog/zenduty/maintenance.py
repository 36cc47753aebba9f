"""`teams/{team}/maintenance/`. Their interval is a length of time: a day, a week or a month."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.models import MaintenanceWindow, Repeat, Service
from afterword.catalog.reads.owned import named_in
from afterword.catalog.writes.maintenance import SERVICES_PER_WINDOW_MAX, Schedule
from afterword.catalog.zenduty.wire import ROWS_MAX, answers, caller_and_team, one_of, write_moment
from afterword.lib.errors import InvalidInput
from afterword.lib.zones import zone_names

router = Router()
LIST, ONE = "/{uuid:team}/maintenance/", "/{uuid:team}/maintenance/{uuid:unique_id}/"
DAY_SECONDS = 24 * 60 * 60
SECONDS_OF_REPEATS = {
    Repeat.ONCE: 0,
    Repeat.DAILY: DAY_SECONDS,
    Repeat.WEEKLY: 7 * DAY_SECONDS,
    Repeat.MONTHLY: 30 * DAY_SECONDS,
}
# In seconds, and in minutes: nothing that is public says which it is, and none stands for two.
REPEATS = {
    **{seconds: repeat for repeat, seconds in SECONDS_OF_REPEATS.items()},
    **{seconds // 60: repeat for repeat, seconds in SECONDS_OF_REPEATS.items()},
    31 * DAY_SECONDS: Repeat.MONTHLY,
}


class WindowServiceIn(Schema):
    service: uuid.UUID


class WindowIn(Schema):
    """A time without an offset is in `time_zone`."""

    name: str | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    time_zone: str | None = None
    repeat_interval: int | None = None
    repeat_until: datetime | None = None
    services: list[WindowServiceIn] | None = None


@answers(router, ["GET"], LIST, summary="List maintenance windows", name="list_maintenance")
def list_windows(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    found = reads.visible_maintenance_windows(actor, team=owner)
    return [describe_window(window) for window in found[:ROWS_MAX]]


@answers(router, ["POST"], LIST, summary="Make a maintenance window", name="create_maintenance", success=201)
def create_window(request: HttpRequest, team: uuid.UUID, body: WindowIn) -> Status[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    accounts.require_manager(actor, owner)
    missing = [name for name in ("start_time", "end_time") if getattr(body, name) is None]
    if missing:
        raise InvalidInput(fields=dict.fromkeys(missing, "Please give a time."))
    made = writes.create_maintenance_window(
        actor=actor,
        team=owner,
        name=body.name or "",
        services=_services(actor, owner, body.services or []),
        schedule=_schedule(body, None),
    )
    return Status(201, _shown(actor, owner, made.unique_id))


@answers(router, ["GET"], ONE, summary="Get a maintenance window", name="get_maintenance")
def get_window(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return _shown(actor, owner, unique_id)


@answers(router, ["PUT", "PATCH"], ONE, summary="Change a maintenance window", name="change_maintenance")
def change_window(
    request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: WindowIn
) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    window = one_of(reads.visible_maintenance_windows(actor, team=owner), unique_id)
    accounts.require_manager(actor, owner)
    writes.change_maintenance_window(
        actor=actor,
        window=window,
        name=window.name if body.name is None else body.name,
        services=list(window.services.all())
        if body.services is None
        else _services(actor, owner, body.services),
        schedule=_schedule(body, window),
    )
    return _shown(actor, owner, unique_id)


@answers(
    router, ["DELETE"], ONE, summary="Delete a maintenance window", name="delete_maintenance", success=204
)
def delete_window(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    actor, owner = caller_and_team(request, team)
    window = one_of(reads.visible_maintenance_windows(actor, team=owner), unique_id)
    writes.delete_maintenance_window(actor=actor, window=window)
    return Status(204, None)


def describe_window(window: MaintenanceWindow) -> dict[str, Any]:
    return {
        "unique_id": str(window.unique_id),
        "name": window.name,
        "start_time": write_moment(window.starts_at),
        "end_time": write_moment(window.ends_at),
        "time_zone": window.time_zone,
        "repeat_interval": SECONDS_OF_REPEATS[Repeat(window.repeats)],
        "repeat_until": write_moment(window.repeat_until),
        "services": [
            {
                "unique_id": str(uuid.uuid5(window.unique_id, str(service.unique_id))),
                "service": str(service.unique_id),
            }
            for service in window.services.all()
        ],
        "creation_date": write_moment(window.created_at),
        "maintenance_template": None,
    }


def _shown(actor: Person, team: Team, unique_id: uuid.UUID) -> dict[str, Any]:
    return describe_window(one_of(reads.visible_maintenance_windows(actor, team=team), unique_id))


def _schedule(body: WindowIn, window: MaintenanceWindow | None) -> Schedule:
    """What the body says; for the rest, as the window has it."""
    zone = body.time_zone or (window.time_zone if window else "UTC")
    if zone not in zone_names():
        raise InvalidInput(fields={"time_zone": f"{zone[:64]!r} is not a time zone that we know."})

    def moment(name: str, ours: str) -> Any:
        given: datetime | None = getattr(body, name)
        if given is None:
            return getattr(window, ours, None)
        try:
            return (given if given.tzinfo else given.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
        except OverflowError as error:
            raise InvalidInput(fields={name: "Please give a year that is nearer."}) from error

    repeats = Repeat(window.repeats) if window else Repeat.ONCE
    if body.repeat_interval is not None:
        if body.repeat_interval not in REPEATS:
            reason = "Please give the seconds of a day (86400), a week (604800) or a month (2592000), or 0."
            raise InvalidInput(fields={"repeat_interval": reason})
        repeats = REPEATS[body.repeat_interval]
    return Schedule(
        starts_at=moment("start_time", "starts_at"),
        ends_at=moment("end_time", "ends_at"),
        time_zone=zone,
        repeats=repeats,
        repeat_until=None if repeats == Repeat.ONCE else moment("repeat_until", "repeat_until"),
    )


def _services(actor: Person, team: Team, given: list[WindowServiceIn]) -> list[Service]:
    if len(given) > SERVICES_PER_WINDOW_MAX:
        raise InvalidInput(fields={"services": f"Please choose at most {SERVICES_PER_WINDOW_MAX} services."})
    rows = reads.visible_services(actor).filter(team=team)
    found = [named_in(rows, one.service, field="services", noun="service") for one in given]
    return list(dict.fromkeys(service for service in found if service is not None))
