"""Messages to stakeholders, as far as the actor may see their incident."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from afterword.accounts.models import Person
from afterword.incidents.models import DeliveryState, Incident, StakeholderDelivery, StakeholderMessage
from afterword.incidents.reads import visible_incidents
from afterword.lib.errors import NotFound


def messages_of(actor: Person, incident: Incident) -> QuerySet[StakeholderMessage]:
    """The messages of an incident, newest first, each with its writer and its deliveries."""
    found = StakeholderMessage.objects.filter(
        incident=incident, incident__in=visible_incidents(actor).order_by().values("pk")
    )
    return (
        found.select_related("created_by", "alert__integration", "incident__service__team")
        .prefetch_related("deliveries__person")
        .order_by("-created_at", "-id")
    )


def get_message(actor: Person, incident: Incident, unique_id: uuid.UUID) -> StakeholderMessage:
    """Raises NotFound for one that is not there, or not the actor's to see."""
    message = messages_of(actor, incident).filter(unique_id=unique_id).first()
    if message is None:
        raise NotFound
    return message


def get_delivery(actor: Person, incident: Incident, pk: int) -> StakeholderDelivery:
    """Raises NotFound for one that is not there, or not the actor's to see."""
    found = StakeholderDelivery.objects.filter(pk=pk, message__in=messages_of(actor, incident).order_by())
    delivery = found.select_related("message__incident__service__team").first()
    if delivery is None:
        raise NotFound
    return delivery


def count_deliveries(message: StakeholderMessage) -> dict[str, int]:
    """How many deliveries of a message are in each state."""
    counts = {str(state): Count("pk", filter=Q(state=state)) for state in DeliveryState.values}
    return dict(message.deliveries.order_by().aggregate(**counts))


def is_something_due(at: datetime) -> bool:
    """Whether any delivery waits for its turn at `at`. Asks for no rights: for the program itself."""
    return StakeholderDelivery.objects.filter(state=DeliveryState.WAITING, next_attempt_at__lte=at).exists()
