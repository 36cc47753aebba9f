"""When documents begin by themselves: when their incident is resolved. When they are drafted by themselves:
when they begin, and when their incident is resolved."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe_many
from afterword.drafting.suggestions.writes import (
    note_blank,
    queue_beginnings,
    queue_by_itself,
    queue_for_incidents,
)
from afterword.incidents.models import Incident
from afterword.postmortems.models import Postmortem


def begin_to_draft() -> None:
    """In AppConfig.ready()."""
    subscribe_many("postmortem.created")(_look_at_new)
    subscribe_many("incident.resolved")(_look_at_resolved)


def _look_at_new(heard: Sequence[tuple[AuditEvent, models.Model]]) -> None:
    for event, subject in heard:
        assert isinstance(subject, Postmortem)
        if event.data.get("blank"):
            note_blank(subject)
        else:
            queue_by_itself([subject])


def _look_at_resolved(heard: Sequence[tuple[AuditEvent, models.Model]]) -> None:
    keys = [subject.pk for _, subject in heard if isinstance(subject, Incident)]
    queue_for_incidents(keys)
    queue_beginnings(keys)
