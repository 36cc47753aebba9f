"""Every change to the organisation, its people, teams and keys."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from afterword.accounts import mails, reads
from afterword.accounts.models import (
    EMAIL_LENGTH_MAX,
    NAME_LENGTH_MAX,
    PASSWORD_CHARACTERS_MAX,
    ApiKey,
    KeyScope,
    Membership,
    Organisation,
    OrganisationRole,
    Person,
    Team,
    TeamRole,
)
from afterword.audit.reads import recent_subjects
from afterword.audit.writes import SYSTEM, Actor, record
from afterword.lib import clock, ids
from afterword.lib.errors import Conflict, InvalidInput, NotAllowed
from afterword.lib.names import given_once, name_given_once
from afterword.lib.text import one_line
from afterword.lib.zones import zone_names

SLUG_LENGTH_MAX = 24
TOKEN_PREFIX = "aw"  # noqa: S105
TOKEN_PREFIX_SHOWN_CHARACTERS = 8
API_KEYS_PER_PERSON_MAX = 50
TWIN_SECONDS = 60
"""So long the same form, sent again, is taken for the same thing."""
TEAM_NAME_TAKEN = "There is a team with this name already."


class AlreadySetUp(Conflict):
    """Afterword has its organisation already. Sign in instead."""


class TeamInUse(Conflict):
    """The team has services or other things, and what happened keeps its team. Only an empty one goes."""


class LastOwner(Conflict):
    """An organisation needs an owner. Make someone else an owner first."""


@transaction.atomic
def set_up_organisation(
    *, name: str, owner_name: str, email: str, password: str, time_zone: str = "UTC"
) -> Person:
    """Make the organisation and its owner, once. Raises AlreadySetUp, InvalidInput.

    Of several that try at once one succeeds: there is room for one row.
    """
    if reads.organisation() is not None:
        raise AlreadySetUp
    name = _required_name("name", name)
    zone = _known_time_zone(time_zone)
    slug = f"{_slugify(name)}-{secrets.token_hex(3)}"
    organisation, made = Organisation.objects.get_or_create(
        id=1, defaults={"name": name, "slug": slug, "time_zone": zone}
    )
    if not made:
        raise AlreadySetUp
    try:
        owner = create_person(
            actor=SYSTEM,
            email=email,
            name=owner_name,
            password=password,
            role=OrganisationRole.OWNER,
            time_zone=zone,
        )
    except InvalidInput as refusal:
        fields = {"owner_name" if field == "name" else field: why for field, why in refusal.fields.items()}
        raise InvalidInput(fields=fields) from refusal
    record(actor=owner, action="organisation.created", subject=organisation)
    return owner


@transaction.atomic
def change_organisation(
    *, actor: Person, name: str, time_zone: str, admins_see_private: bool | None = None
) -> Organisation:
    """Change the organisation's name and the zone that new people begin with. Webhook addresses stay.

    `admins_see_private`: whether owners and administrators see private incidents of which they are no
    members; None leaves it. Raises InvalidInput, NotAllowed.
    """
    reads.require_admin(actor)
    organisation = Organisation.objects.select_for_update().get()
    organisation.name, organisation.time_zone = _required_name("name", name), _known_time_zone(time_zone)
    if admins_see_private is not None:
        organisation.admins_see_private = admins_see_private
    organisation.save(update_fields=["name", "time_zone", "admins_see_private"])
    record(
        actor=actor,
        action="organisation.changed",
        subject=organisation,
        data={"time_zone": time_zone, "admins_see_private": organisation.admins_see_private},
    )
    return organisation


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

    Only an owner makes another owner. The address is kept in lower case.
    """
    if isinstance(actor, Person):
        reads.require_admin(actor)
        if role == OrganisationRole.OWNER and actor.role != OrganisationRole.OWNER:
            raise InvalidInput(fields={"role": "Only an owner can make another owner."})
    email = _usable_email(email)
    person = Person(
        email=email,
        name=_required_name("name", name),
        role=_known_role(role),
        time_zone=_known_time_zone(time_zone),
    )
    if password is None:
        person.set_unusable_password()
    else:
        _set_password(person, password)
    with given_once("email", "There is a person with this email address already."):
        person.save(force_insert=True)
    record(actor=actor, action="person.created", subject=person, data={"role": str(role)})
    if password is None:
        mails.send_invitation_on_commit(person)
    return person


