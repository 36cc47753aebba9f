"""`/api/v1/incidents`: what programs of our own kind use."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.catalog.reads import (
    visible_escalation_policies,
    visible_incident_roles,
    visible_incident_types,
    visible_priorities,
    visible_services,
    visible_severities,
    visible_slas,
    visible_tags,
)
from afterword.incidents import reads, writes
from afterword.incidents.facts import reads as facts
from afterword.incidents.facts import writes as fact_writes
from afterword.incidents.models import Alert, Change, Entry, Incident
from afterword.incidents.privacy.people import people_of
from afterword.incidents.reads import IncidentFilter
from afterword.incidents.schemas import (
    AlertOut,
    ChangeIn,
    ChangeOut,
    EntryOut,
    IncidentChangeIn,
    IncidentChangeOut,
    IncidentIn,
    IncidentOut,
    NoteIn,
    ResolutionIn,
    RoleIn,
)
from afterword.lib import clock
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput, NotFound

router = Router(tags=["Incidents"])
changes = Router(tags=["Changes"])

Thing = TypeVar("Thing", bound=Model)

StatusParameter = Annotated[
    str, Query(description="open, triggered, acknowledged, resolved, merged, post_incident or closed")
]
PriorityParameter = Annotated[str, Query(description="The name or the unique id of a priority.")]
TagParameter = Annotated[str, Query(description="The name or the unique id of a tag.")]
SeverityParameter = Annotated[str, Query(description="The name or the unique id of a severity.")]
TypeParameter = Annotated[str, Query(description="The name or the unique id of an incident type.")]
RoleParameter = Annotated[str, Query(description="An incident role that somebody has in it, by name or id.")]
PersonParameter = Annotated[
    uuid.UUID | None, Query(description="Somebody who has a role in it; with `role`, that one.")
]
FieldParameter = Annotated[str, Query(description="A custom field that is filled in, by name or unique id.")]
ValueParameter = Annotated[
    str, Query(description="What the field is; of a text or link some of its words. Only with `field`.")
]
TextParameter = Annotated[str, Query(description="Words of the title or the summary; or a number.")]


@router.get("", response=Listing[IncidentOut], summary="List incidents")
def list_incidents(
    request: HttpRequest,
    status: StatusParameter = "",
    team: uuid.UUID | None = None,
    service: uuid.UUID | None = None,
    text: TextParameter = "",
    priority: PriorityParameter = "",
    tag: TagParameter = "",
    severity: SeverityParameter = "",
    type: TypeParameter = "",
    role: RoleParameter = "",
    person: PersonParameter = None,
    field: FieldParameter = "",
    value: ValueParameter = "",
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Incident]:
    """Newest first."""
    actor = caller_of(request).person
    wanted = IncidentFilter(
        status=status,
        team=team,
        service=service,
        text=text,
        priority=priority,
        tag=tag,
        severity=severity,
        incident_type=type,
        role=role,
        person=person,
        field=field,
        value=value,
    )
    found = reads.with_response(reads.find_incidents(actor, wanted))
    page = paginate(found, cursor=cursor, limit=limit, key="-number")
    facts.prepare_told(actor, page.items)
    return page


@router.post("", response={201: IncidentOut}, summary="Report an incident")
def create_incident(request: HttpRequest, given: IncidentIn) -> Status[Incident]:
    actor = caller_of(request).person
    service = visible_services(actor).filter(unique_id=given.service).first()
    if service is None:
        raise InvalidInput(fields={"service": "There is no such service."})
    incident = writes.create_incident(
        actor=actor,
        service=service,
        title=given.title,
        summary=given.summary,
        started_at=given.started_at,
        is_private=given.is_private,
        members=people_of(actor, given.members, field="members"),
    )
    return Status(201, incident)


@router.get("/{reference}", response=IncidentOut, summary="Get an incident")
def get_incident(request: HttpRequest, reference: str) -> Incident:
    """By its number or its unique id."""
    return _incident(request, reference)


@router.patch("/{reference}", response=IncidentOut, summary="Change an incident")
def change_incident(request: HttpRequest, reference: str, given: IncidentChangeIn) -> Incident:
    """What is left out stays. Priority, SLA, escalation policy and tags belong to the incident's team."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    with transaction.atomic():
        if given.title is not None:
            incident = writes.change_title(actor=actor, incident=incident, title=given.title)
        if given.summary is not None:
            incident = writes.change_summary(
                actor=actor, incident=incident, summary=given.summary, started_from=given.summary_digest
            )
        _change_response(actor, incident, given)
        _change_facts(actor, incident, given)
    return reads.get_incident(actor, reference)


