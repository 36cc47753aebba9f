"""Who is there, and what they may see and do. Everyone else's reads start from these."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Count, ForeignObjectRel, Q, QuerySet

from afterword.accounts.models import ApiKey, KeyScope, Membership, Organisation, Person, Team, TeamRole
from afterword.lib import clock, ids
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound
from afterword.lib.remembering import remembered
from afterword.lib.search import mentions

KEY_USE_RECORDED_EVERY_SECONDS = 60


def organisation() -> Organisation | None:
    """The organisation, or None before the first run was completed."""
    return Organisation.objects.first()


def visible_teams(actor: Person) -> QuerySet[Team]:
    """The teams whose things `actor` may see: their own; all of them for owners and administrators."""
    if not actor.is_active:
        return Team.objects.none()
    return Team.objects.all() if sees_all_teams(actor) else Team.objects.filter(memberships__person=actor)


def sees_all_teams(actor: Person) -> bool:
    """Whether nothing is hidden from the actor, so that a read can do without asking for each row."""
    return actor.is_active and actor.is_admin


def get_team(actor: Person, unique_id: uuid.UUID) -> Team:
    """Raises NotFound for a team that is not there or not the actor's to see."""
    team = visible_teams(actor).filter(unique_id=unique_id).first()
    if team is None:
        raise NotFound
    return team


def writable_teams(actor: Person) -> QuerySet[Team]:
    """The teams whose incidents and post-mortems `actor` may change."""
    return visible_teams(actor) if actor.may_write else Team.objects.none()


@remembered
def writable_team_keys(actor: Person) -> set[int]:
    """The primary keys of these teams, for pages that ask of many things whether they may be changed."""
    return set(writable_teams(actor).order_by().values_list("pk", flat=True))


def managed_teams(actor: Person) -> QuerySet[Team]:
    """The teams whose people, services and integrations `actor` may change."""
    if actor.is_admin or not actor.may_write:
        return writable_teams(actor)
    # One filter, so that both conditions hold for the same membership: the actor's own.
    managed = Membership.objects.filter(person=actor, role=TeamRole.MANAGER)
    return visible_teams(actor).filter(pk__in=managed.values("team"))


def require_write(actor: Person, team: Team) -> None:
    """Raises NotFound to an outsider, NotAllowed to someone who may only read."""
    get_team(actor, team.unique_id)
    # Who may write at all may do so in each team that they see.
    if not actor.may_write:
        raise NotAllowed("You can read this, but not change it.")


def require_manager(actor: Person, team: Team) -> None:
    """Raises NotFound to an outsider, NotAllowed to a member who does not manage the team."""
    get_team(actor, team.unique_id)
    if not managed_teams(actor).filter(pk=team.pk).exists():
        raise NotAllowed("Only the team's managers and administrators can change this.")


def require_admin(actor: Person) -> None:
    """Raises NotAllowed to anyone but owners and administrators."""
    if not (actor.is_active and actor.is_admin):
        raise NotAllowed("Only owners and administrators can do this.")


def visible_people(actor: Person) -> QuerySet[Person]:
    """Everyone for administrators; otherwise those who share a team with the actor, and the actor."""
    if not actor.is_active:
        return Person.objects.none()
    if actor.is_admin:
        return Person.objects.all()
    in_my_teams = Membership.objects.filter(team__in=visible_teams(actor)).values("person")
    return Person.objects.filter(pk__in=in_my_teams) | Person.objects.filter(pk=actor.pk)


def get_person(actor: Person, unique_id: uuid.UUID) -> Person:
    """Raises NotFound for someone who is not there or not the actor's to see."""
    person = visible_people(actor).filter(unique_id=unique_id).first()
    if person is None:
        raise NotFound
    return person


def find_person(email: str) -> Person | None:
    """Who signs in with this address. Asks for no rights: for the console, and for reads that have asked."""
    try:
        # PostgreSQL takes no text with a NUL in it, not even to look for.
        validate_email(address := email.strip().lower())
    except ValidationError:
        return None
    return Person.objects.filter(email=address).first()


