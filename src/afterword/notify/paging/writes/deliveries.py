"""The way of a page by one contact method: waiting, sent, failed, or not needed any more.

As with messages to stakeholders, what is handed over is marked before and the mark is committed: a worker
that is killed in between leaves a delivery that may have arrived, and that is not repeated. Webhooks carry
the id of their delivery, by which a receiver knows one that comes twice; so those are repeated.

Who changes an incident locks it before its deliveries, and so does everything here that writes lines of a
timeline: the two never wait for one another.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from afterword.audit.writes import record
from afterword.incidents.flow.reads import sees_incident
from afterword.incidents.models import ENTRY_SOURCE_LENGTH_MAX, Entry, EntryKind, Incident, IncidentStatus
from afterword.notify.contact.models import ContactKind
from afterword.notify.paging import rules
from afterword.notify.paging.models import Page, PageAttempt, PageDelivery, PageState
from afterword.notify.paging.writes.engine import PAGER
from afterword.notify.rules import Refusal

HANDOVER_SECONDS_MAX = 300
"""How long one page may take, answer included. After that whoever handed it over is taken for dead."""
POSTPONED_ROWS_MAX = 200
"""In one go."""
CUT_OFF = "The worker ended while it was handed over, so it may have arrived. It is not repeated."


@dataclass(frozen=True)
class PageClaim:
    """The right to hand over one page, once, until `until`."""

    delivery: PageDelivery
    until: datetime


def is_page_due(kinds: Collection[ContactKind], *, at: datetime) -> bool:
    """Whether any page of these kinds waits for its turn."""
    return _due(kinds, at).exists()


def claim_page(kinds: Collection[ContactKind], *, at: datetime) -> PageClaim | None:
    """Take the page that is due longest, and note that it is being handed over; None when none is due.

    What is not needed any more is dropped on the way, and what was cut off is failed.
    """
    while True:
        claim = _claim(kinds, at)
        if claim is None or isinstance(claim, PageClaim):
            return claim
        record_page_failure(claim=claim.claim, refusal=Refusal(CUT_OFF, is_permanent=True), at=at)


@dataclass(frozen=True)
class _CutOff:
    claim: PageClaim


def record_page_sent(*, claim: PageClaim, at: datetime) -> None:
    """The other side has taken it."""
    _record_attempt(claim, None, at)


def record_page_failure(*, claim: PageClaim, refusal: Refusal, at: datetime) -> None:
    """The other side has not taken it: try again later, or give it up."""
    _record_attempt(claim, refusal, at)


def postpone_due_pages(kinds: Collection[ContactKind], *, refusal: Refusal, at: datetime) -> None:
    """There is nobody to hand anything over to: what is due has failed once."""
    for _ in range(POSTPONED_ROWS_MAX):
        claim = claim_page(kinds, at=at)
        if claim is None:
            return
        record_page_failure(claim=claim, refusal=refusal, at=at)


@transaction.atomic
def _claim(kinds: Collection[ContactKind], at: datetime) -> PageClaim | _CutOff | None:
    while True:
        delivery = (
            _due(kinds, at)
            .select_related("page__person", "page__incident__service__team", "page__paged_by", "method")
            .select_for_update(of=("self",), skip_locked=True)
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if delivery is None:
            return None
        until = at + timedelta(seconds=HANDOVER_SECONDS_MAX)
        if delivery.handed_over_at is not None and delivery.kind != ContactKind.WEBHOOK:
            # Marked anew, so that no other worker says the same.
            delivery.next_attempt_at = until
            delivery.save(update_fields=["next_attempt_at"])
            return _CutOff(PageClaim(delivery, until))
        if not is_needed(delivery.page):
            delivery.state = PageState.DROPPED
            delivery.save(update_fields=["state"])
            continue
        delivery.attempts += 1
        delivery.handed_over_at = at
        delivery.next_attempt_at = until
        delivery.is_quiet = False
        delivery.save(update_fields=["attempts", "handed_over_at", "next_attempt_at", "is_quiet"])
        return PageClaim(delivery, until)


def is_needed(page: Page) -> bool:
    """Whether anybody still waits for its person: those paged by hand also about what is acknowledged.

    Nobody is told of a private incident of which they are a member no more.
    """
    status = page.incident.status
    if page.answered_at is not None or page.incident.is_resolved:
        return False
    if page.incident.is_private and not sees_incident(page.person, page.incident):
        return False
    return status == IncidentStatus.TRIGGERED or page.escalation_id is None


@transaction.atomic
def _record_attempt(claim: PageClaim, refusal: Refusal | None, at: datetime) -> None:
    page = claim.delivery.page
    # Before the delivery, as everybody does.
    Incident.objects.select_for_update(of=("self",)).get(pk=page.incident_id)
    delivery = (
        PageDelivery.objects.select_for_update(of=("self",))
        .filter(pk=claim.delivery.pk, next_attempt_at=claim.until, state=PageState.WAITING)
        .first()
    )
    if delivery is None:
        return
    known_error = delivery.error
    again_at = None
    delivery.handed_over_at = None
    if refusal is None:
        delivery.state, delivery.sent_at, delivery.error = PageState.SENT, at, ""
    else:
        delivery.error = refusal.reason
        again_at = None if refusal.is_permanent else rules.next_attempt_at(delivery.attempts, at)
        if again_at is None:
            delivery.state = PageState.FAILED
        else:
            delivery.next_attempt_at = again_at
    delivery.save(update_fields=["state", "sent_at", "error", "next_attempt_at", "handed_over_at"])
    PageAttempt.objects.create(
        delivery=delivery, number=delivery.attempts, at=at, error=refusal.reason if refusal else ""
    )
    # The panel lists every attempt; the timeline leaves out those that fail as the one before did.
    if again_at is None or delivery.error != known_error:
        _tell(page, delivery, refusal, again_at is not None, at)
    if again_at is None:
        record(
            actor=PAGER,
            action="page.failed" if refusal else "page.sent",
            subject=page,
            at=at,
            team_id=page.incident.service.team_id,
            data={
                "incident": page.incident.number,
                "by": delivery.kind,
                "attempts": delivery.attempts,
                **({"reason": refusal.reason} if refusal else {}),
            },
        )


def _tell(
    page: Page, delivery: PageDelivery, refusal: Refusal | None, is_tried_again: bool, at: datetime
) -> None:
    level = f", level {page.level}" if page.level else ""
    level += f", round {page.round}" if page.round > 1 else ""
    by = f"{page.person} by “{delivery.label}”{level}"
    if refusal is None:
        tries = f", at attempt {delivery.attempts}" if delivery.attempts > 1 else ""
        text = f"Paged {by}{tries}."
    elif is_tried_again:
        text = f"The page to {by} did not go out and is tried again. {refusal.reason}"
    else:
        text = f"The page to {by} failed. {refusal.reason}"
    Entry.objects.create(
        incident=page.incident,
        at=at,
        kind=EntryKind.PAGE,
        text=text,
        source=PAGER.name[:ENTRY_SOURCE_LENGTH_MAX],
    )


def _due(kinds: Collection[ContactKind], at: datetime) -> QuerySet[PageDelivery]:
    return PageDelivery.objects.filter(state=PageState.WAITING, next_attempt_at__lte=at, kind__in=list(kinds))
