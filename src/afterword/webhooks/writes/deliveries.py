"""The way of an event to an endpoint: claimed, sent, tried again, given up, sent again by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from afterword.accounts.models import OrganisationRole, Person
from afterword.accounts.reads import require_admin
from afterword.audit.writes import SystemActor, record
from afterword.letters.writes import queue_letters
from afterword.lib import clock, ids
from afterword.webhooks import reads, rules
from afterword.webhooks.bodies import write_body
from afterword.webhooks.errors import StillWaiting
from afterword.webhooks.events import PING
from afterword.webhooks.models import (
    ANSWER_CHARACTERS_MAX,
    ERROR_LENGTH_MAX,
    Attempt,
    Delivery,
    DeliveryState,
    Endpoint,
    WebhookEvent,
)
from afterword.webhooks.writes.outbox import MESSAGE_PREFIX

SENDER = SystemActor("Webhooks")
SENDING_SECONDS_MAX = 60
"""After which whoever sends is taken for dead, and the same is sent again."""
EVENTS_KEPT_DAYS = 30
PRUNED_ROWS_MAX = 500
SWITCHED_OFF_LETTER = "webhook_switched_off"
SWITCHED_OFF = "The endpoint was switched off before it arrived."
GONE = 410


@dataclass(frozen=True)
class Claim:
    """The right to send one delivery, until `until`."""

    delivery: Delivery
    endpoint: Endpoint
    until: datetime


@dataclass(frozen=True)
class Outcome:
    """What came of a request. `error` is empty when it arrived."""

    at: datetime
    milliseconds: int
    status: int | None = None
    error: str = ""
    answer: str = ""
    retry_after_seconds: int | None = None


@transaction.atomic
def claim_delivery(*, at: datetime) -> Claim | None:
    """Take the next delivery of the endpoint that waits longest; None when nothing is due."""
    due = reads.due_endpoints(at)
    endpoint = due.select_for_update(of=("self",), skip_locked=True, no_key=True).first()
    if endpoint is None:
        return None
    delivery = reads.due_deliveries(at).filter(endpoint=endpoint).select_related("event").first()
    if delivery is None:
        return None
    until = at + timedelta(seconds=SENDING_SECONDS_MAX)
    endpoint.busy_until, endpoint.last_attempt_at = until, at
    endpoint.save(update_fields=["busy_until", "last_attempt_at"])
    delivery.attempts += 1
    delivery.next_attempt_at = until
    delivery.save(update_fields=["attempts", "next_attempt_at"])
    return Claim(delivery, endpoint, until)


@transaction.atomic
def record_outcome(*, claim: Claim, outcome: Outcome) -> None:
    """Write down what came of it: it is done, is tried again, or is given up, the endpoint perhaps too."""
    endpoint = (
        Endpoint.objects.select_for_update(no_key=True)
        .filter(pk=claim.endpoint.pk, busy_until=claim.until)
        .first()
    )
    delivery = Delivery.objects.filter(pk=claim.delivery.pk, next_attempt_at=claim.until).first()
    if endpoint is None:
        return  # Deleted, or somebody else's by now.
    endpoint.busy_until = None
    if delivery is not None:
        Attempt.objects.create(
            delivery=delivery,
            at=outcome.at,
            milliseconds=outcome.milliseconds,
            status=outcome.status,
            error=outcome.error[:ERROR_LENGTH_MAX],
            answer=outcome.answer[:ANSWER_CHARACTERS_MAX],
        )
        _settle(delivery, outcome)
    if not outcome.error:
        endpoint.failures, endpoint.failing_since, endpoint.paused_until = 0, None, None
        endpoint.last_success_at = outcome.at
    else:
        endpoint.failures += 1
        endpoint.failing_since = endpoint.failing_since or outcome.at
        endpoint.paused_until = rules.paused_until(
            endpoint.failures, outcome.at, asked_for=outcome.retry_after_seconds
        )
    endpoint.save(
        update_fields=["busy_until", "failures", "failing_since", "paused_until", "last_success_at"]
    )
    if endpoint.is_active and outcome.error:
        is_hopeless = outcome.status == GONE or rules.is_given_up(
            endpoint.failures, endpoint.failing_since or outcome.at, outcome.at
        )
        if is_hopeless:
            _switch_off(endpoint, outcome)


def _settle(delivery: Delivery, outcome: Outcome) -> None:
    if delivery.state != DeliveryState.WAITING:
        return  # Settled meanwhile: it was switched off, or is about what is private now.
    delivery.error = outcome.error[:ERROR_LENGTH_MAX]
    if not outcome.error:
        delivery.state = DeliveryState.SENT
    else:
        again_at = rules.next_attempt_at(delivery.attempts, outcome.at, chance=random.random())  # noqa: S311
        if again_at is None:
            delivery.state = DeliveryState.FAILED
        else:
            delivery.next_attempt_at = again_at
    delivery.save(update_fields=["state", "error", "next_attempt_at"])


def _switch_off(endpoint: Endpoint, outcome: Outcome) -> None:
    endpoint.is_active, endpoint.switched_off_at = False, outcome.at
    endpoint.save(update_fields=["is_active", "switched_off_at"])
    fail_waiting(endpoint)
    record(
        actor=SENDER,
        action="webhook.switched_off",
        subject=endpoint,
        at=outcome.at,
        data={"failures": endpoint.failures, "reason": outcome.error[:ERROR_LENGTH_MAX]},
    )
    admins = Person.objects.filter(is_active=True, role__in=[OrganisationRole.OWNER, OrganisationRole.ADMIN])
    queue_letters(kind=SWITCHED_OFF_LETTER, people=admins, about={"endpoint": endpoint.pk})


def fail_waiting(endpoint: Endpoint) -> None:
    """What waits for an endpoint that is off is given up; people send it again when they want to."""
    waiting = Delivery.objects.filter(endpoint=endpoint, state=DeliveryState.WAITING)
    waiting.exclude(event__type=PING).update(state=DeliveryState.FAILED, error=SWITCHED_OFF)


@transaction.atomic
def ping(*, actor: Person, endpoint: Endpoint) -> Delivery:
    """Send an event that says nothing, also to an endpoint that is off. Raises NotAllowed."""
    require_admin(actor)
    now = clock.now()
    event = WebhookEvent.objects.create(
        message_id=MESSAGE_PREFIX + ids.new_short_id(),
        type=PING,
        at=now,
        body=write_body(PING, now, {"endpoint": str(endpoint.unique_id)}),
        subject="a test",
        created_at=now,
    )
    delivery = Delivery.objects.create(event=event, endpoint=endpoint, next_attempt_at=now, created_at=now)
    Endpoint.objects.filter(pk=endpoint.pk).update(paused_until=None)
    record(actor=actor, action="webhook.pinged", subject=endpoint, at=now)
    return delivery


@transaction.atomic
def send_again(*, actor: Person, delivery: Delivery) -> Delivery:
    """Send the same once more, with the same webhook-id. Raises NotAllowed, StillWaiting."""
    require_admin(actor)
    now = clock.now()
    delivery = (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("endpoint", "event")
        .get(pk=delivery.pk)
    )
    if delivery.state == DeliveryState.WAITING and delivery.attempts == 0:
        raise StillWaiting
    delivery.state, delivery.attempts, delivery.next_attempt_at = DeliveryState.WAITING, 0, now
    delivery.save(update_fields=["state", "attempts", "next_attempt_at"])
    Endpoint.objects.filter(pk=delivery.endpoint_id).update(paused_until=None)
    record(
        actor=actor,
        action="webhook.sent_again",
        subject=delivery.endpoint,
        at=now,
        data={"message": delivery.event.message_id},
    )
    return delivery


@transaction.atomic
def prune_webhook_events(*, at: datetime) -> int:
    """Delete what was sent or given up long ago, with its attempts; how many events."""
    old = WebhookEvent.objects.filter(created_at__lt=at - timedelta(days=EVENTS_KEPT_DAYS))
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING).values("event")
    found = old.exclude(pk__in=waiting).order_by("created_at").values_list("pk", flat=True)
    pks = list(found[:PRUNED_ROWS_MAX])
    WebhookEvent.objects.filter(pk__in=pks).delete()
    return len(pks)
