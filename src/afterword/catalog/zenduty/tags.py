"""`teams/{team}/tags/`."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.catalog import reads, writes
from afterword.catalog.models import Tag
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
LIST, ONE = "/{uuid:team}/tags/", "/{uuid:team}/tags/{uuid:unique_id}/"
NAMES = {"name": "name", "color": "colour"}


class TagIn(Schema):
    name: str | None = None
    color: str | None = None


@answers(router, ["GET"], LIST, summary="List tags", name="list_tags")
def list_tags(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    found = reads.visible_tags(actor, team=owner, archived=False)
    return [describe_tag(tag) for tag in found[:ROWS_MAX]]


@answers(router, ["POST"], LIST, summary="Make a tag", name="create_tag", success=201)
def create_tag(request: HttpRequest, team: uuid.UUID, body: TagIn) -> Status[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    made = writes.create_tag(actor=actor, team=owner, **{"name": "", **_values(body)})
    return Status(201, describe_tag(made))


@answers(router, ["GET"], ONE, summary="Get a tag", name="get_tag")
def get_tag(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return describe_tag(one_of(reads.visible_tags(actor, team=owner), unique_id))


@answers(router, ["PUT", "PATCH"], ONE, summary="Change a tag", name="change_tag")
def change_tag(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: TagIn) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    found = one_of(reads.visible_tags(actor, team=owner), unique_id)
    current = {"name": found.name, "colour": found.colour}
    return describe_tag(writes.change_tag(actor=actor, tag=found, **{**current, **_values(body)}))


@answers(router, ["DELETE"], ONE, summary="Delete a tag", name="delete_tag", success=204)
def delete_tag(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    """409 when anything has it."""
    actor, owner = caller_and_team(request, team)
    writes.delete(actor=actor, thing=one_of(reads.visible_tags(actor, team=owner), unique_id))
    return Status(204, None)


def describe_tag(tag: Tag) -> dict[str, Any]:
    return {
        "unique_id": str(tag.unique_id),
        "name": tag.name,
        "creation_date": write_moment(tag.created_at),
        "color": write_colour(tag.colour),
        "team": str(tag.team.unique_id),
    }


def _values(body: TagIn) -> dict[str, Any]:
    values = said(body, NAMES)
    if "colour" in values:
        values["colour"] = read_colour(values["colour"])
    return values
