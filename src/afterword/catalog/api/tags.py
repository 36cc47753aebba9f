"""The API of tags."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts import reads as accounts
from afterword.catalog import reads, writes
from afterword.catalog.api.archiving import add_archiving
from afterword.catalog.api.calls import ArchivedParameter, TeamParameter, actor_of, team_in, wanted_by
from afterword.catalog.colours import name_of
from afterword.catalog.models import Tag
from afterword.catalog.schemas.refs import TeamRef
from afterword.catalog.schemas.tags import TagChangeIn, TagIn, TagOut
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate

router = Router(tags=["Tags"])


@router.get("/tags", response=Listing[TagOut], summary="The tags that you see")
def list_tags(
    request: HttpRequest,
    team: TeamParameter = None,
    archived: ArchivedParameter = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[TagOut]:
    actor = actor_of(request)
    rows = reads.visible_tags(actor, team=team_in(actor, team), archived=archived)
    page = paginate(rows, cursor=cursor, limit=limit, key="id")
    return Listing(items=[describe(tag) for tag in page.items], next=page.next)


@router.post("/tags", response={201: TagOut}, summary="Make a tag")
def create_tag(request: HttpRequest, body: TagIn) -> Status[TagOut]:
    actor = actor_of(request)
    team = accounts.get_team(actor, body.team)
    values = body.model_dump(exclude={"team"})
    return Status(201, describe(writes.create_tag(actor=actor, team=team, **values)))


@router.get("/tags/{uuid:unique_id}", response=TagOut, summary="One tag")
def get_tag(request: HttpRequest, unique_id: uuid.UUID) -> TagOut:
    return describe(reads.get_tag(actor_of(request), unique_id))


@router.patch("/tags/{uuid:unique_id}", response=TagOut, summary="Change a tag")
def change_tag(request: HttpRequest, unique_id: uuid.UUID, body: TagChangeIn) -> TagOut:
    actor = actor_of(request)
    tag = reads.get_tag(actor, unique_id)
    current = {"name": tag.name, "colour": tag.colour}
    writes.change_tag(actor=actor, tag=tag, **wanted_by(body, current))
    return describe(tag)


def describe(tag: Tag) -> TagOut:
    return TagOut(
        unique_id=tag.unique_id,
        team=TeamRef(unique_id=tag.team.unique_id, name=tag.team.name),
        name=tag.name,
        colour=name_of(tag.colour),
        colour_value=tag.colour,
        created_at=tag.created_at,
        archived_at=tag.archived_at,
    )


add_archiving(router, "/tags/{uuid:unique_id}", "tag", reads.get_tag, TagOut, describe)
