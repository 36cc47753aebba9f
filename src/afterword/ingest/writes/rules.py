"""Every change to the alert rules of an integration.

What was compiled from them is stale after each: see `Integration.revision` and `integration.rules_changed`.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.audit.writes import record
from afterword.catalog.models import Integration, IntegrationKind
from afterword.ingest.models import RULE_NAME_LENGTH_MAX, AlertRule
from afterword.ingest.rule_targets import require_known
from afterword.ingest.rules import RULES_PER_INTEGRATION_MAX, parse_rule
from afterword.ingest.versions import version_of
from afterword.ingest.writes.mappings import ChangedMeanwhile, bump_revision, lock_integration
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.text import one_line

WITHOUT_ALERTS = (IntegrationKind.CHANGES, IntegrationKind.GITHUB)
NO_ALERTS = "This integration gets changes and no alerts: there is nothing for a rule to do."


@transaction.atomic
def create_rule(
    *,
    actor: Person,
    integration: Integration,
    name: str,
    conditions: Any,
    actions: Any,
    stops: bool = False,
    is_enabled: bool = False,
) -> AlertRule:
    """Add a rule behind the others. Raises InvalidInput with the path of each fault, NotAllowed, NotFound."""
    accounts.require_manager(actor, integration.service.team)
    if integration.kind in WITHOUT_ALERTS:
        raise InvalidInput(NO_ALERTS)
    lock_integration(integration)
    count = AlertRule.objects.filter(integration=integration).count()
    if count >= RULES_PER_INTEGRATION_MAX:
        raise InvalidInput(fields={"name": f"An integration has at most {RULES_PER_INTEGRATION_MAX} rules."})
    rule = AlertRule(
        integration=integration,
        position=count + 1,
        name=_name(name),
        conditions=conditions,
        actions=actions,
        stops=stops,
        is_enabled=is_enabled,
    )
    _require_sound(actor, rule)
    rule.save(force_insert=True)
    _number_anew(integration)
    _note_change(actor, rule, "created")
    return rule


@transaction.atomic
def change_rule(
    *,
    actor: Person,
    rule: AlertRule,
    name: str | None = None,
    conditions: Any = None,
    actions: Any = None,
    stops: bool | None = None,
    is_enabled: bool | None = None,
    seen: str | None = None,
) -> AlertRule:
    """Change a rule; None leaves a part as it is.

    `seen` is the version that the actor has edited; None changes whatever is there. Raises
    ChangedMeanwhile, InvalidInput, NotAllowed, NotFound.
    """
    integration = rule.integration
    accounts.require_manager(actor, integration.service.team)
    lock_integration(integration)
    rule = _present(rule)
    if seen is not None and seen != version_of(rule):
        raise ChangedMeanwhile
    wanted = {
        "name": rule.name if name is None else _name(name),
        "conditions": rule.conditions if conditions is None else conditions,
        "actions": rule.actions if actions is None else actions,
        "stops": rule.stops if stops is None else stops,
        "is_enabled": rule.is_enabled if is_enabled is None else is_enabled,
    }
    changed = [field for field, value in wanted.items() if getattr(rule, field) != value]
    if not changed:
        return rule
    known_before = rule.actions
    for field in changed:
        setattr(rule, field, wanted[field])
    if {"conditions", "actions", "stops"} & set(changed) or (rule.is_enabled and "is_enabled" in changed):
        _require_sound(actor, rule, known_before)
    rule.save(update_fields=changed)
    _note_change(actor, rule, "changed", changed=changed)
    return rule


@transaction.atomic
def move_rule(*, actor: Person, rule: AlertRule, position: int) -> AlertRule:
    """Put a rule at a place in the order, from 1; beyond the end is the end. Raises NotAllowed, NotFound."""
    integration = rule.integration
    accounts.require_manager(actor, integration.service.team)
    lock_integration(integration)
    rule = _present(rule)
    if position < 1:
        raise InvalidInput(fields={"position": "Places are counted from 1."})
    others = list(AlertRule.objects.filter(integration=integration).exclude(pk=rule.pk))
    position = min(position, len(others) + 1)
    if position == rule.position:
        return rule
    others.insert(position - 1, rule)
    _number(others)
    _note_change(actor, rule, "moved", position=position)
    return rule


@transaction.atomic
def delete_rule(*, actor: Person, rule: AlertRule) -> None:
    """Remove a rule; what it did to alerts stays. Raises NotAllowed, NotFound."""
    integration = rule.integration
    accounts.require_manager(actor, integration.service.team)
    lock_integration(integration)
    rule = _present(rule)
    _note_change(actor, rule, "deleted")
    rule.delete()
    _number_anew(integration)


def _present(rule: AlertRule) -> AlertRule:
    """The rule as it is now, under the lock."""
    found = AlertRule.objects.filter(pk=rule.pk).select_related("integration__service__team").first()
    if found is None:
        raise NotFound
    return found


def _name(name: str) -> str:
    return one_line("name", name, characters_max=RULE_NAME_LENGTH_MAX)


def _require_sound(actor: Person, rule: AlertRule, known_before: Any = ()) -> None:
    parse_rule(rule.conditions, rule.actions, stops=rule.stops, name=rule.name)
    require_known(actor, rule.integration, rule.actions, known_before)


def _number_anew(integration: Integration) -> None:
    _number(list(AlertRule.objects.filter(integration=integration)))


def _number(rules: list[AlertRule]) -> None:
    for position, rule in enumerate(rules, start=1):
        if rule.position != position:
            rule.position = position
            rule.save(update_fields=["position"])


def _note_change(actor: Person, rule: AlertRule, change: str, **more: Any) -> None:
    bump_revision(rule.integration)
    record(
        actor=actor,
        action="integration.rules_changed",
        subject=rule.integration,
        team_id=rule.integration.service.team_id,
        data={"change": change, "rule": rule.name, "rule_id": str(rule.unique_id), **more},
    )
