"""What is set up for integrations, compiled once and kept until it changes."""

from __future__ import annotations

import logging
import uuid
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from afterword.catalog.maintenance import is_active
from afterword.catalog.models import Integration, MaintenanceWindow, Service
from afterword.ingest import mapping, reads
from afterword.ingest.mapping import MappingDefinition
from afterword.ingest.models import AlertRule, Mapping
from afterword.ingest.rules import Rule, moves_alerts, parse_rule
from afterword.lib import bulk
from afterword.lib.errors import InvalidInput

COMPILED_MAX = 1_000
"""Integrations whose mapping and rules are kept compiled. The one that was not used for longest goes."""
UNUSABLE_RULE = "The alert rule “{}” cannot be read and was left out."
UNUSABLE_MAPPING = "The mapping of this integration cannot be read: please save it again."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compiled:
    """The mapping and the rules of an integration as they were at one of its revisions."""

    revision: int
    is_mapped: bool
    mapping: MappingDefinition | None
    """None for one that is off, and for one that cannot be read."""
    rules: Sequence[Rule]
    moves: bool
    """Whether a rule can make alerts belong to another incident than their own entity says."""
    remarks: Sequence[str]
    """What every alert is told about rules that cannot be read."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """All that is set up for an integration, as of this transaction."""

    integration: Integration
    """With its service, the service's SLA and its team."""
    compiled: Compiled

    @property
    def is_apart(self) -> bool:
        """Whether all its rows are kept in one order; as `reads.read_key_table` has it."""
        compiled = self.compiled
        return compiled.is_mapped or compiled.moves or self.integration.service.collation_minutes > 0


_compiled: OrderedDict[tuple[int, uuid.UUID], Compiled] = OrderedDict()
_known: OrderedDict[int, tuple[tuple[Any, ...], Integration]] = OrderedDict()
"""Integrations with the columns that they were made of: while those are the same, so are they."""

_STATE = """
SELECT i.id, i.unique_id, i.revision, i.name, i.kind, s.id, s.unique_id, s.team_id, s.collation_minutes,
  s.reopen_minutes, s.priority_id, s.escalation_policy_id, l.id, l.is_active, CAST(l.archived_at AS TEXT),
  l.acknowledge_minutes, l.resolve_minutes
FROM catalog_integration i JOIN catalog_service s ON s.id = i.service_id
  LEFT JOIN catalog_sla l ON l.id = s.sla_id WHERE i.id {}
"""


def read_configurations(integration_pks: Collection[int]) -> dict[int, Configuration]:
    """By primary key, for integrations that are there, enabled or not: what was accepted is folded.

    None of them can be deleted until the transaction ends: alerts of theirs are written without asking again.
    """
    condition, value = bulk.is_one_of(integration_pks)
    holding = "" if connection.vendor == "sqlite" else "FOR KEY SHARE OF i"
    states = {row[0]: row for row in bulk.fetch(_STATE.format(condition) + holding, [value])}
    changed = [pk for pk, state in states.items() if pk not in _known or _known[pk][0] != state]
    if changed:
        found = reads.integrations_with_services(changed)
        # One that was changed meanwhile is read anew with the next batch.
        _known.update({pk: (states[pk], integration) for pk, integration in found.items()})
        states = {pk: state for pk, state in states.items() if pk not in changed or pk in found}
    integrations = [_known[pk][1] for pk in states]
    stale = [integration for integration in integrations if not _is_compiled(integration)]
    if stale:
        _compile(stale)
    configurations = {one.pk: Configuration(one, _recall(one)) for one in integrations}
    while len(_known) > max(COMPILED_MAX, len(states)):
        _known.popitem(last=False)
    return configurations


class Maintenance:
    """The maintenance windows of some services."""

    def __init__(self, service_pks: Collection[int]) -> None:
        self._windows: dict[int, list[MaintenanceWindow]] = {}
        if not service_pks or not _are_maintained(service_pks):
            return
        for service_pk, window in reads.maintenance_windows(service_pks):
            self._windows.setdefault(service_pk, []).append(window)

    def covers(self, service: Service, at: datetime) -> bool:
        """Whether alerts that came in at `at` may open nothing at the service."""
        windows = self._windows.get(service.pk)
        return windows is not None and any(is_active(window, at) for window in windows)


def _are_maintained(service_pks: Collection[int]) -> bool:
    condition, value = bulk.is_one_of(service_pks)
    table = MaintenanceWindow.services.through._meta.db_table
    return bool(bulk.fetch(f"SELECT 1 FROM {table} WHERE service_id {condition} LIMIT 1", [value]))  # noqa: S608


def _is_compiled(integration: Integration) -> bool:
    known = _compiled.get((integration.pk, integration.unique_id))
    return known is not None and known.revision == integration.revision


def _recall(integration: Integration) -> Compiled:
    key = (integration.pk, integration.unique_id)
    _known.move_to_end(integration.pk)
    _compiled.move_to_end(key)
    return _compiled[key]


def _compile(integrations: Sequence[Integration]) -> None:
    pks = [integration.pk for integration in integrations]
    mappings = {row.integration_id: row for row in reads.enabled_mappings(pks)}
    rules: dict[int, list[AlertRule]] = {}
    for rule in reads.enabled_rules(pks):
        rules.setdefault(rule.integration_id, []).append(rule)
    for integration in integrations:
        given = mappings.get(integration.pk)
        parsed, remarks = _parse_rules(rules.get(integration.pk, []))
        _compiled[integration.pk, integration.unique_id] = Compiled(
            revision=integration.revision,
            is_mapped=given is not None,
            mapping=_parse_mapping(given) if given is not None else None,
            rules=parsed,
            moves=any(moves_alerts(rule.actions) for rule in rules.get(integration.pk, [])),
            remarks=remarks,
        )
    while len(_compiled) > max(COMPILED_MAX, len(integrations)):
        _compiled.popitem(last=False)


def _parse_mapping(row: Mapping) -> MappingDefinition | None:
    try:
        return mapping.parse(row.definition)
    except InvalidInput as error:
        logger.error("The mapping of integration %s cannot be read: %s", row.integration_id, error.fields)
        return None


def _parse_rules(rows: Sequence[AlertRule]) -> tuple[list[Rule], list[str]]:
    rules, remarks = [], []
    for row in rows:
        try:
            rules.append(
                parse_rule(
                    row.conditions,
                    row.actions,
                    stops=row.stops,
                    name=row.name,
                    unique_id=str(row.unique_id),
                )
            )
        except InvalidInput as error:
            # Saved by another version, perhaps; an alert must not be lost for it.
            logger.error("The alert rule %s cannot be read: %s", row.unique_id, error.fields)
            remarks.append(UNUSABLE_RULE.format(row.name))
    return rules, remarks
