"""What of the record other programs are told: written down in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe, subscribe_many
from afterword.incidents.models import Incident
from afterword.webhooks.events import TOLD_BY
from afterword.webhooks.writes.outbox import hide_private, queue_events


def begin_to_listen() -> None:
    """In AppConfig.ready()."""
    for action in TOLD_BY:
        subscribe_many(action)(_tell)
    subscribe("incident.made_private")(_hide)


def _tell(heard: Sequence[tuple[AuditEvent, models.Model]]) -> None:
    queue_events(heard)


def _hide(event: AuditEvent, incident: models.Model) -> None:
    assert isinstance(incident, Incident)
    hide_private(incident)
