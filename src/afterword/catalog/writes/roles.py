"""Every change to incident roles."""

from __future__ import annotations

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog.models import IncidentRole
from afterword.catalog.reads import offered_incident_roles
from afterword.catalog.writes import owned
from afterword.catalog.writes.texts import clean_name, clean_summary

INCIDENT_ROLES_MAX = 50
NAME_TAKEN = "There is an incident role with this name already."


@transaction.atomic
def create_incident_role(
    *, actor: Person, name: str, description: str = "", is_single: bool = False, rank: int | None = None
) -> IncidentRole:
    """Make an incident role, as the last unless `rank` is its place, from 1.

    Raises InvalidInput, NotAllowed.
    """
    accounts.require_admin(actor)
    owned.require_room(IncidentRole.objects.all(), INCIDENT_ROLES_MAX, "incident roles")
    others = offered_incident_roles()
    role = IncidentRole(
        name=clean_name(name),
        description=clean_summary(description, field="description"),
        is_single=is_single,
        rank=max((other.rank for other in others), default=0) + 1,
    )
    owned.add(actor=actor, thing=role, name_taken=NAME_TAKEN)
    if rank is not None:
        owned.move(actor=actor, thing=role, among=others, place=rank)
    return role


@transaction.atomic
def change_incident_role(
    *, actor: Person, role: IncidentRole, name: str, description: str, is_single: bool | None = None
) -> IncidentRole:
    """None leaves `is_single`. Raises InvalidInput, NotAllowed.

    Where several people have a role that one person is to have from now on, they keep it until the next
    one takes it over.
    """
    owned.require_right(actor, role)
    wanted = {
        "name": clean_name(name),
        "description": clean_summary(description, field="description"),
        "is_single": role.is_single if is_single is None else is_single,
    }
    owned.change(actor=actor, thing=role, wanted=wanted, name_taken=NAME_TAKEN)
    return role


@transaction.atomic
def move_incident_role(*, actor: Person, role: IncidentRole, place: int) -> IncidentRole:
    """Put an incident role at a place among the others, from 1. Raises NotAllowed."""
    owned.move(actor=actor, thing=role, among=offered_incident_roles(), place=place)
    return role
