"""What privacy listens to: incidents that alerts open, of services whose incidents start private."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.writes import SYSTEM, subscribe_many
from afterword.incidents.models import Incident
from afterword.incidents.privacy.writes import begin_private
from afterword.lib import clock

Heard = Sequence[tuple[AuditEvent, models.Model]]


def begin_to_listen() -> None:
    """In AppConfig.ready()."""
    subscribe_many("incident.triggered")(_begin)


def _begin(heard: Heard) -> None:
    incidents = [incident for _, incident in heard if isinstance(incident, Incident)]
    begin_private(actor=SYSTEM, incidents=incidents, at=clock.now())
