"""The API of services."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status

from afterword.accounts import reads as accounts
from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.catalog import reads, writes
from afterword.catalog.models import Service
from afterword.catalog.schemas.services import ServiceChangeIn, ServiceIn, ServiceOut
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate

router = Router(tags=["Catalogue"])

TeamParameter = Annotated[uuid.UUID | None, Query(description="Only the services of this team.")]


@router.get("/services", response=Listing[ServiceOut], summary="The services that you see")
def list_services(
    request: HttpRequest,
    team: TeamParameter = None,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Service]:
    actor = _actor(request)
    services = reads.visible_services(actor)
    if team is not None:
        services = services.filter(team=accounts.get_team(actor, team))
    return paginate(services, cursor=cursor, limit=limit, key="id")


@router.post("/services", response={201: ServiceOut}, summary="Make a service")
def create_service(request: HttpRequest, body: ServiceIn) -> Status[Service]:
    actor = _actor(request)
    team = accounts.get_team(actor, body.team)
    return Status(201, writes.create_service(actor=actor, team=team, name=body.name, summary=body.summary))


@router.get("/services/{uuid:service_id}", response=ServiceOut, summary="One service")
def get_service(request: HttpRequest, service_id: uuid.UUID) -> Service:
    return reads.get_service(_actor(request), service_id)


@router.patch("/services/{uuid:service_id}", response=ServiceOut, summary="Change a service")
def change_service(request: HttpRequest, service_id: uuid.UUID, body: ServiceChangeIn) -> Service:
    actor = _actor(request)
    service = reads.get_service(actor, service_id)
    return writes.change_service(actor=actor, service=service, name=body.name, summary=body.summary)


def _actor(request: HttpRequest) -> Person:
    return caller_of(request).person
