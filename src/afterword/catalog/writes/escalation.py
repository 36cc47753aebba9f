"""Every change to escalation policies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.audit.writes import record
from afterword.catalog.minutes import check_minutes
from afterword.catalog.models import EscalationLevel, EscalationPolicy, EscalationTarget, OnCallSchedule
from afterword.catalog.reads.escalation import people_to_call, schedules_to_call, teams_to_call
from afterword.catalog.writes import owned
from afterword.catalog.writes.texts import clean_name, clean_summary
from afterword.lib.errors import InvalidInput

POLICIES_PER_TEAM_MAX = 200
LEVELS_MAX = 20
TARGETS_PER_LEVEL_MAX = 20
DELAY_MINUTES_MAX = 7 * 24 * 60
REPEATS_MAX = 20
NAME_TAKEN = "The team has an escalation policy with this name already."


@dataclass(frozen=True)
class Level:
    """One step as somebody wants it: after how long, and whom."""

    delay_minutes: int
    people: tuple[Person, ...] = field(default=())
    teams: tuple[Team, ...] = field(default=())
    schedules: tuple[OnCallSchedule, ...] = field(default=())
    """Whoever is on call in them then."""
    takes_turns: bool = False
    """Round robin: it calls one of its people, each time the next one."""

    @property
    def targets(self) -> int:
        return len(self.people) + len(self.teams) + len(self.schedules)


@transaction.atomic
def create_escalation_policy(
    *,
    actor: Person,
    team: Team,
    name: str,
    levels: Sequence[Level],
    summary: str = "",
    repeats: int = 0,
) -> EscalationPolicy:
    """Make an escalation policy of a team. Raises InvalidInput, NotAllowed, NotFound."""
    accounts.require_manager(actor, team)
    owned.require_room(
        EscalationPolicy.objects.filter(team=team), POLICIES_PER_TEAM_MAX, "escalation policies in a team"
    )
    _check(actor, team, levels, repeats, known=None)
    policy = EscalationPolicy(
        team=team, name=clean_name(name), summary=clean_summary(summary), repeats=repeats
    )
    owned.add(actor=actor, thing=policy, name_taken=NAME_TAKEN, data={"levels": len(levels)})
    _write_levels(policy, levels)
    return policy


@transaction.atomic
def change_escalation_policy(
    *,
    actor: Person,
    policy: EscalationPolicy,
    name: str,
    summary: str,
    repeats: int,
    levels: Sequence[Level],
) -> EscalationPolicy:
    """Change a policy; `levels` are all that it is to have. Raises InvalidInput, NotAllowed, NotFound."""
    owned.require_right(actor, policy)
    policy = EscalationPolicy.objects.select_for_update().select_related("team").get(pk=policy.pk)
    before = levels_of(policy)
    _check(actor, policy.team, levels, repeats, known=before)
    wanted = {"name": clean_name(name), "summary": clean_summary(summary), "repeats": repeats}
    owned.change(actor=actor, thing=policy, wanted=wanted, name_taken=NAME_TAKEN)
    if list(levels) != before:
        EscalationLevel.objects.filter(policy=policy).delete()
        _write_levels(policy, levels)
        record(
            actor=actor,
            action="escalation_policy.levels_changed",
            subject=policy,
            team_id=policy.team_id,
            data={"levels": len(levels)},
        )
    return policy


def levels_of(policy: EscalationPolicy) -> list[Level]:
    """The levels of a policy as they are kept, in their order."""
    levels = EscalationLevel.objects.filter(policy=policy).prefetch_related(
        "targets__person", "targets__team", "targets__schedule"
    )
    return [
        Level(
            level.delay_minutes,
            people=tuple(target.person for target in level.targets.all() if target.person is not None),
            teams=tuple(target.team for target in level.targets.all() if target.team is not None),
            schedules=tuple(one.schedule for one in level.targets.all() if one.schedule is not None),
            takes_turns=level.takes_turns,
        )
        for level in levels
    ]


def _check(
    actor: Person, team: Team, levels: Sequence[Level], repeats: int, known: Sequence[Level] | None
) -> None:
    """Raises InvalidInput at `levels.0.delay_minutes`, `levels.0.targets` and the like."""
    if not 0 <= repeats <= REPEATS_MAX:
        raise InvalidInput(fields={"repeats": f"Please give a number from 0 to {REPEATS_MAX}."})
    if not 1 <= len(levels) <= LEVELS_MAX:
        raise InvalidInput(fields={"levels": f"A policy has 1 to {LEVELS_MAX} levels."})
    # Whoever stands in the policy already may stay in it, though they left the team since.
    people = {*people_to_call(actor, team), *(person for level in known or () for person in level.people)}
    teams = {*teams_to_call(actor, team), *(one for level in known or () for one in level.teams)}
    schedules = {*schedules_to_call(actor, team), *(one for level in known or () for one in level.schedules)}
    faults: dict[str, str] = {}
    for index, level in enumerate(levels):
        try:
            check_minutes(level.delay_minutes, field="delay", minutes_max=DELAY_MINUTES_MAX)
        except InvalidInput as error:
            faults[f"levels.{index}.delay_minutes"] = error.fields["delay"]
        fault = _fault_of_targets(level, {*people, *teams, *schedules})
        if fault:
            faults[f"levels.{index}.targets"] = fault
    if faults:
        raise InvalidInput(fields=faults)


def _fault_of_targets(level: Level, offered: set[Any]) -> str:
    chosen: list[Any] = [*level.people, *level.teams, *level.schedules]
    if not chosen:
        return "Please choose whom to call."
    if len(chosen) > TARGETS_PER_LEVEL_MAX:
        return f"A level calls at most {TARGETS_PER_LEVEL_MAX}."
    if len(set(chosen)) < len(chosen):
        return "Somebody is chosen twice."
    strangers = [str(one) for one in chosen if one not in offered]
    if strangers:
        names = ", ".join(strangers)
        return f"Only people and schedules of the team, and teams that you see, can be called: not {names}."
    return ""


def _write_levels(policy: EscalationPolicy, levels: Sequence[Level]) -> None:
    rows = EscalationLevel.objects.bulk_create(
        EscalationLevel(
            policy=policy,
            position=position,
            delay_minutes=level.delay_minutes,
            takes_turns=level.takes_turns,
        )
        for position, level in enumerate(levels, start=1)
    )
    EscalationTarget.objects.bulk_create(
        target
        for row, level in zip(rows, levels, strict=True)
        for target in (
            *(EscalationTarget(level=row, person=person) for person in level.people),
            *(EscalationTarget(level=row, team=team) for team in level.teams),
            *(EscalationTarget(level=row, schedule=schedule) for schedule in level.schedules),
        )
    )
