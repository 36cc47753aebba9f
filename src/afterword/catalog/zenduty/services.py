"""`teams/{team}/services/`. Resolving after silence is in seconds, joining alerts in minutes."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.models import Service
from afterword.catalog.reads.owned import named_in
from afterword.catalog.writes.services import Behaviour
from afterword.catalog.zenduty.wire import (
    ROWS_MAX,
    Seconds,
    answers,
    caller_and_team,
    one_of,
    read_seconds,
    write_id,
    write_moment,
    write_seconds,
)
from afterword.lib import clock

router = Router()
LIST, ONE = "/{uuid:team}/services/", "/{uuid:team}/services/{uuid:unique_id}/"
ACTIVE, UNDER_MAINTENANCE = 1, 4
COLLATION_OFF, COLLATION_BY_TIME = 0, 1


class ServiceIn(Schema):
    """What this install does not have, as a task template, is taken and ignored."""

    name: str | None = None
    summary: str | None = None
    description: str | None = None
    team_priority: uuid.UUID | None = None
    sla: uuid.UUID | None = None
    escalation_policy: uuid.UUID | None = None
    auto_resolve_timeout: Seconds | None = None
    collation: int | None = None
    collation_time: int | None = None


@answers(router, ["GET"], LIST, summary="List services", name="list_services")
def list_services(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    found = list(reads.with_defaults(reads.visible_services(actor)).filter(team=owner)[:ROWS_MAX])
    under_maintenance = reads.active_windows(found, clock.now())
    return [describe_service(service, under_maintenance) for service in found]


@answers(router, ["POST"], LIST, summary="Make a service", name="create_service", success=201)
def create_service(request: HttpRequest, team: uuid.UUID, body: ServiceIn) -> Status[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    accounts.require_manager(actor, owner)
    with transaction.atomic():
        made = writes.create_service(
            actor=actor, team=owner, name=body.name or "", summary=body.summary or body.description or ""
        )
        behaviour = _behaviour(actor, owner, body, Behaviour())
        writes.change_service(actor=actor, service=made, behaviour=behaviour)
    return Status(201, _shown(actor, owner, made.unique_id))


@answers(router, ["GET"], ONE, summary="Get a service", name="get_service")
def get_service(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return _shown(actor, owner, unique_id)


@answers(router, ["PUT", "PATCH"], ONE, summary="Change a service", name="change_service")
def change_service(
    request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: ServiceIn
) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    service = _service(actor, owner, unique_id)
    accounts.require_manager(actor, owner)
    writes.change_service(
        actor=actor,
        service=service,
        name=body.name,
        summary=body.summary,
        behaviour=_behaviour(actor, owner, body, writes.behaviour_of(service)),
    )
    return _shown(actor, owner, unique_id)


@answers(router, ["DELETE"], ONE, summary="Delete a service", name="delete_service", success=204)
def delete_service(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    """409 when it has an integration or an incident."""
    actor, owner = caller_and_team(request, team)
    writes.delete_service(actor=actor, service=_service(actor, owner, unique_id))
    return Status(204, None)


def describe_service(service: Service, under_maintenance: Collection[int]) -> dict[str, Any]:
    """A service with Zenduty's keys; `under_maintenance` holds the primary keys of those that are."""
    is_maintained = service.pk in under_maintenance
    return {
        "name": service.name,
        "creation_date": write_moment(service.created_at),
        "summary": service.summary,
        "description": "",
        "unique_id": str(service.unique_id),
        "auto_resolve_timeout": write_seconds(service.auto_resolve_minutes),
        "created_by": None,
        "team_priority": write_id(service.priority),
        "task_template": None,
        "acknowledgement_timeout": 0,
        "acknowledgement_timeout_enabled": False,
        "status": UNDER_MAINTENANCE if is_maintained else ACTIVE,
        "escalation_policy": write_id(service.escalation_policy),
        "team": str(service.team.unique_id),
        "team_name": service.team.name,
        "sla": write_id(service.sla),
        "collation_time": service.collation_minutes,
        "collation": COLLATION_BY_TIME if service.collation_minutes else COLLATION_OFF,
        "under_maintenance": is_maintained,
    }


def _service(actor: Person, team: Team, unique_id: uuid.UUID) -> Service:
    return one_of(reads.with_defaults(reads.visible_services(actor)).filter(team=team), unique_id)


def _shown(actor: Person, team: Team, unique_id: uuid.UUID) -> dict[str, Any]:
    service = _service(actor, team, unique_id)
    return describe_service(service, reads.active_windows([service], clock.now()))


def _behaviour(actor: Person, team: Team, body: ServiceIn, current: Behaviour) -> Behaviour:
    """`current` with what the body says. Raises InvalidInput."""
    values: dict[str, Any] = {}
    if body.team_priority is not None:
        rows = reads.visible_priorities(actor, team=team)
        values["priority"] = named_in(rows, body.team_priority, field="team_priority", noun="priority")
    if body.sla is not None:
        values["sla"] = named_in(reads.visible_slas(actor, team=team), body.sla, field="sla", noun="SLA")
    if body.escalation_policy is not None:
        policies = reads.visible_escalation_policies(actor, team=team)
        values["escalation_policy"] = named_in(
            policies, body.escalation_policy, field="escalation_policy", noun="escalation policy"
        )
    if body.auto_resolve_timeout is not None:
        values["auto_resolve_minutes"] = read_seconds(body.auto_resolve_timeout)
    if body.collation == COLLATION_OFF:
        values["collation_minutes"] = 0
    elif body.collation_time is not None:
        values["collation_minutes"] = body.collation_time
    return replace(current, **values)
