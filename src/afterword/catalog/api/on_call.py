"""The API of on-call schedules, their overrides and their shifts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.api.archiving import add_archiving
from afterword.catalog.api.calls import ArchivedParameter, TeamParameter, actor_of, team_in, wanted_by
from afterword.catalog.models import OnCallOverride, OnCallSchedule
from afterword.catalog.reads.on_call import NamedShift
from afterword.catalog.schemas.on_call import (
    OnCallScheduleChangeIn,
    OnCallScheduleIn,
    OnCallScheduleOut,
    OverrideIn,
    OverrideOut,
    ShiftOut,
)
from afterword.catalog.schemas.refs import Ref, TeamRef
from afterword.catalog.writes.on_call import PEOPLE_MAX
from afterword.lib import clock
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate
from afterword.lib.errors import InvalidInput

router = Router(tags=["On call"])
PATH = "/on-call-schedules/{uuid:unique_id}"
SHIFT_DAYS_MAX = 366
SHIFT_DAYS_DEFAULT = 28


@router.get(
    "/on-call-schedules", response=Listing[OnCallScheduleOut], summary="The on-call schedules that you see"
)
def list_on_call_schedules(
    request: HttpRequest,
    team: TeamParameter = None,
    archived: ArchivedParameter = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[OnCallScheduleOut]:
    actor = actor_of(request)
    rows = reads.visible_on_call_schedules(actor, team=team_in(actor, team), archived=archived)
    page = paginate(rows, cursor=cursor, limit=limit, key="id")
    return Listing(items=[describe(schedule) for schedule in page.items], next=page.next)


@router.post("/on-call-schedules", response={201: OnCallScheduleOut}, summary="Make an on-call schedule")
def create_on_call_schedule(request: HttpRequest, body: OnCallScheduleIn) -> Status[OnCallScheduleOut]:
    actor = actor_of(request)
    team = accounts.get_team(actor, body.team)
    accounts.require_manager(actor, team)
    values = {**body.model_dump(exclude={"team"}), "people": _people(actor, team, body.people)}
    made = writes.create_on_call_schedule(actor=actor, team=team, **values)
    return Status(201, _shown(actor, made))


@router.get(PATH, response=OnCallScheduleOut, summary="One on-call schedule")
def get_on_call_schedule(request: HttpRequest, unique_id: uuid.UUID) -> OnCallScheduleOut:
    return describe(reads.get_on_call_schedule(actor_of(request), unique_id))


@router.patch(PATH, response=OnCallScheduleOut, summary="Change an on-call schedule")
def change_on_call_schedule(
    request: HttpRequest, unique_id: uuid.UUID, body: OnCallScheduleChangeIn
) -> OnCallScheduleOut:
    actor = actor_of(request)
    schedule = reads.get_on_call_schedule(actor, unique_id)
    accounts.require_manager(actor, schedule.team)
    known = [turn.person for turn in schedule.turns.all()]
    current = {
        "name": schedule.name,
        "summary": schedule.summary,
        "time_zone": schedule.time_zone,
        "starts_on": schedule.starts_on,
        "handover_weekday": schedule.handover_weekday,
        "handover_time": schedule.handover_time,
    }
    people = known if body.people is None else _people(actor, schedule.team, body.people, known)
    changed = writes.change_on_call_schedule(
        actor=actor, schedule=schedule, people=people, **wanted_by(body, current)
    )
    return _shown(actor, changed)


@router.get(f"{PATH}/shifts", response=list[ShiftOut], summary="Who is on call when")
def list_shifts(
    request: HttpRequest,
    unique_id: uuid.UUID,
    since: Annotated[datetime | None, Query(description="Now, unless given.")] = None,
    until: Annotated[datetime | None, Query(description="Four weeks later, unless given.")] = None,
) -> list[ShiftOut]:
    """In order and without a gap, overrides included; a year at most."""
    schedule = reads.get_on_call_schedule(actor_of(request), unique_id)
    since = _in_utc(since or clock.now())
    until = _in_utc(until or since + timedelta(days=SHIFT_DAYS_DEFAULT))
    if not since < until <= since + timedelta(days=SHIFT_DAYS_MAX) or not 2000 <= since.year <= 2100:
        raise InvalidInput(fields={"until": f"Please ask for at most {SHIFT_DAYS_MAX} days after `since`."})
    return [describe_shift(shift) for shift in reads.shifts_of(schedule, since, until)]


@router.get(f"{PATH}/overrides", response=Listing[OverrideOut], summary="Who stands in for whom")
def list_overrides(
    request: HttpRequest,
    unique_id: uuid.UUID,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[OverrideOut]:
    actor = actor_of(request)
    rows = reads.overrides_of(actor, reads.get_on_call_schedule(actor, unique_id))
    page = paginate(rows, cursor=cursor, limit=limit, key="starts_at")
    return Listing(items=[_describe_override(one) for one in page.items], next=page.next)


@router.post(f"{PATH}/overrides", response={201: OverrideOut}, summary="Have somebody stand in")
def create_override(request: HttpRequest, unique_id: uuid.UUID, body: OverrideIn) -> Status[OverrideOut]:
    """Of several at the same time the one that was made last counts."""
    actor = actor_of(request)
    schedule = reads.get_on_call_schedule(actor, unique_id)
    accounts.require_write(actor, schedule.team)
    (person,) = _people(actor, schedule.team, [body.person], field="person")
    made = writes.add_override(
        actor=actor,
        schedule=schedule,
        person=person,
        starts_at=_in_utc(body.starts_at),
        ends_at=_in_utc(body.ends_at),
    )
    return Status(201, _describe_override(made))


@router.delete(f"{PATH}/overrides/{{uuid:override}}", response={204: None}, summary="Remove an override")
def delete_override(request: HttpRequest, unique_id: uuid.UUID, override: uuid.UUID) -> Status[None]:
    actor = actor_of(request)
    schedule = reads.get_on_call_schedule(actor, unique_id)
    writes.remove_override(actor=actor, override=reads.get_override(actor, schedule, override))
    return Status(204, None)


def describe(schedule: OnCallSchedule) -> OnCallScheduleOut:
    now = reads.on_call_now(schedule, clock.now()).now.person
    return OnCallScheduleOut(
        unique_id=schedule.unique_id,
        team=TeamRef(unique_id=schedule.team.unique_id, name=schedule.team.name),
        name=schedule.name,
        summary=schedule.summary,
        people=[_ref(turn.person) for turn in schedule.turns.all()],
        time_zone=schedule.time_zone,
        starts_on=schedule.starts_on,
        handover_weekday=schedule.handover_weekday,
        handover_time=schedule.handover_time,
        on_call_now=_ref(now) if now else None,
        created_at=schedule.created_at,
        archived_at=schedule.archived_at,
    )


def describe_shift(shift: NamedShift) -> ShiftOut:
    return ShiftOut(
        person=_ref(shift.person) if shift.person else None,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        is_override=shift.is_override,
    )


def _describe_override(one: OnCallOverride) -> OverrideOut:
    return OverrideOut(
        unique_id=one.unique_id,
        person=_ref(one.person),
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        created_at=one.created_at,
    )


def _ref(person: Person) -> Ref:
    return Ref(unique_id=person.unique_id, name=person.name)


def _shown(actor: Person, schedule: OnCallSchedule) -> OnCallScheduleOut:
    return describe(reads.get_on_call_schedule(actor, schedule.unique_id))


def _people(
    actor: Person,
    team: Team,
    unique_ids: Sequence[uuid.UUID],
    known: Sequence[Person] = (),
    field: str = "people",
) -> list[Person]:
    """The people with these ids, in their order. Raises InvalidInput at `field`."""
    if len(unique_ids) > PEOPLE_MAX:
        raise InvalidInput(fields={field: f"At most {PEOPLE_MAX} people take turns."})
    offered = {person.unique_id: person for person in (*reads.people_to_call(actor, team), *known)}
    for unique_id in unique_ids:
        if unique_id not in offered:
            raise InvalidInput(fields={field: f"There is nobody in the team with the id {unique_id}."})
    return [offered[unique_id] for unique_id in unique_ids]


def _in_utc(at: datetime) -> datetime:
    """A time without a zone is meant in UTC."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


add_archiving(router, PATH, "on-call schedule", reads.get_on_call_schedule, OnCallScheduleOut, describe)
