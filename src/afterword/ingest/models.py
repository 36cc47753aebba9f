from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.catalog.models import Integration
from afterword.lib import clock, ids

RULE_NAME_LENGTH_MAX = 100


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


class Failure(models.TextChoices):
    """Why a signal became no alert."""

    REFUSED = "refused", "Could not be read"
    MAINTENANCE = "maintenance", "Held back by maintenance"
    FAULT = "fault", "Failed"


class Signal(models.Model):
    """What became of an accepted request: the answer of the status endpoint."""

    trace_id = models.UUIDField(primary_key=True)
    integration_id = models.BigIntegerField()
    received_at = models.DateTimeField()
    folded_at = models.DateTimeField()
    error = models.TextField(blank=True)
    """Why it was not folded; empty when it was."""
    failure = models.CharField(max_length=16, choices=Failure.choices, blank=True)
    """The kind of that reason; empty exactly when `error` is."""
    entity_id = models.CharField(max_length=255, blank=True)
    """Of a failed signal, with which it was accepted: it is run again in its entity's partition."""
    retried_at = models.DateTimeField(null=True)
    """When it was put back into the inbox under a new trace id; null when nobody did."""
    change_unique_id = models.CharField(max_length=22, blank=True)
    """Of a signal that told of a change."""
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
            models.Index(
                fields=["integration_id", "-received_at"], condition=~Q(error=""), name="signal_failed"
            ),
            models.Index(
                fields=["integration_id", "received_at", "failure"],
                condition=~Q(error="") & Q(retried_at__isnull=True),
                name="signal_to_run_again",
            ),
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


class Mapping(models.Model):
    """How the bodies that an integration gets become the fields of an alert."""

    integration = models.OneToOneField(Integration, on_delete=models.CASCADE, related_name="mapping")
    is_enabled = models.BooleanField(default=False)
    definition = models.JSONField(default=dict)
    """In the shape of `ingest.mapping.MappingDefinition`."""
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Mapping of {self.integration}"


class AlertRule(models.Model):
    """A condition on the alerts of an integration, and what is done to those that meet it."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="alert_rules")
    position = models.PositiveIntegerField()
    """From 1; rules run in this order. Not unique: it is rewritten row by row."""
    name = models.CharField(max_length=RULE_NAME_LENGTH_MAX)
    is_enabled = models.BooleanField(default=False)
    conditions = models.JSONField(default=dict)
    """In the shape of `ingest.rules.Condition`."""
    actions = models.JSONField(default=list)
    """In the shape of `ingest.rules.Action`."""
    stops = models.BooleanField(default=False)
    """Whether no later rule is looked at when this one matches."""
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["integration", "position", "id"]

    def __str__(self) -> str:
        return self.name


class RecentBody(models.Model):
    """One of the last bodies that an integration got: to build mappings with, and to try rules on."""

    trace_id = models.UUIDField(primary_key=True)
    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="+", db_index=False)
    entity_id = models.CharField(max_length=255, blank=True, default="", db_default="")
    """With which it was accepted, before mapping and rules."""
    body = models.TextField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at"]
        indexes = [models.Index(fields=["integration", "-received_at"], name="recent_body")]
        verbose_name_plural = "recent bodies"

    def __str__(self) -> str:
        return str(self.trace_id)


class MinuteCount(models.Model):
    """What came in at an integration within one minute and what became of it, counted by the fold."""

    integration = models.ForeignKey(Integration, on_delete=models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    """Its beginning, in which the signals were folded."""
    folded = models.PositiveIntegerField(default=0)
    suppressed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    lag_milliseconds = models.PositiveBigIntegerField(default=0)
    """Sum of the times from acceptance to fold: divide by the signals."""
    lag_milliseconds_max = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["integration", "minute"], name="minute_count_once")]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M}"
