from __future__ import annotations

from django.db import models
from django.db.models import Q

from afterword.accounts.models import Person
from afterword.lib import clock, ids

KIND_LENGTH_MAX = 40


class LetterState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    DROPPED = "dropped", "Not needed any more"


class Letter(models.Model):
    """A mail on its way to one person. What it says is written by the writer of its kind when it goes out."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    kind = models.CharField(max_length=KIND_LENGTH_MAX)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    about = models.JSONField(default=dict)
    """Primary keys and plain facts that the writer needs; no text that somebody may lose the right to see.
    The one exception is the calendar file of an invitation or a cancellation, as it was then."""
    state = models.CharField(max_length=8, choices=LetterState.choices, default=LetterState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=clock.now)
    handed_over_at = models.DateTimeField(null=True)
    """Since when the mail server may have it. A letter that still waits then was cut off in the middle."""
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="waiting"), name="letter_waiting"),
            models.Index(fields=["created_at"], name="letter_by_age"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letter_state_is_known")
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.person_id}"
