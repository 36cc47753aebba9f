"""The API of useful links, of the summary's history, of suggestions, and of custom fields."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import get_team, require_write
from afterword.incidents import reads as incidents
from afterword.incidents.facts import reads, writes
from afterword.incidents.facts.models import IncidentField, SummaryVersion, UsefulLink
from afterword.incidents.facts.reads import Suggestion
from afterword.incidents.facts.schemas import (
    FieldChangeIn,
    FieldIn,
    FieldOut,
    LinkChangeIn,
    LinkIn,
    SuggestionOut,
    SummaryVersionOut,
)
from afterword.incidents.models import Incident
from afterword.incidents.schemas import IncidentOut, UsefulLinkOut
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate

router = Router(tags=["Incidents"])
fields = Router(tags=["Incident fields"])
LINK = "/{reference}/links/{uuid:unique_id}"
FIELD = "/{uuid:unique_id}"


@router.get("/{reference}/links", response=list[UsefulLinkOut], summary="List the useful links")
def list_links(request: HttpRequest, reference: str) -> list[UsefulLink]:
    """In their order; an incident has at most 50."""
    _, incident = _seen(request, reference)
    return list(reads.links_of(incident))


@router.post("/{reference}/links", response={201: UsefulLinkOut}, summary="Add a useful link")
def add_link(request: HttpRequest, reference: str, given: LinkIn) -> Status[UsefulLink]:
    """The same again is the one that is there."""
    actor, incident = _seen(request, reference)
    return Status(201, writes.add_link(actor=actor, incident=incident, **given.model_dump()))


@router.patch(LINK, response=UsefulLinkOut, summary="Change a useful link")
def change_link(
    request: HttpRequest, reference: str, unique_id: uuid.UUID, given: LinkChangeIn
) -> UsefulLink:
    actor, incident = _seen(request, reference)
    link = reads.get_link(incident, unique_id)
    wanted = {
        "url": link.url if given.url is None else given.url,
        "title": link.title if given.title is None else given.title,
        "kind": link.kind if given.kind is None else given.kind,
    }
    with transaction.atomic():
        link = writes.change_link(actor=actor, link=link, **wanted)
        if given.place is not None:
            place = [one.pk for one in reads.links_of(incident)].index(link.pk) + 1
            writes.move_link(actor=actor, link=link, steps=given.place - place)
    return link


@router.delete(LINK, response={204: None}, summary="Remove a useful link")
def remove_link(request: HttpRequest, reference: str, unique_id: uuid.UUID) -> Status[None]:
    actor, incident = _seen(request, reference)
    require_write(actor, incident.service.team)
    writes.remove_link(actor=actor, link=reads.get_link(incident, unique_id))
    return Status(204, None)


@router.get(
    "/{reference}/summary/versions", response=Listing[SummaryVersionOut], summary="List what the summary said"
)
def list_summary_versions(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[SummaryVersion]:
    """Newest first: the first is what it says now, unless an alert has changed it since."""
    _, incident = _seen(request, reference)
    return paginate(reads.summary_versions(incident), cursor=cursor, limit=limit, key="-number")


@router.post(
    "/{reference}/summary/versions/{int:version}/restoration",
    response={201: IncidentOut},
    summary="Bring a summary back",
)
def restore_summary(request: HttpRequest, reference: str, version: int) -> Status[Incident]:
    actor, incident = _seen(request, reference)
    require_write(actor, incident.service.team)
    found = reads.get_summary_version(incident, version)
    return Status(201, writes.restore_summary(actor=actor, incident=incident, version=found))


@router.get(
    "/{reference}/suggested-participants",
    response=list[SuggestionOut],
    summary="Who took part and has no role yet",
)
def list_suggestions(request: HttpRequest, reference: str) -> list[Suggestion]:
    """Who wrote, acknowledged or did something, who did most first. Give them a role to accept."""
    _, incident = _seen(request, reference)
    return reads.suggest_participants(incident)


@fields.get("", response=Listing[FieldOut], summary="The custom fields of incidents")
def list_fields(
    request: HttpRequest,
    archived: bool = False,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[IncidentField]:
    """Those of the organisation and of your teams, in their order."""
    found = reads.visible_fields(caller_of(request).person, archived=archived)
    return paginate(found, cursor=cursor, limit=limit, key="rank")


@fields.post("", response={201: FieldOut}, summary="Make a custom field")
def create_field(request: HttpRequest, given: FieldIn) -> Status[IncidentField]:
    """One of the organisation is the administrators' to make, one of a team its managers'."""
    actor = caller_of(request).person
    team = get_team(actor, given.team) if given.team else None
    return Status(201, writes.create_field(actor=actor, **{**given.model_dump(), "team": team}))


@fields.get(FIELD, response=FieldOut, summary="One custom field")
def get_field(request: HttpRequest, unique_id: uuid.UUID) -> IncidentField:
    return reads.get_field(caller_of(request).person, unique_id)


@fields.patch(FIELD, response=FieldOut, summary="Change a custom field")
def change_field(request: HttpRequest, unique_id: uuid.UUID, given: FieldChangeIn) -> IncidentField:
    actor = caller_of(request).person
    field = reads.get_field(actor, unique_id)
    names = ("name", "help", "options", "is_required")
    said = {name: value for name in names if (value := getattr(given, name)) is not None}
    wanted = {**{name: getattr(field, name) for name in names}, **said}
    writes.change_field(actor=actor, field=field, **wanted)
    return field


@fields.delete(FIELD, response={204: None}, summary="Delete a custom field")
def delete_field(request: HttpRequest, unique_id: uuid.UUID) -> Status[None]:
    """409 when an incident has a value in it: archive it then."""
    actor = caller_of(request).person
    writes.delete_field(actor=actor, field=reads.get_field(actor, unique_id))
    return Status(204, None)


@fields.put(f"{FIELD}/archival", response=FieldOut, summary="Archive a custom field")
def archive_field(request: HttpRequest, unique_id: uuid.UUID) -> IncidentField:
    """It is no longer asked; what has a value keeps it."""
    actor = caller_of(request).person
    field = reads.get_field(actor, unique_id)
    writes.archive_field(actor=actor, field=field)
    return field


@fields.delete(f"{FIELD}/archival", response=FieldOut, summary="Restore a custom field")
def restore_field(request: HttpRequest, unique_id: uuid.UUID) -> IncidentField:
    actor = caller_of(request).person
    field = reads.get_field(actor, unique_id)
    writes.restore_field(actor=actor, field=field)
    return field


def _seen(request: HttpRequest, reference: str) -> tuple[Person, Incident]:
    actor = caller_of(request).person
    return actor, incidents.get_incident(actor, reference)
