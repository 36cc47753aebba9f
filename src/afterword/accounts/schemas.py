"""The shapes of people and teams in the API."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from afterword.accounts.models import EMAIL_LENGTH_MAX, NAME_LENGTH_MAX, KeyScope, OrganisationRole, TeamRole
from afterword.lib.bodies import Body


class OrganisationOut(Schema):
    name: str
    time_zone: str


class MeOut(Schema):
    """The person for whom the key acts, and what the key may do of what they may do."""

    unique_id: UUID
    name: str
    email: str
    time_zone: str
    role: OrganisationRole
    scope: KeyScope
    organisation: OrganisationOut


class PersonOut(Schema):
    unique_id: UUID
    name: str
    email: str


class TeamIn(Body):
    name: str = Field(max_length=NAME_LENGTH_MAX)


class TeamOut(Schema):
    unique_id: UUID
    name: str
    created_at: datetime


class MemberIn(Body):
    email: str = Field(max_length=EMAIL_LENGTH_MAX)
    role: TeamRole = TeamRole.MEMBER


class MemberChangeIn(Body):
    role: TeamRole


class MemberOut(Schema):
    unique_id: UUID
    person: PersonOut
    role: TeamRole
    joined_at: datetime
