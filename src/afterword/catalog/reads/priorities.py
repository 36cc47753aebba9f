"""Priorities, as far as the actor may see them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Priority
from afterword.catalog.reads.owned import narrowed, of_visible_teams, one_of


def visible_priorities(
    actor: Person, *, team: Team | None = None, archived: bool | None = None
) -> QuerySet[Priority]:
    """Those of the actor's teams, the most urgent of each team first."""
    rows = narrowed(of_visible_teams(actor, Priority.objects.all()), team=team, archived=archived)
    return rows.order_by("team__name", "team", "rank", "name", "id")


def get_priority(actor: Person, unique_id: uuid.UUID) -> Priority:
    """Raises NotFound for one that is not there or not the actor's to see."""
    return one_of(visible_priorities(actor), unique_id)
