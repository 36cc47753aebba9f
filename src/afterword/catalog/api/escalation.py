"""The API of escalation policies."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.api.archiving import add_archiving
from afterword.catalog.api.calls import ArchivedParameter, TeamParameter, actor_of, team_in, wanted_by
from afterword.catalog.models import EscalationPolicy, EscalationTarget
from afterword.catalog.schemas.escalation import (
    EscalationPolicyChangeIn,
    EscalationPolicyIn,
    EscalationPolicyOut,
    LevelIn,
    LevelOut,
    TargetOut,
)
from afterword.catalog.schemas.refs import TeamRef
from afterword.catalog.writes.escalation import LEVELS_MAX, TARGETS_PER_LEVEL_MAX, Level
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate
from afterword.lib.errors import InvalidInput

router = Router(tags=["Escalation policies"])
PATH = "/escalation-policies/{uuid:unique_id}"


@router.get(
    "/escalation-policies",
    response=Listing[EscalationPolicyOut],
    summary="The escalation policies that you see",
)
def list_escalation_policies(
    request: HttpRequest,
    team: TeamParameter = None,
    archived: ArchivedParameter = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[EscalationPolicyOut]:
    actor = actor_of(request)
    rows = reads.visible_escalation_policies(actor, team=team_in(actor, team), archived=archived)
    page = paginate(rows, cursor=cursor, limit=limit, key="id")
    return Listing(items=[describe(policy) for policy in page.items], next=page.next)


@router.post("/escalation-policies", response={201: EscalationPolicyOut}, summary="Make an escalation policy")
def create_escalation_policy(request: HttpRequest, body: EscalationPolicyIn) -> Status[EscalationPolicyOut]:
    actor = actor_of(request)
    team = accounts.get_team(actor, body.team)
    made = writes.create_escalation_policy(
        actor=actor,
        team=team,
        name=body.name,
        summary=body.summary,
        repeats=body.repeats,
        levels=_levels(actor, team, body.levels, known=()),
    )
    return Status(201, _shown(actor, made))


@router.get(PATH, response=EscalationPolicyOut, summary="One escalation policy")
def get_escalation_policy(request: HttpRequest, unique_id: uuid.UUID) -> EscalationPolicyOut:
    return describe(reads.get_escalation_policy(actor_of(request), unique_id))


@router.patch(PATH, response=EscalationPolicyOut, summary="Change an escalation policy")
def change_escalation_policy(
    request: HttpRequest, unique_id: uuid.UUID, body: EscalationPolicyChangeIn
) -> EscalationPolicyOut:
    actor = actor_of(request)
    policy = reads.get_escalation_policy(actor, unique_id)
    accounts.require_manager(actor, policy.team)
    current = {"name": policy.name, "summary": policy.summary, "repeats": policy.repeats}
    known = writes.levels_of(policy)
    levels = known if body.levels is None else _levels(actor, policy.team, body.levels, known)
    changed = writes.change_escalation_policy(
        actor=actor, policy=policy, levels=levels, **wanted_by(body, current)
    )
    return _shown(actor, changed)


def describe(policy: EscalationPolicy) -> EscalationPolicyOut:
    return EscalationPolicyOut(
        unique_id=policy.unique_id,
        team=TeamRef(unique_id=policy.team.unique_id, name=policy.team.name),
        name=policy.name,
        summary=policy.summary,
        repeats=policy.repeats,
        levels=[
            LevelOut(
                delay_minutes=level.delay_minutes,
                targets=[_describe_target(target) for target in level.targets.all()],
                takes_turns=level.takes_turns,
            )
            for level in policy.levels.all()
        ],
        created_at=policy.created_at,
        archived_at=policy.archived_at,
    )


def _describe_target(target: EscalationTarget) -> TargetOut:
    if target.person is not None:
        return TargetOut(kind="person", unique_id=target.person.unique_id, name=target.person.name)
    if target.schedule is not None:
        return TargetOut(kind="schedule", unique_id=target.schedule.unique_id, name=target.schedule.name)
    assert target.team is not None, "escalation_target_is_one_of_three"
    return TargetOut(kind="team", unique_id=target.team.unique_id, name=target.team.name)


def _shown(actor: Person, policy: EscalationPolicy) -> EscalationPolicyOut:
    return describe(reads.get_escalation_policy(actor, policy.unique_id))


def _levels(actor: Person, team: Team, given: Sequence[LevelIn], known: Sequence[Level]) -> list[Level]:
    """The levels with the people and teams that their ids stand for. Raises InvalidInput, NotFound."""
    people = {person.unique_id: person for person in reads.people_to_call(actor, team)}
    people |= {person.unique_id: person for level in known for person in level.people}
    teams = {one.unique_id: one for one in reads.teams_to_call(actor, team)}
    teams |= {one.unique_id: one for level in known for one in level.teams}
    schedules = {one.unique_id: one for one in reads.schedules_to_call(actor, team)}
    schedules |= {one.unique_id: one for level in known for one in level.schedules}
    offered: dict[str, dict[uuid.UUID, Any]] = {"person": people, "team": teams, "schedule": schedules}
    found: list[Level] = []
    if len(given) > LEVELS_MAX:
        raise InvalidInput(fields={"levels": f"A policy has 1 to {LEVELS_MAX} levels."})
    for index, level in enumerate(given):
        if len(level.targets) > TARGETS_PER_LEVEL_MAX:
            raise InvalidInput(
                fields={f"levels.{index}.targets": f"A level calls at most {TARGETS_PER_LEVEL_MAX}."}
            )
        for place, target in enumerate(level.targets):
            if target.unique_id not in offered[target.kind]:
                reason = f"The team can call no {target.kind} with this id."
                raise InvalidInput(fields={f"levels.{index}.targets.{place}.unique_id": reason})
        found.append(
            Level(
                level.delay_minutes,
                people=tuple(people[one.unique_id] for one in level.targets if one.kind == "person"),
                teams=tuple(teams[one.unique_id] for one in level.targets if one.kind == "team"),
                schedules=tuple(schedules[one.unique_id] for one in level.targets if one.kind == "schedule"),
                takes_turns=level.takes_turns,
            )
        )
    return found


add_archiving(router, PATH, "escalation policy", reads.get_escalation_policy, EscalationPolicyOut, describe)
