"""The API of accounts: oneself, teams and their members."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts import reads, writes
from afterword.accounts.keys import caller_of
from afterword.accounts.models import KeyScope, Membership, OrganisationRole, Person, Team
from afterword.accounts.schemas import (
    MemberChangeIn,
    MemberIn,
    MemberOut,
    MeOut,
    OrganisationOut,
    TeamIn,
    TeamOut,
)
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import NotFound

router = Router(tags=["Accounts"])


@router.get("/me", response=MeOut, summary="Whom this key acts for")
def get_me(request: HttpRequest) -> MeOut:
    caller = caller_of(request)
    person, organisation = caller.person, reads.organisation()
    assert organisation is not None, "there is no key before there is an organisation"
    return MeOut(
        unique_id=person.unique_id,
        name=person.name,
        email=person.email,
        time_zone=person.time_zone,
        role=OrganisationRole(person.role),
        scope=KeyScope(caller.key.scope),
        organisation=OrganisationOut(name=organisation.name, time_zone=organisation.time_zone),
    )


@router.get("/teams", response=Listing[TeamOut], summary="The teams that you see")
def list_teams(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Team]:
    return paginate(reads.visible_teams(_actor(request)), cursor=cursor, limit=limit, key="id")


@router.post("/teams", response={201: TeamOut}, summary="Make a team")
def create_team(request: HttpRequest, body: TeamIn) -> Status[Team]:
    return Status(201, writes.create_team(actor=_actor(request), name=body.name))


@router.get("/teams/{uuid:team_id}", response=TeamOut, summary="One team")
def get_team(request: HttpRequest, team_id: uuid.UUID) -> Team:
    return reads.get_team(_actor(request), team_id)


@router.patch("/teams/{uuid:team_id}", response=TeamOut, summary="Rename a team")
def change_team(request: HttpRequest, team_id: uuid.UUID, body: TeamIn) -> Team:
    actor = _actor(request)
    return writes.rename_team(actor=actor, team=reads.get_team(actor, team_id), name=body.name)


@router.get("/teams/{uuid:team_id}/members", response=Listing[MemberOut], summary="Who is in a team")
def list_members(
    request: HttpRequest,
    team_id: uuid.UUID,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Membership]:
    actor = _actor(request)
    members = reads.team_members(actor, reads.get_team(actor, team_id))
    return paginate(members, cursor=cursor, limit=limit, key="id")


@router.post("/teams/{uuid:team_id}/members", response={201: MemberOut}, summary="Put someone into a team")
def add_member(request: HttpRequest, team_id: uuid.UUID, body: MemberIn) -> Status[Membership]:
    actor = _actor(request)
    team = reads.get_team(actor, team_id)
    person = reads.find_person_for_team(actor, team, body.email)
    return Status(201, writes.add_member(actor=actor, team=team, person=person, role=body.role))


@router.patch(
    "/teams/{uuid:team_id}/members/{uuid:member_id}", response=MemberOut, summary="Change a member's role"
)
def change_member(
    request: HttpRequest, team_id: uuid.UUID, member_id: uuid.UUID, body: MemberChangeIn
) -> Membership:
    actor = _actor(request)
    member = _member(actor, team_id, member_id)
    return writes.add_member(actor=actor, team=member.team, person=member.person, role=body.role)


@router.delete(
    "/teams/{uuid:team_id}/members/{uuid:member_id}",
    response={204: None},
    summary="Take someone out of a team",
)
def remove_member(request: HttpRequest, team_id: uuid.UUID, member_id: uuid.UUID) -> Status[None]:
    actor = _actor(request)
    writes.remove_member(actor=actor, membership=_member(actor, team_id, member_id))
    return Status(204, None)


def _actor(request: HttpRequest) -> Person:
    return caller_of(request).person


def _member(actor: Person, team_id: uuid.UUID, member_id: uuid.UUID) -> Membership:
    member = reads.get_membership(actor, member_id)
    if member.team.unique_id != team_id:
        raise NotFound
    return member
