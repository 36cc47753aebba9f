"""Trying mappings and rules on what an integration has got, for a person who may see it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from afterword.accounts.models import Person
from afterword.catalog.models import Integration
from afterword.ingest import mapping, reads
from afterword.ingest.formats import BadSignal
from afterword.ingest.formats.bodies import read_json, without_nulls
from afterword.ingest.mapping import MappingDefinition
from afterword.ingest.models import AlertRule
from afterword.ingest.rules import Rule, parse_rule
from afterword.ingest.trials import MappedBody, Trial, try_mapping, try_rules
from afterword.lib import clock
from afterword.lib.errors import InvalidInput

NAME_ON_TRIAL = "This rule"


def rehearse_rule(
    actor: Person,
    integration: Integration,
    *,
    conditions: Any,
    actions: Any,
    stops: bool,
    instead_of: AlertRule | None = None,
    name: str = "",
) -> Trial:
    """What a rule, with the enabled ones around it, would have made of the last alerts.

    It stands in the place of `instead_of`, or behind all others. Raises InvalidInput, NotFound.
    """
    on_trial = parse_rule(conditions, actions, stops=stops, name=name or NAME_ON_TRIAL, may_do_nothing=True)
    rules: list[Rule] = []
    placed = False
    for row in reads.alert_rules(actor, integration):
        if instead_of is not None and row.pk == instead_of.pk:
            rules.append(on_trial)
            placed = True
        elif row.is_enabled:
            rules += _usable([row])
    if not placed:
        rules.append(on_trial)
    return try_rules(
        reads.recent_bodies(actor, integration),
        rules,
        on_trial,
        kind=integration.kind,
        mapped=enabled_mapping(actor, integration),
        integration=integration.name,
    )


def rehearse_mapping(actor: Person, integration: Integration, *, definition: Any, body: Any) -> MappedBody:
    """What a mapping, and the enabled rules after it, would make of a body. Raises InvalidInput, NotFound."""
    mapped = mapping.parse(definition)
    rules = _usable(list(reads.alert_rules(actor, integration).filter(is_enabled=True)))
    return try_mapping(body, mapped, rules, integration=integration.name, at=clock.now())


def read_given_body(body: Any) -> Any:
    """A body that someone gives to try on, as the way in would have let it in. Raises InvalidInput."""
    try:
        return without_nulls(read_json(json.dumps(body, ensure_ascii=False)))
    except (BadSignal, RecursionError) as error:
        reason = error.message if isinstance(error, BadSignal) else "It is nested too deep."
        raise InvalidInput(fields={"body": reason}) from error


def enabled_mapping(actor: Person, integration: Integration) -> MappingDefinition | None:
    """The mapping by which an integration's bodies are read now; None when it is off. Raises NotFound."""
    kept = reads.find_mapping(actor, integration)
    if kept is None or not kept.is_enabled:
        return None
    try:
        return mapping.parse(kept.definition)
    except InvalidInput:
        return None


def _usable(rows: Sequence[AlertRule]) -> list[Rule]:
    """Those that can be read: the fold leaves out the others too."""
    rules = []
    for row in rows:
        try:
            rules.append(parse_rule(row.conditions, row.actions, stops=row.stops, name=row.name))
        except InvalidInput:
            continue
    return rules
