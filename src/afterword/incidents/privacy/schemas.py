"""What the API takes and gives about private incidents."""

from __future__ import annotations

import uuid

from ninja import Schema
from pydantic import Field

from afterword.incidents.schemas import NamedReference
from afterword.lib.bodies import Body


class PrivacyIn(Body):
    is_private: bool
    members: list[uuid.UUID] = Field([], description="People who become members, besides yourself.")


class MemberIn(Body):
    person: uuid.UUID


class PrivacyOut(Schema):
    """Who sees an incident."""

    is_private: bool = Field(description="False: its team sees it, and the list of members only waits.")
    members: list[NamedReference]
    members_by_role: list[NamedReference] = Field(description="Who is a member because of a role in it.")
