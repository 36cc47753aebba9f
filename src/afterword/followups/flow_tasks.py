"""The task of a post-incident flow that follow-ups tick: their review."""

from __future__ import annotations

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe
from afterword.followups import reads
from afterword.followups.models import FollowUp
from afterword.incidents.flow import writes
from afterword.incidents.flow.checks import register_check
from afterword.incidents.flow.models import TaskKind

CHANGES = ("follow_up.created", "follow_up.changed", "follow_up.completed", "follow_up.deleted")


def begin_to_tick() -> None:
    """Register the check and subscribe. In AppConfig.ready()."""
    register_check(
        TaskKind.FOLLOW_UPS, reads.are_all_agreed_on, "every follow-up has an owner and a due date"
    )
    for action in CHANGES:
        subscribe(action)(_look)


def _look(event: AuditEvent, follow_up: models.Model) -> None:
    assert isinstance(follow_up, FollowUp)
    if follow_up.incident is not None:
        writes.recheck(incident=follow_up.incident, kinds=[TaskKind.FOLLOW_UPS])
