"""`teams/{team}/sla/`. Their times are in seconds; ours in minutes, rounded up."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.catalog import reads, writes
from afterword.catalog.models import Sla
from afterword.catalog.zenduty.wire import (
    ROWS_MAX,
    Seconds,
    answers,
    caller_and_team,
    one_of,
    read_seconds,
    said,
    write_moment,
    write_seconds,
)

router = Router()
LIST, ONE = "/{uuid:team}/sla/", "/{uuid:team}/sla/{uuid:unique_id}/"
NAMES = {
    "name": "name",
    "description": "description",
    "is_active": "is_active",
    "acknowledge_time": "acknowledge_minutes",
    "resolve_time": "resolve_minutes",
}


class SlaIn(Schema):
    """0 seconds are no promise. Whom to tell of a breach (`escalations`) is not kept."""

    name: str | None = None
    description: str | None = None
    is_active: bool | None = None
    acknowledge_time: Seconds | None = None
    resolve_time: Seconds | None = None


@answers(router, ["GET"], LIST, summary="List SLAs", name="list_slas")
def list_slas(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    found = reads.visible_slas(actor, team=owner, archived=False)
    return [describe_sla(sla) for sla in found[:ROWS_MAX]]


@answers(router, ["POST"], LIST, summary="Make an SLA", name="create_sla", success=201)
def create_sla(request: HttpRequest, team: uuid.UUID, body: SlaIn) -> Status[dict[str, Any]]:
    actor, owner = caller_and_team(request, team)
    nothing = {"name": "", "acknowledge_minutes": None, "resolve_minutes": None}
    return Status(
        201, describe_sla(writes.create_sla(actor=actor, team=owner, **{**nothing, **_values(body)}))
    )


@answers(router, ["GET"], ONE, summary="Get an SLA", name="get_sla")
def get_sla(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    return describe_sla(one_of(reads.visible_slas(actor, team=owner), unique_id))


@answers(router, ["PUT", "PATCH"], ONE, summary="Change an SLA", name="change_sla")
def change_sla(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: SlaIn) -> dict[str, Any]:
    actor, owner = caller_and_team(request, team)
    found = one_of(reads.visible_slas(actor, team=owner), unique_id)
    current = {ours: getattr(found, ours) for ours in NAMES.values()}
    return describe_sla(writes.change_sla(actor=actor, sla=found, **{**current, **_values(body)}))


@answers(router, ["DELETE"], ONE, summary="Delete an SLA", name="delete_sla", success=204)
def delete_sla(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    """409 when anything has it."""
    actor, owner = caller_and_team(request, team)
    writes.delete(actor=actor, thing=one_of(reads.visible_slas(actor, team=owner), unique_id))
    return Status(204, None)


def describe_sla(sla: Sla) -> dict[str, Any]:
    return {
        "unique_id": str(sla.unique_id),
        "name": sla.name,
        "description": sla.description,
        "summary": "",
        "conditions": "",
        "is_active": sla.is_active,
        "acknowledge_time": write_seconds(sla.acknowledge_minutes),
        "resolve_time": write_seconds(sla.resolve_minutes),
        "escalations": [],
        "team": str(sla.team.unique_id),
        "time_zone": None,
        "creation_date": write_moment(sla.created_at),
    }


def _values(body: SlaIn) -> dict[str, Any]:
    values = said(body, NAMES)
    for name in ("acknowledge_minutes", "resolve_minutes"):
        if name in values:
            values[name] = read_seconds(values[name]) or None
    return values
