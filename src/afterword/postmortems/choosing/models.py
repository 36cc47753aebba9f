from __future__ import annotations

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce

from afterword.accounts.models import Team
from afterword.catalog.models import IncidentType, Severity
from afterword.lib import clock, ids

TEMPLATE_KEY_LENGTH_MAX = 64


class TemplateRule(models.Model):
    """A template that post-mortems begin with. Without severity and type it is the default of whose it is."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="+")
    """Whose post-mortems it is for; everybody's where there is none."""
    severity = models.ForeignKey(Severity, on_delete=models.CASCADE, null=True, related_name="+")
    incident_type = models.ForeignKey(IncidentType, on_delete=models.CASCADE, null=True, related_name="+")
    template_key = models.CharField(max_length=TEMPLATE_KEY_LENGTH_MAX)
    """The key of a TemplateChoice. One that is gone by now is passed over."""
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            # Nothing counts as a value here, and no row has the key 0.
            models.UniqueConstraint(
                Coalesce("team", Value(0)),
                Coalesce("severity", Value(0)),
                Coalesce("incident_type", Value(0)),
                name="template_rule_is_given_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.template_key} for {self.team or 'everybody'}"
