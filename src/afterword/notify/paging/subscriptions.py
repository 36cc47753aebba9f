"""What paging listens to: incidents that begin, are looked after, end, and get another policy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe, subscribe_many
from afterword.incidents.models import Incident
from afterword.lib import clock
from afterword.notify.paging.writes import engine

Heard = Sequence[tuple[AuditEvent, models.Model]]
FIRST_BEGINNINGS = ("incident.triggered", "incident.created")
"""Of incidents that are made in the same transaction."""
BEGINNINGS = ("incident.reopened", "incident.unmerged")
ENDS = ("incident.acknowledged", "incident.resolved", "incident.merged")


def begin_to_listen() -> None:
    """In AppConfig.ready()."""
    for action in FIRST_BEGINNINGS:
        subscribe_many(action)(_begin_first)
    for action in BEGINNINGS:
        subscribe_many(action)(_begin)
    for action in ENDS:
        subscribe_many(action)(_end)
    subscribe("incident.escalation_changed")(_change)


def _begin_first(heard: Heard) -> None:
    engine.start_escalations(list(_latest(heard).values()), are_new=True)


def _begin(heard: Heard) -> None:
    engine.start_escalations(list(_latest(heard).values()))


def _end(heard: Heard) -> None:
    engine.stop_paging([incident for incident, _ in _latest(heard).values()], at=clock.now())


def _change(event: AuditEvent, incident: models.Model) -> None:
    assert isinstance(incident, Incident)
    engine.change_policy(incident, at=event.at)


def _latest(heard: Heard) -> dict[int, tuple[Incident, datetime]]:
    """Each incident once, as it is now, and when it was last heard of."""
    found = {}
    for event, incident in heard:
        assert isinstance(incident, Incident)
        found[incident.pk] = (incident, event.at)
    return found
