from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from afterword.accounts.models import Team
from afterword.audit.writes import AuditIdentity
from afterword.lib import clock, ids

NAME_LENGTH_MAX = 100
SUMMARY_LENGTH_MAX = 2_000


class Service(models.Model):
    """What breaks. Belongs to one team."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    summary = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("team", Lower("name"), name="service_name_is_unique_in_team")]

    def __str__(self) -> str:
        return self.name


class IntegrationKind(models.TextChoices):
    """Whose format an integration speaks."""

    GENERIC = "generic", "Generic"


class Integration(models.Model):
    """A way in for alerts on one service, with a key of its own."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="integrations")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    kind = models.CharField(max_length=32, choices=IntegrationKind.choices, default=IntegrationKind.GENERIC)
    key = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    is_enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("service", Lower("name"), name="integration_name_is_unique_in_service"),
            models.CheckConstraint(
                condition=Q(kind__in=IntegrationKind.values), name="integration_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_identity(self) -> AuditIdentity:
        return AuditIdentity("integration", str(self.pk), self.name)
