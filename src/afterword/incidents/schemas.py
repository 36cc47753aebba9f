"""What the API takes and gives about incidents. Times are ISO 8601; those given are in UTC."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from ninja import Schema
from pydantic import AwareDatetime, Field

from afterword.accounts.keys import caller_of
from afterword.incidents import rules
from afterword.incidents.chat.models import ChatMessage
from afterword.incidents.facts.reads import Told, told_of
from afterword.incidents.models import Alert, Change, Entry, EntryKind, Incident, IncidentEntity
from afterword.incidents.timeline.models import EntryRevision, Evidence
from afterword.lib import clock
from afterword.lib.bodies import Body

ENTITIES_TOLD_MAX = 500


class TeamReference(Schema):
    unique_id: uuid.UUID
    name: str


class ServiceReference(Schema):
    unique_id: uuid.UUID
    name: str


class KeyTimestampOut(Schema):
    """A key timestamp that is known, earliest first."""

    name: str
    label: str
    at: datetime


class MilestoneDurationOut(Schema):
    """The time between two key timestamps that are both known."""

    name: str
    label: str
    seconds: int


class NamedReference(Schema):
    """A priority, an SLA, an escalation policy, a tag, a role or a person, by the name it has now."""

    unique_id: uuid.UUID
    name: str


class PromiseOut(Schema):
    """One promise of the incident's SLA, as it stands now."""

    promise: str = Field(description="acknowledge or resolve")
    due_at: datetime
    done_at: datetime | None
    state: str = Field(description="running, kept or broken")


class EntityOut(Schema):
    """One of the things that the alerts of an incident are about."""

    entity_id: str
    integration: str = Field(description="The integration's name.")
    joined_at: datetime
    resolved_at: datetime | None

    @staticmethod
    def resolve_integration(entity: IncidentEntity) -> str:
        return entity.integration.name


class UsefulLinkOut(Schema):
    """Where else there is something about it."""

    unique_id: uuid.UUID
    kind: str = Field(description="ticket, chat, dashboard or other")
    title: str
    url: str


class FieldValueOut(Schema):
    """What an incident has in a custom field of its team."""

    unique_id: uuid.UUID = Field(description="Of the field.")
    name: str
    kind: str
    value: Any = Field(description="A text, number, boolean, list of texts, or null for nothing.")
    words: str = Field(description="The same as people read it.")


class RoleOut(Schema):
    """Who has a role in an incident."""

    role: NamedReference
    person: NamedReference


class IncidentOut(Schema):
    unique_id: str
    number: int
    title: str
    summary: str = Field(description="Markdown.")
    status: str = Field(
        description="triggered, acknowledged, resolved, or merged: it is a part of another one"
    )
    is_private: bool = Field(description="Only its members see it.")
    service: ServiceReference
    team: TeamReference
    entity_id: str = Field(description="What the alert that opened it was about.")
    entities: list[EntityOut] = Field(description="What its alerts are about; the first 500.")
    severity: NamedReference | None
    incident_type: NamedReference | None
    affected_services: list[ServiceReference] = Field(
        description="Beside its own service, as far as you may see them."
    )
    links: list[UsefulLinkOut]
    fields: list[FieldValueOut] = Field(description="The custom fields that are filled in.")
    priority: NamedReference | None
    sla: NamedReference | None
    promises: list[PromiseOut]
    escalation_policy: NamedReference | None
    tags: list[NamedReference]
    roles: list[RoleOut]
    created_at: datetime
    started_at: datetime = Field(description="The start of the impact where it is known, else created_at.")
    resolved_at: datetime | None = Field(description="Of a merged one, when it was merged.")
    closed_at: datetime | None = Field(description="When nothing was left to be done; status stays resolved.")
    key_timestamps: list[KeyTimestampOut]
    milestone_durations: list[MilestoneDurationOut]

    @staticmethod
    def resolve_team(incident: Incident) -> Any:
        return incident.service.team

    @staticmethod
    def resolve_entities(incident: Incident) -> Any:
        prefetch_related_objects([incident], "entities__integration")
        return list(incident.entities.all())[:ENTITIES_TOLD_MAX]

    @staticmethod
    def resolve_affected_services(incident: Incident, context: Any) -> Any:
        return told_about(incident, context).services

    @staticmethod
    def resolve_links(incident: Incident) -> Any:
        return list(incident.useful_links.all())

    @staticmethod
    def resolve_fields(incident: Incident, context: Any) -> list[dict[str, Any]]:
        return [
            {
                "unique_id": value.definition.unique_id,
                "name": value.definition.name,
                "kind": value.definition.kind,
                "value": value.json,
                "words": value.words,
            }
            for value in told_about(incident, context).values
        ]

    @staticmethod
    def resolve_promises(incident: Incident) -> Any:
        return rules.sla_clocks(incident, clock.now())

    @staticmethod
    def resolve_tags(incident: Incident) -> Any:
        return list(incident.tags.all())

    @staticmethod
    def resolve_roles(incident: Incident) -> Any:
        prefetch_related_objects([incident], "role_assignments__role", "role_assignments__person")
        return list(incident.role_assignments.all())

    @staticmethod
    def resolve_key_timestamps(incident: Incident) -> Any:
        return rules.key_timestamps(incident)

    @staticmethod
    def resolve_milestone_durations(incident: Incident) -> list[dict[str, Any]]:
        return [
            {"name": item.name, "label": item.label, "seconds": int(item.length.total_seconds())}
            for item in rules.milestone_durations(incident)
        ]


