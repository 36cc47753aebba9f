from __future__ import annotations

from django.db import models
from django.db.models import Q


class InboxRow(models.Model):
    """A signal that was accepted and is not folded yet. Deleted by the fold, in the fold's transaction."""

    trace_id = models.UUIDField(unique=True)
    integration_id = models.BigIntegerField()
    """No foreign key: the way in checks the key itself and pays for no look-up here."""
    partition = models.SmallIntegerField()
    entity_id = models.CharField(max_length=255)
    body = models.TextField()
    """The accepted JSON, as it was sent."""
    received_at = models.DateTimeField()

    class Meta:
        db_table = "ingest_inbox"
        indexes = [models.Index(fields=["partition", "id"], name="inbox_by_partition")]

    def __str__(self) -> str:
        return str(self.trace_id)


class Signal(models.Model):
    """What became of an accepted request: the answer of the status endpoint."""

    trace_id = models.UUIDField(primary_key=True)
    integration_id = models.BigIntegerField()
    received_at = models.DateTimeField()
    folded_at = models.DateTimeField()
    error = models.TextField(blank=True)
    """Why it was not folded; empty when it was."""
    alert_unique_id = models.CharField(max_length=22, blank=True)
    incident_unique_id = models.CharField(max_length=22, blank=True)
    incident_number = models.PositiveBigIntegerField(null=True)
    is_incident_created = models.BooleanField(default=False)
    suppressed = models.BooleanField(default=False)
    body = models.TextField(blank=True)
    """Kept only for a failed signal, so that it can be run again."""

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], name="signal_by_time"),
            models.Index(fields=["integration_id", "-received_at"], name="signal_of_integration"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(error="") | Q(alert_unique_id=""), name="signal_failed_has_no_alert"
            )
        ]

    def __str__(self) -> str:
        return str(self.trace_id)


class Heartbeat(models.Model):
    """When a part of the program last said that it is alive."""

    part = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.part} at {self.at:%H:%M:%S}"
