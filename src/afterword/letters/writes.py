"""Letters are queued in the transaction of the change that they tell of, and handed over at most once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.letters.models import Letter, LetterState
from afterword.lib import clock

HANDOVER_SECONDS_MAX = 300
"""How long one letter may take, answer included."""
LETTERS_KEPT_DAYS = 90
PRUNED_ROWS_MAX = 500
POSTPONED_ROWS_MAX = 200
MAY_HAVE_ARRIVED = "The worker ended while it was sent, so it may have arrived."


@dataclass(frozen=True)
class LetterClaim:
    """The right to hand over one letter, once, until `until`."""

    letter: Letter
    until: datetime


def queue_letters(
    *, kind: str, people: Iterable[Person], about: Mapping[str, Any], not_before: datetime | None = None
) -> list[Letter]:
    """Have a letter sent to each of these people, once each, in the caller's transaction.

    Those who have left are left out. `about` is what the writer of `kind` needs; it must be JSON.
    """
    assert transaction.get_connection().in_atomic_block, "a letter belongs to the change it tells of"
    now = clock.now()
    recipients = {person.pk: person for person in people if person.is_active}
    return Letter.objects.bulk_create(
        Letter(
            kind=kind,
            person=person,
            about=dict(about),
            next_attempt_at=max(not_before or now, now),
            created_at=now,
        )
        for person in recipients.values()
    )


def remind_all(remind: Callable[[], tuple[int, int]], *, rows_max: int) -> int:
    """How many letters `remind` queued, called until it looks at fewer than `rows_max` rows.

    Each call is a transaction of its own that looks at so many rows at the most, and tells how many it
    looked at and how many letters it queued.
    """
    made = 0
    while True:
        looked_at, queued = remind()
        made += queued
        if looked_at < rows_max:
            return made


def claim_letter(*, at: datetime) -> LetterClaim | None:
    """Take the letter that is due longest, and note that it is being handed over; None when none is due.

    What was handed over before and never heard of again is failed on the way.
    """
    while True:
        claim = _claim(at)
        if not isinstance(claim, Letter):
            return claim


@transaction.atomic
def _claim(at: datetime) -> LetterClaim | Letter | None:
    letter = _lock_due(at).first()
    if letter is None:
        return None
    if letter.handed_over_at is not None:
        letter.state, letter.error = LetterState.FAILED, MAY_HAVE_ARRIVED
        letter.save(update_fields=["state", "error"])
        return letter
    until = at + timedelta(seconds=HANDOVER_SECONDS_MAX)
    letter.attempts += 1
    letter.handed_over_at, letter.next_attempt_at = at, until
    letter.save(update_fields=["attempts", "handed_over_at", "next_attempt_at"])
    return LetterClaim(letter, until)


@transaction.atomic
def record_sent(*, claim: LetterClaim, at: datetime) -> None:
    """The mail server has taken it."""
    _finish(claim, state=LetterState.SENT, sent_at=at, error="")


@transaction.atomic
def drop_letter(*, claim: LetterClaim) -> None:
    """What it tells is not so any more, or its reader may not see it: it is not sent."""
    _finish(claim, state=LetterState.DROPPED, error="")


@transaction.atomic
def put_off_letter(*, claim: LetterClaim, until: datetime) -> None:
    """Its reader wants no mails before `until`. It was not handed over, and no attempt is counted."""
    _finish(claim, handed_over_at=None, next_attempt_at=until, attempts=claim.letter.attempts - 1)


@transaction.atomic
def record_failure(*, claim: LetterClaim, reason: str, again_at: datetime | None) -> None:
    """The mail server has not taken it: try again then, or never."""
    if again_at is None:
        _finish(claim, state=LetterState.FAILED, error=reason)
    else:
        _finish(claim, handed_over_at=None, next_attempt_at=again_at, error=reason)


@transaction.atomic
def postpone_letters(*, reason: str, at: datetime, seconds: int) -> None:
    """No mail server can be reached: what is due waits, and no attempt is counted."""
    due = _lock_due(at).filter(handed_over_at__isnull=True).values_list("pk", flat=True)
    Letter.objects.filter(pk__in=list(due[:POSTPONED_ROWS_MAX])).update(
        next_attempt_at=at + timedelta(seconds=seconds), error=reason
    )


def prune_letters(*, at: datetime) -> int:
    """Delete letters that were sent, dropped or given up long ago; how many."""
    old = Letter.objects.filter(created_at__lt=at - timedelta(days=LETTERS_KEPT_DAYS))
    pks = list(old.exclude(state=LetterState.WAITING).values_list("pk", flat=True)[:PRUNED_ROWS_MAX])
    Letter.objects.filter(pk__in=pks).delete()
    return len(pks)


def _finish(claim: LetterClaim, **fields: object) -> None:
    # Nothing when somebody else has it by now.
    held = Letter.objects.filter(pk=claim.letter.pk, state=LetterState.WAITING, next_attempt_at=claim.until)
    held.update(**fields)


def _lock_due(at: datetime) -> QuerySet[Letter]:
    due = Letter.objects.filter(state=LetterState.WAITING, next_attempt_at__lte=at)
    return (
        due.select_related("person")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("next_attempt_at", "pk")
    )
