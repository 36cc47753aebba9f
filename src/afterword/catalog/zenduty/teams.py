"""`teams/`, `teams/{team}/members/` and `permissions/`. A user name is a person's id here.

What a team lets the rest of the organisation do are Zenduty's permissions: here it is nothing, always.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from afterword.accounts import reads as accounts
from afterword.accounts import writes as accounts_writes
from afterword.accounts.keys import caller_of
from afterword.accounts.models import Membership, Person, Team, TeamRole
from afterword.catalog import reads
from afterword.catalog.models import IncidentRole
from afterword.catalog.zenduty.roles import describe_role
from afterword.catalog.zenduty.wire import ROWS_MAX, answers, caller_and_team, one_of, write_moment
from afterword.lib.errors import InvalidInput

router = Router()
LIST, ONE = "/", "/{uuid:team}/"
PERMISSIONS = "/{uuid:team}/permissions/"
MEMBERS, MEMBER = "/{uuid:team}/members/", "/{uuid:team}/members/{uuid:unique_id}/"
NAMESPACE = uuid.UUID("5b7e3d51-0f57-4c26-8a0e-3f5a4a0f3b6e")
ROLE_NUMBERS: dict[str, int] = {TeamRole.MANAGER: 1, TeamRole.MEMBER: 2}
ROLES = {number: role for role, number in ROLE_NUMBERS.items()}


class TeamIn(Schema):
    name: str = ""


class MemberIn(Schema):
    user: str | None = None
    role: int | None = None


class PermissionsIn(Schema):
    account_permissions: list[str]


@answers(router, ["GET"], LIST, summary="List teams", name="list_teams")
def list_teams(request: HttpRequest) -> list[dict[str, Any]]:
    actor = caller_of(request).person
    teams = accounts.visible_teams(actor).prefetch_related("memberships__person").order_by("name", "id")
    roles = _roles(actor)
    return [describe_team(team, roles) for team in teams[:ROWS_MAX]]


@answers(router, ["POST"], LIST, summary="Make a team", name="create_team", success=201)
def create_team(request: HttpRequest, body: TeamIn) -> Status[dict[str, Any]]:
    actor = caller_of(request).person
    made = accounts_writes.create_team(actor=actor, name=body.name)
    return Status(201, describe_team(made, _roles(actor)))


@answers(router, ["GET"], ONE, summary="Get a team", name="get_team")
def get_team(request: HttpRequest, team: uuid.UUID) -> dict[str, Any]:
    actor, found = caller_and_team(request, team)
    return describe_team(found, _roles(actor))


@answers(router, ["PUT", "PATCH"], ONE, summary="Rename a team", name="change_team")
def change_team(request: HttpRequest, team: uuid.UUID, body: TeamIn) -> dict[str, Any]:
    actor, found = caller_and_team(request, team)
    return describe_team(accounts_writes.rename_team(actor=actor, team=found, name=body.name), _roles(actor))


@answers(router, ["DELETE"], ONE, summary="Delete a team", name="delete_team", success=204)
def delete_team(request: HttpRequest, team: uuid.UUID) -> Status[None]:
    """For owners and administrators. 409 when it has a service or anything else but people."""
    actor, found = caller_and_team(request, team)
    accounts_writes.delete_team(actor=actor, team=found)
    return Status(204, None)


@answers(router, ["GET"], PERMISSIONS, summary="Get a team's permissions", name="get_permissions")
def get_permissions(request: HttpRequest, team: uuid.UUID) -> dict[str, Any]:
    """What those outside the team may do with it: nothing."""
    _, found = caller_and_team(request, team)
    return {"unique_id": str(found.unique_id), "account_permissions": []}


@answers(router, ["PUT", "PATCH"], PERMISSIONS, summary="Set a team's permissions", name="set_permissions")
def set_permissions(request: HttpRequest, team: uuid.UUID, body: PermissionsIn) -> dict[str, Any]:
    """An empty list is what a team has; any other is refused."""
    actor, found = caller_and_team(request, team)
    accounts.require_manager(actor, found)
    if body.account_permissions:
        reason = "Only its own people see and change what is a team's. Please add them as members."
        raise InvalidInput(fields={"account_permissions": reason})
    return {"unique_id": str(found.unique_id), "account_permissions": []}


@answers(router, ["GET"], MEMBERS, summary="List members", name="list_members")
def list_members(request: HttpRequest, team: uuid.UUID) -> list[dict[str, Any]]:
    actor, found = caller_and_team(request, team)
    return [describe_member(member) for member in accounts.team_members(actor, found)[:ROWS_MAX]]


@answers(router, ["POST"], MEMBERS, summary="Add a member", name="create_member", success=201)
def create_member(request: HttpRequest, team: uuid.UUID, body: MemberIn) -> Status[dict[str, Any]]:
    """By the id of a person whom you see, or by anybody's email address."""
    actor, found = caller_and_team(request, team)
    accounts.require_manager(actor, found)
    made = accounts_writes.add_member(
        actor=actor, team=found, person=_person(actor, found, body.user or ""), role=_role(body.role)
    )
    return Status(201, describe_member(made))