@transaction.atomic
def invite_again(*, actor: Person, person: Person) -> None:
    """Send the mail with which a person sets their first password once more. Raises Conflict, NotAllowed."""
    reads.require_admin(actor)
    if person.has_usable_password():
        raise Conflict("They have a password already. They can reset it on the sign-in page.")
    if not person.is_active:
        raise Conflict("They are deactivated. Reactivate them first.")
    record(actor=actor, action="person.invited", subject=person)
    mails.send_invitation_on_commit(person)


@transaction.atomic
def change_role(*, actor: Person, person: Person, role: OrganisationRole) -> Person:
    """Give a person another role in the organisation. Raises InvalidInput, LastOwner, NotAllowed.

    Only owners make and unmake owners, and one always stays.
    """
    reads.require_admin(actor)
    role = _known_role(role)
    person = _lock_person(person)
    if person.role == role:
        return person
    if OrganisationRole.OWNER in (person.role, role) and actor.role != OrganisationRole.OWNER:
        raise InvalidInput(fields={"role": "Only an owner can change who is an owner."})
    _require_another_owner(person)
    before, person.role = person.role, role
    person.save(update_fields=["role"])
    record(
        actor=actor, action="person.role_changed", subject=person, data={"from": str(before), "to": str(role)}
    )
    return person


@transaction.atomic
def deactivate_person(*, actor: Person, person: Person) -> Person:
    """Keep a person out: no sign-in, every session ended, their keys refused. What they wrote stays.

    Doing it twice changes nothing. Raises Conflict, LastOwner, NotAllowed.
    """
    reads.require_admin(actor)
    person = _lock_person(person)
    if not person.is_active:
        return person
    if person.pk == actor.pk:
        raise Conflict("You cannot deactivate yourself.")
    _require_owner_for_owner(actor, person)
    _require_another_owner(person)
    person.is_active = False
    person.session_epoch += 1
    person.save(update_fields=["is_active", "session_epoch"])
    record(actor=actor, action="person.deactivated", subject=person)
    return person


@transaction.atomic
def reactivate_person(*, actor: Person, person: Person) -> Person:
    """Let a person in again, with the role, teams and keys that they had. Raises NotAllowed."""
    reads.require_admin(actor)
    person = _lock_person(person)
    if person.is_active:
        return person
    _require_owner_for_owner(actor, person)
    person.is_active = True
    person.save(update_fields=["is_active"])
    record(actor=actor, action="person.reactivated", subject=person)
    return person


@transaction.atomic
def create_team(*, actor: Person, name: str) -> Team:
    """Make a team; whoever makes it manages it. Raises InvalidInput, NotAllowed."""
    reads.require_admin(actor)
    team = Team(name=_required_name("name", name))
    with name_given_once(team, Team.objects.all(), TEAM_NAME_TAKEN):
        team.save(force_insert=True)
    record(actor=actor, action="team.created", subject=team, team_id=team.pk)
    add_member(actor=actor, team=team, person=actor, role=TeamRole.MANAGER)
    return team


@transaction.atomic
def rename_team(*, actor: Person, team: Team, name: str) -> Team:
    """Give a team another name. Raises InvalidInput, NotAllowed, NotFound."""
    reads.require_manager(actor, team)
    before, team.name = team.name, _required_name("name", name)
    if team.name == before:
        return team
    with name_given_once(team, Team.objects.all(), TEAM_NAME_TAKEN):
        team.save(update_fields=["name"])
    record(actor=actor, action="team.changed", subject=team, team_id=team.pk, data={"from": before})
    return team


@transaction.atomic
def delete_team(*, actor: Person, team: Team) -> None:
    """Remove a team that has nothing but people, who stay. Raises NotAllowed, NotFound, TeamInUse."""
    reads.get_team(actor, team.unique_id)
    reads.require_admin(actor)
    team = Team.objects.select_for_update().get(pk=team.pk)
    if reads.has_more_than_people(team):
        raise TeamInUse
    record(actor=actor, action="team.deleted", subject=team, team_id=team.pk, data={"name": team.name})
    team.delete()


