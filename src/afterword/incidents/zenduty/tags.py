"""`{incident}/tags/`. A tag of an incident has an id of its own; its tag's id is taken as well."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.reads import require_write
from afterword.catalog.models import Tag
from afterword.catalog.reads import visible_tags
from afterword.catalog.zenduty.wire import answers
from afterword.incidents import writes
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident, lock_incident
from afterword.incidents.zenduty.shapes import describe_tag, tag_id
from afterword.lib.errors import InvalidInput, NotFound

router = Router()
LIST, ONE = "/{reference}/tags/", "/{reference}/tags/{uuid:unique_id}/"


class TagIn(Schema):
    team_tag: uuid.UUID


@answers(router, ["GET"], LIST, summary="List the tags", name="list_tags", area="incident")
def list_tags(request: HttpRequest, reference: str) -> list[dict[str, Any]]:
    incident = get_incident(caller_of(request).person, reference)
    return [describe_tag(incident, tag) for tag in incident.tags.all()]


@answers(router, ["POST"], LIST, summary="Add a tag", name="add_tag", area="incident", success=201)
def add_tag(request: HttpRequest, reference: str, body: TagIn) -> Status[dict[str, Any]]:
    """Which it has already is answered as if it were new."""
    actor = caller_of(request).person
    with transaction.atomic():
        incident = lock_incident(actor, get_incident(actor, reference))
        tag = visible_tags(actor, team=incident.service.team).filter(unique_id=body.team_tag).first()
        if tag is None:
            raise InvalidInput(fields={"team_tag": "The team has no such tag."})
        writes.change_tags(actor=actor, incident=incident, tags=[*incident.tags.all(), tag])
    return Status(201, describe_tag(incident, tag))


@answers(router, ["GET"], ONE, summary="Get a tag", name="get_tag", area="incident")
def get_tag(request: HttpRequest, reference: str, unique_id: uuid.UUID) -> dict[str, Any]:
    incident = get_incident(caller_of(request).person, reference)
    return describe_tag(incident, _tag(incident, unique_id))


@answers(router, ["DELETE"], ONE, summary="Remove a tag", name="remove_tag", area="incident", success=204)
def remove_tag(request: HttpRequest, reference: str, unique_id: uuid.UUID) -> Status[None]:
    actor = caller_of(request).person
    incident = get_incident(actor, reference)
    require_write(actor, incident.service.team)
    with transaction.atomic():
        incident = lock_incident(actor, incident)
        tag = _tag(incident, unique_id)
        kept = [one for one in incident.tags.all() if one.pk != tag.pk]
        writes.change_tags(actor=actor, incident=incident, tags=kept)
    return Status(204, None)


def _tag(incident: Incident, unique_id: uuid.UUID) -> Tag:
    """Raises NotFound."""
    for tag in incident.tags.all():
        if unique_id in (tag.unique_id, tag_id(incident, tag)):
            return tag
    raise NotFound
