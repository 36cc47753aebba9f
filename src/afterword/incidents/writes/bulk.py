"""The statements of the fold: what a batch of alerts needs to know, and all that it writes.

Only what is asked or written for each alert stands here; what is rare goes by way of the ORM. Each function
costs one or a few statements however many alerts there are, and behaves alike on both databases.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from afterword.incidents.models import Alert, Entry, Incident, IncidentEntity
from afterword.lib import bulk

Entity = tuple[int, str]
"""The integration's primary key and the entity's id: what alerts about the same thing have in common."""

INCIDENTS = bulk.Table(
    Incident,
    *("id", "unique_id", "number", "service", "integration", "entity_id", "group_key"),
    *("priority", "sla", "escalation_policy", "title", "summary", "status"),
    *("created_at", "impact_started_at", "detected_at", "acknowledged_at", "fixed_at", "resolved_at"),
    *("last_alert_at", "acknowledge_due_at", "resolve_due_at"),
)
CHANGES = bulk.Table(
    Incident,
    *("id", "status", "priority", "sla", "escalation_policy", "acknowledged_at", "fixed_at", "resolved_at"),
    *("closed_at", "acknowledge_due_at", "resolve_due_at"),
)
SUMMARIES = bulk.Table(Incident, "id", "summary")
_TOUCHES = bulk.Table(Incident, "id", "last_alert_at", also="version = incidents_incident.version + 1")
ENTITIES = bulk.Table(IncidentEntity, "incident", "integration", "entity_id", "joined_at", "resolved_at")
ENTITY_ENDS = bulk.Table(IncidentEntity, "id", "resolved_at")
ALERTS = bulk.Table(
    Alert,
    *("id", "unique_id", "trace_id", "integration", "incident", "alert_type", "entity_id", "message"),
    *("summary", "payload", "urls", "images", "remarks", "suppressed", "opened_incident", "received_at"),
)
ENTRIES = bulk.Table(
    Entry, "unique_id", "incident", "at", "kind", "text", "person", "source", "alert", "created_at"
)
TAGS = bulk.Table(Incident.tags.through, "incident", "tag")
_TIMES = (
    *("created_at", "impact_started_at", "acknowledged_at", "fixed_at", "resolved_at", "closed_at"),
    *("acknowledge_due_at", "resolve_due_at", "last_alert_at"),
)


class KnownEntity(NamedTuple):
    """A row of IncidentEntity."""

    pk: int
    entity: Entity
    incident_pk: int
    resolved_at: datetime | None


class IncidentState:
    """Of an incident what the fold needs to know, and may change."""

    __slots__ = (
        *("pk", "unique_id", "number", "service_pk", "team_pk", "integration_pk", "entity_id", "title"),
        *("status", "has_summary", "new_summary", "group_key", "created_at", "started_at"),
        *("acknowledged_at", "fixed_at", "resolved_at", "closed_at", "last_alert_at", "priority_pk"),
        *("sla_pk", "escalation_policy_pk", "acknowledge_due_at", "resolve_due_at", "is_new"),
        *("is_changed", "merges"),
    )

    pk: int
    unique_id: str
    number: int
    service_pk: int
    team_pk: int
    integration_pk: int | None
    entity_id: str
    title: str
    status: str
    has_summary: bool
    new_summary: str
    """Written when it is not empty."""
    group_key: str
    created_at: datetime
    started_at: datetime
    acknowledged_at: datetime | None
    fixed_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    last_alert_at: datetime | None
    priority_pk: int | None
    sla_pk: int | None
    escalation_policy_pk: int | None
    acknowledge_due_at: datetime | None
    resolve_due_at: datetime | None
    is_new: bool
    """It has no key and no number until all that are new get theirs."""
    is_changed: bool
    merges: int
    """With 0 no entity of it ever went to another incident or came from one."""


def open_entities(entities: Collection[Entity]) -> list[KnownEntity]:
    """The entities that are open in an incident."""
    return _find_entities(entities, "e.resolved_at IS NULL", [])


def recent_entities(entities: Collection[Entity], *, resolved_since: datetime) -> list[KnownEntity]:
    """The same for those that were resolved since then, the latest last."""
    if connection.vendor == "sqlite":
        since = bulk.write_sqlite_time(resolved_since)
        found = _find_entities(entities, "e.resolved_at >= ?", [since])
    else:
        found = _find_entities(entities, "e.resolved_at >= %s", [resolved_since])
    return sorted(found, key=lambda known: (known.resolved_at, known.pk))


def entities_in(incident_pks: Collection[int], entities: Collection[Entity]) -> list[KnownEntity]:
    """The rows that these entities have in these incidents, open or not."""
    if not incident_pks:
        return []
    if connection.vendor == "sqlite":
        condition = "e.incident_id IN (SELECT value FROM json_each(?))"
        return _find_entities(entities, condition, [_as_json(incident_pks)])
    return _find_entities(entities, "e.incident_id = ANY(%b)", [list(incident_pks)])


def count_open_entities(incident_pks: Collection[int]) -> dict[int, int]:
    """How many entities of each incident are open, as of now: ask when the incidents are locked."""
    condition, value = _in_set("incident_id", incident_pks)
    rows = bulk.fetch(
        "SELECT incident_id, count(*) FROM incidents_incidententity"  # noqa: S608
        f" WHERE {condition} AND resolved_at IS NULL GROUP BY incident_id",
        [value],
    )
    return dict(rows)


def groupable_incidents(service_pks: Collection[int], *, created_since: datetime) -> list[int]:
    """The open incidents that alerts have opened at these services since then."""
    condition, value = _in_set("service_id", service_pks)
    is_sqlite = connection.vendor == "sqlite"
    since = bulk.write_sqlite_time(created_since) if is_sqlite else created_since
    rows = bulk.fetch(
        f"SELECT id FROM incidents_incident WHERE {condition} AND resolved_at IS NULL"  # noqa: S608
        f" AND integration_id IS NOT NULL AND created_at >= {'?' if is_sqlite else '%s'}",
        [value, since],
    )
    return [pk for (pk,) in rows]


def touch_incidents(heard_at: Mapping[int, datetime | None]) -> None:
    """Give these incidents their next version, for their pages have more to show, and their last alert."""
    _TOUCHES.update(sorted(heard_at.items()))


def lock_services(service_pks: Collection[int]) -> None:
    """Keep other transactions from grouping alerts of these services until this one ends."""
    if service_pks and connection.vendor != "sqlite":
        bulk.fetch(
            "SELECT id FROM catalog_service WHERE id = ANY(%b) ORDER BY id FOR NO KEY UPDATE",
            [sorted(service_pks)],
        )


def lock_incidents(incident_pks: Collection[int]) -> dict[int, IncidentState]:
    """Incidents as they are now, kept from people until the transaction ends."""
    if not incident_pks:
        return {}
    condition, value = _in_set("i.id", incident_pks)
    is_sqlite = connection.vendor == "sqlite"
    locking = "" if is_sqlite else " ORDER BY i.id FOR NO KEY UPDATE OF i"
    times = ", ".join(f"CAST(i.{name} AS TEXT)" if is_sqlite else f"i.{name}" for name in _TIMES)
    rows = bulk.fetch(
        f"SELECT {times}, i.id, i.unique_id, i.number, i.service_id, s.team_id, i.title, i.status,"  # noqa: S608
        " i.summary <> '', i.group_key, i.priority_id, i.sla_id, i.escalation_policy_id, i.merges"
        " FROM incidents_incident i JOIN catalog_service s ON s.id = i.service_id"
        f" WHERE {condition}{locking}",
        [value],
    )
    found = {}
    for row in rows:
        times_of_row = row[: len(_TIMES)]
        if is_sqlite:
            times_of_row = tuple(at and bulk.read_sqlite_time(at) for at in times_of_row)
        state = _incident_state(times_of_row, row[len(_TIMES) :])
        found[state.pk] = state
    return found


def _incident_state(times: Sequence[Any], rest: Sequence[Any]) -> IncidentState:
    state = IncidentState()
    state.created_at, started_at, state.acknowledged_at, state.fixed_at = times[:4]
    state.resolved_at, state.closed_at, state.acknowledge_due_at, state.resolve_due_at = times[4:8]
    state.last_alert_at = times[8]
    state.started_at = started_at or state.created_at
    state.pk, state.unique_id, state.number, state.service_pk, state.team_pk, state.title = rest[:6]
    state.status, has_summary, state.group_key = rest[6:9]
    state.priority_pk, state.sla_pk, state.escalation_policy_pk, state.merges = rest[9:]
    state.has_summary = bool(has_summary)
    state.entity_id = state.new_summary = ""
    state.integration_pk = None
    state.is_new = state.is_changed = False
    return state


def _find_entities(entities: Collection[Entity], condition: str, values: list[Any]) -> list[KnownEntity]:
    if not entities:
        return []
    columns = "e.id, e.integration_id, e.entity_id, e.incident_id, e.resolved_at"
    if connection.vendor != "sqlite":
        rows = bulk.fetch(
            f"SELECT {columns} FROM unnest(%b::bigint[], %b::text[]) AS k (integration_id, entity_id)"  # noqa: S608
            " JOIN incidents_incidententity e USING (integration_id, entity_id)"
            f" WHERE {condition}",
            [[integration for integration, _ in entities], [name for _, name in entities], *values],
        )
        return [KnownEntity(pk, (integration, name), of, at) for pk, integration, name, of, at in rows]
    found = []
    # The join keeps its order: for each entity one look into the index.
    statement = (
        f"SELECT {columns} FROM json_each(?) AS k CROSS JOIN incidents_incidententity e"  # noqa: S608
        f" ON e.integration_id = ? AND e.entity_id = k.value WHERE {condition}"
    )
    by_integration: dict[int, list[str]] = {}
    for integration, name in entities:
        by_integration.setdefault(integration, []).append(name)
    for integration, names in by_integration.items():
        for pk, _, name, of, at in bulk.fetch(statement, [_as_json(names), integration, *values]):
            found.append(KnownEntity(pk, (integration, name), of, at and _in_utc(at)))
    return found


def _in_set(column: str, keys: Collection[int]) -> tuple[str, Any]:
    condition, value = bulk.is_one_of(keys)
    return f"{column} {condition}", value


def _as_json(values: Collection[int] | Collection[str]) -> str:
    return json.dumps(list(values), ensure_ascii=False)


def _in_utc(at: datetime) -> datetime:
    """SQLite keeps no time zone: all times are in UTC."""
    return at.replace(tzinfo=UTC)
