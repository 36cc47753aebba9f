"""Alerts become incidents and lines of their timelines, many in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec
from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.numbers import take_numbers
from afterword.audit.writes import NewEvent, record_many
from afterword.catalog.models import EscalationPolicy, IncidentRole, Integration, Priority, Service, Sla
from afterword.catalog.reads import sla_in_force
from afterword.documents import clean_text
from afterword.incidents import alert_rules
from afterword.incidents.models import (
    ENTRY_SOURCE_LENGTH_MAX,
    ENTRY_TEXT_LENGTH_MAX,
    SUMMARY_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    Alert,
    EntryKind,
    Incident,
    IncidentStatus,
    RoleAssignment,
)
from afterword.incidents.rules import OPENED_AGAIN_BEGINS, RESOLVED_BEGINS
from afterword.incidents.writes import bulk
from afterword.incidents.writes.bulk import Entity, IncidentState, KnownEntity
from afterword.incidents.writes.incidents import NUMBERS
from afterword.incidents.writes.messages import NewMessage, WrittenMessages
from afterword.lib import clock, ids
from afterword.lib.bulk import take_ids, without_waiting

ENTITY_SHOWN_LENGTH_MAX = 100
REOPENED = "reopened"
STATUS_TEXTS = {
    IncidentStatus.ACKNOWLEDGED.value: "Acknowledged the incident.",
    IncidentStatus.RESOLVED.value: f"{RESOLVED_BEGINS}.",
    REOPENED: f"{OPENED_AGAIN_BEGINS}.",
}
JOINED_GROUP = "It joined this incident by the group “{}” of an alert rule."
JOINED_RECENT = "It joined this incident, which was opened less than {} min before."
NO_MESSAGE = "No stakeholder message was written, for the alert belongs to no incident."
SUPPRESSED_MESSAGE = "No stakeholder message was written, for the alert is suppressed."
TRIGGERED, RESOLVED = IncidentStatus.TRIGGERED.value, IncidentStatus.RESOLVED.value


class NewAlert(msgspec.Struct, kw_only=True, eq=False):
    """An alert to record. `integration` is the actor. What it asks for was looked up and may be used."""

    trace_id: str
    """32 hexadecimal digits."""
    integration: Integration
    service: Service
    """The integration's own, or the one that a rule chose; its SLA must be loaded with it."""
    alert_type: str
    entity_id: str
    message: str
    summary: str
    payload: Any
    urls: list[Any]
    images: list[Any]
    remarks: list[str]
    """What of it was ignored, and the rules that changed it."""
    suppressed: bool
    received_at: datetime
    is_held_back: bool = False
    """Its service is under maintenance: it must open nothing."""
    priority: Priority | None = None
    sla: Sla | None = None
    escalation_policy: EscalationPolicy | None = None
    tag_pks: Sequence[int] = ()
    roles: Sequence[tuple[IncidentRole, Person]] = ()
    notes: Sequence[str] = ()
    group_key: str = ""
    group_minutes: int = 0
    message_to_stakeholders: NewMessage | None = None


class RecordedAlert(NamedTuple):
    """What became of an alert."""

    alert_unique_id: str
    incident_unique_id: str
    """Empty when the alert belongs to no incident."""
    incident_number: int | None
    is_incident_created: bool
    suppressed: bool


@transaction.atomic(savepoint=False)
def record_alerts(*, alerts: Sequence[NewAlert]) -> list[RecordedAlert | None]:
    """Record alerts in the order given, with all that they do to incidents and timelines.

    The result has the order of `alerts`; None stands for an alert that maintenance held back, of which
    nothing is recorded. The caller keeps two transactions from recording alerts of one entity at the same
    time; people may acknowledge and resolve meanwhile, for the incidents are locked, and so is a service
    whose alerts are grouped. Costs a few dozen statements however many alerts.
    """
    plan = _Plan(_read_before(alerts), alerts)
    for alert, pk, unique_id in zip(
        alerts, take_ids(Alert, len(alerts)), ids.new_short_ids(len(alerts)), strict=True
    ):
        plan.add(alert, pk, unique_id)
    plan.save()
    return [outcome and outcome.tell() for outcome in plan.outcomes]


