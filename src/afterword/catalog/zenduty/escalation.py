"""`teams/{team}/escalation_policies/`.

Their delays are minutes since the incident began, ours since the level before. Their targets are users by
user name, which here is a person's id, or email address, and schedules by their id (target type 1); a team
is target type 3.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.models import EscalationLevel, EscalationPolicy, EscalationTarget
from afterword.catalog.writes.escalation import DELAY_MINUTES_MAX, LEVELS_MAX, TARGETS_PER_LEVEL_MAX, Level
from afterword.catalog.zenduty.wire import ROWS_MAX, answers, caller_and_team, one_of
from afterword.lib.errors import InvalidInput

router = Router()
LIST = "/{uuid:team}/escalation_policies/"
ONE = "/{uuid:team}/escalation_policies/{uuid:unique_id}/"
SCHEDULE, USER, TEAM = 1, 2, 3


class TargetIn(Schema):
    target_type: int
    target_id: str


class RuleIn(Schema):
    delay: Annotated[float, Field(allow_inf_nan=False)] = 0
    targets: list[TargetIn] = []
    position: int | None = None
    postition: int | None = None
    """Their client's spelling."""


class PolicyIn(Schema):
    name: str | None = None
    summary: str | None = None
    description: str | None = None
    repeat_policy: int | None = None
    rules: list[RuleIn] | None = None


