"""Every change to severities and incident types."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog.colours import DEFAULT_NAME, value_of
from afterword.catalog.models import IncidentType, Severity
from afterword.catalog.writes import owned
from afterword.catalog.writes.texts import clean_name, clean_summary

SEVERITIES_MAX = 20
INCIDENT_TYPES_MAX = 100
SEVERITY_NAME_TAKEN = "There is a severity with this name already."
TYPE_NAME_TAKEN = "There is an incident type with this name already."


@transaction.atomic
def create_severity(
    *,
    actor: Person,
    name: str,
    description: str = "",
    colour: str = DEFAULT_NAME,
    rank: int | None = None,
) -> Severity:
    """Make a severity, as the least bad unless `rank` is its place, from 1.

    `colour` is a name of the palette or a value as `#1f2937`. Raises InvalidInput, NotAllowed.
    """
    accounts.require_admin(actor)
    owned.require_room(Severity.objects.all(), SEVERITIES_MAX, "severities")
    others = _severities()
    severity = Severity(
        name=clean_name(name),
        description=clean_summary(description, field="description"),
        colour=value_of(colour),
        rank=max((other.rank for other in others), default=0) + 1,
    )
    owned.add(actor=actor, thing=severity, name_taken=SEVERITY_NAME_TAKEN)
    if rank is not None:
        owned.move(actor=actor, thing=severity, among=others, place=rank)
    return severity


@transaction.atomic
def change_severity(
    *, actor: Person, severity: Severity, name: str, description: str, colour: str
) -> Severity:
    """Raises InvalidInput, NotAllowed."""
    owned.require_right(actor, severity)
    wanted = {
        "name": clean_name(name),
        "description": clean_summary(description, field="description"),
        "colour": value_of(colour),
    }
    owned.change(actor=actor, thing=severity, wanted=wanted, name_taken=SEVERITY_NAME_TAKEN)
    return severity


@transaction.atomic
def move_severity(*, actor: Person, severity: Severity, place: int) -> Severity:
    """Put a severity at a place among the others, from 1, the worst. Raises NotAllowed."""
    owned.move(actor=actor, thing=severity, among=_severities(), place=place)
    return severity


@transaction.atomic
def create_incident_type(
    *, actor: Person, name: str, description: str = "", rank: int | None = None
) -> IncidentType:
    """Make an incident type, as the last unless `rank` is its place, from 1.

    Raises InvalidInput, NotAllowed.
    """
    accounts.require_admin(actor)
    owned.require_room(IncidentType.objects.all(), INCIDENT_TYPES_MAX, "incident types")
    others = _types()
    made = IncidentType(
        name=clean_name(name),
        description=clean_summary(description, field="description"),
        rank=max((other.rank for other in others), default=0) + 1,
    )
    owned.add(actor=actor, thing=made, name_taken=TYPE_NAME_TAKEN)
    if rank is not None:
        owned.move(actor=actor, thing=made, among=others, place=rank)
    return made


@transaction.atomic
def change_incident_type(
    *, actor: Person, incident_type: IncidentType, name: str, description: str
) -> IncidentType:
    """Raises InvalidInput, NotAllowed."""
    owned.require_right(actor, incident_type)
    wanted = {"name": clean_name(name), "description": clean_summary(description, field="description")}
    owned.change(actor=actor, thing=incident_type, wanted=wanted, name_taken=TYPE_NAME_TAKEN)
    return incident_type


@transaction.atomic
def move_incident_type(*, actor: Person, incident_type: IncidentType, place: int) -> IncidentType:
    """Put an incident type at a place among the others, from 1. Raises NotAllowed."""
    owned.move(actor=actor, thing=incident_type, among=_types(), place=place)
    return incident_type


def _severities() -> QuerySet[Severity]:
    return Severity.objects.filter(archived_at__isnull=True).order_by("rank", "name", "id")


def _types() -> QuerySet[IncidentType]:
    return IncidentType.objects.filter(archived_at__isnull=True).order_by("rank", "name", "id")