def _open(alert: NewAlert) -> IncidentState:
    at, service = alert.received_at, alert.service
    state = IncidentState()
    state.unique_id = ids.new_short_id()
    state.service_pk, state.team_pk = service.pk, service.team_id
    state.integration_pk, state.entity_id = alert.integration.pk, alert.entity_id
    state.title = alert_rules.title_of(alert.message, characters_max=TITLE_LENGTH_MAX)
    state.status = TRIGGERED
    state.new_summary = _summary(alert)
    state.has_summary = bool(state.new_summary)
    state.group_key = alert.group_key
    state.created_at = state.started_at = at
    state.acknowledged_at = state.fixed_at = state.resolved_at = state.closed_at = None
    state.priority_pk = alert.priority.pk if alert.priority else service.priority_id
    policy = alert.escalation_policy
    state.escalation_policy_pk = policy.pk if policy else service.escalation_policy_id
    _set_sla(state, alert.sla or sla_in_force(service))
    state.is_new, state.is_changed = True, False
    state.last_alert_at = None
    state.merges = 0
    return state


def _set_sla(incident: IncidentState, sla: Sla | None) -> None:
    at = incident.created_at
    incident.sla_pk = sla.pk if sla else None
    incident.acknowledge_due_at = alert_rules.due_at(at, sla.acknowledge_minutes if sla else None)
    incident.resolve_due_at = alert_rules.due_at(at, sla.resolve_minutes if sla else None)


@dataclass(slots=True)
class _Link:
    """An entity in an incident."""

    entity: Entity
    incident: IncidentState
    joined_at: datetime
    resolved_at: datetime | None
    pk: int | None = None
    """None: it is new in this batch."""
    is_changed: bool = False


class _Outcome(NamedTuple):
    alert_unique_id: str
    incident: IncidentState | None
    is_incident_created: bool
    suppressed: bool

    def tell(self) -> RecordedAlert:
        incident = self.incident
        if incident is None:
            return RecordedAlert(self.alert_unique_id, "", None, False, self.suppressed)
        return RecordedAlert(
            self.alert_unique_id,
            incident.unique_id,
            incident.number,
            self.is_incident_created,
            self.suppressed,
        )


@dataclass(slots=True)
class _Before:
    """What the database knows about the incidents that a batch of alerts may concern."""

    incidents: dict[int, IncidentState]
    links: dict[Entity, _Link]
    """Of each entity the open row; else the one that was resolved last, where that matters."""
    earlier_links: dict[tuple[int, Entity], _Link]
    """Rows of incidents that alerts may join: an entity that comes back finds its own."""
    groupable: list[IncidentState]
    """Newest first."""
    open_counts: dict[int, int]
    """How many entities are open, of the incidents for which that was asked."""


def _read_before(alerts: Sequence[NewAlert]) -> _Before:
    """Reads and locks: first services, then incidents, each kind in the order of its keys."""
    entities = {(alert.integration.pk, alert.entity_id) for alert in alerts}
    opening = [alert for alert in alerts if alert.alert_type in alert_rules.OPENING and not alert.suppressed]
    grouped = [alert for alert in opening if alert.group_key or alert.service.collation_minutes]
    bulk.lock_services({alert.service.pk for alert in grouped})
    found = _find_resolved(opening) + bulk.open_entities(entities)
    groupable_pks = _find_groupable(grouped)
    incidents = bulk.lock_incidents({known.incident_pk for known in found} | set(groupable_pks))
    while any(incident.merges for incident in incidents.values()):
        # Somebody may have merged them, or taken them apart, before they were locked: look again.
        found = _find_resolved(opening) + bulk.open_entities(entities)
        missing = {known.incident_pk for known in found} - set(incidents)
        if not missing:
            break
        incidents |= bulk.lock_incidents(missing)
    earlier = bulk.entities_in(groupable_pks, entities) if groupable_pks else []
    links = {row.entity: _link(row, incidents[row.incident_pk]) for row in found}
    earlier_links = {
        (row.incident_pk, row.entity): _link(row, incidents[row.incident_pk])
        for row in earlier
        if row.incident_pk in incidents
    }
    for link in links.values():
        earlier_links[link.incident.pk, link.entity] = link
    groupable = [incidents[pk] for pk in groupable_pks if pk in incidents]
    ending = {alert.alert_type for alert in alerts} & {RESOLVED}
    return _Before(
        incidents=incidents,
        links=links,
        earlier_links=earlier_links,
        groupable=sorted(groupable, key=lambda incident: (incident.created_at, incident.pk), reverse=True),
        open_counts=bulk.count_open_entities(incidents) if ending and incidents else {},
    )


