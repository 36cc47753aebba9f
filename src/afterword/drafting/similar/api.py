"""The API of what was seen before."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.drafting.similar import reads, writes
from afterword.drafting.similar.models import ConfirmedRepeat
from afterword.drafting.similar.reads import LIMIT_MAX, SHOWN_MAX, Similar
from afterword.drafting.similar.schemas import RepeatIn, RepeatOut, SimilarOut
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib import clock
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems.reads import get_postmortem

router = Router(tags=["Seen before"])
of_incidents = Router(tags=["Seen before"])

Most = Annotated[int, Query(description=f"How many to answer with, from 1 to {LIMIT_MAX}.")]


@router.get("/similar", response=list[SimilarOut], summary="What is like a text")
def list_similar_to_text(
    request: HttpRequest,
    text: Annotated[str, Query(description="Words of an alert, a symptom, a sentence.")] = "",
    limit: Most = SHOWN_MAX,
) -> list[Similar]:
    """The likest first, and nothing that is not like it."""
    return reads.similar_to_text(caller_of(request).person, text, now=clock.now(), limit=limit)


@router.get("/repeats", response=Listing[RepeatOut], summary="List confirmed repeats")
def list_repeats(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[ConfirmedRepeat]:
    """Of all incidents, the newest first: those of which you see both sides."""
    found = reads.confirmed_repeats(caller_of(request).person)
    return paginate(found, cursor=cursor, limit=limit, key="-confirmed_at")


@of_incidents.get("/{reference}/similar", response=list[SimilarOut], summary="What is like an incident")
def list_similar(request: HttpRequest, reference: str, limit: Most = SHOWN_MAX) -> list[Similar]:
    """What people confirmed first, then the likest. Each once: an incident with its post-mortem."""
    actor, incident = _read(request, reference)
    return reads.similar_to_incident(actor, incident, now=clock.now(), limit=limit)


@of_incidents.get("/{reference}/repeats", response=list[RepeatOut], summary="What an incident repeats")
def list_repeats_of(request: HttpRequest, reference: str) -> list[ConfirmedRepeat]:
    return reads.repeats_of(*_read(request, reference))


@of_incidents.post(
    "/{reference}/repeats", response={201: RepeatOut}, summary="Confirm that the cause was the same"
)
def confirm(request: HttpRequest, reference: str, given: RepeatIn) -> Status[ConfirmedRepeat]:
    """Name the earlier incident, or a post-mortem. Confirmed again, it stays as it is."""
    actor, incident = _read(request, reference)
    if bool(given.incident.strip()) == (given.postmortem is not None):
        raise InvalidInput(fields={"incident": "Please name an incident or a post-mortem, one of the two."})
    field = "incident" if given.postmortem is None else "postmortem"
    try:
        if given.postmortem is None:
            earlier = get_incident(actor, given.incident.strip().removeprefix("#"))
            return Status(
                201, writes.confirm_repeat(actor=actor, incident=incident, earlier_incident=earlier)
            )
        told = get_postmortem(actor, given.postmortem)
    except NotFound:
        raise InvalidInput(fields={field: f"There is no such {field} that you can see."}) from None
    return Status(201, writes.confirm_repeat(actor=actor, incident=incident, earlier_postmortem=told))


@of_incidents.delete("/{reference}/repeats/{unique_id}", response={204: None}, summary="Take it back")
def take_back(request: HttpRequest, reference: str, unique_id: uuid.UUID) -> Status[None]:
    actor, incident = _read(request, reference)
    repeat = reads.get_repeat(actor, incident, unique_id)
    writes.take_back_repeat(actor=actor, incident=incident, repeat=repeat)
    return Status(204, None)


def _read(request: HttpRequest, reference: str) -> tuple[Person, Incident]:
    actor = caller_of(request).person
    return actor, get_incident(actor, reference)
