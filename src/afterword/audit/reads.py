"""The record, for those who may read all of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q

from afterword.audit.models import AuditEvent, AuditEvents
from afterword.audit.writes import Actor
from afterword.lib.errors import NotAllowed
from afterword.lib.search import mentions

RECENT_SUBJECTS_MAX = 20


class Reader(Protocol):
    """Who asks. A protocol, because people belong to a package above."""

    is_active: bool

    @property
    def is_admin(self) -> bool: ...


Concealer = Callable[[Any], Q | None]
"""For an actor: a condition on the events that they must not hear of; None: there are none."""
_concealers: list[Concealer] = []


def register_concealer(conceal: Concealer) -> None:
    """Leave out what was done to some things; for packages above, in AppConfig.ready()."""
    if conceal not in _concealers:
        _concealers.append(conceal)


def require_reader(actor: Reader) -> None:
    """Raises NotAllowed to anyone but owners and administrators."""
    if not (actor.is_active and actor.is_admin):
        raise NotAllowed("Only owners and administrators can read the audit log.")


def recent_subjects(actor: Actor, action: str, *, since: datetime) -> list[int]:
    """The primary keys of what the actor has done this to since then, the last first, a few of them."""
    identity = actor.audit_identity
    events = AuditEvent.objects.filter(
        action=action, actor_kind=identity.kind, actor_id=identity.id, at__gte=since
    )
    found = events.order_by("-id").values_list("subject_id", flat=True)[:RECENT_SUBJECTS_MAX]
    return [int(subject_id) for subject_id in found]


def search_events(
    actor: Reader, *, text: str = "", subject_kind: str = "", subject_id: str = ""
) -> AuditEvents:
    """What was done, newest first. `text` is looked for in who, what and to what. Raises NotAllowed.

    What was done to things that are kept from the actor, as a private incident, is left out.
    """
    require_reader(actor)
    events = AuditEvent.objects.order_by("-id")
    for conceal in _concealers:
        hidden = conceal(actor)
        if hidden is not None:
            events = events.exclude(hidden)
    if text:
        events = events.filter(mentions(text, "actor_name", "action", "subject_name"))
    if subject_kind:
        events = events.filter(subject_kind=subject_kind)
    if subject_id:
        events = events.filter(subject_id=subject_id)
    return events


def subject_kinds(actor: Reader) -> list[str]:
    """The kinds of things that anything was done to, in order. Raises NotAllowed."""
    require_reader(actor)
    kinds = AuditEvent.objects.order_by("subject_kind").values_list("subject_kind", flat=True)
    return list(kinds.distinct())
