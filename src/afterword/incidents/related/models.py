from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from afterword.accounts.models import Person
from afterword.lib import clock, ids

if TYPE_CHECKING:
    from afterword.incidents.models import Incident

REASON_LENGTH_MAX = 500


class IncidentRelation(models.Model):
    """That two incidents have to do with one another. It has no direction: `first` has the smaller key."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    first: models.ForeignKey[Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    second: models.ForeignKey[Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="+"
    )
    reason = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)
    made_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="incident_relation_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="incident_relation_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"