def told_about(incident: Incident, context: Any) -> Told:
    """What the caller of the API may know of it; nothing where nobody asks."""
    request = (context or {}).get("request")
    return told_of(caller_of(request).person, incident) if request is not None else Told([], [])


class IncidentIn(Body):
    """A report by hand."""

    service: uuid.UUID = Field(description="The unique id of a service of one of your teams.")
    title: str
    summary: str = Field("", description="Markdown.")
    started_at: AwareDatetime | None = Field(None, description="When the impact began, if it is known.")
    is_private: bool = Field(False, description="Only its members see it: you, and those below.")
    members: list[uuid.UUID] = Field([], description="People who are members besides yourself.")


class IncidentChangeIn(Body):
    """What to change; what is left out stays."""

    title: str | None = None
    summary: str | None = None
    priority: uuid.UUID | None = Field(None, description="Of the incident's team. Null: none.")
    sla: uuid.UUID | None = Field(None, description="The same. Its times count from created_at.")
    escalation_policy: uuid.UUID | None = Field(None, description="The same.")
    tags: list[uuid.UUID] | None = Field(None, description="All that it is to have.")
    severity: uuid.UUID | None = Field(None, description="Of the organisation. Null: none.")
    incident_type: uuid.UUID | None = Field(None, description="The same.")
    affected_services: list[uuid.UUID] | None = Field(
        None, description="All that it is to affect beside its own; what you do not see stays."
    )
    fields: dict[uuid.UUID, Any] | None = Field(
        None, description="Values of custom fields by their unique ids; null clears one."
    )
    summary_digest: str | None = Field(
        None, description="Of the summary that you saw: 409 when it is another by now. Left out: not asked."
    )


class RoleIn(Body):
    role: uuid.UUID = Field(description="The unique id of an incident role.")
    person: uuid.UUID


class ResolutionIn(Body):
    at: AwareDatetime | None = Field(None, description="When it ended; now unless given.")


class NoteIn(Body):
    text: str = Field(description="Markdown.")
    at: AwareDatetime | None = Field(None, description="When it happened; now unless given.")
    mark: str = Field("", description="detection, diagnosis, mitigation, decision or impact.")
    starred: bool = False


class EntryChangeIn(Body):
    """What to change; what is left out stays. Only notes take another text and time."""

    text: str | None = Field(None, description="Markdown.")
    at: AwareDatetime | None = None
    edition: int | None = Field(
        None, description="The edition that you saw: 409 when it is another by now. Left out: not asked."
    )
    mark: str | None = Field(None, description="The same words as for a note; empty: none.")
    starred: bool | None = None
    hidden: bool | None = Field(None, description="Hidden entries stay, and come back with false.")


class LinkEvidenceIn(Body):
    url: str = Field(description="http or https.")
    title: str = Field("", description="What it shows.")


class EvidenceOut(Schema):
    """A link or a file beside an entry."""

    unique_id: uuid.UUID
    kind: str = Field(description="link, image, file, or snapshot: an image of a graph, with its address")
    title: str = Field(description="What it shows; of an image the words for those who do not see it.")
    url: str | None = Field(description="Of a link its address; of a file where a program gets it.")
    source_url: str = Field(description="Of a snapshot the address of the graph; else empty.")
    file_name: str
    media_type: str = Field(description="As the content says.")
    byte_count: int
    sha256: str
    added_at: datetime

    @staticmethod
    def resolve_url(evidence: Evidence) -> str:
        return f"/api/v1/evidence/{evidence.unique_id}" if evidence.digest else evidence.url

    @staticmethod
    def resolve_source_url(evidence: Evidence) -> str:
        return evidence.url if evidence.digest else ""

    @staticmethod
    def resolve_sha256(evidence: Evidence) -> str:
        return evidence.digest


class RevisionOut(Schema):
    """What an entry said before it was corrected."""

    edition: int
    text: str
    at: datetime
    corrected_by: str = Field(description="A name, as it was then.")
    corrected_at: datetime

    @staticmethod
    def resolve_corrected_by(revision: EntryRevision) -> str:
        return revision.corrected_by_name