@router.post("/{reference}/acknowledgement", response={201: IncidentOut}, summary="Acknowledge")
def acknowledge_incident(request: HttpRequest, reference: str) -> Status[Incident]:
    """409 when it is acknowledged or resolved already."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    return Status(201, writes.acknowledge_incident(actor=actor, incident=incident))


@router.post("/{reference}/resolution", response={201: IncidentOut}, summary="Resolve")
def resolve_incident(
    request: HttpRequest, reference: str, given: ResolutionIn | None = None
) -> Status[Incident]:
    """409 when it is resolved already."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    at = given.at if given else None
    return Status(201, writes.resolve_incident(actor=actor, incident=incident, at=at))


@router.post("/{reference}/roles", response={201: IncidentOut}, summary="Give somebody a role")
def assign_role(request: HttpRequest, reference: str, given: RoleIn) -> Status[Incident]:
    """Who has it already keeps it."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    role = _named(visible_incident_roles(actor), given.role, "role")
    [person] = people_of(actor, [given.person], field="person")
    assert role is not None, "an id was given"
    writes.assign_role(actor=actor, incident=incident, role=role, person=person)
    return Status(201, _incident(request, reference))


@router.delete("/{reference}/roles/{role}/{person}", response={204: None}, summary="Take a role away")
def take_role(request: HttpRequest, reference: str, role: uuid.UUID, person: uuid.UUID) -> Status[None]:
    actor, incident = caller_of(request).person, _incident(request, reference)
    found = reads.roles_in(actor, incident).filter(role__unique_id=role, person__unique_id=person).first()
    require_write(actor, incident.service.team)
    if found is None:
        raise NotFound
    writes.take_role(actor=actor, incident=incident, role=found.role, person=found.person)
    return Status(204, None)


@router.post("/{reference}/notes", response={201: EntryOut}, summary="Add a note to the timeline")
def add_note(request: HttpRequest, reference: str, given: NoteIn) -> Status[Entry]:
    """The same as a new entry."""
    actor, incident = caller_of(request).person, _incident(request, reference)
    return Status(201, writes.add_note(actor=actor, incident=incident, **given.model_dump()))


@router.get("/{reference}/alerts", response=Listing[AlertOut], summary="List the alerts")
def list_alerts(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Alert]:
    """Newest first, by the time at which they came in."""
    found = reads.alerts_of(caller_of(request).person, _incident(request, reference))
    return paginate(found, cursor=cursor, limit=limit, key="-received_at")


@router.get("/{reference}/changes", response=Listing[IncidentChangeOut], summary="List changes around it")
def list_changes_around(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Change]:
    """Changes to its services, and to what these depend on, from 24 hours before its start until its end.

    Newest first.
    """
    actor, incident = caller_of(request).person, _incident(request, reference)
    around = reads.services_around(actor, incident)
    found = reads.changes_around(actor, incident, now=clock.now(), services=around)
    page = paginate(found, cursor=cursor, limit=limit, key="-at")
    for change in page.items:
        after = int((change.at - incident.started_at).total_seconds())
        change.seconds_after_start = after  # type: ignore[attr-defined]
        upstream = around.upstream.get(change.service_id)
        change.upstream = upstream.steps if upstream else 0  # type: ignore[attr-defined]
        change.needed_through = list(upstream.path) if upstream else []  # type: ignore[attr-defined]
    return page


@changes.get("", response=Listing[ChangeOut], summary="List changes to services")
def list_changes(
    request: HttpRequest,
    service: uuid.UUID | None = None,
    since: Annotated[datetime | None, Query(alias="from", description="The earliest time.")] = None,
    until: Annotated[datetime | None, Query(alias="to", description="Before this time.")] = None,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[Change]:
    """Newest first. Times without a zone are in UTC."""
    found = reads.find_changes(
        caller_of(request).person, service=service, since=_in_utc("from", since), until=_in_utc("to", until)
    )
    return paginate(found, cursor=cursor, limit=limit, key="-at")


@changes.post("", response={201: ChangeOut}, summary="Report a change")
def report_change(request: HttpRequest, given: ChangeIn) -> Status[Change]:
    """For a program with an API key; others post to an integration for changes."""
    actor = caller_of(request).person
    service = visible_services(actor).filter(unique_id=given.service).first()
    if service is None:
        raise InvalidInput(fields={"service": "There is no such service."})
    told = given.model_dump(exclude={"service"})
    return Status(201, writes.report_change(actor=actor, service=service, **told))


def _change_response(actor: Person, incident: Incident, given: IncidentChangeIn) -> None:
    sent, team = given.model_fields_set, incident.service.team
    if "priority" in sent:
        priority = _named(visible_priorities(actor, team=team), given.priority, "priority")
        writes.change_priority(actor=actor, incident=incident, priority=priority)
    if "sla" in sent:
        sla = _named(visible_slas(actor, team=team), given.sla, "sla")
        writes.change_sla(actor=actor, incident=incident, sla=sla)
    if "escalation_policy" in sent:
        policy = _named(
            visible_escalation_policies(actor, team=team), given.escalation_policy, "escalation_policy"
        )
        writes.change_escalation_policy(actor=actor, incident=incident, escalation_policy=policy)
    if given.tags is not None:
        known = visible_tags(actor, team=team)
        tags = [tag for key in dict.fromkeys(given.tags) if (tag := _named(known, key, "tags"))]
        writes.change_tags(actor=actor, incident=incident, tags=tags)


def _change_facts(actor: Person, incident: Incident, given: IncidentChangeIn) -> None:
    sent = given.model_fields_set
    if "severity" in sent:
        severity = _named(visible_severities(actor), given.severity, "severity")
        fact_writes.change_severity(actor=actor, incident=incident, severity=severity)
    if "incident_type" in sent:
        type_ = _named(visible_incident_types(actor), given.incident_type, "incident_type")
        fact_writes.change_incident_type(actor=actor, incident=incident, incident_type=type_)
    if given.affected_services is not None:
        known = visible_services(actor)
        services = [
            one for key in given.affected_services if (one := _named(known, key, "affected_services"))
        ]
        fact_writes.change_affected_services(actor=actor, incident=incident, services=services)
    if given.fields is not None:
        values = {str(key): value for key, value in given.fields.items()}
        try:
            fact_writes.change_values(actor=actor, incident=incident, values=values)
        except InvalidInput as refusal:
            raise InvalidInput(fields={f"fields.{k}": v for k, v in refusal.fields.items()}) from refusal


def _named(things: QuerySet[Thing], unique_id: uuid.UUID | None, field: str) -> Thing | None:
    if unique_id is None:
        return None
    found = things.filter(unique_id=unique_id).first()
    if found is None:
        raise InvalidInput(fields={field: f"There is none with the id {unique_id}."})
    return found


def _in_utc(field: str, at: datetime | None) -> datetime | None:
    if at is None or at.tzinfo is None:
        return at.replace(tzinfo=UTC) if at else None
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput(fields={field: "Please give a year that is nearer."}) from error


def _incident(request: HttpRequest, reference: str) -> Incident:
    return reads.get_incident(caller_of(request).person, reference)
