from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from afterword.accounts.models import Person
from afterword.lib import clock, ids

if TYPE_CHECKING:
    from afterword.incidents.models import Incident

REASON_LENGTH_MAX = 500


class IncidentMerge(models.Model):
    """That an incident went into another one, and what it was before; kept when it is taken out again."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    source: models.ForeignKey[Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="merges_from"
    )
    target: models.ForeignKey[Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="merges_into"
    )
    reason = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)
    source_status = models.CharField(max_length=16)
    source_resolved_at = models.DateTimeField(null=True)
    merged_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    merged_at = models.DateTimeField(default=clock.now)
    unmerged_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    unmerged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(unmerged_at__isnull=True), name="incident_merged_into_one"
            ),
            models.CheckConstraint(condition=~Q(source=F("target")), name="incident_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"