class TimestampsIn(Body):
    """Key timestamps to set; null clears one, and what is left out stays."""

    impact_started: AwareDatetime | None = None
    detected: AwareDatetime | None = None
    reported: AwareDatetime | None = None
    acknowledged: AwareDatetime | None = Field(None, description="Once somebody has; cannot be cleared.")
    identified: AwareDatetime | None = None
    fixed: AwareDatetime | None = None
    resolved: AwareDatetime | None = Field(None, description="Once it is; cannot be cleared.")
    closed: AwareDatetime | None = Field(None, description="The same.")


class ChatOut(Schema):
    """Where a message of a chat was said, and by whom."""

    channel: str
    id: str = Field(validation_alias="message_id")
    author: str = Field(description="What they are called in the chat.")
    url: str
    thread: str = Field(description="The id of the message that it answers, or empty.")


class EntryOut(Schema):
    """One line of a timeline."""

    unique_id: uuid.UUID
    at: datetime
    kind: str = Field(description="alert, status, note, edit, assignment, message, sla, page or chat")
    text: str = Field(description="Markdown in a note and in chat, plain text in everything else.")
    source: str = Field(description="Who or what said it.")
    person: uuid.UUID | None
    alert: str | None
    mark: str = Field(description="detection, diagnosis, mitigation, decision, impact, or empty.")
    starred: bool
    hidden: bool
    edition: int = Field(description="One more with each correction; the ones before are its revisions.")
    evidence: list[EvidenceOut]
    chat: ChatOut | None = Field(description="Of kind chat: what it is in the chat that it comes from.")

    @staticmethod
    def resolve_chat(entry: Entry) -> ChatMessage | None:
        return entry.chat if entry.kind == EntryKind.CHAT else None

    @staticmethod
    def resolve_starred(entry: Entry) -> bool:
        return entry.starred_at is not None

    @staticmethod
    def resolve_hidden(entry: Entry) -> bool:
        return entry.hidden_at is not None

    @staticmethod
    def resolve_evidence(entry: Entry) -> list[Evidence]:
        return [evidence for evidence in entry.evidence.all() if evidence.removed_at is None]

    @staticmethod
    def resolve_person(entry: Entry) -> uuid.UUID | None:
        return entry.person.unique_id if entry.person else None

    @staticmethod
    def resolve_alert(entry: Entry) -> str | None:
        return entry.alert.unique_id if entry.alert else None


class AlertOut(Schema):
    unique_id: str
    trace_id: uuid.UUID
    alert_type: str
    message: str
    summary: str
    entity_id: str
    payload: Any
    urls: list[Any]
    images: list[Any] = Field(description='As `{"src", "href", "alt"}`.')
    remarks: list[str] = Field(description="What of it was ignored and why, and which rules changed it.")
    suppressed: bool
    opened_incident: bool
    integration: str = Field(description="The integration's name.")
    received_at: datetime

    @staticmethod
    def resolve_integration(alert: Alert) -> str:
        return alert.integration.name


class LinkIn(Body):
    link_url: str = Field(description="http or https.")
    link_text: str = ""


class ChangeIn(Body):
    """A deploy or a configuration change, as a program reports it."""

    service: uuid.UUID = Field(description="The unique id of a service of one of your teams.")
    title: str
    kind: str = Field("deploy", description="deploy, configuration or other")
    at: AwareDatetime | None = Field(None, description="When it was made; now unless given.")
    summary: str = Field("", description="What is different.")
    version: str = ""
    author: str = ""
    environment: str = ""
    state: str = Field("", description="As you put it: success, failure, in_progress.")
    links: list[LinkIn] = []


class ChangeOut(Schema):
    unique_id: str
    service: ServiceReference
    team: TeamReference
    kind: str = Field(description="deploy, configuration or other")
    title: str
    summary: str
    version: str
    author: str
    environment: str
    state: str
    links: list[Any]
    integration: str | None = Field(description="Where it came in; null when it was reported by this API.")
    at: datetime
    received_at: datetime

    @staticmethod
    def resolve_team(change: Change) -> Any:
        return change.service.team

    @staticmethod
    def resolve_integration(change: Change) -> str | None:
        return change.integration.name if change.integration else None


class IncidentChangeOut(ChangeOut):
    """A change beside the incident that it may have led to."""

    seconds_after_start: int = Field(description="Negative before the start of the incident.")
    upstream: int = Field(
        description="0: to a service of the incident. Else to one that these depend on: 1 directly, 2 and 3 "
        "through others."
    )
    needed_through: list[str] = Field(
        description="Of one upstream the names of the services on the way: first that of the incident, last "
        "the one that depends on it itself."
    )
