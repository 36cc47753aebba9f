"""Every change to the organisation, its people, teams and keys."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from afterword.accounts import reads
from afterword.accounts.models import (
    NAME_LENGTH_MAX,
    ApiKey,
    KeyScope,
    Membership,
    Organisation,
    OrganisationRole,
    Person,
    Team,
    TeamRole,
)
from afterword.audit.writes import SYSTEM, Actor, record
from afterword.lib import clock, ids
from afterword.lib.errors import Conflict, InvalidInput

SLUG_LENGTH_MAX = 24
TOKEN_PREFIX = "aw"  # noqa: S105
TOKEN_PREFIX_SHOWN_CHARACTERS = 8


class AlreadySetUp(Conflict):
    """Afterword has its organisation already. Sign in instead."""


@transaction.atomic
def set_up_organisation(
    *, name: str, owner_name: str, email: str, password: str, time_zone: str = "UTC"
) -> Person:
    """Make the organisation and its owner, once. Raises AlreadySetUp, InvalidInput."""
    if reads.organisation() is not None:
        raise AlreadySetUp
    name = _required_name("name", name)
    zone = _known_time_zone(time_zone)
    slug = f"{_slugify(name)}-{secrets.token_hex(3)}"
    _, made = Organisation.objects.get_or_create(
        id=1, defaults={"name": name, "slug": slug, "time_zone": zone}
    )
    if not made:
        raise AlreadySetUp
    organisation = Organisation.objects.get()
    owner = create_person(
        actor=SYSTEM, email=email, name=owner_name, password=password, role=OrganisationRole.OWNER, time_zone=zone
    )
    record(actor=owner, action="organisation.created", subject=organisation)
    return owner


@transaction.atomic
def create_person(
    *,
    actor: Actor,
    email: str,
    name: str,
    password: str | None,
    role: OrganisationRole = OrganisationRole.RESPONDER,
    time_zone: str = "UTC",
) -> Person:
    """Add a person. Without a password they set their own by mail. Raises InvalidInput, NotAllowed.

    Only an owner makes another owner.
    """
    if isinstance(actor, Person):
        reads.require_admin(actor)
        if role == OrganisationRole.OWNER and actor.role != OrganisationRole.OWNER:
            raise InvalidInput(fields={"role": "Only an owner can make another owner."})
    email = _free_email(email)
    person = Person(
        email=email, name=_required_name("name", name), role=role, time_zone=_known_time_zone(time_zone)
    )
    if password is None:
        person.set_unusable_password()
    else:
        _set_password(person, password)
    person.save(force_insert=True)
    record(actor=actor, action="person.created", subject=person, data={"role": str(role)})
    return person


@transaction.atomic
def create_team(*, actor: Person, name: str) -> Team:
    """Make a team; whoever makes it manages it. Raises InvalidInput, NotAllowed."""
    reads.require_admin(actor)
    name = _required_name("name", name)
    if Team.objects.filter(name__iexact=name).exists():
        raise InvalidInput(fields={"name": "There is a team with this name already."})
    team = Team.objects.create(name=name)
    record(actor=actor, action="team.created", subject=team, team_id=team.pk)
    add_member(actor=actor, team=team, person=actor, role=TeamRole.MANAGER)
    return team


@transaction.atomic
def add_member(*, actor: Person, team: Team, person: Person, role: TeamRole = TeamRole.MEMBER) -> Membership:
    """Put a person into a team, or change their role in it. Raises NotAllowed, NotFound."""
    reads.require_manager(actor, team)
    membership, made = Membership.objects.get_or_create(team=team, person=person, defaults={"role": role})
    if not made and membership.role != role:
        membership.role = role
        membership.save(update_fields=["role"])
    record(
        actor=actor,
        action="membership.created" if made else "membership.changed",
        subject=membership,
        team_id=team.pk,
        data={"person": person.pk, "role": str(role)},
    )
    return membership


@transaction.atomic
def remove_member(*, actor: Person, membership: Membership) -> None:
    """Take a person out of a team. What they wrote stays theirs. Raises NotAllowed, NotFound."""
    team = membership.team
    reads.require_manager(actor, team)
    record(
        actor=actor,
        action="membership.removed",
        subject=membership,
        team_id=team.pk,
        data={"person": membership.person_id},
    )
    membership.delete()


@transaction.atomic
def change_profile(*, actor: Person, name: str, time_zone: str) -> Person:
    """Change one's own name and time zone. Raises InvalidInput."""
    actor.name = _required_name("name", name)
    actor.time_zone = _known_time_zone(time_zone)
    actor.save(update_fields=["name", "time_zone"])
    record(actor=actor, action="person.changed", subject=actor, data={"time_zone": time_zone})
    return actor


@dataclass(frozen=True)
class NewApiKey:
    """A key at the only moment when it can be seen."""

    key: ApiKey
    token: str


@transaction.atomic
def create_api_key(*, actor: Person, name: str, scope: KeyScope) -> NewApiKey:
    """Make a key that acts for `actor`. Only its hash is stored. Raises InvalidInput."""
    token = ids.new_token(TOKEN_PREFIX)
    key = ApiKey.objects.create(
        person=actor,
        name=_required_name("name", name),
        scope=scope,
        prefix=token[:TOKEN_PREFIX_SHOWN_CHARACTERS],
        secret_hash=ids.hash_token(token),
    )
    record(actor=actor, action="api_key.created", subject=key, data={"scope": str(scope)})
    return NewApiKey(key, token)


@transaction.atomic
def revoke_api_key(*, actor: Person, key: ApiKey) -> None:
    """End a key for good. Doing it twice changes nothing. Raises NotAllowed."""
    if key.person_id != actor.pk:
        reads.require_admin(actor)
    if key.revoked_at is not None:
        return
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    record(actor=actor, action="api_key.revoked", subject=key)


def _required_name(field: str, value: str) -> str:
    value = " ".join(value.split())
    if not value:
        raise InvalidInput(fields={field: "Please fill this in."})
    if len(value) > NAME_LENGTH_MAX:
        raise InvalidInput(fields={field: f"Please use at most {NAME_LENGTH_MAX} characters."})
    return value


def _known_time_zone(value: str) -> str:
    if value not in available_timezones():
        raise InvalidInput(fields={"time_zone": f"{value!r} is not a time zone that we know."})
    return value


def _free_email(value: str) -> str:
    value = value.strip()
    try:
        validate_email(value)
    except ValidationError as error:
        raise InvalidInput(fields={"email": "Please enter an email address, as in you@example.com."}) from error
    if Person.objects.filter(email__iexact=value).exists():
        raise InvalidInput(fields={"email": "There is a person with this email address already."})
    return value


def _set_password(person: Person, password: str) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput(fields={"password": " ".join(error.messages)}) from error
    person.set_password(password)


def _slugify(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH_MAX].strip("-") or "org"