def _find_resolved(opening: Sequence[NewAlert]) -> list[KnownEntity]:
    """The entities that may open their incidents again."""
    returning = [alert for alert in opening if alert.service.reopen_minutes]
    if not returning:
        return []
    since = min(alert.received_at - timedelta(minutes=alert.service.reopen_minutes) for alert in returning)
    entities = {(alert.integration.pk, alert.entity_id) for alert in returning}
    return bulk.recent_entities(entities, resolved_since=since)


def _find_groupable(grouped: Sequence[NewAlert]) -> list[int]:
    if not grouped:
        return []
    minutes = max(max(alert.group_minutes, alert.service.collation_minutes) for alert in grouped)
    since = min(alert.received_at for alert in grouped) - timedelta(minutes=minutes)
    return bulk.groupable_incidents({alert.service.pk for alert in grouped}, created_since=since)


def _link(row: KnownEntity, incident: IncidentState) -> _Link:
    # A person who resolved the incident after the entities were read has closed them all.
    resolved_at = row.resolved_at or incident.resolved_at
    return _Link(row.entity, incident, incident.created_at, resolved_at, row.pk)


@dataclass(slots=True)
class _NewEntry:
    incident: IncidentState
    at: datetime
    kind: str
    text: str
    source: str
    alert_pk: int


