"""A new summary of an incident is a save of every post-mortem that shows it: approvals before are stale."""

from __future__ import annotations

from functools import partial

from django.db import models, transaction

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe
from afterword.incidents.flow.reads import people_behind
from afterword.incidents.models import Incident
from afterword.postmortems.writes import keep_new_summary


def begin_to_listen() -> None:
    """Subscribe. In AppConfig.ready()."""
    subscribe("incident.summarised")(_keep_afterwards)


def _keep_afterwards(event: AuditEvent, incident: models.Model) -> None:
    assert isinstance(incident, Incident)
    for actor in people_behind([event]).values():
        # Who publishes locks the post-mortem first and its incidents then: in this transaction it is the
        # other way round. Should it fail, publishing asks for itself.
        transaction.on_commit(partial(keep_new_summary, actor=actor, incident=incident), robust=True)
