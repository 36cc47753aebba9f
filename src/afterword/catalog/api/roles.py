"""The API of incident roles. Everyone reads them; owners and administrators change them."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from afterword.catalog import reads, writes
from afterword.catalog.api.archiving import add_archiving
from afterword.catalog.api.calls import ArchivedParameter, actor_of, wanted_by
from afterword.catalog.models import IncidentRole
from afterword.catalog.schemas.roles import IncidentRoleChangeIn, IncidentRoleIn, IncidentRoleOut
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate

router = Router(tags=["Incident roles"])
PATH = "/incident-roles/{uuid:unique_id}"


@router.get("/incident-roles", response=Listing[IncidentRoleOut], summary="The incident roles")
def list_incident_roles(
    request: HttpRequest,
    archived: ArchivedParameter = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[IncidentRoleOut]:
    rows = reads.visible_incident_roles(actor_of(request), archived=archived)
    page = paginate(rows, cursor=cursor, limit=limit, key="rank")
    return Listing(items=[describe(role) for role in page.items], next=page.next)


@router.post("/incident-roles", response={201: IncidentRoleOut}, summary="Make an incident role")
def create_incident_role(request: HttpRequest, body: IncidentRoleIn) -> Status[IncidentRoleOut]:
    """For owners and administrators."""
    return Status(201, describe(writes.create_incident_role(actor=actor_of(request), **body.model_dump())))


@router.get(PATH, response=IncidentRoleOut, summary="One incident role")
def get_incident_role(request: HttpRequest, unique_id: uuid.UUID) -> IncidentRoleOut:
    return describe(reads.get_incident_role(actor_of(request), unique_id))


@router.patch(PATH, response=IncidentRoleOut, summary="Change an incident role")
def change_incident_role(
    request: HttpRequest, unique_id: uuid.UUID, body: IncidentRoleChangeIn
) -> IncidentRoleOut:
    """For owners and administrators."""
    actor = actor_of(request)
    role = reads.get_incident_role(actor, unique_id)
    current = {"name": role.name, "description": role.description, "is_single": role.is_single}
    with transaction.atomic():
        writes.change_incident_role(actor=actor, role=role, **wanted_by(body, current))
        if body.rank is not None:
            writes.move_incident_role(actor=actor, role=role, place=body.rank)
    return describe(role)


def describe(role: IncidentRole) -> IncidentRoleOut:
    return IncidentRoleOut(
        unique_id=role.unique_id,
        name=role.name,
        description=role.description,
        rank=role.rank,
        is_single=role.is_single,
        meaning=role.meaning,
        created_at=role.created_at,
        archived_at=role.archived_at,
    )


add_archiving(router, PATH, "incident role", reads.get_incident_role, IncidentRoleOut, describe)