class _Plan:
    """All that a batch of alerts does, worked out in memory, then written table by table."""

    def __init__(self, before: _Before, alerts: Sequence[NewAlert]) -> None:
        self.before = before
        self.links = before.links
        self.new_links: list[_Link] = []
        self.changed_links: list[_Link] = []
        self.opened: list[IncidentState] = []
        self.groupable = before.groupable
        self.rows: list[tuple[NewAlert, int, str, IncidentState | None, bool, list[str]]] = []
        self.entries: list[_NewEntry] = []
        self.events: list[tuple[str, IncidentState, NewAlert, str]] = []
        self.outcomes: list[_Outcome | None] = []
        self.tags: dict[tuple[int, int], tuple[IncidentState, int]] = {}
        self.roles: dict[tuple[int, int, int], tuple[IncidentState, IncidentRole, Person, datetime]] = {}
        self.known_roles = _known_roles(before.incidents, alerts)
        self.messages = WrittenMessages()
        self.priority_names: dict[int, str] = {}
        self.now = clock.now()

    def add(self, alert: NewAlert, pk: int, unique_id: str) -> None:
        entity = (alert.integration.pk, alert.entity_id)
        link = self.links.get(entity)
        incident = link.incident if link is not None and link.resolved_at is None else None
        decision = alert_rules.decide(
            alert.alert_type, suppressed=alert.suppressed, status=incident.status if incident else None
        )
        is_created = is_reopened = False
        remarks: list[str] = []
        if decision.opens:
            if alert.is_held_back:
                self.outcomes.append(None)
                return
            link, is_created, is_reopened = self._find_or_open(alert, entity, link, remarks)
            incident = link.incident
        elif not decision.joins:
            incident = None
        self.rows.append((alert, pk, unique_id, incident, is_created, remarks))
        self.outcomes.append(_Outcome(unique_id, incident, is_created, alert.suppressed))
        if incident is None:
            if alert.message_to_stakeholders is not None:
                remarks.append(NO_MESSAGE)
            return
        assert link is not None
        at = max(alert.received_at, incident.started_at)
        self._tell(EntryKind.ALERT.value, alert.message or alert.alert_type, incident, alert, pk, at)
        if incident.last_alert_at is None or incident.last_alert_at < alert.received_at:
            incident.last_alert_at = alert.received_at
        if alert.summary and not incident.has_summary:
            incident.new_summary, incident.has_summary = _summary(alert), True
        if is_created:
            self.events.append(("incident.triggered", incident, alert, unique_id))
        elif is_reopened:
            self._change_status(REOPENED, incident, alert, pk, unique_id, at)
        if not alert.suppressed:
            self._give(alert, incident, pk, at, remarks, is_created=is_created)
        elif alert.message_to_stakeholders is not None:
            remarks.append(SUPPRESSED_MESSAGE)
        if decision.status == RESOLVED:
            self._end(link, alert, pk, unique_id, at)
        elif decision.status is not None and not decision.opens:
            self._change_status(decision.status, incident, alert, pk, unique_id, at)

    def _find_or_open(
        self, alert: NewAlert, entity: Entity, link: _Link | None, remarks: list[str]
    ) -> tuple[_Link, bool, bool]:
        """The entity's place in an incident; whether that is new, and whether it was opened again for it."""
        service, at = alert.service, alert.received_at
        if (
            link is not None
            and link.resolved_at is not None
            and link.incident.service_pk == service.pk
            and alert_rules.is_within(at, link.resolved_at, service.reopen_minutes)
        ):
            self._open_link(link)
            was_resolved = link.incident.resolved_at is not None
            return link, False, was_resolved
        incident = self._find_group(alert, remarks)
        is_created = incident is None
        if incident is None:
            incident = _open(alert)
            self.opened.append(incident)
            if alert.group_key or service.collation_minutes:
                self.groupable.insert(0, incident)
        else:
            found = self.before.earlier_links.get((id_of(incident), entity))
            if found is not None:
                self._open_link(found)
                self.links[entity] = found
                return found, False, False
        new = _Link(entity, incident, at, None)
        self.new_links.append(new)
        self.links[entity] = self.before.earlier_links[id_of(incident), entity] = new
        self._count(incident, 1)
        return new, is_created, False

    def _find_group(self, alert: NewAlert, remarks: list[str]) -> IncidentState | None:
        service, at = alert.service, alert.received_at
        if not (alert.group_key or service.collation_minutes):
            return None
        open_ones = [
            incident
            for incident in self.groupable
            if incident.service_pk == service.pk and incident.resolved_at is None
        ]
        if alert.group_key:
            for incident in open_ones:
                if incident.group_key == alert.group_key and alert_rules.is_within(
                    at, incident.created_at, alert.group_minutes
                ):
                    remarks.append(JOINED_GROUP.format(alert.group_key))
                    return incident
        for incident in open_ones:
            if alert_rules.is_within(at, incident.created_at, service.collation_minutes):
                remarks.append(JOINED_RECENT.format(service.collation_minutes))
                return incident
        return None

    def _open_link(self, link: _Link) -> None:
        link.resolved_at = None
        self._note_link(link)
        self._count(link.incident, 1)

    def _note_link(self, link: _Link) -> None:
        if link.pk is not None and not link.is_changed:
            link.is_changed = True
            self.changed_links.append(link)

    def _count(self, incident: IncidentState, more: int) -> int:
        counts = self.before.open_counts
        key = id_of(incident)
        counts[key] = counts.get(key, 0) + more
        return counts[key]

    def _end(self, link: _Link, alert: NewAlert, pk: int, unique_id: str, at: datetime) -> None:
        """Resolve an entity, and the incident with its last one."""
        link.resolved_at = at
        self._note_link(link)
        left = self._count(link.incident, -1)
        if left <= 0:
            self._change_status(RESOLVED, link.incident, alert, pk, unique_id, at)
            return
        shown = alert_rules.cut(alert.entity_id, characters_max=ENTITY_SHOWN_LENGTH_MAX)
        text = f"“{shown}” is resolved; {left} {'other is' if left == 1 else 'others are'} still open."
        self._tell(EntryKind.STATUS.value, text, link.incident, alert, pk, at)

    def _change_status(
        self, status: str, incident: IncidentState, alert: NewAlert, pk: int, unique_id: str, at: datetime
    ) -> None:
        incident.is_changed = True
        if status == REOPENED:
            incident.status = TRIGGERED
            incident.resolved_at = incident.fixed_at = incident.closed_at = None
        elif status == RESOLVED:
            incident.status = status
            incident.resolved_at = at
            incident.fixed_at = incident.fixed_at or at
        else:
            incident.status = status
            incident.acknowledged_at = incident.acknowledged_at or at
        self.events.append((f"incident.{status}", incident, alert, unique_id))
        self._tell(EntryKind.STATUS.value, STATUS_TEXTS[status], incident, alert, pk, at)

    def _give(
        self,
        alert: NewAlert,
        incident: IncidentState,
        pk: int,
        at: datetime,
        remarks: list[str],
        *,
        is_created: bool,
    ) -> None:
        """What the alert brings along: priority, SLA, escalation policy, tags, roles, notes, a message."""
        if not is_created:
            if alert.priority is not None and alert.priority.pk != incident.priority_pk:
                self._change_priority(alert.priority, incident, alert, pk, at)
            if alert.sla is not None and incident.sla_pk is None:
                _set_sla(incident, alert.sla)
                incident.is_changed = True
                self._tell(EntryKind.EDIT.value, f"Set the SLA to “{alert.sla}”.", incident, alert, pk, at)
            if alert.escalation_policy is not None and incident.escalation_policy_pk is None:
                incident.escalation_policy_pk = alert.escalation_policy.pk
                incident.is_changed = True
                text = f"Set the escalation policy to “{alert.escalation_policy}”."
                self._tell(EntryKind.EDIT.value, text, incident, alert, pk, at)
        for tag_pk in alert.tag_pks:
            self.tags[id_of(incident), tag_pk] = (incident, tag_pk)
        for role, person in alert.roles:
            key = (id_of(incident), role.pk, person.pk)
            if key not in self.known_roles:
                self.known_roles.add(key)
                self.roles[key] = (incident, role, person, at)
                text = f"{person} has the role “{role}”."
                self._tell(EntryKind.ASSIGNMENT.value, text, incident, alert, pk, at)
        for note in alert.notes:
            self._tell(EntryKind.NOTE.value, note, incident, alert, pk, at)
        if alert.message_to_stakeholders is not None:
            self.messages.add(alert.message_to_stakeholders, incident, pk, remarks)

    def _change_priority(
        self, priority: Priority, incident: IncidentState, alert: NewAlert, pk: int, at: datetime
    ) -> None:
        before, incident.priority_pk = incident.priority_pk, priority.pk
        incident.is_changed = True
        self.priority_names[priority.pk] = priority.name
        if before is None:
            text = f"Set the priority to “{priority.name}”."
        else:
            if before not in self.priority_names:
                known = Priority.objects.filter(pk=before).values_list("pk", "name")
                self.priority_names.update(known)
            text = f"Changed the priority from “{self.priority_names[before]}” to “{priority.name}”."
        self._tell(EntryKind.EDIT.value, text, incident, alert, pk, at)

    def _tell(
        self, kind: str, text: str, incident: IncidentState, alert: NewAlert, pk: int, at: datetime
    ) -> None:
        # The alert keeps what was sent; a line of the timeline is set beside lines of ours.
        text = alert_rules.cut(clean_text(text), characters_max=ENTRY_TEXT_LENGTH_MAX)
        source = alert.integration.name[:ENTRY_SOURCE_LENGTH_MAX]
        self.entries.append(_NewEntry(incident, at, kind, text, source, pk))

    def save(self) -> None:
        if self.opened:
            self._open_incidents()
        with without_waiting():
            self._save_incidents()
        if self.rows:
            bulk.ALERTS.stream(_alert_row(*row) for row in self.rows)
        if self.entries:
            self._save_entries()
        self._save_what_is_rare()

    def _save_incidents(self) -> None:
        if self.opened:
            bulk.INCIDENTS.insert([_incident_row(incident) for incident in self.opened])
        known = self.before.incidents.values()
        bulk.CHANGES.update([_change_row(incident) for incident in known if incident.is_changed])
        told = {new.incident for new in self.entries}
        # Nobody looks at the page of an incident that is opened only now.
        bulk.touch_incidents({one.pk: one.last_alert_at for one in told if not one.is_new})
        bulk.SUMMARIES.update([(one.pk, one.new_summary) for one in known if one.new_summary])
        self._save_links()
        bulk.TAGS.insert([(incident.pk, tag) for incident, tag in self.tags.values()], skip_twins=True)

    def _save_what_is_rare(self) -> None:
        RoleAssignment.objects.bulk_create(
            [
                RoleAssignment(incident_id=incident.pk, role=role, person=person, assigned_at=at)
                for incident, role, person, at in self.roles.values()
            ],
            ignore_conflicts=True,
        )
        self.messages.save(self.now)
        self._record_events()

    def _open_incidents(self) -> None:
        for incident, pk in zip(self.opened, take_ids(Incident, len(self.opened)), strict=True):
            incident.pk = pk
        # As late as can be: other transactions that open incidents wait from here on.
        for incident, number in zip(self.opened, take_numbers(NUMBERS, len(self.opened)), strict=True):
            incident.number = number

    def _save_links(self) -> None:
        # An entity is open once: what ends makes room for what begins.
        ended = [link for link in self.changed_links if link.resolved_at is not None]
        begun = [link for link in self.changed_links if link.resolved_at is None]
        bulk.ENTITY_ENDS.update([(link.pk, link.resolved_at) for link in ended])
        bulk.ENTITY_ENDS.update([(link.pk, None) for link in begun])
        bulk.ENTITIES.insert(
            [(link.incident.pk, *link.entity, link.joined_at, link.resolved_at) for link in self.new_links]
        )

    def _save_entries(self) -> None:
        now = self.now
        bulk.ENTRIES.stream(
            (unique_id, new.incident.pk, new.at, new.kind, new.text, None, new.source, new.alert_pk, now)
            for unique_id, new in zip(ids.new_hex_uuids(len(self.entries)), self.entries, strict=True)
        )

    def _record_events(self) -> None:
        if not self.events:
            return
        events = [
            NewEvent(
                actor=alert.integration,
                action=action,
                subject_kind="incident",
                subject_id=incident.pk,
                subject_name=f"#{incident.number} {incident.title}",
                at=alert.received_at,
                team_id=incident.team_pk,
                data={"alert": unique_id},
            )
            for action, incident, alert, unique_id in self.events
        ]
        record_many(events, find_subjects=_load_incidents)


