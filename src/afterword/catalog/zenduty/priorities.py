"""`teams/{team}/priority/`."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.catalog import reads, writes
from afterword.catalog.models import Priority
from afterword.catalog.zenduty.colours import read_colour, write_colour
from afterword.catalog.zenduty.wire import (
    ROWS_MAX,
    answers,
    caller_and_team,
    one_of,
    said,
    write_moment,
)

router = Router()
LIST, ONE = "/{uuid:team}/priority/", "/{uuid:team}/priority/{uuid:unique_id}/"
NAMES = {"name": "name", "description": "description", "color": "colour"}


class PriorityIn(Schema):
    name: str | None = None
    description: str | None = None
    color: str | None = None


@answers(router, ["GET"], LIST, summary="List priorities", name="list_priorities")
def list_priorities(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    found = reads.visible_priorities(actor, team=owner, archived=False)
    return [describe_priority(priority) for priority in found[:ROWS_MAX]]


@answers(router, ["POST"], LIST, summary="Make a priority", name="create_priority", success=201)
def create_priority(request: HttpRequest, team: uuid.UUID, body: PriorityIn) -> Status[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    made = writes.create_priority(actor=actor, team=owner, **{"name": "", **_values(body)})
    return Status(201, describe_priority(made))


@answers(router, ["GET"], ONE, summary="Get a priority", name="get_priority")
def get_priority(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return describe_priority(one_of(reads.visible_priorities(actor, team=owner), unique_id))


@answers(router, ["PUT", "PATCH"], ONE, summary="Change a priority", name="change_priority")
def change_priority(
    request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: PriorityIn
) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    found = one_of(reads.visible_priorities(actor, team=owner), unique_id)
    current = {"name": found.name, "description": found.description, "colour": found.colour}
    return describe_priority(
        writes.change_priority(actor=actor, priority=found, **{**current, **_values(body)})
    )


@answers(router, ["DELETE"], ONE, summary="Delete a priority", name="delete_priority", success=204)
def delete_priority(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    """409 when anything has it."""
    actor, owner = caller_and_team(request, team)
    writes.delete(actor=actor, thing=one_of(reads.visible_priorities(actor, team=owner), unique_id))
    return Status(204, None)


def describe_priority(priority: Priority) -> dict[str, Any]:
    return {
        "unique_id": str(priority.unique_id),
        "name": priority.name,
        "description": priority.description,
        "creation_date": write_moment(priority.created_at),
        "color": write_colour(priority.colour),
        "team": str(priority.team.unique_id),
    }


def _values(body: PriorityIn) -> dict[str, Any]:
    values = said(body, NAMES)
    if "colour" in values:
        values["colour"] = read_colour(values["colour"])
    return values
