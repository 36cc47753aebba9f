from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from afterword.accounts.models import Person
from afterword.catalog.models import Integration, Service
from afterword.lib import clock, ids

TITLE_LENGTH_MAX = 300
SUMMARY_LENGTH_MAX = 20_000
ENTITY_ID_LENGTH_MAX = 255
ENTRY_TEXT_LENGTH_MAX = 20_000
ENTRY_SOURCE_LENGTH_MAX = 100


class IncidentStatus(models.TextChoices):
    TRIGGERED = "triggered", "Triggered"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Resolved"


class AlertType(models.TextChoices):
    """What an alert says. The first three open an incident or add to it."""

    CRITICAL = "critical", "Critical"
    ERROR = "error", "Error"
    WARNING = "warning", "Warning"
    INFO = "info", "Info"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    RESOLVED = "resolved", "Resolved"


class EntryKind(models.TextChoices):
    """What kind of thing a line of the timeline tells."""

    ALERT = "alert", "Alert"
    STATUS = "status", "Status"
    NOTE = "note", "Note"
    EDIT = "edit", "Edit"


class Incident(models.Model):
    """Alerts about the same entity, until resolved; or something that a person reported."""

    unique_id = models.CharField(max_length=22, default=ids.new_short_id, unique=True, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="incidents")
    integration = models.ForeignKey(
        Integration, on_delete=models.PROTECT, null=True, related_name="incidents"
    )
    """Where the alert that opened it came in; null when a person reported it."""
    entity_id = models.CharField(max_length=ENTITY_ID_LENGTH_MAX)
    title = models.CharField(max_length=TITLE_LENGTH_MAX)
    summary = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    status = models.CharField(max_length=16, choices=IncidentStatus.choices, default=IncidentStatus.TRIGGERED)
    created_at = models.DateTimeField(default=clock.now)
    impact_started_at = models.DateTimeField(null=True)
    detected_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    identified_at = models.DateTimeField(null=True)
    fixed_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        # Each serves one way to narrow the list, in the order in which the list is shown.
        indexes = [
            models.Index(fields=["status", "-number"], name="incident_by_status"),
            models.Index(fields=["service", "-number"], name="incident_by_service"),
            models.Index(fields=["-number"], condition=Q(resolved_at__isnull=True), name="incident_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["integration", "entity_id"],
                condition=Q(resolved_at__isnull=True),
                name="incident_open_once_per_entity",
            ),
            models.CheckConstraint(
                condition=Q(status__in=IncidentStatus.values), name="incident_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=IncidentStatus.RESOLVED, resolved_at__isnull=False)
                | (~Q(status=IncidentStatus.RESOLVED) & Q(resolved_at__isnull=True)),
                name="incident_resolved_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True)
                | Q(resolved_at__gte=Coalesce(F("impact_started_at"), F("created_at"))),
                name="incident_resolved_after_started",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"

    @property
    def is_resolved(self) -> bool:
        return self.resolved_at is not None

    @property
    def started_at(self) -> datetime:
        """When it began: the start of the impact where that is known, else when we first heard of it."""
        return self.impact_started_at or self.created_at


class Alert(models.Model):
    """A signal after it was read: what a monitoring system said, once."""

    unique_id = models.CharField(max_length=22, default=ids.new_short_id, unique=True, editable=False)
    trace_id = models.UUIDField(unique=True)
    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="alerts")
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="alerts")
    """Null for what belongs to no incident: information, or a resolution of nothing that is open."""
    alert_type = models.CharField(max_length=16, choices=AlertType.choices)
    entity_id = models.CharField(max_length=ENTITY_ID_LENGTH_MAX)
    message = models.TextField()
    summary = models.TextField(blank=True)
    payload = models.JSONField(null=True)
    urls = models.JSONField(default=list)
    suppressed = models.BooleanField(default=False)
    opened_incident = models.BooleanField(default=False)
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["incident", "received_at", "id"], name="alert_of_incident"),
            models.Index(fields=["integration", "-id"], name="alert_of_integration"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(alert_type__in=AlertType.values), name="alert_type_is_known")
        ]

    def __str__(self) -> str:
        return self.message[:100]


class Entry(models.Model):
    """One line of an incident's timeline: when, what, who, from which source."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="entries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=16, choices=EntryKind.choices)
    text = models.TextField(max_length=ENTRY_TEXT_LENGTH_MAX)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    source = models.CharField(max_length=ENTRY_SOURCE_LENGTH_MAX, blank=True)
    """Who or what said it, in words that outlive the person's account or the integration."""
    alert = models.ForeignKey(Alert, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["incident", "at", "id"], name="entry_of_incident")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="entry_kind_is_known")
        ]

    def __str__(self) -> str:
        return self.text[:100]
