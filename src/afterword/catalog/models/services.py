from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from afterword.accounts.models import Team
from afterword.audit.writes import AuditIdentity
from afterword.catalog.models.limits import NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.models.response import EscalationPolicy, Priority, Sla
from afterword.lib import clock, ids

SECRET_LENGTH_MAX = 200
GROUPING_MINUTES_MAX = 7 * 24 * 60
DEPENDENCIES_MAX = 50
"""Of one service, as far as one person sees them: what is kept from somebody is not counted for them."""


class Service(models.Model):
    """What breaks. Belongs to one team."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    summary = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, related_name="+")
    """What an incident gets when its alert names none; the same for the next two."""
    sla = models.ForeignKey(Sla, on_delete=models.PROTECT, null=True, related_name="+")
    escalation_policy = models.ForeignKey(
        EscalationPolicy, on_delete=models.PROTECT, null=True, related_name="+"
    )
    collation_minutes = models.PositiveIntegerField(default=0)
    """An alert about another entity joins an incident that was opened so recently. 0: never."""
    auto_resolve_minutes = models.PositiveIntegerField(default=0)
    """An incident without a further alert for so long is resolved. 0: never."""
    reopen_minutes = models.PositiveIntegerField(default=0)
    """An alert about an entity whose incident was resolved so recently opens that one again. 0: never."""
    starts_private = models.BooleanField(default=False, db_default=False)
    """Its incidents are private from their beginning; its team's managers are their members."""
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint("team", Lower("name"), name="service_name_is_unique_in_team")]

    def __str__(self) -> str:
        return self.name


class ServiceDependency(models.Model):
    """A service calls or needs another, which is upstream of it. Two may need one another."""

    # The first constraint below begins with it.
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="dependencies", db_index=False
    )
    depends_on = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="dependents", db_index=False
    )
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["service", "depends_on"]
        verbose_name_plural = "service dependencies"
        indexes = [models.Index(fields=["depends_on", "service"], name="dependency_upstream")]
        constraints = [
            models.UniqueConstraint(fields=["service", "depends_on"], name="service_dependency_once"),
            models.CheckConstraint(
                condition=~Q(service=F("depends_on")), name="service_does_not_depend_on_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} depends on {self.depends_on}"


class IntegrationKind(models.TextChoices):
    """Whose format an integration speaks."""

    GENERIC = "generic", "Generic"
    ALERTMANAGER = "alertmanager", "Prometheus Alertmanager"
    GRAFANA = "grafana", "Grafana"
    PAGERDUTY = "pagerduty", "PagerDuty Events v2"
    OPSGENIE = "opsgenie", "Opsgenie"
    INCIDENT_IO = "incident-io", "incident.io alert source"
    EMAIL = "email", "Email"
    CHANGES = "changes", "Changes"
    GITHUB = "github", "GitHub deployments"


class Integration(models.Model):
    """A way in for alerts on one service, with a key of its own."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="integrations")
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    kind = models.CharField(max_length=32, choices=IntegrationKind.choices, default=IntegrationKind.GENERIC)
    key = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    is_enabled = models.BooleanField(default=True)
    secret = models.CharField(max_length=SECRET_LENGTH_MAX, blank=True)
    """What a sender signs its requests with, for the kinds that do; readable, for it has to be compared."""
    signals_per_minute_max = models.PositiveIntegerField(null=True)
    """More are answered with 429. Null: what the settings say."""
    revision = models.PositiveIntegerField(default=1)
    """Counts the changes to its mapping and its rules: what was compiled from an older one is stale."""
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
