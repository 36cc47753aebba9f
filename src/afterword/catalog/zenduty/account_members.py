"""`members/`, `api_invite/` and `deleteuser/`: the people of the organisation. A user name is a person's id.

Their roles are 1 (owner), 2 (administrator) and 3 (user); 4 stands for those who only read.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts import reads, writes
from afterword.accounts.keys import caller_of
from afterword.accounts.models import OrganisationRole, Person
from afterword.catalog.zenduty.teams import describe_user
from afterword.catalog.zenduty.wire import ROWS_MAX, answers, write_moment
from afterword.lib.errors import InvalidInput, NotAllowed, NotFound

router = Router()
LIST, ONE = "/members/", "/members/{uuid:username}/"
INVITE, DELETE = "/api_invite/", "/deleteuser/"
ROLE_NUMBERS: dict[str, int] = {
    OrganisationRole.OWNER: 1,
    OrganisationRole.ADMIN: 2,
    OrganisationRole.RESPONDER: 3,
    OrganisationRole.VIEWER: 4,
}
ROLES = {number: OrganisationRole(role) for role, number in ROLE_NUMBERS.items()}


class UserIn(Schema):
    """The email address stays as it is; it is taken and ignored."""

    first_name: str | None = None
    last_name: str | None = None


class MemberIn(Schema):
    user: UserIn | None = None
    role: int | None = None


class InvitedUserIn(Schema):
    email: str
    first_name: str = ""
    last_name: str = ""
    role: int = ROLE_NUMBERS[OrganisationRole.RESPONDER]


class InvitationIn(Schema):
    user_detail: InvitedUserIn
    team: uuid.UUID | None = None


class UserNameIn(Schema):
    username: uuid.UUID


@answers(router, ["GET"], LIST, summary="List people", name="list_people")
def list_people(request: HttpRequest) -> list[dict[str, Any]]:
    """Those whom the caller sees and who have not left."""
    people = reads.search_people(caller_of(request).person, active=True)
    return [describe_person(person) for person in people[:ROWS_MAX]]


@answers(router, ["GET"], ONE, summary="Get a person", name="get_person")
def get_person(request: HttpRequest, username: uuid.UUID) -> dict[str, Any]:
    return describe_person(_person(caller_of(request).person, username))


@answers(router, ["PUT", "PATCH"], ONE, summary="Change a person's role", name="change_person")
def change_person(request: HttpRequest, username: uuid.UUID, body: MemberIn) -> dict[str, Any]:
    """For owners and administrators. People change their own names, and nobody else does."""
    actor = caller_of(request).person
    person = _person(actor, username)
    given, known = body.user or UserIn(), describe_user(person)
    name = _name(
        known["first_name"] if given.first_name is None else given.first_name,
        known["last_name"] if given.last_name is None else given.last_name,
    )
    with transaction.atomic():
        if name != person.name:
            if person != actor:
                raise NotAllowed("People change their names themselves.")
            writes.change_profile(actor=actor, name=name, time_zone=actor.time_zone)
        if body.role is not None and body.role != ROLE_NUMBERS[person.role]:
            writes.change_role(actor=actor, person=person, role=_role(body.role))
    return describe_person(_person(actor, username))


@answers(router, ["POST"], INVITE, summary="Invite a person", name="invite_person", success=201)
def invite_person(request: HttpRequest, body: InvitationIn) -> Status[dict[str, Any]]:
    """For owners and administrators. They set their password by a mail; with a team, they are in it."""
    actor = caller_of(request).person
    detail = body.user_detail
    with transaction.atomic():
        person = writes.create_person(
            actor=actor,
            email=detail.email,
            name=_name(detail.first_name, detail.last_name),
            password=None,
            role=_role(detail.role),
        )
        if body.team is not None:
            writes.add_member(actor=actor, team=reads.get_team(actor, body.team), person=person)
    return Status(201, describe_person(person))


@answers(router, ["POST"], DELETE, summary="Deactivate a person", name="delete_person", success=204)
def delete_person(request: HttpRequest, body: UserNameIn) -> Status[None]:
    """For owners and administrators. What they wrote stays theirs."""
    actor = caller_of(request).person
    writes.deactivate_person(actor=actor, person=_person(actor, body.username))
    return Status(204, None)


def describe_person(person: Person) -> dict[str, Any]:
    return {
        "unique_id": str(person.unique_id),
        "time_zone": person.time_zone,
        "user": describe_user(person),
        "joining_date": write_moment(person.created_at),
        "role": ROLE_NUMBERS[person.role],
        "is_verified": person.has_usable_password(),
    }


def _person(actor: Person, username: uuid.UUID) -> Person:
    person = reads.get_person(actor, username)
    if not person.is_active:
        raise NotFound
    return person


def _name(first: str, last: str) -> str:
    return f"{first} {last}".strip()


def _role(number: int) -> OrganisationRole:
    if number not in ROLES:
        reason = "Please give 1 (owner), 2 (administrator), 3 (user) or 4 (only reads)."
        raise InvalidInput(fields={"role": reason})
    return ROLES[number]
