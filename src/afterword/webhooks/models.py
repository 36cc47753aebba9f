from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Team
from afterword.lib import clock, ids

DESCRIPTION_LENGTH_MAX = 200
HOST_LENGTH_MAX = 255
ERROR_LENGTH_MAX = 500
ANSWER_CHARACTERS_MAX = 4_000


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"


class Endpoint(models.Model):
    """An address that is told what happens."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    description = models.CharField(max_length=DESCRIPTION_LENGTH_MAX, blank=True)
    sealed_url = models.TextField()
    """Encrypted: many addresses hold a secret."""
    host = models.CharField(max_length=HOST_LENGTH_MAX)
    """Of the address, for lists and for the record."""
    sealed_secret = models.TextField()
    sealed_old_secret = models.TextField(blank=True)
    old_secret_until = models.DateTimeField(null=True)
    all_events = models.BooleanField(default=True)
    event_types = models.JSONField(default=list)
    """Their names, when not all."""
    all_teams = models.BooleanField(default=True)
    teams = models.ManyToManyField(Team, related_name="+")
    """When not all. Without any, nothing is sent."""
    includes_private = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    switched_off_at = models.DateTimeField(null=True)
    """When the program did, because it kept failing; null when a person did."""
    failures = models.PositiveIntegerField(default=0)
    """In a row."""
    failing_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    busy_until = models.DateTimeField(null=True)
    """Somebody sends to it: one request at a time, so that events come in their order."""
    last_attempt_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return self.description or self.host


class WebhookEvent(models.Model):
    """What happened, as it is sent: the same bytes to every endpoint, at every attempt."""

    message_id = models.CharField(max_length=40, unique=True)
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    body = models.TextField()
    subject = models.CharField(max_length=60, blank=True)
    """What it is about, in a few words: `incident 42`."""
    incident = models.BigIntegerField(null=True)
    """The primary key of its incident; no relation, so that what is deleted there is still sent from here."""
    is_private = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], name="webhook_event_by_age"),
            models.Index(fields=["incident"], name="webhook_event_by_incident"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"


class Delivery(models.Model):
    """The way of one event to one endpoint."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    event = models.ForeignKey(WebhookEvent, on_delete=models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(Endpoint, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    """Since it was queued, or sent again by hand."""
    next_attempt_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)
    error = models.CharField(max_length=ERROR_LENGTH_MAX, blank=True)
    """Why it did not arrive, the last time."""

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                condition=Q(state="waiting"),
                name="webhook_delivery_waiting",
            ),
            models.Index(fields=["endpoint", "-created_at"], name="webhook_delivery_by_endpoint"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=DeliveryState.values), name="webhook_delivery_state_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.endpoint_id}"

    @property
    def last_try(self) -> Attempt | None:
        """The last attempt, of those that were fetched with it."""
        tries = list(self.tries.all())
        return tries[-1] if tries else None


class Attempt(models.Model):
    """One request, and what came of it."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    """Of HTTP; null when there was no answer."""
    error = models.CharField(max_length=ERROR_LENGTH_MAX, blank=True)
    answer = models.TextField(blank=True)
    """The beginning of what was answered."""

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.delivery_id} at {self.at}"