def id_of(incident: IncidentState) -> int:
    """What tells an incident of the batch from the others, also before it has its key: negative then."""
    return -id(incident) if incident.is_new else incident.pk


def _load_incidents(pks: Collection[int]) -> Mapping[int, Incident]:
    # They share a few services, which a join would bring along with each.
    return Incident.objects.prefetch_related("service__team", "integration").in_bulk(list(pks))


def _known_roles(incidents: Collection[int], alerts: Sequence[NewAlert]) -> set[tuple[int, int, int]]:
    if not incidents or not any(alert.roles for alert in alerts):
        return set()
    found = RoleAssignment.objects.filter(incident__in=list(incidents))
    return set(found.values_list("incident_id", "role_id", "person_id"))


def _summary(alert: NewAlert) -> str:
    return alert_rules.cut(alert.summary, characters_max=SUMMARY_LENGTH_MAX)


def _incident_row(incident: IncidentState) -> tuple[Any, ...]:
    one = incident
    return (
        *(one.pk, one.unique_id, one.number, one.service_pk, one.integration_pk, one.entity_id),
        *(one.group_key, one.priority_pk, one.sla_pk, one.escalation_policy_pk, one.title, one.new_summary),
        *(one.status, one.created_at, one.started_at, one.created_at, one.acknowledged_at, one.fixed_at),
        *(one.resolved_at, one.last_alert_at, one.acknowledge_due_at, one.resolve_due_at),
    )


def _change_row(incident: IncidentState) -> tuple[Any, ...]:
    one = incident
    return (
        *(one.pk, one.status, one.priority_pk, one.sla_pk, one.escalation_policy_pk, one.acknowledged_at),
        *(one.fixed_at, one.resolved_at, one.closed_at, one.acknowledge_due_at, one.resolve_due_at),
    )


def _alert_row(
    alert: NewAlert,
    pk: int,
    unique_id: str,
    incident: IncidentState | None,
    is_created: bool,
    remarks: list[str],
) -> tuple[Any, ...]:
    return (
        *(pk, unique_id, alert.trace_id, alert.integration.pk, incident.pk if incident else None),
        *(alert.alert_type, alert.entity_id, alert.message, alert.summary, _json(alert.payload)),
        *(
            _json(alert.urls),
            _json(alert.images),
            _json(alert.remarks + remarks),
            alert.suppressed,
            is_created,
        ),
        alert.received_at,
    )


_encoder = msgspec.json.Encoder()


def _json(value: Any) -> str | None:
    if value is None:
        return None
    return "[]" if value == [] else _encoder.encode(value).decode()
