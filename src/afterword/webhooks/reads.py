"""Endpoints and what became of what was sent to them: for owners and administrators."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from afterword.accounts.models import Person, Team
from afterword.accounts.reads import require_admin
from afterword.lib.errors import NotFound
from afterword.lib.sealing import SealBroken, open_sealed
from afterword.webhooks.events import PING
from afterword.webhooks.models import Attempt, Delivery, DeliveryState, Endpoint


def visible_endpoints(actor: Person) -> QuerySet[Endpoint]:
    """All of them, each with its teams and how much `waiting` there is for it. Raises NotAllowed."""
    require_admin(actor)
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    teams = Prefetch("teams", Team.objects.order_by("name", "pk"))
    return Endpoint.objects.annotate(waiting=waiting).prefetch_related(teams).order_by("created_at", "pk")


def get_endpoint(actor: Person, unique_id: uuid.UUID) -> Endpoint:
    """Raises NotAllowed, NotFound."""
    found = visible_endpoints(actor).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def url_of(actor: Person, endpoint: Endpoint) -> str:
    """Its address; empty when it can no longer be read, as with another secret key. Raises NotAllowed."""
    require_admin(actor)
    try:
        return open_sealed(endpoint.sealed_url)
    except SealBroken:
        return ""


def deliveries_to(actor: Person, endpoint: Endpoint, *, state: str = "") -> QuerySet[Delivery]:
    """What was sent to an endpoint, the last first, each with its event and its attempts."""
    require_admin(actor)
    found = Delivery.objects.filter(endpoint=endpoint).select_related("event", "endpoint")
    if state:
        found = found.filter(state=state)
    return found.prefetch_related(Prefetch("tries", Attempt.objects.order_by("pk"))).order_by(
        "-created_at", "-pk"
    )


def get_delivery(actor: Person, endpoint: Endpoint, unique_id: uuid.UUID) -> Delivery:
    """Raises NotAllowed, NotFound."""
    found = deliveries_to(actor, endpoint).filter(unique_id=unique_id).first()
    if found is None:
        raise NotFound
    return found


def listening_endpoints() -> list[Endpoint]:
    """Those that are switched on, with their teams. For the program itself."""
    return list(Endpoint.objects.filter(is_active=True).prefetch_related("teams"))


def due_endpoints(at: datetime) -> QuerySet[Endpoint]:
    """Those that something is to be sent to now and nobody sends to; who waits longest comes first."""
    due = due_deliveries(at).filter(endpoint=OuterRef("pk"))
    free = (Q(busy_until=None) | Q(busy_until__lte=at)) & (Q(paused_until=None) | Q(paused_until__lte=at))
    return Endpoint.objects.filter(free, Exists(due.order_by())).order_by("last_attempt_at", "pk")


def due_deliveries(at: datetime) -> QuerySet[Delivery]:
    """What waits and is due, to endpoints that are switched on; a ping also to one that is not."""
    sendable = Q(endpoint__is_active=True) | Q(event__type=PING)
    due = Delivery.objects.filter(sendable, state=DeliveryState.WAITING, next_attempt_at__lte=at)
    return due.order_by("next_attempt_at", "pk")


def find_switched_off(pk: int) -> Endpoint | None:
    """An endpoint that the program switched off and that still is; for the program itself."""
    return Endpoint.objects.filter(pk=pk, is_active=False, switched_off_at__isnull=False).first()
