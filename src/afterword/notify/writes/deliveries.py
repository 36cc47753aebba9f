"""The way of a message to one address: waiting, sent or failed.

What is promised: a mail is given to the mail server at most once, unless a person asks for it again. Before
a mail is handed over, the row says so and is committed (`handed_over_at`); only an answer, or a failure from
before the end of the text, takes that back. A worker that is killed in between leaves the mark, and what
bears it when its time is over is not sent again but shown as failed, for it may have arrived.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.audit.writes import Actor, SystemActor, record
from afterword.incidents.models import (
    ENTRY_SOURCE_LENGTH_MAX,
    DeliveryState,
    Entry,
    EntryKind,
    StakeholderDelivery,
)
from afterword.incidents.privacy.reads import addresses_of_members
from afterword.incidents.reads import lock_incident
from afterword.lib import clock
from afterword.notify import rules
from afterword.notify.errors import NotFailed
from afterword.notify.rules import Refusal

HANDOVER_SECONDS_MAX = 300
"""How long one mail may take, answer included. After that whoever handed it over is taken for dead."""
POSTPONED_ROWS_MAX = 200
"""In one transaction."""
MAIL_WORKER = SystemActor("Mail")
NO_MEMBER = "The incident is private, and this address is none of its members’."


@dataclass(frozen=True)
class Claim:
    """The right to hand over one delivery, once, until `until`."""

    delivery: StakeholderDelivery
    until: datetime


def claim_delivery(*, at: datetime) -> Claim | None:
    """Take the delivery that is due longest, and note that it is being handed over; None when none is due.

    What was handed over before and never heard of again is failed on the way.
    """
    while True:
        claim = _claim(at)
        if claim is None or not isinstance(claim, StakeholderDelivery):
            return claim


@transaction.atomic
def _claim(at: datetime) -> Claim | StakeholderDelivery | None:
    """A claim; or a delivery that was found cut off or must not go out, and is failed now."""
    delivery = _lock_due(at).first()
    if delivery is None:
        return None
    if delivery.handed_over_at is not None:
        _fail(delivery, Refusal(rules.MAY_HAVE_ARRIVED, is_permanent=True), at)
        return delivery
    incident = delivery.message.incident
    if incident.is_private and not addresses_of_members(incident, [delivery.email]):
        # It may have become private since, and an alert rule does not know.
        _fail(delivery, Refusal(NO_MEMBER, is_permanent=True), at)
        return delivery
    until = at + timedelta(seconds=HANDOVER_SECONDS_MAX)
    delivery.attempts += 1
    delivery.handed_over_at = at
    delivery.next_attempt_at = until
    delivery.save(update_fields=["attempts", "handed_over_at", "next_attempt_at"])
    return Claim(delivery, until)


@transaction.atomic
def record_sent(*, claim: Claim, at: datetime) -> None:
    """The mail server has taken it; also when its answer came so late that we had given it up."""
    delivery = _lock_claimed(claim)
    if delivery is None:
        return
    delivery.state = DeliveryState.SENT
    delivery.sent_at = at
    delivery.error = ""
    delivery.save(update_fields=["state", "sent_at", "error"])
    _record(MAIL_WORKER, "message.sent", delivery, at)


@transaction.atomic
def record_failure(*, claim: Claim, refusal: Refusal, at: datetime) -> None:
    """The mail server has not taken it: try again later, or give it up."""
    delivery = _lock_claimed(claim)
    if delivery is not None:
        _put_off(delivery, refusal, at)


@transaction.atomic
def postpone_all_due(*, refusal: Refusal, at: datetime) -> int:
    """There is no mail server to give anything to: what is due has failed once; how many that were."""
    due = list(_lock_due(at).filter(handed_over_at__isnull=True)[:POSTPONED_ROWS_MAX])
    for delivery in due:
        delivery.attempts += 1
        _put_off(delivery, refusal, at)
    return len(due)


@transaction.atomic
def retry_delivery(*, actor: Person, delivery: StakeholderDelivery) -> StakeholderDelivery:
    """Try once more what was given up. Raises NotFailed, NotAllowed, NotFound."""
    lock_incident(actor, delivery.message.incident)
    failed = StakeholderDelivery.objects.select_for_update(of=("self",)).filter(
        pk=delivery.pk, state=DeliveryState.FAILED
    )
    delivery = failed.select_related("message__incident__service__team").first() or delivery
    if delivery.state != DeliveryState.FAILED:
        raise NotFailed
    now = clock.now()
    delivery.state = DeliveryState.WAITING
    delivery.attempts = 0
    delivery.handed_over_at = None
    delivery.next_attempt_at = now
    delivery.save(update_fields=["state", "attempts", "handed_over_at", "next_attempt_at"])
    _record(actor, "message.retried", delivery, now)
    return delivery


def _lock_due(at: datetime) -> QuerySet[StakeholderDelivery]:
    due = StakeholderDelivery.objects.filter(state=DeliveryState.WAITING, next_attempt_at__lte=at)
    return (
        due.select_related("message__incident__service__team", "message__created_by")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("next_attempt_at", "pk")
    )


def _lock_claimed(claim: Claim) -> StakeholderDelivery | None:
    """None when somebody else has it by now: a person who asked for it again."""
    claimed = StakeholderDelivery.objects.filter(pk=claim.delivery.pk, next_attempt_at=claim.until)
    claimed = claimed.exclude(state=DeliveryState.SENT).select_related("message__incident__service__team")
    return claimed.select_for_update(of=("self",)).first()


def _put_off(delivery: StakeholderDelivery, refusal: Refusal, at: datetime) -> None:
    again_at = None if refusal.is_permanent else rules.next_attempt_at(delivery.attempts, at)
    if again_at is None:
        _fail(delivery, refusal, at)
        return
    delivery.handed_over_at = None
    delivery.next_attempt_at = again_at
    delivery.error = refusal.reason
    delivery.save(update_fields=["attempts", "handed_over_at", "next_attempt_at", "error"])


def _fail(delivery: StakeholderDelivery, refusal: Refusal, at: datetime) -> None:
    delivery.state = DeliveryState.FAILED
    delivery.error = refusal.reason
    delivery.save(update_fields=["state", "attempts", "error"])
    message = delivery.message
    Entry.objects.create(
        incident=message.incident,
        at=at,
        kind=EntryKind.MESSAGE,
        text=f"The message “{message.subject}” did not reach {delivery.email}. {refusal.reason}",
        source=MAIL_WORKER.name[:ENTRY_SOURCE_LENGTH_MAX],
    )
    _record(MAIL_WORKER, "message.failed", delivery, at, reason=refusal.reason)


def _record(actor: Actor, action: str, delivery: StakeholderDelivery, at: datetime, **data: str) -> None:
    incident = delivery.message.incident
    record(
        actor=actor,
        action=action,
        subject=delivery,
        at=at,
        team_id=incident.service.team_id,
        data={"incident": incident.number, "message": str(delivery.message.unique_id), **data},
    )
