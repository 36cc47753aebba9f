"""`/api/v1/webhooks`: who is told of what happens, and what became of it. For administrators."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_admin, visible_teams
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput
from afterword.webhooks import reads
from afterword.webhooks.events import EVENT_TYPES
from afterword.webhooks.models import Delivery, DeliveryState, Endpoint
from afterword.webhooks.schemas import (
    DeliveryOut,
    EndpointChangeIn,
    EndpointIn,
    EndpointOut,
    EndpointWithSecretOut,
    EventTypeOut,
    SecretIn,
)
from afterword.webhooks.writes import deliveries
from afterword.webhooks.writes import endpoints as writes

router = Router(tags=["Webhooks"])

StateParameter = Annotated[str, Query(description="Only those that are waiting, sent or failed.")]


@router.get("/event-types", response=Listing[EventTypeOut], summary="What can be told")
def list_event_types(request: HttpRequest) -> dict[str, Any]:
    require_admin(_actor(request))
    return {"items": [{"name": one.name, "when": one.when} for one in EVENT_TYPES], "next": None}


@router.get("", response=Listing[EndpointOut], summary="The endpoints that are told")
def list_endpoints(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Endpoint]:
    return paginate(reads.visible_endpoints(_actor(request)), cursor=cursor, limit=limit, key="id")


@router.post("", response={201: EndpointWithSecretOut}, summary="Have an address told")
def create_endpoint(request: HttpRequest, body: EndpointIn) -> Status[dict[str, Any]]:
    """The answer is the only one that holds the secret."""
    actor = _actor(request)
    require_admin(actor)
    wishes = writes.Wishes(
        url=body.url,
        description=body.description,
        all_events=body.event_types is None,
        event_types=body.event_types or [],
        all_teams=body.teams is None,
        teams=_teams(actor, body.teams),
        includes_private=body.includes_private,
        is_active=body.is_active,
    )
    return Status(201, _with_secret(writes.create_endpoint(actor=actor, wishes=wishes)))


@router.get("/{uuid:endpoint_id}", response=EndpointOut, summary="One endpoint")
def get_endpoint(request: HttpRequest, endpoint_id: uuid.UUID) -> Endpoint:
    return reads.get_endpoint(_actor(request), endpoint_id)


@router.patch("/{uuid:endpoint_id}", response=EndpointOut, summary="Change an endpoint")
def change_endpoint(request: HttpRequest, endpoint_id: uuid.UUID, body: EndpointChangeIn) -> Endpoint:
    actor = _actor(request)
    present = reads.get_endpoint(actor, endpoint_id)
    said = body.model_dump(exclude_unset=True)

    def wanted(name: str, value: Any) -> Any:
        return said[name] if said.get(name) is not None else value

    all_events = said["event_types"] is None if "event_types" in said else present.all_events
    all_teams = said["teams"] is None if "teams" in said else present.all_teams
    wishes = writes.Wishes(
        url=wanted("url", reads.url_of(actor, present)),
        description=wanted("description", present.description),
        all_events=all_events,
        event_types=wanted("event_types", present.event_types),
        all_teams=all_teams,
        teams=_teams(actor, body.teams) if body.teams is not None else list(present.teams.all()),
        includes_private=wanted("includes_private", present.includes_private),
        is_active=wanted("is_active", present.is_active),
    )
    writes.change_endpoint(actor=actor, endpoint=present, wishes=wishes)
    return reads.get_endpoint(actor, endpoint_id)


@router.delete("/{uuid:endpoint_id}", response={204: None}, summary="Tell an endpoint nothing more")
def delete_endpoint(request: HttpRequest, endpoint_id: uuid.UUID) -> Status[None]:
    actor = _actor(request)
    writes.delete_endpoint(actor=actor, endpoint=reads.get_endpoint(actor, endpoint_id))
    return Status(204, None)


@router.post("/{uuid:endpoint_id}/secret", response=EndpointWithSecretOut, summary="Replace the secret")
def rotate_secret(request: HttpRequest, endpoint_id: uuid.UUID, body: SecretIn) -> dict[str, Any]:
    """For 24 hours requests carry the signatures of both, unless the old one is to stop at once."""
    actor = _actor(request)
    endpoint = reads.get_endpoint(actor, endpoint_id)
    return _with_secret(writes.rotate_secret(actor=actor, endpoint=endpoint, at_once=body.at_once))


@router.post("/{uuid:endpoint_id}/ping", response={202: DeliveryOut}, summary="Send a ping")
def send_ping(request: HttpRequest, endpoint_id: uuid.UUID) -> Status[Delivery]:
    actor = _actor(request)
    endpoint = reads.get_endpoint(actor, endpoint_id)
    made = deliveries.ping(actor=actor, endpoint=endpoint)
    return Status(202, reads.get_delivery(actor, endpoint, made.unique_id))


@router.get(
    "/{uuid:endpoint_id}/deliveries", response=Listing[DeliveryOut], summary="What was sent, the last first"
)
def list_deliveries(
    request: HttpRequest,
    endpoint_id: uuid.UUID,
    state: StateParameter = "",
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Delivery]:
    actor = _actor(request)
    if state and state not in DeliveryState.values:
        raise InvalidInput(fields={"state": f"Please use one of: {', '.join(DeliveryState.values)}."})
    found = reads.deliveries_to(actor, reads.get_endpoint(actor, endpoint_id), state=state)
    return paginate(found, cursor=cursor, limit=limit)


@router.get("/{uuid:endpoint_id}/deliveries/{uuid:delivery_id}", response=DeliveryOut, summary="One delivery")
def get_delivery(request: HttpRequest, endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> Delivery:
    actor = _actor(request)
    return reads.get_delivery(actor, reads.get_endpoint(actor, endpoint_id), delivery_id)


@router.post(
    "/{uuid:endpoint_id}/deliveries/{uuid:delivery_id}/retry",
    response={202: DeliveryOut},
    summary="Send a delivery again",
)
def send_again(request: HttpRequest, endpoint_id: uuid.UUID, delivery_id: uuid.UUID) -> Status[Delivery]:
    """With the same webhook-id."""
    actor = _actor(request)
    endpoint = reads.get_endpoint(actor, endpoint_id)
    deliveries.send_again(actor=actor, delivery=reads.get_delivery(actor, endpoint, delivery_id))
    return Status(202, reads.get_delivery(actor, endpoint, delivery_id))


def _actor(request: HttpRequest) -> Person:
    return caller_of(request).person


def _teams(actor: Person, wanted: list[uuid.UUID] | None) -> list[Team]:
    found = {team.unique_id: team for team in visible_teams(actor).filter(unique_id__in=wanted or [])}
    unknown = [one for one in wanted or [] if one not in found]
    if unknown:
        raise InvalidInput(fields={"teams": f"There is no team {unknown[0]}."})
    return list(found.values())


def _with_secret(made: writes.WithSecret) -> dict[str, Any]:
    return {**EndpointOut.from_orm(made.endpoint).model_dump(), "secret": made.secret}
