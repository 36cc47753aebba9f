"""`teams/{team}/roles/`: the incident roles, which are the organisation's here and the same in each team."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts.models import Team
from afterword.catalog import reads, writes
from afterword.catalog.models import IncidentRole
from afterword.catalog.zenduty.wire import ROWS_MAX, answers, caller_and_team, said, write_moment

router = Router()
LIST, ONE = "/{uuid:team}/roles/", "/{uuid:team}/roles/{uuid:unique_id}/"
NAMES = {"title": "name", "description": "description"}


class RoleIn(Schema):
    title: str | None = None
    description: str | None = None
    rank: int | None = None


@answers(router, ["GET"], LIST, summary="List incident roles", name="list_roles")
def list_roles(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    found = reads.visible_incident_roles(actor, archived=False)
    return [describe_role(role, owner) for role in found[:ROWS_MAX]]


@answers(router, ["POST"], LIST, summary="Make an incident role", name="create_role", success=201)
def create_role(request: HttpRequest, team: uuid.UUID, body: RoleIn) -> Status[dict[str, Any]]:
    """For owners and administrators: it is there in every team."""
    actor, owner = caller_and_team(request, team)
    made = writes.create_incident_role(actor=actor, rank=body.rank, **{"name": "", **said(body, NAMES)})
    return Status(201, describe_role(made, owner))


@answers(router, ["GET"], ONE, summary="Get an incident role", name="get_role")
def get_role(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return describe_role(reads.get_incident_role(actor, unique_id), owner)


@answers(router, ["PUT", "PATCH"], ONE, summary="Change an incident role", name="change_role")
def change_role(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: RoleIn) -> dict[str, Any]:
    """For owners and administrators."""
    actor, owner = caller_and_team(request, team)
    found = reads.get_incident_role(actor, unique_id)
    current = {"name": found.name, "description": found.description}
    with transaction.atomic():
        writes.change_incident_role(actor=actor, role=found, **{**current, **said(body, NAMES)})
        if body.rank is not None and body.rank != found.rank:
            writes.move_incident_role(actor=actor, role=found, place=body.rank)
    return describe_role(found, owner)


@answers(router, ["DELETE"], ONE, summary="Delete an incident role", name="delete_role", success=204)
def delete_role(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    """For owners and administrators. 409 when anybody has it in an incident."""
    actor, _ = caller_and_team(request, team)
    writes.delete(actor=actor, thing=reads.get_incident_role(actor, unique_id))
    return Status(204, None)


def describe_role(role: IncidentRole, team: Team) -> dict[str, Any]:
    return {
        "unique_id": str(role.unique_id),
        "team": str(team.unique_id),
        "title": role.name,
        "description": role.description,
        "creation_date": write_moment(role.created_at),
        "rank": role.rank,
    }
