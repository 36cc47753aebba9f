from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from afterword.accounts.models import Person
from afterword.lib import clock

if TYPE_CHECKING:
    from afterword.incidents.models import Incident


class IncidentMember(models.Model):
    """Somebody who may see a private incident. Who has a role in it may without such a row."""

    # The constraint below begins with it.
    incident: models.ForeignKey[Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="members", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    added_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    """Null: paging did, or the settings of the service."""
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["person__name", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "person"], name="incident_member_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.incident}"
