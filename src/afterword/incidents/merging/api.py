"""The API of merging and relating incidents."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.incidents.merging.reads import ShownMerge, merge_of, merged_into
from afterword.incidents.merging.schemas import (
    IncidentReference,
    MergeIn,
    MergeOut,
    RelationIn,
    RelationOut,
    SuggestionOut,
)
from afterword.incidents.merging.writes import merge_incident, unmerge_incident
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.incidents.related.reads import (
    RelatedIncident,
    SuggestedIncident,
    related_to,
    suggest_related,
)
from afterword.incidents.related.writes import link_incidents, unlink_incidents
from afterword.lib import clock
from afterword.lib.errors import InvalidInput, NotFound

router = Router(tags=["Incidents"])


@router.get("/{reference}/merge", response=MergeOut, summary="Where a merged incident has gone")
def get_merge(request: HttpRequest, reference: str) -> ShownMerge:
    """404 when it is not merged."""
    actor, incident = _read(request, reference)
    shown = merge_of(actor, incident)
    if shown is None:
        raise NotFound
    return shown


@router.post("/{reference}/merge", response={201: MergeOut}, summary="Merge an incident into another")
def merge(request: HttpRequest, reference: str, given: MergeIn) -> Status[ShownMerge]:
    """Who sees the other one then sees this one. 409 when it is merged already, or one of them is closed."""
    actor, incident = _read(request, reference)
    target = _other(actor, given.into, "into")
    merged = merge_incident(actor=actor, source=incident, target=target, reason=given.reason)
    return Status(201, ShownMerge(merged, target))


@router.delete("/{reference}/merge", response={204: None}, summary="Take an incident out of another")
def unmerge(request: HttpRequest, reference: str) -> Status[None]:
    """409 when it is not merged. Alerts that came meanwhile stay where they came to."""
    actor, incident = _read(request, reference)
    unmerge_incident(actor=actor, source=incident)
    return Status(204, None)


@router.get("/{reference}/merged", response=list[IncidentReference], summary="What was merged into it")
def list_merged(request: HttpRequest, reference: str) -> list[Incident]:
    return list(merged_into(*_read(request, reference)))


@router.get("/{reference}/related", response=list[RelationOut], summary="List related incidents")
def list_related(request: HttpRequest, reference: str) -> list[RelatedIncident]:
    """Those that you see."""
    return related_to(*_read(request, reference))


@router.post("/{reference}/related", response={201: list[RelationOut]}, summary="Link with another incident")
def link(request: HttpRequest, reference: str, given: RelationIn) -> Status[list[RelatedIncident]]:
    """Linked again, they get the new reason. Answers with all that it is linked with."""
    actor, incident = _read(request, reference)
    other = _other(actor, given.other, "other")
    link_incidents(actor=actor, incident=incident, other=other, reason=given.reason)
    return Status(201, related_to(actor, incident))


@router.get(
    "/{reference}/related/suggestions", response=list[SuggestionOut], summary="Incidents that look alike"
)
def list_suggestions(request: HttpRequest, reference: str) -> list[SuggestedIncident]:
    """Up to five of the last 90 days, with what they have in common; the likest first."""
    actor, incident = _read(request, reference)
    return suggest_related(actor, incident, now=clock.now())


@router.delete("/{reference}/related/{other}", response={204: None}, summary="Take a link back")
def unlink(request: HttpRequest, reference: str, other: str) -> Status[None]:
    actor, incident = _read(request, reference)
    unlink_incidents(actor=actor, incident=incident, other=get_incident(actor, other))
    return Status(204, None)


def _read(request: HttpRequest, reference: str) -> tuple[Person, Incident]:
    actor = caller_of(request).person
    return actor, get_incident(actor, reference)


def _other(actor: Person, reference: str, field: str) -> Incident:
    try:
        return get_incident(actor, reference.strip().removeprefix("#"))
    except NotFound:
        raise InvalidInput(fields={field: "There is no such incident that you can see."}) from None
