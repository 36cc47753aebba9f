"""Recording what was done, and telling the packages above."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import models, transaction

from afterword.audit.models import AuditEvent
from afterword.lib import bulk, clock

NAME_LENGTH_MAX = 200
SUBJECT_NAME_LENGTH_MAX = 300
_EVENTS = bulk.Table(
    AuditEvent,
    *("id", "at", "action", "actor_kind", "actor_id", "actor_name"),
    *("subject_kind", "subject_id", "subject_name", "team_id", "data"),
)


@dataclass(frozen=True)
class AuditIdentity:
    """Who did something, as it stands in the record for ever."""

    kind: str
    id: str
    name: str


class Actor(Protocol):
    """Anyone or anything that may change the record: a person, an integration, the system itself."""

    @property
    def audit_identity(self) -> AuditIdentity: ...


@dataclass(frozen=True)
class SystemActor:
    """The program itself: a timer, a command at the console, a fold."""

    name: str = "Afterword"

    @property
    def audit_identity(self) -> AuditIdentity:
        return AuditIdentity("system", "", self.name)


SYSTEM = SystemActor()

Subscriber = Callable[[AuditEvent, models.Model], None]
BatchSubscriber = Callable[[Sequence[tuple[AuditEvent, models.Model]]], None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)
_batch_subscribers: dict[str, list[BatchSubscriber]] = defaultdict(list)


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model,
    data: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    team_id: int | None = None,
) -> AuditEvent:
    """Write one audit event in the caller's transaction, then tell the subscribers of `action`.

    `action` is a noun and a past participle: `incident.resolved`. `data` must be JSON and hold no secret.
    Subscribers run inside the same transaction: what they write stands or falls with the change.
    """
    assert transaction.get_connection().in_atomic_block, "an audit event belongs to its change's transaction"
    identity = actor.audit_identity
    event = AuditEvent(
        at=at or clock.now(),
        action=action,
        actor_kind=identity.kind,
        actor_id=identity.id,
        actor_name=identity.name[:NAME_LENGTH_MAX],
        subject_kind=subject._meta.model_name or "",
        subject_id=str(subject.pk),
        subject_name=str(subject)[:SUBJECT_NAME_LENGTH_MAX],
        team_id=team_id,
        data=dict(data or {}),
    )
    event.save(force_insert=True)
    for subscriber in _subscribers[action]:
        subscriber(event, subject)
    for batch_subscriber in _batch_subscribers[action]:
        batch_subscriber([(event, subject)])
    return event


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """An audit event to be recorded together with many others."""

    actor: Actor
    action: str
    subject_kind: str
    """The name of the subject's model, in small letters."""
    subject_id: int
    subject_name: str
    at: datetime
    team_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


def record_many(
    events: Sequence[NewEvent], *, find_subjects: Callable[[set[int]], Mapping[int, models.Model]]
) -> None:
    """`record` for many events at once, in their order and in the caller's transaction.

    `find_subjects` gives the subjects of these primary keys as they are after all the changes. It is called
    once, and only when somebody listens.
    """
    assert transaction.get_connection().in_atomic_block, "an audit event belongs to its change's transaction"
    if not events:
        return
    rows, heard = [], []
    for pk, new in zip(bulk.take_ids(AuditEvent, len(events)), events, strict=True):
        identity, data = new.actor.audit_identity, dict(new.data)
        columns = (
            *(pk, new.at, new.action, identity.kind, identity.id, identity.name[:NAME_LENGTH_MAX]),
            *(new.subject_kind, str(new.subject_id), new.subject_name[:SUBJECT_NAME_LENGTH_MAX]),
            new.team_id,
        )
        rows.append((*columns, json.dumps(data)))
        if _subscribers[new.action] or _batch_subscribers[new.action]:
            event = AuditEvent.from_db(None, _EVENTS.names, (*columns, data))
            heard.append((event, new.subject_id))
    _EVENTS.insert(rows)
    if not heard:
        return
    subjects = find_subjects({subject_id for _, subject_id in heard})
    for row, subject_id in heard:
        for subscriber in _subscribers[row.action]:
            subscriber(row, subjects[subject_id])
    for action in dict.fromkeys(row.action for row, _ in heard):
        batch = [(row, subjects[subject_id]) for row, subject_id in heard if row.action == action]
        for batch_subscriber in _batch_subscribers[action]:
            batch_subscriber(batch)


def subscribe(action: str) -> Callable[[Subscriber], Subscriber]:
    """Have a function called with `(event, subject)` in the transaction of every such change."""

    def register(subscriber: Subscriber) -> Subscriber:
        if subscriber not in _subscribers[action]:
            _subscribers[action].append(subscriber)
        return subscriber

    return register


def subscribe_many(action: str) -> Callable[[BatchSubscriber], BatchSubscriber]:
    """The same for a function that is called once with all such events of one `record_many`, in their order.

    The subjects are as they are after all the changes, which may be further on than the event tells.
    """

    def register(subscriber: BatchSubscriber) -> BatchSubscriber:
        if subscriber not in _batch_subscribers[action]:
            _batch_subscribers[action].append(subscriber)
        return subscriber

    return register
