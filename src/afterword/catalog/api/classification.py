"""The API of severities and incident types. Everyone reads them; owners and administrators change them."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from afterword.catalog import reads, writes
from afterword.catalog.api.archiving import add_archiving
from afterword.catalog.api.calls import ArchivedParameter, actor_of, wanted_by
from afterword.catalog.colours import name_of
from afterword.catalog.models import IncidentType, Severity
from afterword.catalog.schemas.classification import (
    IncidentTypeChangeIn,
    IncidentTypeIn,
    IncidentTypeOut,
    SeverityChangeIn,
    SeverityIn,
    SeverityOut,
)
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate

router = Router(tags=["Severities and types"])
SEVERITY_PATH = "/severities/{uuid:unique_id}"
TYPE_PATH = "/incident-types/{uuid:unique_id}"


@router.get("/severities", response=Listing[SeverityOut], summary="The severities")
def list_severities(
    request: HttpRequest,
    archived: ArchivedParameter = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[SeverityOut]:
    """The worst first."""
    rows = reads.visible_severities(actor_of(request), archived=archived)
    page = paginate(rows, cursor=cursor, limit=limit, key="rank")
    return Listing(items=[describe_severity(one) for one in page.items], next=page.next)


@router.post("/severities", response={201: SeverityOut}, summary="Make a severity")
def create_severity(request: HttpRequest, body: SeverityIn) -> Status[SeverityOut]:
    """For owners and administrators."""
    made = writes.create_severity(actor=actor_of(request), **body.model_dump())
    return Status(201, describe_severity(made))


@router.get(SEVERITY_PATH, response=SeverityOut, summary="One severity")
def get_severity(request: HttpRequest, unique_id: uuid.UUID) -> SeverityOut:
    return describe_severity(reads.get_severity(actor_of(request), unique_id))


@router.patch(SEVERITY_PATH, response=SeverityOut, summary="Change a severity")
def change_severity(request: HttpRequest, unique_id: uuid.UUID, body: SeverityChangeIn) -> SeverityOut:
    """For owners and administrators."""
    actor = actor_of(request)
    severity = reads.get_severity(actor, unique_id)
    current = {"name": severity.name, "description": severity.description, "colour": severity.colour}
    with transaction.atomic():
        writes.change_severity(actor=actor, severity=severity, **wanted_by(body, current))
        if body.rank is not None:
            writes.move_severity(actor=actor, severity=severity, place=body.rank)
    return describe_severity(severity)


def describe_severity(severity: Severity) -> SeverityOut:
    return SeverityOut(
        unique_id=severity.unique_id,
        name=severity.name,
        description=severity.description,
        colour=name_of(severity.colour),
        colour_value=severity.colour,
        rank=severity.rank,
        created_at=severity.created_at,
        archived_at=severity.archived_at,
    )


add_archiving(router, SEVERITY_PATH, "severity", reads.get_severity, SeverityOut, describe_severity)


@router.get("/incident-types", response=Listing[IncidentTypeOut], summary="The incident types")
def list_incident_types(
    request: HttpRequest,
    archived: ArchivedParameter = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[IncidentTypeOut]:
    rows = reads.visible_incident_types(actor_of(request), archived=archived)
    page = paginate(rows, cursor=cursor, limit=limit, key="rank")
    return Listing(items=[describe_type(one) for one in page.items], next=page.next)


@router.post("/incident-types", response={201: IncidentTypeOut}, summary="Make an incident type")
def create_incident_type(request: HttpRequest, body: IncidentTypeIn) -> Status[IncidentTypeOut]:
    """For owners and administrators."""
    made = writes.create_incident_type(actor=actor_of(request), **body.model_dump())
    return Status(201, describe_type(made))


@router.get(TYPE_PATH, response=IncidentTypeOut, summary="One incident type")
def get_incident_type(request: HttpRequest, unique_id: uuid.UUID) -> IncidentTypeOut:
    return describe_type(reads.get_incident_type(actor_of(request), unique_id))


@router.patch(TYPE_PATH, response=IncidentTypeOut, summary="Change an incident type")
def change_incident_type(
    request: HttpRequest, unique_id: uuid.UUID, body: IncidentTypeChangeIn
) -> IncidentTypeOut:
    """For owners and administrators."""
    actor = actor_of(request)
    found = reads.get_incident_type(actor, unique_id)
    current = {"name": found.name, "description": found.description}
    with transaction.atomic():
        writes.change_incident_type(actor=actor, incident_type=found, **wanted_by(body, current))
        if body.rank is not None:
            writes.move_incident_type(actor=actor, incident_type=found, place=body.rank)
    return describe_type(found)


def describe_type(found: IncidentType) -> IncidentTypeOut:
    return IncidentTypeOut(
        unique_id=found.unique_id,
        name=found.name,
        description=found.description,
        rank=found.rank,
        created_at=found.created_at,
        archived_at=found.archived_at,
    )


add_archiving(router, TYPE_PATH, "incident type", reads.get_incident_type, IncidentTypeOut, describe_type)
