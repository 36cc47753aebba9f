"""Severities and incident types: the organisation's, so everyone who is in it sees them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.catalog.models import IncidentType, Severity
from afterword.catalog.reads.owned import narrowed, one_of


def visible_severities(actor: Person, *, archived: bool | None = None) -> QuerySet[Severity]:
    """The severities, the worst first."""
    if not actor.is_active:
        return Severity.objects.none()
    return narrowed(Severity.objects.all(), archived=archived).order_by("rank", "name", "id")


def get_severity(actor: Person, unique_id: uuid.UUID) -> Severity:
    """Raises NotFound for one that is not there."""
    return one_of(visible_severities(actor), unique_id)


def visible_incident_types(actor: Person, *, archived: bool | None = None) -> QuerySet[IncidentType]:
    """The incident types in their order."""
    if not actor.is_active:
        return IncidentType.objects.none()
    return narrowed(IncidentType.objects.all(), archived=archived).order_by("rank", "name", "id")


def get_incident_type(actor: Person, unique_id: uuid.UUID) -> IncidentType:
    """Raises NotFound for one that is not there."""
    return one_of(visible_incident_types(actor), unique_id)
