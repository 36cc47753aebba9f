"""The shapes of services in the API."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

from afterword.catalog.models import DEPENDENCIES_MAX, NAME_LENGTH_MAX, SUMMARY_LENGTH_MAX
from afterword.catalog.reads.dependencies import NEIGHBOURS_TOLD_MAX
from afterword.catalog.schemas.refs import Ref, TeamRef
from afterword.lib.bodies import Body

DEFAULT_IN_WORDS = "What an incident gets when its alert names none: a `unique_id` of the team's, or null."
COLLATION_IN_WORDS = "An alert about another entity joins an incident that was opened so recently. 0: never."
AUTO_RESOLVE_IN_WORDS = "An incident without a further alert for so long is resolved. 0: never."
REOPEN_IN_WORDS = (
    "An alert about an entity whose incident was resolved so recently opens that one again. 0: never."
)
DEPENDS_ON_IN_WORDS = (
    f"What it calls or needs: a `unique_id` of each service, at most {DEPENDENCIES_MAX} that you see."
)
PRIVATE_IN_WORDS = "Whether its incidents are private from the start, with its team's managers as members."


class ServiceIn(Body):
    team: UUID = Field(description="The `unique_id` of the team that owns it.")
    name: str = Field(max_length=NAME_LENGTH_MAX)
    summary: str = Field("", max_length=SUMMARY_LENGTH_MAX)
    priority: UUID | None = Field(None, description=DEFAULT_IN_WORDS)
    sla: UUID | None = Field(None, description=DEFAULT_IN_WORDS)
    escalation_policy: UUID | None = Field(None, description=DEFAULT_IN_WORDS)
    collation_minutes: int = Field(0, description=COLLATION_IN_WORDS)
    auto_resolve_minutes: int = Field(0, description=AUTO_RESOLVE_IN_WORDS)
    reopen_minutes: int = Field(0, description=REOPEN_IN_WORDS)
    starts_private: bool = Field(False, description=PRIVATE_IN_WORDS)
    depends_on: list[UUID] = Field([], description=DEPENDS_ON_IN_WORDS)


class ServiceChangeIn(Body):
    """What is left out stays as it is; null takes a priority, an SLA or an escalation policy away."""

    name: str | None = Field(None, max_length=NAME_LENGTH_MAX)
    summary: str | None = Field(None, max_length=SUMMARY_LENGTH_MAX)
    priority: UUID | None = Field(None, description=DEFAULT_IN_WORDS)
    sla: UUID | None = Field(None, description=DEFAULT_IN_WORDS)
    escalation_policy: UUID | None = Field(None, description=DEFAULT_IN_WORDS)
    collation_minutes: int | None = Field(None, description=COLLATION_IN_WORDS)
    auto_resolve_minutes: int | None = Field(None, description=AUTO_RESOLVE_IN_WORDS)
    reopen_minutes: int | None = Field(None, description=REOPEN_IN_WORDS)
    starts_private: bool | None = Field(None, description=PRIVATE_IN_WORDS)
    depends_on: list[UUID] | None = Field(
        None, description=f"{DEPENDS_ON_IN_WORDS} All of them; what you do not see stays."
    )


class ServiceOut(Schema):
    unique_id: UUID
    name: str
    summary: str
    team: TeamRef
    priority: Ref | None
    sla: Ref | None
    escalation_policy: Ref | None
    collation_minutes: int
    auto_resolve_minutes: int
    reopen_minutes: int
    starts_private: bool
    depends_on: list[Ref] = Field(
        description=f"What it calls or needs, of what you see; the first {NEIGHBOURS_TOLD_MAX} by name."
    )
    needed_by: list[Ref] = Field(description="The services that depend on it; the same.")
    under_maintenance: bool = Field(description="Whether alerts open no incident now.")
    created_at: datetime
