"""`/api/v1/template-rules`: which template begins what, for programs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import get_team
from afterword.catalog.reads import get_incident_type, get_severity
from afterword.lib.bodies import Body
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound
from afterword.postmortems.choosing import reads, writes
from afterword.postmortems.choosing.models import TemplateRule
from afterword.postmortems.schemas import TeamReference

router = Router(tags=["Templates"])


class RuleSubject(Schema):
    """A severity or a type of incident."""

    unique_id: uuid.UUID
    name: str


class TemplateRuleOut(Schema):
    """A template that post-mortems begin with. Without severity and type it is a default."""

    unique_id: uuid.UUID
    template: str = Field(description="The key of the template. One that is gone is passed over.")
    team: TeamReference | None = Field(description="Whose post-mortems it is for; everybody's where null.")
    severity: RuleSubject | None
    incident_type: RuleSubject | None

    @staticmethod
    def resolve_template(rule: TemplateRule) -> str:
        return rule.template_key


class TemplateRuleIn(Body):
    """A rule for the same team, severity and type takes the place of the one that is there."""

    template: str = Field(description="The key of a template.")
    team: uuid.UUID | None = Field(None, description="Null for everybody: for administrators.")
    severity: uuid.UUID | None = None
    incident_type: uuid.UUID | None = None


@router.get("", response=Listing[TemplateRuleOut], summary="List which template begins what")
def list_rules(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[TemplateRule]:
    """Those for everybody, and those of the teams that you see, in the order in which they were set."""
    found = reads.visible_rules(caller_of(request).person)
    return paginate(found, cursor=cursor, limit=limit, key="id")


@router.post("", response={201: TemplateRuleOut}, summary="Set which template begins what")
def set_rule(request: HttpRequest, given: TemplateRuleIn) -> Status[TemplateRule]:
    """For administrators, and of a team for its managers."""
    actor = caller_of(request).person
    rule = writes.set_rule(
        actor=actor,
        template=given.template,
        team=_named(get_team, actor, "team", given.team),
        severity=_named(get_severity, actor, "severity", given.severity),
        incident_type=_named(get_incident_type, actor, "incident_type", given.incident_type),
    )
    return Status(201, rule)


@router.delete("/{uuid:unique_id}", response={204: None}, summary="Take a rule away")
def drop_rule(request: HttpRequest, unique_id: uuid.UUID) -> Status[None]:
    """Documents stay as they are."""
    actor = caller_of(request).person
    writes.drop_rule(actor=actor, rule=reads.get_rule(actor, unique_id))
    return Status(204, None)


def _named(find: Callable[[Person, uuid.UUID], Any], actor: Person, name: str, key: uuid.UUID | None) -> Any:
    if key is None:
        return None
    try:
        return find(actor, key)
    except NotFound as error:
        raise InvalidInput(fields={name: f"There is no {name.replace('_', ' ')} {key}."}) from error
