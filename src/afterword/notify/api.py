"""`/api/v1/incidents/{reference}/messages`: what stakeholders are told."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person, Team
from afterword.accounts.reads import visible_people, visible_teams
from afterword.incidents.models import Incident, StakeholderDelivery, StakeholderMessage
from afterword.incidents.reads import get_incident
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput
from afterword.notify import reads, writes
from afterword.notify.schemas import DeliveryOut, MessageIn, MessageOut

router = Router(tags=["Stakeholder messages"])


@router.get("/{reference}/messages", response=Listing[MessageOut], summary="List messages to stakeholders")
def list_messages(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[StakeholderMessage]:
    """Newest first, each with the state of its deliveries."""
    found = reads.messages_of(caller_of(request).person, _incident(request, reference))
    return paginate(found, cursor=cursor, limit=limit, key="-created_at")


@router.post("/{reference}/messages", response={201: MessageOut}, summary="Write to stakeholders")
def write_message(request: HttpRequest, reference: str, given: MessageIn) -> Status[StakeholderMessage]:
    """Each address gets one mail, within seconds where there is a mail server."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    message = writes.write_message(
        actor=actor,
        incident=incident,
        subject=given.subject,
        body=given.body,
        time_zone=given.time_zone,
        people=_people(actor, given.people),
        teams=_teams(actor, given.teams),
        emails=given.emails,
    )
    return Status(201, reads.get_message(actor, incident, message.unique_id))


@router.get("/{reference}/messages/{unique_id}", response=MessageOut, summary="Get a message")
def get_message(request: HttpRequest, reference: str, unique_id: uuid.UUID) -> StakeholderMessage:
    return reads.get_message(caller_of(request).person, _incident(request, reference), unique_id)


@router.post(
    "/{reference}/deliveries/{delivery}/retry", response={201: DeliveryOut}, summary="Try a delivery again"
)
def retry_delivery(request: HttpRequest, reference: str, delivery: int) -> Status[StakeholderDelivery]:
    """409 unless it has failed."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    found = reads.get_delivery(actor, incident, delivery)
    return Status(201, writes.retry_delivery(actor=actor, delivery=found))


def _incident(request: HttpRequest, reference: str) -> Incident:
    return get_incident(caller_of(request).person, reference)


def _people(actor: Person, unique_ids: list[uuid.UUID]) -> list[Person]:
    found = list(visible_people(actor).filter(unique_id__in=unique_ids).distinct())
    if missing := set(unique_ids) - {person.unique_id for person in found}:
        raise InvalidInput(fields={"people": f"There is nobody with the id {min(missing)}."})
    return found


def _teams(actor: Person, unique_ids: list[uuid.UUID]) -> list[Team]:
    found = list(visible_teams(actor).filter(unique_id__in=unique_ids))
    if missing := set(unique_ids) - {team.unique_id for team in found}:
        raise InvalidInput(fields={"teams": f"There is no team with the id {min(missing)}."})
    return found
