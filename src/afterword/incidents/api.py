"""`/api/v1/incidents`: what programs of our own kind use."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Status

from afterword.accounts.keys import caller_of
from afterword.catalog.reads import visible_services
from afterword.incidents import reads, writes
from afterword.incidents.models import Alert, Entry, Incident
from afterword.incidents.reads import IncidentFilter
from afterword.incidents.schemas import (
    AlertOut,
    EntryOut,
    IncidentChangeIn,
    IncidentIn,
    IncidentOut,
    NoteIn,
    ResolutionIn,
)
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput

router = Router(tags=["Incidents"])

StatusParameter = Annotated[str, Query(description="open, triggered, acknowledged or resolved")]
TextParameter = Annotated[str, Query(description="Words of the title or the summary; or a number.")]


@router.get("", response=Listing[IncidentOut], summary="List incidents")
def list_incidents(
    request: HttpRequest,
    status: StatusParameter = "",
    team: uuid.UUID | None = None,
    service: uuid.UUID | None = None,
    text: TextParameter = "",
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Incident]:
    """Newest first."""
    wanted = IncidentFilter(status=status, team=team, service=service, text=text)
    found = reads.find_incidents(caller_of(request).person, wanted)
    return paginate(found, cursor=cursor, limit=limit, key="-number")


@router.post("", response={201: IncidentOut}, summary="Report an incident")
def create_incident(request: HttpRequest, given: IncidentIn) -> Status[Incident]:
    actor = caller_of(request).person
    service = visible_services(actor).filter(unique_id=given.service).first()
    if service is None:
        raise InvalidInput(fields={"service": "There is no such service."})
    incident = writes.create_incident(
        actor=actor,
        service=service,
        title=given.title,
        summary=given.summary,
        started_at=given.started_at,
    )
    return Status(201, incident)


@router.get("/{reference}", response=IncidentOut, summary="Get an incident")
def get_incident(request: HttpRequest, reference: str) -> Incident:
    """By its number or its unique id."""
    return _incident(request, reference)


@router.patch("/{reference}", response=IncidentOut, summary="Change title and summary")
def change_incident(request: HttpRequest, reference: str, given: IncidentChangeIn) -> Incident:
    actor, incident = caller_of(request).person, _incident(request, reference)
    with transaction.atomic():
        if given.title is not None:
            incident = writes.change_title(actor=actor, incident=incident, title=given.title)
        if given.summary is not None:
            incident = writes.change_summary(actor=actor, incident=incident, summary=given.summary)
    return incident


@router.post("/{reference}/acknowledgement", response={201: IncidentOut}, summary="Acknowledge")
def acknowledge_incident(request: HttpRequest, reference: str) -> Status[Incident]:
    """409 when it is acknowledged or resolved already."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    return Status(201, writes.acknowledge_incident(actor=actor, incident=incident))


@router.post("/{reference}/resolution", response={201: IncidentOut}, summary="Resolve")
def resolve_incident(
    request: HttpRequest, reference: str, given: ResolutionIn | None = None
) -> Status[Incident]:
    """409 when it is resolved already."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    at = given.at if given else None
    return Status(201, writes.resolve_incident(actor=actor, incident=incident, at=at))


@router.post("/{reference}/notes", response={201: EntryOut}, summary="Add a note to the timeline")
def add_note(request: HttpRequest, reference: str, given: NoteIn) -> Status[Entry]:
    actor, incident = caller_of(request).person, _incident(request, reference)
    return Status(201, writes.add_note(actor=actor, incident=incident, text=given.text, at=given.at))


@router.get("/{reference}/entries", response=Listing[EntryOut], summary="Read the timeline")
def list_entries(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Entry]:
    """Earliest first, by the time at which it happened."""
    found = reads.entries_of(caller_of(request).person, _incident(request, reference))
    return paginate(found, cursor=cursor, limit=limit, key="at")


@router.get("/{reference}/alerts", response=Listing[AlertOut], summary="List the alerts")
def list_alerts(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Alert]:
    """Newest first, by the time at which they came in."""
    found = reads.alerts_of(caller_of(request).person, _incident(request, reference))
    return paginate(found, cursor=cursor, limit=limit, key="-received_at")


def _incident(request: HttpRequest, reference: str) -> Incident:
    return reads.get_incident(caller_of(request).person, reference)
