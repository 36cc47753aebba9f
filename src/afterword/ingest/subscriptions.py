"""What the way in wants to know of: changes to integrations, so that what is new works at once."""

from __future__ import annotations

from django.db import models, transaction

from afterword.audit.models import AuditEvent
from afterword.audit.writes import subscribe
from afterword.ingest.keys import forget_all

CHANGES = (
    *("integration.created", "integration.changed", "integration.deleted"),
    *("integration.key_rotated", "integration.secret_rotated"),
    *("integration.mapping_changed", "integration.rules_changed"),
    # Its grouping decides which alerts have to stay in one order.
    "service.changed",
)


def subscribe_all() -> None:
    """Called once, when the program starts."""
    for action in CHANGES:
        subscribe(action)(forget_keys_on_commit)


def forget_keys_on_commit(event: AuditEvent, subject: models.Model) -> None:
    transaction.on_commit(forget_all)