@transaction.atomic
def add_member(*, actor: Person, team: Team, person: Person, role: TeamRole = TeamRole.MEMBER) -> Membership:
    """Put a person into a team, or change their role in it. Raises InvalidInput, NotAllowed, NotFound."""
    reads.require_manager(actor, team)
    if role not in TeamRole.values:
        raise InvalidInput(fields={"role": "Please choose manager or member."})
    if not person.is_active:
        raise InvalidInput(fields={"person": "They are deactivated."})
    membership, made = Membership.objects.get_or_create(team=team, person=person, defaults={"role": role})
    if not made and membership.role == role:
        return membership
    if not made:
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
    actor.name, actor.time_zone = _required_name("name", name), _known_time_zone(time_zone)
    actor.save(update_fields=["name", "time_zone"])
    record(actor=actor, action="person.changed", subject=actor, data={"time_zone": time_zone})
    return actor


@transaction.atomic
def change_password(*, actor: Person, password: str) -> None:
    """Set one's own password, which ends all other sessions. Raises InvalidInput."""
    _set_password(actor, password)
    actor.save(update_fields=["password"])
    record(actor=actor, action="person.password_changed", subject=actor)


@dataclass(frozen=True)
class NewApiKey:
    """A key at the only moment when it can be seen."""

    key: ApiKey
    token: str


@transaction.atomic
def create_api_key(*, actor: Person, name: str, scope: KeyScope) -> NewApiKey:
    """Make a key that acts for `actor`. Only its hash is stored. Raises InvalidInput.

    A key never may more than its person: with a viewer's key that can write there is nothing to write.
    """
    if scope not in KeyScope.values:
        raise InvalidInput(fields={"scope": "Please choose read or write."})
    if ApiKey.objects.filter(person=actor, revoked_at__isnull=True).count() >= API_KEYS_PER_PERSON_MAX:
        raise InvalidInput(
            fields={"name": f"You have {API_KEYS_PER_PERSON_MAX} keys. Please revoke one first."}
        )
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
    return one_line(field, value, characters_max=NAME_LENGTH_MAX)


def _known_time_zone(value: str) -> str:
    if value not in zone_names():
        raise InvalidInput(fields={"time_zone": f"{value[:64]!r} is not a time zone that we know."})
    return value


def _known_role(role: str) -> OrganisationRole:
    if role not in OrganisationRole.values:
        raise InvalidInput(fields={"role": "Please choose one of the roles."})
    return OrganisationRole(role)


def _usable_email(value: str) -> str:
    value = value.strip().lower()
    try:
        validate_email(value)
    except ValidationError as error:
        reason = "Please enter an email address, as in you@example.com."
        raise InvalidInput(fields={"email": reason}) from error
    if len(value) > EMAIL_LENGTH_MAX:
        raise InvalidInput(fields={"email": f"Please use at most {EMAIL_LENGTH_MAX} characters."})
    return value


def _set_password(person: Person, password: str) -> None:
    if len(password) > PASSWORD_CHARACTERS_MAX:
        raise InvalidInput(fields={"password": f"Please use at most {PASSWORD_CHARACTERS_MAX:,} characters."})
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise InvalidInput(fields={"password": " ".join(error.messages)}) from error
    person.set_password(password)


def _lock_person(person: Person) -> Person:
    """The person as they are now, with every owner held: two owners must not unmake each other at once."""
    list(Person.objects.select_for_update().filter(role=OrganisationRole.OWNER).order_by("pk").values("pk"))
    return Person.objects.select_for_update().get(pk=person.pk)


def _require_owner_for_owner(actor: Person, person: Person) -> None:
    if person.role == OrganisationRole.OWNER and actor.role != OrganisationRole.OWNER:
        raise NotAllowed("Only an owner can do this to an owner.")


def _require_another_owner(person: Person) -> None:
    if person.role != OrganisationRole.OWNER:
        return
    others = Person.objects.filter(role=OrganisationRole.OWNER, is_active=True).exclude(pk=person.pk)
    if not others.exists():
        raise LastOwner


def _slugify(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LENGTH_MAX].strip("-") or "org"


def just_made(*, actor: Person, action: str, at: datetime) -> list[int]:
    """The primary keys of what the actor has made within the last `TWIN_SECONDS`, to look for a twin among.

    A form that is sent twice, by a double click or by someone who grew impatient, makes one thing. Of two
    at once the second waits here until the transaction of the first has ended.
    """
    assert transaction.get_connection().in_atomic_block, "the actor's turn ends with the transaction"
    Person.objects.select_for_update().filter(pk=actor.pk).values_list("pk", flat=True).first()
    return recent_subjects(actor, action, since=at - timedelta(seconds=TWIN_SECONDS))
