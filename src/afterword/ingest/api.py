"""The API of mappings and alert rules."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.catalog import reads as catalog
from afterword.catalog.models import Integration
from afterword.ingest import reads, rehearsals, writes
from afterword.ingest.models import AlertRule, Mapping, RecentBody
from afterword.ingest.schemas import (
    MappingIn,
    MappingOut,
    MappingSwitchIn,
    MappingTryIn,
    MappingTryOut,
    RecentBodyOut,
    RuleChangeIn,
    RuleIn,
    RuleOut,
    RulePositionIn,
    RuleTryIn,
    RuleTryOut,
)
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput

INTEGRATION = "/integrations/{uuid:integration_id}"
RULE = f"{INTEGRATION}/rules/{{uuid:rule_id}}"

router = Router(tags=["Mapping and alert rules"])


@router.get(f"{INTEGRATION}/mapping", response=MappingOut, summary="How an integration's bodies are mapped")
def get_mapping(request: HttpRequest, integration_id: uuid.UUID) -> MappingOut:
    actor, integration = _actor(request), _integration(request, integration_id)
    return _mapping(reads.find_mapping(actor, integration))


@router.put(f"{INTEGRATION}/mapping", response=MappingOut, summary="Save a mapping")
def save_mapping(request: HttpRequest, integration_id: uuid.UUID, body: MappingIn) -> MappingOut:
    """It stays on or off as it was: switch it with PATCH."""
    saved = writes.save_mapping(
        actor=_actor(request),
        integration=_integration(request, integration_id),
        definition=body.definition,
        rewrite_rules=body.rewrite_rules,
    )
    return _mapping(saved)


@router.patch(f"{INTEGRATION}/mapping", response=MappingOut, summary="Switch mapping on or off")
def switch_mapping(request: HttpRequest, integration_id: uuid.UUID, body: MappingSwitchIn) -> MappingOut:
    switched = writes.switch_mapping(
        actor=_actor(request),
        integration=_integration(request, integration_id),
        on=body.is_enabled,
        rewrite_rules=body.rewrite_rules,
    )
    return _mapping(switched)


@router.post(f"{INTEGRATION}/mapping/try", response=MappingTryOut, summary="Try a mapping on a body")
def try_mapping(request: HttpRequest, integration_id: uuid.UUID, body: MappingTryIn) -> MappingTryOut:
    """Nothing is kept."""
    actor, integration = _actor(request), _integration(request, integration_id)
    definition = body.definition
    if definition is None:
        kept = reads.find_mapping(actor, integration)
        if kept is None:
            raise InvalidInput(fields={"definition": "No mapping is saved: please give one."})
        definition = kept.definition
    given = rehearsals.read_given_body(body.body)
    return MappingTryOut.of(
        rehearsals.rehearse_mapping(actor, integration, definition=definition, body=given)
    )


@router.get(
    f"{INTEGRATION}/recent-bodies",
    response=Listing[RecentBodyOut],
    summary="The last bodies that an integration got",
)
def list_recent_bodies(request: HttpRequest, integration_id: uuid.UUID) -> Page[RecentBody]:
    """At most 100, the newest first."""
    return Page(reads.recent_bodies(_actor(request), _integration(request, integration_id)), None)


@router.get(f"{INTEGRATION}/rules", response=Listing[RuleOut], summary="The alert rules of an integration")
def list_rules(
    request: HttpRequest,
    integration_id: uuid.UUID,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[AlertRule]:
    """In the order in which they run."""
    rules = reads.alert_rules(_actor(request), _integration(request, integration_id))
    return paginate(rules, cursor=cursor, limit=limit, key="position")


@router.post(f"{INTEGRATION}/rules", response={201: RuleOut}, summary="Add an alert rule")
def create_rule(request: HttpRequest, integration_id: uuid.UUID, body: RuleIn) -> Status[AlertRule]:
    """It stands behind the others."""
    made = writes.create_rule(
        actor=_actor(request), integration=_integration(request, integration_id), **body.model_dump()
    )
    return Status(201, made)


@router.post(f"{INTEGRATION}/rules/try", response=RuleTryOut, summary="Try a rule on the last alerts")
def try_rule(request: HttpRequest, integration_id: uuid.UUID, body: RuleTryIn) -> RuleTryOut:
    """Which of the last 100 alerts it would have held for, and what each would have become."""
    actor, integration = _actor(request), _integration(request, integration_id)
    instead_of = reads.get_alert_rule(actor, integration, body.rule) if body.rule else None
    trial = rehearsals.rehearse_rule(
        actor,
        integration,
        conditions=body.conditions,
        actions=body.actions,
        stops=body.stops,
        instead_of=instead_of,
    )
    return RuleTryOut.of(trial)


@router.get(RULE, response=RuleOut, summary="One alert rule")
def get_rule(request: HttpRequest, integration_id: uuid.UUID, rule_id: uuid.UUID) -> AlertRule:
    return _rule(request, integration_id, rule_id)


@router.patch(RULE, response=RuleOut, summary="Change an alert rule, or switch it on or off")
def change_rule(
    request: HttpRequest, integration_id: uuid.UUID, rule_id: uuid.UUID, body: RuleChangeIn
) -> AlertRule:
    rule = _rule(request, integration_id, rule_id)
    return writes.change_rule(actor=_actor(request), rule=rule, **body.model_dump(exclude_unset=True))


@router.put(f"{RULE}/position", response=RuleOut, summary="Put a rule at another place in the order")
def move_rule(
    request: HttpRequest, integration_id: uuid.UUID, rule_id: uuid.UUID, body: RulePositionIn
) -> AlertRule:
    rule = _rule(request, integration_id, rule_id)
    return writes.move_rule(actor=_actor(request), rule=rule, position=body.position)


@router.delete(RULE, response={204: None}, summary="Delete an alert rule")
def delete_rule(request: HttpRequest, integration_id: uuid.UUID, rule_id: uuid.UUID) -> Status[None]:
    writes.delete_rule(actor=_actor(request), rule=_rule(request, integration_id, rule_id))
    return Status(204, None)


def _actor(request: HttpRequest) -> Person:
    return caller_of(request).person


def _integration(request: HttpRequest, unique_id: uuid.UUID) -> Integration:
    return catalog.get_integration(_actor(request), unique_id)


def _rule(request: HttpRequest, integration_id: uuid.UUID, unique_id: uuid.UUID) -> AlertRule:
    return reads.get_alert_rule(_actor(request), _integration(request, integration_id), unique_id)


def _mapping(kept: Mapping | None) -> MappingOut:
    if kept is None:
        return MappingOut(is_enabled=False, definition=None, changed_at=None)
    return MappingOut(is_enabled=kept.is_enabled, definition=kept.definition, changed_at=kept.changed_at)