@answers(router, ["GET"], MEMBER, summary="Get a member", name="get_member")
def get_member(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    actor, found = caller_and_team(request, team)
    return describe_member(one_of(accounts.team_members(actor, found), unique_id))


@answers(router, ["PATCH", "PUT"], MEMBER, summary="Change a member's role", name="change_member")
def change_member(
    request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: MemberIn
) -> dict[str, Any]:
    actor, found = caller_and_team(request, team)
    member = one_of(accounts.team_members(actor, found), unique_id)
    role = TeamRole(member.role) if body.role is None else _role(body.role)
    changed = accounts_writes.add_member(actor=actor, team=found, person=member.person, role=role)
    return describe_member(changed)


@answers(router, ["DELETE"], MEMBER, summary="Remove a member", name="delete_member", success=204)
def delete_member(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    actor, found = caller_and_team(request, team)
    member = one_of(accounts.team_members(actor, found), unique_id)
    accounts_writes.remove_member(actor=actor, membership=member)
    return Status(204, None)


def describe_team(team: Team, roles: list[IncidentRole]) -> dict[str, Any]:
    members = list(team.memberships.all()[:ROWS_MAX])
    managers = [member for member in members if member.role == TeamRole.MANAGER]
    return {
        "unique_id": str(team.unique_id),
        "name": team.name,
        "account": str(_account()),
        "creation_date": write_moment(team.created_at),
        "members": [describe_member(member) for member in members],
        "owner": str(managers[0].person.unique_id) if managers else "",
        "roles": [describe_role(role, team) for role in roles],
        "private": True,
        "account_permissions": [],
    }


def describe_member(member: Membership) -> dict[str, Any]:
    return {
        "unique_id": str(member.unique_id),
        "team": str(member.team.unique_id),
        "user": describe_user(member.person),
        "joining_date": write_moment(member.joined_at),
        "role": ROLE_NUMBERS[member.role],
    }


def describe_user(person: Person) -> dict[str, str]:
    first, _, last = person.name.partition(" ")
    return {
        "username": str(person.unique_id),
        "first_name": first,
        "last_name": last,
        "email": person.email,
    }


def _account() -> uuid.UUID:
    organisation = accounts.organisation()
    assert organisation is not None, "nobody has a key before there is an organisation"
    return uuid.uuid5(NAMESPACE, organisation.slug)


def _roles(actor: Person) -> list[IncidentRole]:
    return list(reads.visible_incident_roles(actor, archived=False))


def _role(number: int | None) -> TeamRole:
    if number is None:
        return TeamRole.MEMBER
    if number not in ROLES:
        raise InvalidInput(fields={"role": "Please give 1 for a manager or 2 for a member."})
    return TeamRole(ROLES[number])


def _person(actor: Person, team: Team, user: str) -> Person:
    """Raises InvalidInput, NotFound."""
    try:
        return accounts.get_person(actor, uuid.UUID(user))
    except ValueError:
        return accounts.find_person_for_team(actor, team, user)
