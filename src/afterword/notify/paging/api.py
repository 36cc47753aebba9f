"""`/api/v1/incidents/{reference}/escalations` and `/pages`: whom an incident calls."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.catalog.schemas.refs import Ref
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib.bodies import Body
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate
from afterword.lib.errors import InvalidInput
from afterword.notify.paging import reads
from afterword.notify.paging.models import Escalation, Page, PageDelivery
from afterword.notify.paging.writes import engine

router = Router(tags=["Paging"])


class EscalationOut(Schema):
    unique_id: uuid.UUID
    policy: Ref
    started_at: datetime
    started_by: Ref | None = Field(description="Who asked for it; null: the incident's policy did.")
    next_level: int | None = Field(description="The level that is called next; null once it has ended.")
    round: int
    next_at: datetime | None
    ended_at: datetime | None
    ending: str = Field(description="acknowledged, resolved, exhausted or replaced; empty while it goes on")


class EscalationIn(Body):
    policy: uuid.UUID = Field(description="Of the incident's team. It begins now, instead of the one before.")


class AttemptOut(Schema):
    number: int
    at: datetime
    error: str = Field(description="Why it failed; empty: it was sent.")


class PageDeliveryOut(Schema):
    kind: str = Field(description="email, apprise or webhook")
    state: str = Field(description="waiting, sent, failed or dropped: somebody answered before")
    next_attempt_at: datetime | None
    sent_at: datetime | None
    error: str
    attempts: list[AttemptOut]


class PageOut(Schema):
    unique_id: uuid.UUID
    person: Ref
    at: datetime
    escalation: uuid.UUID | None = Field(description="Null: somebody paged this person by hand.")
    round: int | None
    level: int | None
    paged_by: Ref | None
    answered_at: datetime | None
    deliveries: list[PageDeliveryOut]


class PageIn(Body):
    person: uuid.UUID = Field(description="A member of the incident's team who may do more than read.")


@router.get(
    "/{reference}/escalations", response=Listing[EscalationOut], summary="The escalations of an incident"
)
def list_escalations(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[EscalationOut]:
    """Newest first. At most one goes on."""
    actor, incident = _call(request, reference)
    page = paginate(reads.escalations_of(actor, incident), cursor=cursor, limit=limit, key="-started_at")
    return Listing(items=[_describe_escalation(one) for one in page.items], next=page.next)


@router.post("/{reference}/escalations", response={201: EscalationOut}, summary="Page a policy now")
def start_escalation(request: HttpRequest, reference: str, body: EscalationIn) -> Status[EscalationOut]:
    actor, incident = _call(request, reference)
    require_write(actor, incident.service.team)
    offered = {one.unique_id: one for one in reads.policies_to_page(actor, incident)}
    if body.policy not in offered:
        raise InvalidInput(fields={"policy": "The incident's team has no escalation policy with this id."})
    made = engine.page_policy(actor=actor, incident=incident, policy=offered[body.policy])
    return Status(201, _describe_escalation(made))


@router.get("/{reference}/pages", response=Listing[PageOut], summary="Whom an incident paged")
def list_pages(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[PageOut]:
    """Newest first, each with its deliveries and every attempt."""
    actor, incident = _call(request, reference)
    page = paginate(reads.pages_of(actor, incident), cursor=cursor, limit=limit, key="-at")
    return Listing(items=[_describe_page(one) for one in page.items], next=page.next)


@router.post("/{reference}/pages", response={201: PageOut}, summary="Page a person now")
def page_person(request: HttpRequest, reference: str, body: PageIn) -> Status[PageOut]:
    actor, incident = _call(request, reference)
    require_write(actor, incident.service.team)
    offered = {one.unique_id: one for one in reads.people_to_page(actor, incident)}
    if body.person not in offered:
        raise InvalidInput(fields={"person": "There is nobody with this id who can be paged about it."})
    made = engine.page_person(actor=actor, incident=incident, person=offered[body.person])
    return Status(201, _describe_page(reads.pages_of(actor, incident).get(pk=made.pk)))


def _call(request: HttpRequest, reference: str) -> tuple[Person, Incident]:
    actor = caller_of(request).person
    return actor, get_incident(actor, reference)


def _describe_escalation(one: Escalation) -> EscalationOut:
    goes_on = one.ended_at is None
    return EscalationOut(
        unique_id=one.unique_id,
        policy=Ref(unique_id=one.policy.unique_id, name=one.policy.name),
        started_at=one.started_at,
        started_by=_ref(one.started_by),
        next_level=one.level if goes_on else None,
        round=one.round,
        next_at=one.next_at if goes_on else None,
        ended_at=one.ended_at,
        ending=one.ending,
    )


def _describe_page(page: Page) -> PageOut:
    return PageOut(
        unique_id=page.unique_id,
        person=Ref(unique_id=page.person.unique_id, name=page.person.name),
        at=page.at,
        escalation=page.escalation.unique_id if page.escalation else None,
        round=page.round or None,
        level=page.level or None,
        paged_by=_ref(page.paged_by),
        answered_at=page.answered_at,
        deliveries=[_describe_delivery(one) for one in page.deliveries.all()],
    )


def _describe_delivery(one: PageDelivery) -> PageDeliveryOut:
    return PageDeliveryOut(
        kind=one.kind,
        state=one.state,
        next_attempt_at=one.next_attempt_at if one.state == "waiting" else None,
        sent_at=one.sent_at,
        error=one.error,
        attempts=[AttemptOut(number=each.number, at=each.at, error=each.error) for each in one.tries.all()],
    )


def _ref(person: Person | None) -> Ref | None:
    return Ref(unique_id=person.unique_id, name=person.name) if person else None
