"""Who can be called when: weekly turns of a team's people, and who stands in for whom."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from afterword.accounts.models import Person, Team
from afterword.catalog.models.limits import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.lib import clock, ids

ZONE_LENGTH_MAX = 64


class OnCallSchedule(models.Model):
    """People who are on call in turns of a week, in their order. `catalog.rotation` says who when."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="on_call_schedules")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    summary = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    time_zone = models.CharField(max_length=ZONE_LENGTH_MAX, default="UTC")
    starts_on = models.DateField()
    """The day of the first turn, in the schedule's time zone; the same for the next two."""
    handover_weekday = models.PositiveSmallIntegerField(default=0)
    """0 is Monday."""
    handover_time = models.TimeField(default=time(9))
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "on-call schedule"
        constraints = [
            models.UniqueConstraint(
                "team",
                Lower("name"),
                condition=Q(archived_at__isnull=True),
                name="on_call_schedule_name_is_unique_in_team",
            ),
            models.CheckConstraint(
                condition=Q(handover_weekday__lte=6), name="on_call_schedule_weekday_is_one"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OnCallTurn(models.Model):
    """A person's place among those who take turns."""

    schedule = models.ForeignKey(OnCallSchedule, on_delete=models.CASCADE, related_name="turns")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    """From 1."""

    class Meta:
        ordering = ["schedule", "position"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "person"], name="on_call_turn_once_per_person"),
            models.UniqueConstraint(fields=["schedule", "position"], name="on_call_turn_has_its_place"),
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.schedule}"


class OnCallOverride(models.Model):
    """Somebody who is on call instead of whose turn it is. Of several at once, the last one made counts."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    schedule = models.ForeignKey(OnCallSchedule, on_delete=models.CASCADE, related_name="overrides")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = "on-call override"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="on_call_override_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} in {self.schedule}"
