"""What questions listen to: a post-mortem that is about to be deleted."""

from __future__ import annotations

from django.db import models

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe
from afterword.drafting.interviews.reads import has_answers_of_others
from afterword.lib.errors import Conflict
from afterword.postmortems.models import Postmortem


def begin_to_listen() -> None:
    """In AppConfig.ready()."""
    subscribe("postmortem.deleted")(_keep_answers)


def _keep_answers(event: AuditEvent, subject: models.Model) -> None:
    """What others answered is not the actor's to delete."""
    if isinstance(subject, Postmortem) and has_answers_of_others(subject, event.actor_id):
        raise Conflict("Somebody else answered questions about it: what they wrote is not deleted.")
