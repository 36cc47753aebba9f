"""The API of maintenance windows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.api.calls import TeamParameter, actor_of, team_in, wanted_by
from afterword.catalog.maintenance import next_occurrence, occurrence_at, state_of
from afterword.catalog.models import MaintenanceWindow, Repeat, Service
from afterword.catalog.schemas.maintenance import (
    MaintenanceWindowChangeIn,
    MaintenanceWindowIn,
    MaintenanceWindowOut,
)
from afterword.catalog.schemas.refs import Ref, TeamRef
from afterword.catalog.wording import describe_window
from afterword.catalog.writes.maintenance import SERVICES_PER_WINDOW_MAX, Schedule
from afterword.lib import clock
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate
from afterword.lib.errors import InvalidInput

router = Router(tags=["Maintenance windows"])
PATH = "/maintenance-windows/{uuid:unique_id}"
SCHEDULE = tuple(field.name for field in fields(Schedule))


@router.get(
    "/maintenance-windows",
    response=Listing[MaintenanceWindowOut],
    summary="The maintenance windows that you see",
)
def list_maintenance_windows(
    request: HttpRequest,
    team: TeamParameter = None,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[MaintenanceWindowOut]:
    actor, now = actor_of(request), clock.now()
    rows = reads.visible_maintenance_windows(actor, team=team_in(actor, team))
    page = paginate(rows, cursor=cursor, limit=limit, key="id")
    return Listing(items=[describe(window, now) for window in page.items], next=page.next)


@router.post(
    "/maintenance-windows", response={201: MaintenanceWindowOut}, summary="Make a maintenance window"
)
def create_maintenance_window(
    request: HttpRequest, body: MaintenanceWindowIn
) -> Status[MaintenanceWindowOut]:
    actor = actor_of(request)
    team = accounts.get_team(actor, body.team)
    accounts.require_manager(actor, team)
    made = writes.create_maintenance_window(
        actor=actor,
        team=team,
        name=body.name,
        services=_services(actor, team, body.services),
        schedule=Schedule(**body.model_dump(include=set(SCHEDULE))),
    )
    return Status(201, _shown(actor, made))


@router.get(PATH, response=MaintenanceWindowOut, summary="One maintenance window")
def get_maintenance_window(request: HttpRequest, unique_id: uuid.UUID) -> MaintenanceWindowOut:
    return describe(reads.get_maintenance_window(actor_of(request), unique_id), clock.now())


@router.patch(PATH, response=MaintenanceWindowOut, summary="Change a maintenance window")
def change_maintenance_window(
    request: HttpRequest, unique_id: uuid.UUID, body: MaintenanceWindowChangeIn
) -> MaintenanceWindowOut:
    actor = actor_of(request)
    window = reads.get_maintenance_window(actor, unique_id)
    accounts.require_manager(actor, window.team)
    current = {name: getattr(window, name) for name in SCHEDULE}
    wanted = wanted_by(body, current, nullable=frozenset({"repeat_until"}))
    changed = writes.change_maintenance_window(
        actor=actor,
        window=window,
        name=window.name if body.name is None else body.name,
        services=list(window.services.all())
        if body.services is None
        else _services(actor, window.team, body.services),
        schedule=Schedule(**wanted),
    )
    return _shown(actor, changed)


@router.delete(PATH, response={204: None}, summary="Delete a maintenance window")
def delete_maintenance_window(request: HttpRequest, unique_id: uuid.UUID) -> Status[None]:
    actor = actor_of(request)
    writes.delete_maintenance_window(actor=actor, window=reads.get_maintenance_window(actor, unique_id))
    return Status(204, None)


@router.post(f"{PATH}/ending", response=MaintenanceWindowOut, summary="End a maintenance window now")
def end_maintenance(request: HttpRequest, unique_id: uuid.UUID) -> MaintenanceWindowOut:
    """One that repeats goes on with its next occurrence. 409 when it is not active."""
    actor = actor_of(request)
    window = reads.get_maintenance_window(actor, unique_id)
    return _shown(actor, writes.end_maintenance(actor=actor, window=window, at=clock.now()))


def describe(window: MaintenanceWindow, now: datetime) -> MaintenanceWindowOut:
    active, following = occurrence_at(window, now), next_occurrence(window, now)
    return MaintenanceWindowOut(
        unique_id=window.unique_id,
        team=TeamRef(unique_id=window.team.unique_id, name=window.team.name),
        name=window.name,
        services=[Ref(unique_id=one.unique_id, name=one.name) for one in window.services.all()],
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        time_zone=window.time_zone,
        repeats=Repeat(window.repeats),
        repeat_until=window.repeat_until,
        state=state_of(window, now),
        words=describe_window(window, now),
        active_until=active.ends_at if active else None,
        next_starts_at=following.starts_at if following else None,
        created_at=window.created_at,
    )


def _shown(actor: Person, window: MaintenanceWindow) -> MaintenanceWindowOut:
    return describe(reads.get_maintenance_window(actor, window.unique_id), clock.now())


def _services(actor: Person, team: Team, unique_ids: Sequence[uuid.UUID]) -> list[Service]:
    """The services with these ids. Raises InvalidInput at `services`."""
    if len(unique_ids) > SERVICES_PER_WINDOW_MAX:
        raise InvalidInput(fields={"services": f"Please choose at most {SERVICES_PER_WINDOW_MAX} services."})
    found = {
        service.unique_id: service
        for service in reads.visible_services(actor).filter(team=team, unique_id__in=unique_ids)
    }
    for unique_id in unique_ids:
        if unique_id not in found:
            raise InvalidInput(fields={"services": f"The team has no service with the id {unique_id}."})
    return list(found.values())
