"""What privacy listens to: incidents that alerts open, of services whose incidents start private."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.reads import register_concealer
from afterword.audit.writes import SYSTEM, subscribe_many
from afterword.incidents.models import Incident
from afterword.incidents.privacy.audited import conceal_private
from afterword.incidents.privacy.writes import begin_private
from afterword.lib import clock

Heard = Sequence[tuple[AuditEvent, models.Model]]


def begin_to_listen() -> None:
    """And tell the audit log what to keep from whom. In AppConfig.ready()."""
    register_concealer(conceal_private)
    subscribe_many("incident.triggered")(_begin)


def _begin(heard: Heard) -> None:
    incidents = [incident for _, incident in heard if isinstance(incident, Incident)]
    begin_private(actor=SYSTEM, incidents=incidents, at=clock.now())
