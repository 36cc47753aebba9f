"""Every change to tags."""

from __future__ import annotations

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog.colours import DEFAULT_NAME, value_of
from afterword.catalog.models import Tag
from afterword.catalog.writes import owned
from afterword.catalog.writes.texts import clean_name

TAGS_PER_TEAM_MAX = 1_000
NAME_TAKEN = "The team has a tag with this name already."


@transaction.atomic
def create_tag(*, actor: Person, team: Team, name: str, colour: str = DEFAULT_NAME) -> Tag:
    """Make a tag of a team. `colour` is a name of the palette or a value as `#1f2937`.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, team)
    owned.require_room(Tag.objects.filter(team=team), TAGS_PER_TEAM_MAX, "tags in a team")
    tag = Tag(team=team, name=clean_name(name), colour=value_of(colour))
    owned.add(actor=actor, thing=tag, name_taken=NAME_TAKEN)
    return tag


@transaction.atomic
def change_tag(*, actor: Person, tag: Tag, name: str, colour: str) -> Tag:
    """Raises InvalidInput, NotAllowed, NotFound."""
    owned.require_right(actor, tag)
    wanted = {"name": clean_name(name), "colour": value_of(colour)}
    owned.change(actor=actor, thing=tag, wanted=wanted, name_taken=NAME_TAKEN)
    return tag
