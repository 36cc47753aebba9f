"""What the endpoints of the catalogue have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query

from afterword.accounts import reads as accounts
from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person, Team
from afterword.lib.bodies import Body

TeamParameter = Annotated[UUID | None, Query(description="Only those of this team.")]
ArchivedParameter = Annotated[bool, Query(description="Those that are archived instead of those in use.")]


def actor_of(request: HttpRequest) -> Person:
    return caller_of(request).person


def team_in(actor: Person, team: UUID | None) -> Team | None:
    """The team that a list is narrowed to. Raises NotFound for one that is not the actor's to see."""
    return None if team is None else accounts.get_team(actor, team)


def wanted_by(
    body: Body, current: Mapping[str, Any], *, nullable: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """`current` with what the body says; null says something for the `nullable` only."""
    said = body.model_dump(exclude_unset=True)
    return {
        name: said[name] if name in said and (said[name] is not None or name in nullable) else value
        for name, value in current.items()
    }
