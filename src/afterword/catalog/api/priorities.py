"""The API of priorities."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts import reads as accounts
from afterword.catalog import reads, writes
from afterword.catalog.api.archiving import add_archiving
from afterword.catalog.api.calls import ArchivedParameter, TeamParameter, actor_of, team_in, wanted_by
from afterword.catalog.colours import name_of
from afterword.catalog.models import Priority
from afterword.catalog.schemas.priorities import PriorityChangeIn, PriorityIn, PriorityOut
from afterword.catalog.schemas.refs import TeamRef
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate

router = Router(tags=["Priorities"])


@router.get("/priorities", response=Listing[PriorityOut], summary="The priorities that you see")
def list_priorities(
    request: HttpRequest,
    team: TeamParameter = None,
    archived: ArchivedParameter = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[PriorityOut]:
    actor = actor_of(request)
    rows = reads.visible_priorities(actor, team=team_in(actor, team), archived=archived)
    page = paginate(rows, cursor=cursor, limit=limit, key="rank")
    return Listing(items=[describe(priority) for priority in page.items], next=page.next)


@router.post("/priorities", response={201: PriorityOut}, summary="Make a priority")
def create_priority(request: HttpRequest, body: PriorityIn) -> Status[PriorityOut]:
    actor = actor_of(request)
    team = accounts.get_team(actor, body.team)
    values = body.model_dump(exclude={"team"})
    return Status(201, describe(writes.create_priority(actor=actor, team=team, **values)))


@router.get("/priorities/{uuid:unique_id}", response=PriorityOut, summary="One priority")
def get_priority(request: HttpRequest, unique_id: uuid.UUID) -> PriorityOut:
    return describe(reads.get_priority(actor_of(request), unique_id))


@router.patch("/priorities/{uuid:unique_id}", response=PriorityOut, summary="Change a priority")
def change_priority(request: HttpRequest, unique_id: uuid.UUID, body: PriorityChangeIn) -> PriorityOut:
    actor = actor_of(request)
    priority = reads.get_priority(actor, unique_id)
    current = {"name": priority.name, "description": priority.description, "colour": priority.colour}
    with transaction.atomic():
        writes.change_priority(actor=actor, priority=priority, **wanted_by(body, current))
        if body.rank is not None:
            writes.move_priority(actor=actor, priority=priority, place=body.rank)
    return describe(priority)


def describe(priority: Priority) -> PriorityOut:
    return PriorityOut(
        unique_id=priority.unique_id,
        team=TeamRef(unique_id=priority.team.unique_id, name=priority.team.name),
        name=priority.name,
        description=priority.description,
        colour=name_of(priority.colour),
        colour_value=priority.colour,
        rank=priority.rank,
        created_at=priority.created_at,
        archived_at=priority.archived_at,
    )


add_archiving(router, "/priorities/{uuid:unique_id}", "priority", reads.get_priority, PriorityOut, describe)
