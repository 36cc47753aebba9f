"""Tags, as far as the actor may see them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from afterword.accounts.models import Person, Team
from afterword.catalog.models import Tag
from afterword.catalog.reads.owned import narrowed, of_visible_teams, one_of


def visible_tags(actor: Person, *, team: Team | None = None, archived: bool | None = None) -> QuerySet[Tag]:
    """Those of the actor's teams, by team and name."""
    rows = narrowed(of_visible_teams(actor, Tag.objects.all()), team=team, archived=archived)
    return rows.order_by("team__name", "team", "name", "id")


def get_tag(actor: Person, unique_id: uuid.UUID) -> Tag:
    """Raises NotFound for one that is not there or not the actor's to see."""
    return one_of(visible_tags(actor), unique_id)
