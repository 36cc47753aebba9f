"""What an incident is called when it is counted: how bad it was, and of which type. Of the organisation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from afterword.catalog.models.limits import COLOUR_LENGTH_MAX, NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.models.response import DEFAULT_COLOUR, is_colour
from afterword.lib import clock, ids


class Severity(models.Model):
    """How bad an incident is, in the words of the organisation: SEV1 to SEV4."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    description = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    colour = models.CharField(max_length=COLOUR_LENGTH_MAX, default=DEFAULT_COLOUR, validators=[is_colour])
    rank = models.PositiveSmallIntegerField(default=0)
    """The lowest stands first: the worst."""
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)
    """Since when it is no longer offered. What has it keeps it; the same for a type."""

    class Meta:
        ordering = ["rank", "name", "id"]
        verbose_name_plural = "severities"
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(archived_at__isnull=True), name="severity_name_is_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name


class IncidentType(models.Model):
    """What kind of thing went wrong, as in Platform or Security."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    name = models.CharField(max_length=NAME_LENGTH_MAX)
    description = models.TextField(max_length=SUMMARY_LENGTH_MAX, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    """The lowest stands first."""
    created_at = models.DateTimeField(default=clock.now)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["rank", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), condition=Q(archived_at__isnull=True), name="incident_type_name_is_unique"
            )
        ]

    def __str__(self) -> str:
        return self.name
