"""From a change of the record to the deliveries that wait: all in the transaction of the change."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models, transaction
from django.db.models import Q

from afterword.audit.models import AuditEvent
from afterword.incidents.models import Incident
from afterword.lib import clock, ids
from afterword.postmortems.models import Postmortem
from afterword.webhooks import reads
from afterword.webhooks.bodies import Told, tell
from afterword.webhooks.events import TOLD_BY
from afterword.webhooks.models import Delivery, DeliveryState, Endpoint, WebhookEvent

MESSAGE_PREFIX = "msg_"
MADE_PRIVATE = "Its incident was made private before it arrived."


def queue_events(heard: Sequence[tuple[AuditEvent, models.Model]]) -> None:
    """Have every endpoint that wants it told of these changes."""
    assert transaction.get_connection().in_atomic_block, "an event belongs to the change it tells of"
    endpoints = reads.listening_endpoints()
    if not endpoints:
        return
    now = clock.now()
    events, deliveries = [], []
    for audit_event, subject in heard:
        name = TOLD_BY[audit_event.action]
        if not any(one.all_events or name in one.event_types for one in endpoints):
            continue
        told = tell(audit_event, subject)
        listening = [one for one in endpoints if _wants(one, told)]
        if not listening:
            continue
        event = WebhookEvent(
            message_id=MESSAGE_PREFIX + ids.new_short_id(),
            type=told.type,
            at=audit_event.at,
            body=told.body,
            subject=told.subject,
            incident=told.incident_id,
            is_private=told.is_private,
            created_at=now,
        )
        events.append(event)
        deliveries += [
            Delivery(event=event, endpoint=one, next_attempt_at=now, created_at=now) for one in listening
        ]
    WebhookEvent.objects.bulk_create(events)
    Delivery.objects.bulk_create(deliveries)


def hide_private(incident: Incident) -> None:
    """An incident was made private: what still waits about it goes only where private ones go."""
    about = Q(incident=incident.pk)
    for postmortem in Postmortem.objects.filter(incidents=incident).order_by("pk"):
        # Its events carry the first of its incidents alone.
        first = postmortem.incidents.order_by("links__position", "pk").values_list("pk", flat=True).first()
        about |= Q(incident=first, body__contains=f'"id":"{postmortem.unique_id}"')
    hidden = WebhookEvent.objects.filter(about)
    hidden.filter(is_private=False).update(is_private=True)
    waiting = Delivery.objects.filter(
        event__in=hidden, endpoint__includes_private=False, state=DeliveryState.WAITING
    )
    waiting.update(state=DeliveryState.FAILED, error=MADE_PRIVATE)


def _wants(endpoint: Endpoint, told: Told) -> bool:
    if told.is_private and not endpoint.includes_private:
        return False
    if not (endpoint.all_events or told.type in endpoint.event_types):
        return False
    return endpoint.all_teams or told.team_id in {team.pk for team in endpoint.teams.all()}
