"""`/api/incidents/`, `/api/incidents/filter/` and `/api/incidents/{number or unique id}/`."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import BeforeValidator, Field

from afterword.accounts import reads as accounts
from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.catalog.reads import (
    visible_escalation_policies,
    visible_priorities,
    visible_services,
    visible_slas,
)
from afterword.catalog.reads.owned import named_in
from afterword.catalog.zenduty.pages import describe_page, read_page
from afterword.catalog.zenduty.wire import answers
from afterword.incidents import writes
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident, lock_incident
from afterword.incidents.zenduty import reads
from afterword.incidents.zenduty.reads import WantedIncidents
from afterword.incidents.zenduty.shapes import STATUS_NUMBERS, describe_incident, describe_incidents
from afterword.lib.errors import InvalidInput, NotFound

router = Router()
LIST, FILTER, ONE = "/", "/filter/", "/{reference}/"
IDS_MAX = 200
"""Of each kind, in one filter."""
USER_NAME_CHARACTERS_MAX = 254
OPEN, ALL, TRIGGERED, ACKNOWLEDGED, RESOLVED = -1, 0, 1, 2, 3
ANY_POSTMORTEM, NO_POSTMORTEM, HAS_POSTMORTEM = -1, 0, 1

Thing = TypeVar("Thing", bound=models.Model)


def _nothing(value: Any) -> Any:
    """Their Go client sends an empty text, and their documentation an empty list, for what is not given."""
    return None if value in ("", []) else value


Id = Annotated[uuid.UUID | None, BeforeValidator(_nothing)]
Text = str | None
Ids = Annotated[list[uuid.UUID] | None, Field(max_length=IDS_MAX)]
UserName = Annotated[str, Field(max_length=USER_NAME_CHARACTERS_MAX)]
UserNames = Annotated[list[UserName] | None, Field(max_length=IDS_MAX)]
Moment = Annotated[datetime | None, BeforeValidator(_nothing)]


class FilterIn(Schema):
    """`status`: -1 open, 0 all, 1 triggered, 2 acknowledged, 3 resolved. A time without a zone is UTC."""

    status: int | None = TRIGGERED
    all_teams: int | None = 1
    postmortem_filter: int | None = ANY_POSTMORTEM
    team_ids: Ids = None
    service_ids: Ids = None
    user_ids: UserNames = None
    priority_ids: Ids = None
    priority_name: str | None = None
    tag_ids: Ids = None
    sla_ids: Ids = None
    escalation_policy_ids: Ids = None
    from_date: Moment = None
    to_date: Moment = None
    page: int | None = None
    page_size: int | None = None


class ChangeIn(Schema):
    """What this install does not have, as an urgency, is taken and ignored. `user` is `assigned_to`."""

    title: Text = None
    summary: Text = None
    status: int | None = None
    service: Id = None
    assigned_to: UserName | None = None
    user: UserName | None = None
    escalation_policy: Id = None
    sla: Id = None
    team_priority: Id = None


@answers(router, ["GET"], LIST, summary="List incidents", name="list", area="incident")
def list_incidents(
    request: HttpRequest, status: int = ALL, page: int = 1, page_size: int | None = None
) -> dict[str, Any]:
    """Newest first. `status` as in the filter."""
    wanted = _wanted(caller_of(request).person, FilterIn(status=status))
    return _listed(request, wanted, page, page_size)


@answers(router, ["POST"], LIST, summary="Report an incident", name="create", area="incident", success=201)
def create_incident(request: HttpRequest, body: ChangeIn) -> Status[dict[str, Any]]:
    """Of what the service has, it gets the escalation policy, unless another one is named."""
    actor = caller_of(request).person
    if body.service is None:
        raise InvalidInput(fields={"service": "Please name a service by its unique id."})
    service = visible_services(actor).filter(unique_id=body.service).first()
    if service is None:
        raise InvalidInput(fields={"service": "There is no such service."})
    with transaction.atomic():
        incident = writes.create_incident(
            actor=actor, service=service, title=body.title or "", summary=body.summary or ""
        )
        _change_response(actor, incident, body)
        _change_status(actor, incident, body.status)
    return Status(201, describe_incident(actor, get_incident(actor, incident.number)))


@answers(router, ["POST"], FILTER, summary="Find incidents", name="filter", area="incident", only_reads=True)
def filter_incidents(
    request: HttpRequest, body: FilterIn, page: int | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """Newest first. A page that is named in the address counts, else that of the body."""
    wanted = _wanted(caller_of(request).person, body)
    return _listed(
        request,
        wanted,
        body.page if page is None else page,
        body.page_size if page_size is None else page_size,
    )


# Below the filter, which would be taken for the reference of an incident.
@answers(router, ["GET"], ONE, summary="Get an incident", name="get", area="incident")
def get_one(request: HttpRequest, reference: str) -> dict[str, Any]:
    """By its number or its unique id."""
    actor = caller_of(request).person
    return describe_incident(actor, get_incident(actor, reference))


@answers(router, ["PUT", "PATCH"], ONE, summary="Change an incident", name="change", area="incident")
def change_incident(request: HttpRequest, reference: str, body: ChangeIn) -> dict[str, Any]:
    """What is left out stays. Its status goes forward only, and its service stays as it is."""
    actor = caller_of(request).person
    with transaction.atomic():
        incident = lock_incident(actor, get_incident(actor, reference))
        if body.service is not None and body.service != incident.service.unique_id:
            raise InvalidInput(fields={"service": "An incident stays with its service."})
        if body.title is not None:
            writes.change_title(actor=actor, incident=incident, title=body.title)
        if body.summary is not None:
            writes.change_summary(actor=actor, incident=incident, summary=body.summary)
        _change_response(actor, incident, body)
        _change_status(actor, incident, body.status)
    return describe_incident(actor, get_incident(actor, reference))


def _listed(
    request: HttpRequest, wanted: WantedIncidents, page: int | None, page_size: int | None
) -> dict[str, Any]:
    actor = caller_of(request).person
    one = read_page(reads.find_incidents(actor, wanted), page=page, page_size=page_size)
    told = [{**told, "is_child_incident": False} for told in describe_incidents(actor, one.rows)]
    return describe_page(one, told, request.path)


def _wanted(actor: Person, body: FilterIn) -> WantedIncidents:
    """Raises InvalidInput."""
    status = TRIGGERED if body.status is None else body.status
    if status not in (OPEN, ALL, TRIGGERED, ACKNOWLEDGED, RESOLVED):
        raise InvalidInput(fields={"status": "Please use -1 (open), 0 (all), 1, 2 or 3."})
    postmortems = {None: None, ANY_POSTMORTEM: None, NO_POSTMORTEM: False, HAS_POSTMORTEM: True}
    if body.postmortem_filter not in postmortems:
        reason = "Please use -1 (any), 0 (without a post-mortem) or 1 (with one)."
        raise InvalidInput(fields={"postmortem_filter": reason})
    return WantedIncidents(
        statuses=() if status in (OPEN, ALL) else reads.statuses_of(status),
        is_open=status == OPEN,
        own_teams=body.all_teams == 0,
        teams=body.team_ids or (),
        services=body.service_ids or (),
        users=[_user_id(actor, name) for name in body.user_ids or ()],
        priorities=body.priority_ids or (),
        priority_name=body.priority_name or "",
        tags=body.tag_ids or (),
        slas=body.sla_ids or (),
        escalation_policies=body.escalation_policy_ids or (),
        created_after=_in_utc("from_date", body.from_date),
        created_before=_in_utc("to_date", body.to_date),
        has_postmortem=postmortems[body.postmortem_filter],
    )


def _change_response(actor: Person, incident: Incident, body: ChangeIn) -> None:
    team = incident.service.team
    policy = _chosen(
        visible_escalation_policies(actor, team=team), body.escalation_policy, "escalation_policy"
    )
    if policy is not None:
        writes.change_escalation_policy(actor=actor, incident=incident, escalation_policy=policy)
    sla = _chosen(visible_slas(actor, team=team), body.sla, "sla")
    if sla is not None:
        writes.change_sla(actor=actor, incident=incident, sla=sla)
    priority = _chosen(visible_priorities(actor, team=team), body.team_priority, "team_priority")
    if priority is not None:
        writes.change_priority(actor=actor, incident=incident, priority=priority)
    field = "assigned_to" if body.assigned_to else "user"
    name = body.assigned_to or body.user
    if name:
        _assign(actor, incident, name, field)


def _assign(actor: Person, incident: Incident, name: str, field: str) -> None:
    role, person = reads.lead_role(actor), _person(actor, name)
    if person is None:
        raise InvalidInput(fields={field: "Please name somebody whom you see, by their id or email address."})
    if role is None:
        raise InvalidInput(fields={field: "This organisation has no role for who leads an incident."})
    writes.assign_role(actor=actor, incident=incident, role=role, person=person)


def _change_status(actor: Person, incident: Incident, number: int | None) -> None:
    if number is None or number == STATUS_NUMBERS[incident.status]:
        return
    if number == ACKNOWLEDGED:
        writes.acknowledge_incident(actor=actor, incident=incident)
    elif number == RESOLVED:
        writes.resolve_incident(actor=actor, incident=incident)
    elif number == TRIGGERED:
        raise InvalidInput(fields={"status": "An incident does not go back to triggered."})
    else:
        raise InvalidInput(fields={"status": "Please use 1 (triggered), 2 (acknowledged) or 3 (resolved)."})


def _chosen(rows: QuerySet[Thing], unique_id: uuid.UUID | None, field: str) -> Thing | None:
    return named_in(rows, unique_id, field=field, noun=field.replace("_", " "))


def _person(actor: Person, name: str) -> Person | None:
    try:
        return accounts.get_person(actor, uuid.UUID(name))
    except NotFound:
        return None
    except ValueError:
        found = accounts.find_person(name)
    is_seen = found is not None and accounts.visible_people(actor).filter(pk=found.pk).exists()
    return found if is_seen else None


def _user_id(actor: Person, name: str) -> uuid.UUID:
    """Somebody whom the actor does not see leads nothing that fits."""
    try:
        return uuid.UUID(name)
    except ValueError:
        person = _person(actor, name)
        return person.unique_id if person else uuid.UUID(int=0)


def _in_utc(field: str, at: datetime | None) -> datetime | None:
    if at is None or at.tzinfo is None:
        return at.replace(tzinfo=UTC) if at else None
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput(fields={field: "Please give a year that is nearer."}) from error
