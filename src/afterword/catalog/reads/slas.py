"""SLAs, as far as the actor may see them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Service, Sla
from afterword.catalog.reads.owned import narrowed, of_visible_teams, one_of


def visible_slas(actor: Person, *, team: Team | None = None, archived: bool | None = None) -> QuerySet[Sla]:
    """Those of the actor's teams, by team and name."""
    rows = narrowed(of_visible_teams(actor, Sla.objects.all()), team=team, archived=archived)
    return rows.order_by("team__name", "team", "name", "id")


def get_sla(actor: Person, unique_id: uuid.UUID) -> Sla:
    """Raises NotFound for one that is not there or not the actor's to see."""
    return one_of(visible_slas(actor), unique_id)


def sla_in_force(service: Service) -> Sla | None:
    """What the service's incidents are promised. For the program itself."""
    sla = service.sla
    return sla if sla is not None and sla.is_active and sla.archived_at is None else None
