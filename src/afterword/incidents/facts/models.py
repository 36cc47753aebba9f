from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from afterword.accounts.models import Person
from afterword.catalog.models import Service
from afterword.fields.models import FieldDefinition, FieldItem
from afterword.lib import clock, ids

if TYPE_CHECKING:
    from afterword.incidents.models import Incident

LINK_TITLE_LENGTH_MAX = 200
LINK_URL_LENGTH_MAX = 2_000
WRITER_NAME_LENGTH_MAX = 200
SUMMARY_TEXT_LENGTH_MAX = 20_000


class LinkKind(models.TextChoices):
    """What a useful link leads to."""

    TICKET = "ticket", "Ticket"
    CHAT = "chat", "Chat channel"
    DASHBOARD = "dashboard", "Dashboard"
    OTHER = "other", "Other"


class AffectedService(models.Model):
    """A service that an incident affects beside its own."""

    # The constraint below begins with it.
    incident: models.ForeignKey[Incident, Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="affected_services", db_index=False
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["service__name", "id"]
        verbose_name = "incident that affects it"
        verbose_name_plural = "incidents that affect it"
        indexes = [models.Index(fields=["service", "incident"], name="affected_by_service")]
        constraints = [models.UniqueConstraint(fields=["incident", "service"], name="affected_service_once")]

    def __str__(self) -> str:
        return str(self.service)


class UsefulLink(models.Model):
    """Where else there is something about an incident: a ticket, a chat, a dashboard."""

    unique_id = models.UUIDField(default=ids.new_uuid, unique=True, editable=False)
    # The index below begins with it.
    incident: models.ForeignKey[Incident, Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="useful_links", db_index=False
    )
    kind = models.CharField(max_length=16, choices=LinkKind.choices, default=LinkKind.OTHER)
    title = models.CharField(max_length=LINK_TITLE_LENGTH_MAX)
    url = models.CharField(max_length=LINK_URL_LENGTH_MAX)
    """Of http or https."""
    position = models.PositiveSmallIntegerField(default=0)
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["incident", "position", "id"], name="useful_link_of_incident")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=LinkKind.values), name="useful_link_kind_is_known"
            )
        ]

    def __str__(self) -> str:
        return self.title


class IncidentField(FieldDefinition):
    """A custom field of incidents."""

    is_required = models.BooleanField(default=False)
    """A person cannot resolve an incident without a value; an alert can."""

    class Meta(FieldDefinition.Meta):
        abstract = False


class IncidentFieldItem(FieldItem):
    """What an incident has in a custom field, or one of several."""

    # The constraint and the index below begin with each of the two.
    owner: models.ForeignKey[Incident, Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="field_items", db_index=False
    )
    field = models.ForeignKey(IncidentField, on_delete=models.PROTECT, related_name="items", db_index=False)

    class Meta(FieldItem.Meta):
        abstract = False
        verbose_name = "value in an incident"
        verbose_name_plural = "values in incidents"
        indexes = [models.Index(fields=["field", "key", "owner"], name="field_item_by_key")]
        constraints = [models.UniqueConstraint(fields=["owner", "field", "position"], name="field_item_once")]


class SummaryVersion(models.Model):
    """What the summary of an incident said from some moment on, and who wrote it."""

    # The constraint below begins with it.
    incident: models.ForeignKey[Incident, Incident] = models.ForeignKey(
        "incidents.Incident", on_delete=models.CASCADE, related_name="summary_versions", db_index=False
    )
    number = models.PositiveIntegerField()
    """From 1."""
    text = models.TextField(max_length=SUMMARY_TEXT_LENGTH_MAX, blank=True)
    written_by = models.ForeignKey(
        Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    written_by_name = models.CharField(max_length=WRITER_NAME_LENGTH_MAX, blank=True)
    """As it was then; it outlives the account. Empty for what came with an alert."""
    written_at = models.DateTimeField()
    restored_from = models.PositiveIntegerField(null=True)
    """The number of the one that was brought back by this one."""

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["incident", "number"], name="summary_version_once")]

    def __str__(self) -> str:
        return f"{self.number}: {self.text[:100]}"
