"""The API of SLAs."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts import reads as accounts
from afterword.catalog import reads, writes
from afterword.catalog.api.archiving import add_archiving
from afterword.catalog.api.calls import ArchivedParameter, TeamParameter, actor_of, team_in, wanted_by
from afterword.catalog.models import Sla
from afterword.catalog.schemas.refs import TeamRef
from afterword.catalog.schemas.slas import SlaChangeIn, SlaIn, SlaOut
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate

router = Router(tags=["SLAs"])
MINUTES = frozenset({"acknowledge_minutes", "resolve_minutes"})


@router.get("/slas", response=Listing[SlaOut], summary="The SLAs that you see")
def list_slas(
    request: HttpRequest,
    team: TeamParameter = None,
    archived: ArchivedParameter = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[SlaOut]:
    actor = actor_of(request)
    rows = reads.visible_slas(actor, team=team_in(actor, team), archived=archived)
    page = paginate(rows, cursor=cursor, limit=limit, key="id")
    return Listing(items=[describe(sla) for sla in page.items], next=page.next)


@router.post("/slas", response={201: SlaOut}, summary="Make an SLA")
def create_sla(request: HttpRequest, body: SlaIn) -> Status[SlaOut]:
    actor = actor_of(request)
    team = accounts.get_team(actor, body.team)
    values = body.model_dump(exclude={"team"})
    return Status(201, describe(writes.create_sla(actor=actor, team=team, **values)))


@router.get("/slas/{uuid:unique_id}", response=SlaOut, summary="One SLA")
def get_sla(request: HttpRequest, unique_id: uuid.UUID) -> SlaOut:
    return describe(reads.get_sla(actor_of(request), unique_id))


@router.patch("/slas/{uuid:unique_id}", response=SlaOut, summary="Change an SLA")
def change_sla(request: HttpRequest, unique_id: uuid.UUID, body: SlaChangeIn) -> SlaOut:
    """Incidents that have it keep the times that they were given."""
    actor = actor_of(request)
    sla = reads.get_sla(actor, unique_id)
    current = {
        "name": sla.name,
        "description": sla.description,
        "is_active": sla.is_active,
        "acknowledge_minutes": sla.acknowledge_minutes,
        "resolve_minutes": sla.resolve_minutes,
    }
    return describe(writes.change_sla(actor=actor, sla=sla, **wanted_by(body, current, nullable=MINUTES)))


def describe(sla: Sla) -> SlaOut:
    return SlaOut(
        unique_id=sla.unique_id,
        team=TeamRef(unique_id=sla.team.unique_id, name=sla.team.name),
        name=sla.name,
        description=sla.description,
        is_active=sla.is_active,
        acknowledge_minutes=sla.acknowledge_minutes,
        resolve_minutes=sla.resolve_minutes,
        created_at=sla.created_at,
        archived_at=sla.archived_at,
    )


add_archiving(router, "/slas/{uuid:unique_id}", "SLA", reads.get_sla, SlaOut, describe)
