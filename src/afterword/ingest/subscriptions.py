"""What the way in wants to know of: changes to integrations, so that a new key works at once."""

from __future__ import annotations

from django.db import models, transaction

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe
from afterword.ingest.keys import forget_all

CHANGES = ("integration.created", "integration.changed", "integration.key_rotated")


def subscribe_all() -> None:
    """Called once, when the program starts."""
    for action in CHANGES:
        subscribe(action)(forget_keys_on_commit)


def forget_keys_on_commit(event: AuditEvent, subject: models.Model) -> None:
    transaction.on_commit(forget_all)
