"""Every change to on-call schedules and their overrides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import OrganisationRole, Person, Team
from afterword.audit.writes import record
from afterword.catalog.models import OnCallOverride, OnCallSchedule, OnCallTurn
from afterword.catalog.reads.escalation import people_to_call
from afterword.catalog.writes import owned
from afterword.catalog.writes.texts import clean_name, clean_summary
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.lib.zones import zone_names

SCHEDULES_PER_TEAM_MAX = 50
PEOPLE_MAX = 50
"""Who take turns in one schedule."""
OVERRIDES_MAX = 200
"""Of one schedule, those that are over left out."""
OVERRIDE_DAYS_MAX = 366
START_YEARS = range(2000, 2101)
NAME_TAKEN = "The team has an on-call schedule with this name already."


@transaction.atomic
def create_on_call_schedule(
    *,
    actor: Person,
    team: Team,
    name: str,
    people: Sequence[Person],
    time_zone: str,
    starts_on: date,
    handover_weekday: int,
    handover_time: time,
    summary: str = "",
) -> OnCallSchedule:
    """Make a schedule of a team, with `people` in the order of their turns.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, team)
    owned.require_room(
        OnCallSchedule.objects.filter(team=team), SCHEDULES_PER_TEAM_MAX, "on-call schedules in a team"
    )
    _check(actor, team, people, time_zone, starts_on, handover_weekday, known=())
    schedule = OnCallSchedule(
        team=team,
        name=clean_name(name),
        summary=clean_summary(summary),
        time_zone=time_zone,
        starts_on=starts_on,
        handover_weekday=handover_weekday,
        handover_time=_whole_minutes(handover_time),
    )
    owned.add(actor=actor, thing=schedule, name_taken=NAME_TAKEN, data={"people": len(people)})
    _write_turns(schedule, people)
    return schedule


@transaction.atomic
def change_on_call_schedule(
    *,
    actor: Person,
    schedule: OnCallSchedule,
    name: str,
    summary: str,
    people: Sequence[Person],
    time_zone: str,
    starts_on: date,
    handover_weekday: int,
    handover_time: time,
) -> OnCallSchedule:
    """Change a schedule; `people` are all who take turns, in their order.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    owned.require_right(actor, schedule)
    schedule = (
        OnCallSchedule.objects.select_for_update(of=("self",)).select_related("team").get(pk=schedule.pk)
    )
    known = [turn.person for turn in schedule.turns.select_related("person")]
    _check(actor, schedule.team, people, time_zone, starts_on, handover_weekday, known=known)
    wanted = {
        "name": clean_name(name),
        "summary": clean_summary(summary),
        "time_zone": time_zone,
        "starts_on": starts_on,
        "handover_weekday": handover_weekday,
        "handover_time": _whole_minutes(handover_time),
    }
    owned.change(actor=actor, thing=schedule, wanted=wanted, name_taken=NAME_TAKEN)
    if list(people) != known:
        OnCallTurn.objects.filter(schedule=schedule).delete()
        _write_turns(schedule, people)
        record(
            actor=actor,
            action="on_call_schedule.people_changed",
            subject=schedule,
            team_id=schedule.team_id,
            data={"people": [str(person) for person in people]},
        )
    return schedule


@transaction.atomic
def add_override(
    *, actor: Person, schedule: OnCallSchedule, person: Person, starts_at: datetime, ends_at: datetime
) -> OnCallOverride:
    """Have somebody on call instead of whose turn it is. Everyone who may write in the team may do that.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    accounts.require_write(actor, schedule.team)
    now = clock.now()
    if person not in set(people_to_call(actor, schedule.team)) or person.role == OrganisationRole.VIEWER:
        raise InvalidInput(fields={"person": "Please choose somebody of the team who may do more than read."})
    if ends_at <= starts_at:
        raise InvalidInput(fields={"ends_at": "It ends before it begins."})
    if ends_at <= now:
        raise InvalidInput(fields={"ends_at": "This is over already."})
    if ends_at - starts_at > timedelta(days=OVERRIDE_DAYS_MAX) or starts_at.year not in START_YEARS:
        raise InvalidInput(fields={"ends_at": f"Please use at most {OVERRIDE_DAYS_MAX} days."})
    OnCallSchedule.objects.select_for_update(of=("self",)).get(pk=schedule.pk)
    if OnCallOverride.objects.filter(schedule=schedule, ends_at__gt=now).count() >= OVERRIDES_MAX:
        raise InvalidInput(fields={"person": f"A schedule has at most {OVERRIDES_MAX} overrides."})
    override = OnCallOverride.objects.create(
        schedule=schedule,
        person=person,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=actor,
        created_at=now,
    )
    _record(actor, "on_call_override.created", override)
    return override


@transaction.atomic
def remove_override(*, actor: Person, override: OnCallOverride) -> None:
    """Go back to whose turn it is. Raises NotAllowed, NotFound."""
    accounts.require_write(actor, override.schedule.team)
    _record(actor, "on_call_override.removed", override)
    override.delete()


def _check(
    actor: Person,
    team: Team,
    people: Sequence[Person],
    time_zone: str,
    starts_on: date,
    weekday: int,
    known: Sequence[Person],
) -> None:
    faults = {}
    if not people:
        faults["people"] = "Please choose who takes turns."
    elif len(people) > PEOPLE_MAX:
        faults["people"] = f"At most {PEOPLE_MAX} people take turns."
    elif len(set(people)) < len(people):
        faults["people"] = "Somebody is chosen twice."
    else:
        allowed = {*people_to_call(actor, team), *known}
        strangers = [
            str(one)
            for one in people
            if one not in allowed or (one.role == OrganisationRole.VIEWER and one not in known)
        ]
        if strangers:
            faults["people"] = (
                f"Only people of the team who may do more than read take turns: not {', '.join(strangers)}."
            )
    if time_zone not in zone_names():
        faults["time_zone"] = "Please give a time zone as in Europe/Berlin."
    if starts_on.year not in START_YEARS:
        faults["starts_on"] = "Please give a day of this century."
    if not 0 <= weekday <= 6:
        faults["handover_weekday"] = "Please give a number from 0, Monday, to 6."
    if faults:
        raise InvalidInput(fields=faults)


def _whole_minutes(at: time) -> time:
    return at.replace(second=0, microsecond=0, tzinfo=None)


def _write_turns(schedule: OnCallSchedule, people: Sequence[Person]) -> None:
    OnCallTurn.objects.bulk_create(
        OnCallTurn(schedule=schedule, person=person, position=position)
        for position, person in enumerate(people, start=1)
    )


def _record(actor: Person, action: str, override: OnCallOverride) -> None:
    record(
        actor=actor,
        action=action,
        subject=override,
        team_id=override.schedule.team_id,
        data={
            "schedule": override.schedule.name,
            "person": str(override.person),
            "from": override.starts_at.isoformat(),
            "until": override.ends_at.isoformat(),
        },
    )
