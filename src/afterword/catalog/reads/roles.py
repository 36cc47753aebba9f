"""Incident roles: the organisation's, so everyone who is in it sees them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from afterword.accounts.models import Person
from afterword.catalog.models import IncidentRole, Meaning
from afterword.catalog.reads.owned import narrowed, one_of


def visible_incident_roles(actor: Person, *, archived: bool | None = None) -> QuerySet[IncidentRole]:
    """The incident roles in their order."""
    if not actor.is_active:
        return IncidentRole.objects.none()
    return narrowed(IncidentRole.objects.all(), archived=archived).order_by("rank", "name", "id")


def role_meaning(meaning: Meaning) -> IncidentRole | None:
    """The role that has this meaning and is offered. For the program itself."""
    return IncidentRole.objects.filter(meaning=meaning, archived_at__isnull=True).first()


def offered_incident_roles() -> QuerySet[IncidentRole]:
    """Those that are not archived, in their order. For the program itself."""
    return IncidentRole.objects.filter(archived_at__isnull=True).order_by("rank", "name", "id")


def get_incident_role(actor: Person, unique_id: uuid.UUID) -> IncidentRole:
    """Raises NotFound for one that is not there."""
    return one_of(visible_incident_roles(actor), unique_id)
