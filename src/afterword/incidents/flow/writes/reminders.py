"""Reminders of tasks that are still to be done, and the way of each mail of a flow to one person.

A reminder is made in the transaction that sets when the next one is, so that there is exactly one however
many workers there are. What is due for one person at the same time is one mail. Its way to the mail server
is that of messages to stakeholders: it is handed over at most once (see `notify.writes.deliveries`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.incidents.flow import reads, rules
from afterword.incidents.flow.models import FlowMail, FlowMailKind, FlowMailState, FlowTask, TaskState

REMINDED_TASKS_MAX = 500
"""In one transaction."""
HANDOVER_SECONDS_MAX = 300
"""How long one mail may take, answer included."""
MAILS_KEPT_DAYS = 90
PRUNED_ROWS_MAX = 500
POSTPONED_ROWS_MAX = 200
MAY_HAVE_ARRIVED = "The worker ended while it was sent, so it may have arrived."


@dataclass(frozen=True)
class MailClaim:
    """The right to hand over one mail, once, until `until`."""

    mail: FlowMail
    until: datetime


def queue_reminders(*, at: datetime) -> int:
    """Make a mail for everybody whom some task waits for at `at`; how many mails.

    The owner is reminded; of a task without an owner, or whose owner may not see the incident any more,
    the managers of the service's team are. Where there are none either, nobody is, and the time goes on.
    """
    made = 0
    while True:
        tasks, mails = _queue(at)
        made += mails
        if tasks < REMINDED_TASKS_MAX:
            return made


@transaction.atomic
def _queue(at: datetime) -> tuple[int, int]:
    zone = reads.organisation_zone()
    due = (
        FlowTask.objects.filter(state=TaskState.OPEN, next_reminder_at__lte=at)
        .select_related("run__incident__service__team", "owner")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("next_reminder_at", "pk")
    )
    by_person: dict[int, list[FlowTask]] = {}
    tasks = list(due[:REMINDED_TASKS_MAX])
    day = at.astimezone(zone).date()
    for task in tasks:
        readers = _readers(task)
        for person in readers:
            by_person.setdefault(person.pk, []).append(task)
        following = rules.reminder_after(
            day,
            begun_on=task.run.resolved_on,
            due_on=task.due_on,
            before_days=task.remind_before_days,
            every_days=task.remind_every_days,
            weekdays=task.run.weekdays,
        )
        task.next_reminder_at = rules.moment_of_reminder(following, zone) if following else None
        task.reminders += bool(readers)
        task.save(update_fields=["next_reminder_at", "reminders"])
    for person_pk, waiting in by_person.items():
        mail = FlowMail.objects.create(
            kind=FlowMailKind.REMINDER, person_id=person_pk, next_attempt_at=at, created_at=at
        )
        mail.tasks.set(waiting)
    return len(tasks), len(by_person)


def _readers(task: FlowTask) -> list[Person]:
    incident = task.run.incident
    if task.owner is not None and reads.sees_incident(task.owner, incident):
        return [task.owner]
    return [person for person in reads.managers_of(incident) if reads.sees_incident(person, incident)]


def claim_mail(*, at: datetime) -> MailClaim | None:
    """Take the mail that is due longest, and note that it is being handed over; None when none is due.

    What was handed over before and never heard of again is failed on the way.
    """
    while True:
        claim = _claim(at)
        if not isinstance(claim, FlowMail):
            return claim


@transaction.atomic
def _claim(at: datetime) -> MailClaim | FlowMail | None:
    mail = _lock_due(at).first()
    if mail is None:
        return None
    if mail.handed_over_at is not None:
        mail.state, mail.error = FlowMailState.FAILED, MAY_HAVE_ARRIVED
        mail.save(update_fields=["state", "error"])
        return mail
    until = at + timedelta(seconds=HANDOVER_SECONDS_MAX)
    mail.attempts += 1
    mail.handed_over_at, mail.next_attempt_at = at, until
    mail.save(update_fields=["attempts", "handed_over_at", "next_attempt_at"])
    return MailClaim(mail, until)


@transaction.atomic
def record_mail_sent(*, claim: MailClaim, at: datetime) -> None:
    """The mail server has taken it."""
    _finish(claim, state=FlowMailState.SENT, sent_at=max(at, claim.mail.created_at), error="")


@transaction.atomic
def put_off_mail(*, claim: MailClaim, until: datetime) -> None:
    """Its reader wants no mails before `until`. It was not handed over, and no attempt is counted."""
    _finish(claim, handed_over_at=None, next_attempt_at=until, attempts=claim.mail.attempts - 1)


@transaction.atomic
def drop_mail(*, claim: MailClaim) -> None:
    """What it reminds of is done by now, or its reader may not see it any more: it is not sent."""
    _finish(claim, state=FlowMailState.DROPPED, error="")


@transaction.atomic
def record_mail_failure(*, claim: MailClaim, reason: str, again_at: datetime | None) -> None:
    """The mail server has not taken it: try again then, or never."""
    if again_at is None:
        _finish(claim, state=FlowMailState.FAILED, error=reason)
    else:
        _finish(claim, handed_over_at=None, next_attempt_at=again_at, error=reason)


@transaction.atomic
def postpone_mails(*, reason: str, at: datetime, seconds: int) -> int:
    """There is no mail server to give anything to: what is due waits so long; how many that were."""
    pks = list(
        _lock_due(at).filter(handed_over_at__isnull=True).values_list("pk", flat=True)[:POSTPONED_ROWS_MAX]
    )
    return FlowMail.objects.filter(pk__in=pks).update(
        next_attempt_at=at + timedelta(seconds=seconds), error=reason
    )


def prune_mails(*, at: datetime) -> int:
    """Delete mails that were sent, dropped or given up long ago; how many."""
    old = FlowMail.objects.filter(created_at__lt=at - timedelta(days=MAILS_KEPT_DAYS))
    pks = list(old.exclude(state=FlowMailState.WAITING).values_list("pk", flat=True)[:PRUNED_ROWS_MAX])
    FlowMail.objects.filter(pk__in=pks).delete()
    return len(pks)


def _finish(claim: MailClaim, **fields: object) -> None:
    # Nothing when somebody else has it by now.
    held = FlowMail.objects.filter(pk=claim.mail.pk, state=FlowMailState.WAITING, next_attempt_at=claim.until)
    held.update(**fields)


def _lock_due(at: datetime) -> QuerySet[FlowMail]:
    due = FlowMail.objects.filter(state=FlowMailState.WAITING, next_attempt_at__lte=at)
    return (
        due.select_related("person")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("next_attempt_at", "pk")
    )