def teams_with_sizes(actor: Person) -> QuerySet[Team]:
    """The teams that the actor may see, by name, each with `size`: how many active people are in it."""
    active = Count("memberships", filter=Q(memberships__person__is_active=True))
    teams = Team.objects.filter(pk__in=visible_teams(actor).values("pk"))
    return teams.annotate(size=active).order_by("name", "id")


def find_person_for_team(actor: Person, team: Team, email: str) -> Person:
    """The person with this address, to be put into a team. Raises InvalidInput, NotAllowed, NotFound.

    A manager need not have met them, but knows their address: nobody can leaf through the organisation.
    """
    require_manager(actor, team)
    person = find_person(email)
    if person is None or not person.is_active:
        raise InvalidInput(
            fields={"email": "Nobody here has this address. An administrator can add them first."}
        )
    return person


def team_members(actor: Person, team: Team) -> QuerySet[Membership]:
    """Who is in a team, by name. Raises NotFound to an outsider."""
    get_team(actor, team.unique_id)
    return Membership.objects.filter(team=team).select_related("person", "team")


def has_more_than_people(team: Team) -> bool:
    """Whether anything of any package refers to the team, memberships left aside."""
    for relation in team._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and relation.related_model is not Membership:
            rows = relation.related_model._base_manager.filter(**{relation.field.name: team})
            if rows.exists():
                return True
    return False


def get_membership(actor: Person, unique_id: uuid.UUID) -> Membership:
    """Raises NotFound when it is not there, or in a team that is not the actor's to see."""
    membership = (
        Membership.objects.filter(unique_id=unique_id, team__in=visible_teams(actor))
        .select_related("person", "team")
        .first()
    )
    if membership is None:
        raise NotFound
    return membership


def own_memberships(actor: Person) -> QuerySet[Membership]:
    """The teams that the actor is in, by name, with the role in each."""
    return Membership.objects.filter(person=actor).select_related("team").order_by("team__name", "id")


def search_people(
    actor: Person, *, text: str = "", role: str = "", active: bool | None = None
) -> QuerySet[Person]:
    """Those whom the actor may see, by name, with `text` in their name or address."""
    people = visible_people(actor)
    if text:
        people = people.filter(mentions(text, "name", "email"))
    if role:
        people = people.filter(role=role)
    if active is not None:
        people = people.filter(is_active=active)
    return people.order_by("name", "id")


def get_own_api_key(actor: Person, pk: int) -> ApiKey:
    """Raises NotFound for a key that is not there or someone else's."""
    key = own_api_keys(actor).filter(pk=pk).first()
    if key is None:
        raise NotFound
    return key


def own_api_keys(actor: Person) -> QuerySet[ApiKey]:
    """The actor's keys, revoked ones included, newest first."""
    return ApiKey.objects.filter(person=actor)


@dataclass(frozen=True)
class Caller:
    """A program that acts for a person with one of their keys."""

    person: Person
    key: ApiKey

    @property
    def may_write(self) -> bool:
        """Whether the key may write, where its person may."""
        return self.key.scope == KeyScope.WRITE

    def require_write_scope(self) -> None:
        """Raises NotAllowed when the key may only read."""
        if not self.may_write:
            raise NotAllowed("This API key can only read.")


def find_caller(token: str, *, at: datetime | None = None) -> Caller | None:
    """Who calls with this key; None for a key that is unknown or revoked, or whose person has left."""
    key = (
        ApiKey.objects.select_related("person")
        .filter(secret_hash=ids.hash_token(token), revoked_at__isnull=True, person__is_active=True)
        .first()
    )
    if key is None:
        return None
    at = at or clock.now()
    stale = at - timedelta(seconds=KEY_USE_RECORDED_EVERY_SECONDS)
    if key.last_used_at is None or key.last_used_at < stale:
        key.last_used_at = at
        key.save(update_fields=["last_used_at"])
    return Caller(key.person, key)
