"""Every change to priorities."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog.colours import DEFAULT_NAME, value_of
from afterword.catalog.models import Priority
from afterword.catalog.writes import owned
from afterword.catalog.writes.texts import clean_name, clean_summary

PRIORITIES_PER_TEAM_MAX = 50
NAME_TAKEN = "The team has a priority with this name already."


@transaction.atomic
def create_priority(
    *,
    actor: Person,
    team: Team,
    name: str,
    description: str = "",
    colour: str = DEFAULT_NAME,
    rank: int | None = None,
) -> Priority:
    """Make a priority of a team, as the least urgent unless `rank` is its place, from 1.

    `colour` is a name of the palette or a value as `#1f2937`. Raises InvalidInput, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, team)
    owned.require_room(Priority.objects.filter(team=team), PRIORITIES_PER_TEAM_MAX, "priorities in a team")
    others = _in_order(team)
    priority = Priority(
        team=team,
        name=clean_name(name),
        description=clean_summary(description, field="description"),
        colour=value_of(colour),
        rank=max((other.rank for other in others), default=0) + 1,
    )
    owned.add(actor=actor, thing=priority, name_taken=NAME_TAKEN)
    if rank is not None:
        owned.move(actor=actor, thing=priority, among=others, place=rank)
    return priority


@transaction.atomic
def change_priority(
    *, actor: Person, priority: Priority, name: str, description: str, colour: str
) -> Priority:
    """Raises InvalidInput, NotAllowed, NotFound."""
    owned.require_right(actor, priority)
    wanted = {
        "name": clean_name(name),
        "description": clean_summary(description, field="description"),
        "colour": value_of(colour),
    }
    owned.change(actor=actor, thing=priority, wanted=wanted, name_taken=NAME_TAKEN)
    return priority


@transaction.atomic
def move_priority(*, actor: Person, priority: Priority, place: int) -> Priority:
    """Put a priority at a place among the team's, from 1, the most urgent. Raises NotAllowed, NotFound."""
    owned.move(actor=actor, thing=priority, among=_in_order(priority.team), place=place)
    return priority


def _in_order(team: Team) -> QuerySet[Priority]:
    return Priority.objects.filter(team=team, archived_at__isnull=True).order_by("rank", "name", "id")
