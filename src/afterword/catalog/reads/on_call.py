"""Schedules, and who is on call in them, as far as the actor may see them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, QuerySet

from afterword.accounts.models import Person, Team
from afterword.catalog.models import OnCallOverride, OnCallSchedule, OnCallTurn
from afterword.catalog.reads.owned import narrowed, of_visible_teams, one_of
from afterword.catalog.rotation import Override, Rotation, Shift
from afterword.lib.errors import NotFound
from afterword.lib.zones import zone_names

LOOK_AHEAD_DAYS = 60
"""How far ahead the next one on call is looked for."""


@dataclass(frozen=True)
class NamedShift:
    """A stretch of time in a schedule, and who is on call then; None: nobody."""

    person: Person | None
    starts_at: datetime
    ends_at: datetime
    is_override: bool


@dataclass(frozen=True)
class OnCallNow:
    """Who is on call in a schedule, until when, and who is next."""

    schedule: OnCallSchedule
    now: NamedShift
    next: NamedShift | None


def visible_on_call_schedules(
    actor: Person, *, team: Team | None = None, archived: bool | None = None
) -> QuerySet[OnCallSchedule]:
    """Those of the actor's teams, by team and name, each with its turns and overrides."""
    rows = narrowed(of_visible_teams(actor, OnCallSchedule.objects.all()), team=team, archived=archived)
    return _with_people(rows).order_by("team__name", "team", "name", "id")


def get_on_call_schedule(actor: Person, unique_id: uuid.UUID) -> OnCallSchedule:
    """Raises NotFound for one that is not there or not the actor's to see."""
    return one_of(visible_on_call_schedules(actor), unique_id)


def get_override(actor: Person, schedule: OnCallSchedule, unique_id: uuid.UUID) -> OnCallOverride:
    """Raises NotFound."""
    found = overrides_of(actor, schedule).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def overrides_of(actor: Person, schedule: OnCallSchedule) -> QuerySet[OnCallOverride]:
    """The overrides of a schedule, in the order of their starts, each with its person."""
    seen = of_visible_teams(actor, OnCallSchedule.objects.filter(pk=schedule.pk)).values("pk")
    return OnCallOverride.objects.filter(schedule__in=seen).select_related("person", "schedule__team")


def rotation_of(schedule: OnCallSchedule) -> Rotation:
    """The turns of a schedule that was loaded with its turns and overrides. Who left is left out."""
    zone = schedule.time_zone if schedule.time_zone in zone_names() else "UTC"
    return Rotation(
        people=tuple(turn.person_id for turn in schedule.turns.all() if turn.person.is_active),
        zone=ZoneInfo(zone),
        starts_on=schedule.starts_on,
        weekday=schedule.handover_weekday,
        at=schedule.handover_time,
        overrides=tuple(
            Override(one.person_id, one.starts_at, one.ends_at)
            for one in sorted(schedule.overrides.all(), key=lambda one: one.pk)
            if one.person.is_active
        ),
    )


def shifts_of(schedule: OnCallSchedule, since: datetime, until: datetime) -> list[NamedShift]:
    """Who is on call from `since` until `until`, in order and without a gap."""
    people = _people_of(schedule)
    return [_named(shift, people) for shift in rotation_of(schedule).shifts_between(since, until)]


def on_call_now(schedule: OnCallSchedule, at: datetime) -> OnCallNow:
    """Who is on call at a moment, and who is next."""
    first, *later = shifts_of(schedule, at, at + timedelta(days=LOOK_AHEAD_DAYS))
    return OnCallNow(schedule, first, later[0] if later else None)


def on_call_people(schedule_keys: Collection[int], at: datetime) -> dict[int, Person]:
    """Who is on call in each of these schedules. Asks for no rights: for the program itself."""
    found = {}
    for schedule in _with_people(OnCallSchedule.objects.filter(pk__in=schedule_keys)):
        key = rotation_of(schedule).on_call_at(at)
        if key is not None:
            found[schedule.pk] = _people_of(schedule)[key]
    return found


def _with_people(rows: QuerySet[OnCallSchedule]) -> QuerySet[OnCallSchedule]:
    return rows.prefetch_related(
        Prefetch("turns", OnCallTurn.objects.select_related("person")),
        Prefetch("overrides", OnCallOverride.objects.select_related("person")),
    )


def _people_of(schedule: OnCallSchedule) -> dict[int, Person]:
    known = {turn.person_id: turn.person for turn in schedule.turns.all()}
    return known | {one.person_id: one.person for one in schedule.overrides.all()}


def _named(shift: Shift, people: Mapping[int, Person]) -> NamedShift:
    person = None if shift.person is None else people[shift.person]
    return NamedShift(person, shift.starts_at, shift.ends_at, shift.is_override)