@answers(router, ["GET"], LIST, summary="List escalation policies", name="list_escalation_policies")
def list_policies(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    found = reads.visible_escalation_policies(actor, team=owner, archived=False)
    return [describe_policy(policy) for policy in found[:ROWS_MAX]]


@answers(
    router,
    ["POST"],
    LIST,
    summary="Make an escalation policy",
    name="create_escalation_policy",
    success=201,
)
def create_policy(request: HttpRequest, team: uuid.UUID, body: PolicyIn) -> Status[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    accounts.require_manager(actor, owner)
    made = writes.create_escalation_policy(
        actor=actor,
        team=owner,
        name=body.name or "",
        summary=body.summary or body.description or "",
        repeats=body.repeat_policy or 0,
        levels=_levels(actor, owner, body.rules or [], known=[]),
    )
    return Status(201, _shown(actor, owner, made.unique_id))


@answers(router, ["GET"], ONE, summary="Get an escalation policy", name="get_escalation_policy")
def get_policy(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return _shown(actor, owner, unique_id)


@answers(
    router, ["PUT", "PATCH"], ONE, summary="Change an escalation policy", name="change_escalation_policy"
)
def change_policy(
    request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: PolicyIn
) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    policy = one_of(reads.visible_escalation_policies(actor, team=owner), unique_id)
    accounts.require_manager(actor, owner)
    known = writes.levels_of(policy)
    summary = body.summary or body.description
    writes.change_escalation_policy(
        actor=actor,
        policy=policy,
        name=policy.name if body.name is None else body.name,
        summary=policy.summary if summary is None else summary,
        repeats=policy.repeats if body.repeat_policy is None else body.repeat_policy,
        levels=known if body.rules is None else _levels(actor, owner, body.rules, known),
    )
    return _shown(actor, owner, unique_id)


@answers(
    router,
    ["DELETE"],
    ONE,
    summary="Delete an escalation policy",
    name="delete_escalation_policy",
    success=204,
)
def delete_policy(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    """409 when anything has it."""
    actor, owner = caller_and_team(request, team)
    policy = one_of(reads.visible_escalation_policies(actor, team=owner), unique_id)
    writes.delete(actor=actor, thing=policy)
    return Status(204, None)


def describe_policy(policy: EscalationPolicy) -> dict[str, Any]:
    rules = []
    delay = 0
    for level in policy.levels.all():
        delay += level.delay_minutes
        rules.append(_describe_rule(policy, level, delay))
    return {
        "unique_id": str(policy.unique_id),
        "name": policy.name,
        "summary": policy.summary,
        "description": policy.summary,
        "rules": rules,
        "team": str(policy.team.unique_id),
        "repeat_policy": policy.repeats,
        "move_to_next": False,
        "global_ep": False,
        "connections": 0,
        "assignment_settings": None,
    }


def _describe_rule(policy: EscalationPolicy, level: EscalationLevel, delay: int) -> dict[str, Any]:
    return {
        "delay": delay,
        "targets": [_describe_target(target) for target in level.targets.all()],
        "position": level.position,
        # The policy has one level at each place: both together name it.
        "unique_id": str(uuid.uuid5(policy.unique_id, str(level.position))),
    }


def _describe_target(target: EscalationTarget) -> dict[str, Any]:
    if target.person is not None:
        return {"target_type": USER, "target_id": str(target.person.unique_id)}
    if target.schedule is not None:
        return {"target_type": SCHEDULE, "target_id": str(target.schedule.unique_id)}
    assert target.team is not None, "escalation_target_is_one_of_three"
    return {"target_type": TEAM, "target_id": str(target.team.unique_id)}


def _shown(actor: Person, team: Team, unique_id: uuid.UUID) -> dict[str, Any]:
    return describe_policy(one_of(reads.visible_escalation_policies(actor, team=team), unique_id))


def _levels(actor: Person, team: Team, rules: list[RuleIn], known: list[Level]) -> list[Level]:
    """Our levels of their rules, in the order of their positions. Raises InvalidInput."""
    if len(rules) > LEVELS_MAX:
        raise InvalidInput(fields={"rules": f"A policy has 1 to {LEVELS_MAX} rules."})
    people = {
        *reads.people_to_call(actor, team),
        *(person for level in known for person in level.people),
    }
    users = {str(person.unique_id): person for person in people}
    users |= {person.email: person for person in people}
    teams = {str(one.unique_id): one for one in reads.teams_to_call(actor, team)}
    teams |= {str(one.unique_id): one for level in known for one in level.teams}
    schedules = {str(one.unique_id): one for one in reads.schedules_to_call(actor, team)}
    schedules |= {str(one.unique_id): one for level in known for one in level.schedules}
    # Their clients know no round robin: a level keeps what it has by its place.
    turns = dict(enumerate(level.takes_turns for level in known))
    offered: dict[int, dict[str, Any]] = {SCHEDULE: schedules, USER: users, TEAM: teams}
    found: list[Level] = []
    before = 0
    for index, rule in enumerate(sorted(rules, key=_position)):
        delay = int(min(max(rule.delay, -1), DELAY_MINUTES_MAX * LEVELS_MAX + 1))
        if delay < before:
            reason = "Delays are minutes since the incident began: none is less than the one before."
            raise InvalidInput(fields={f"rules.{index}.delay": reason})
        if len(rule.targets) > TARGETS_PER_LEVEL_MAX:
            raise InvalidInput(
                fields={f"rules.{index}.targets": f"A rule calls at most {TARGETS_PER_LEVEL_MAX}."}
            )
        for target in rule.targets:
            if target.target_id not in offered.get(target.target_type, {}):
                reason = (
                    "Please name people of the team by their id or email address (target type 2), or a "
                    "team (3) or a schedule (1) by its id."
                )
                raise InvalidInput(fields={f"rules.{index}.targets": reason})
        found.append(
            Level(
                delay - before,
                people=tuple(users[one.target_id] for one in rule.targets if one.target_type == USER),
                teams=tuple(teams[one.target_id] for one in rule.targets if one.target_type == TEAM),
                schedules=tuple(
                    schedules[one.target_id] for one in rule.targets if one.target_type == SCHEDULE
                ),
                takes_turns=turns.get(len(found), False),
            )
        )
        before = delay
    return found


def _position(rule: RuleIn) -> int:
    return rule.position if rule.position is not None else rule.postition or 0
