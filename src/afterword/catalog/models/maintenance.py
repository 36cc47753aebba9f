from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from afterword.accounts.models import Team
from afterword.catalog.models.limits import NAME_LENGTH_MAX
from afterword.catalog.models.services import Service
from afterword.lib import clock, ids


class Repeat(models.TextChoices):
    """How often a maintenance window comes back."""

    ONCE = "once", "Once"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"


class MaintenanceWindow(models.Model):
    """A time in which alerts of some services open no incident."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="maintenance_windows")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    services = models.ManyToManyField(Service, related_name="maintenance_windows")
    starts_at = models.DateTimeField()
    """The first time; a repeated one keeps the time of day in `time_zone`, also across a change of clocks."""
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64, default="UTC")
    repeats = models.CharField(max_length=16, choices=Repeat.choices, default=Repeat.ONCE)
    repeat_until = models.DateTimeField(null=True)
    """No repetition begins after it. Null: for ever."""
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="maintenance_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(repeats__in=Repeat.values), name="maintenance_repeats_as_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name
