from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet


class AuditEvent(models.Model):
    """What was done, by whom and when. Written with the change itself; never changed, never deleted."""

    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor_kind = models.CharField(max_length=20)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_name = models.CharField(max_length=200)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    subject_name = models.CharField(max_length=300, blank=True)
    team_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="audit_event_by_subject"),
            models.Index(fields=["-at"], name="audit_event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.action} {self.subject_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        assert self._state.adding, "an audit event is never changed"
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AssertionError("an audit event is never deleted")


AuditEvents = QuerySet[AuditEvent]
