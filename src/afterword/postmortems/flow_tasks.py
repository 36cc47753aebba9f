"""Which tasks of a post-incident flow a post-mortem ticks: its draft, its export, its publication."""

from __future__ import annotations

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe
from afterword.incidents.flow import writes
from afterword.incidents.flow.checks import register_check
from afterword.incidents.flow.models import TaskKind
from afterword.postmortems import reads
from afterword.postmortems.models import Postmortem

CHANGES_OF_STATUS = (
    "postmortem.created",
    "postmortem.status_changed",
    "postmortem.published",
    "postmortem.incidents_changed",
)
"""After these a post-mortem may be in review or published, or not any more."""


def begin_to_tick() -> None:
    """Register the checks and subscribe. In AppConfig.ready()."""
    register_check(TaskKind.DRAFT, reads.is_in_review_or_beyond, "its post-mortem is in review or further")
    register_check(TaskKind.SHARE, reads.is_published, "its post-mortem is published")
    for action in CHANGES_OF_STATUS:
        subscribe(action)(_look_at_status)
    subscribe("postmortem.exported")(_tick_exports)


def _look_at_status(event: AuditEvent, postmortem: models.Model) -> None:
    assert isinstance(postmortem, Postmortem)
    for incident in reads.incidents_of(postmortem):
        writes.recheck(incident=incident, kinds=[TaskKind.DRAFT, TaskKind.SHARE])


def _tick_exports(event: AuditEvent, postmortem: models.Model) -> None:
    """What is taken out by somebody who may only read is not the export that the flow asks for."""
    assert isinstance(postmortem, Postmortem)
    if not event.data.get("by_writer"):
        return
    because = f"exported as {event.data['format']} by {event.actor_name}"
    for incident in reads.incidents_of(postmortem):
        writes.tick_by_event(incident=incident, kind=TaskKind.EXPORT, because=because)
