"""The API of services."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.api.calls import TeamParameter, actor_of, team_in
from afterword.catalog.models import DEPENDENCIES_MAX, EscalationPolicy, Priority, Service, Sla
from afterword.catalog.reads.owned import named_in
from afterword.catalog.schemas.refs import Ref, TeamRef
from afterword.catalog.schemas.services import ServiceChangeIn, ServiceIn, ServiceOut
from afterword.catalog.writes.services import Behaviour
from afterword.lib import clock
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, paginate
from afterword.lib.errors import InvalidInput

router = Router(tags=["Catalogue"])


@router.get("/services", response=Listing[ServiceOut], summary="The services that you see")
def list_services(
    request: HttpRequest,
    team: TeamParameter = None,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Listing[ServiceOut]:
    actor = actor_of(request)
    services = reads.with_defaults(reads.visible_services(actor))
    if team is not None:
        services = services.filter(team=team_in(actor, team))
    page = paginate(services, cursor=cursor, limit=limit, key="id")
    return Listing(items=_describe(actor, page.items), next=page.next)


@router.post("/services", response={201: ServiceOut}, summary="Make a service")
def create_service(request: HttpRequest, body: ServiceIn) -> Status[ServiceOut]:
    actor = actor_of(request)
    team = accounts.get_team(actor, body.team)
    with transaction.atomic():
        made = writes.create_service(actor=actor, team=team, name=body.name, summary=body.summary)
        behaviour = _behaviour(actor, team, Behaviour(), body.model_dump())
        writes.change_service(
            actor=actor, service=made, behaviour=behaviour, depends_on=_services(actor, body.depends_on)
        )
    return Status(201, _shown(actor, made.unique_id))


@router.get("/services/{uuid:service_id}", response=ServiceOut, summary="One service")
def get_service(request: HttpRequest, service_id: uuid.UUID) -> ServiceOut:
    return _shown(actor_of(request), service_id)


@router.patch("/services/{uuid:service_id}", response=ServiceOut, summary="Change a service")
def change_service(request: HttpRequest, service_id: uuid.UUID, body: ServiceChangeIn) -> ServiceOut:
    actor = actor_of(request)
    service = reads.get_service(actor, service_id)
    accounts.require_manager(actor, service.team)
    said = body.model_dump(exclude_unset=True)
    writes.change_service(
        actor=actor,
        service=service,
        name=body.name,
        summary=body.summary,
        behaviour=_behaviour(actor, service.team, writes.behaviour_of(service), said),
        depends_on=None if body.depends_on is None else _services(actor, body.depends_on),
    )
    return _shown(actor, service_id)


def _behaviour(actor: Person, team: Team, current: Behaviour, said: dict[str, Any]) -> Behaviour:
    """`current` with what was said; an id becomes what it stands for. Raises InvalidInput."""
    rows: dict[str, tuple[QuerySet[Any], str]] = {
        "priority": (reads.visible_priorities(actor, team=team), "priority"),
        "sla": (reads.visible_slas(actor, team=team), "SLA"),
        "escalation_policy": (
            reads.visible_escalation_policies(actor, team=team),
            "escalation policy",
        ),
    }
    values: dict[str, Any] = {}
    for name in (field.name for field in fields(Behaviour)):
        if name in rows and name in said:
            queryset, noun = rows[name]
            values[name] = named_in(queryset, said[name], field=name, noun=noun)
        elif said.get(name) is not None:
            values[name] = said[name]
    return replace(current, **values)


def _services(actor: Person, unique_ids: Sequence[uuid.UUID]) -> list[Service]:
    """Raises InvalidInput for one that the actor does not see, in the same words as for one that is not."""
    wanted = list(dict.fromkeys(unique_ids))
    if len(wanted) > DEPENDENCIES_MAX:
        raise InvalidInput(fields={"depends_on": f"Please name at most {DEPENDENCIES_MAX} services."})
    found = list(reads.visible_services(actor).filter(unique_id__in=wanted))
    missing = {*wanted} - {one.unique_id for one in found}
    if missing:
        first = next(one for one in wanted if one in missing)
        raise InvalidInput(fields={"depends_on": f"You see no service with the id {first}."})
    return found


@router.delete("/services/{uuid:service_id}", response={204: None}, summary="Delete a service")
def delete_service(request: HttpRequest, service_id: uuid.UUID) -> Status[None]:
    """Only one to which nothing belongs; otherwise the answer is 409."""
    actor = actor_of(request)
    writes.delete_service(actor=actor, service=reads.get_service(actor, service_id))
    return Status(204, None)


def _shown(actor: Person, unique_id: uuid.UUID) -> ServiceOut:
    return _describe(actor, [reads.get_service(actor, unique_id)])[0]


def _describe(actor: Person, services: list[Service]) -> list[ServiceOut]:
    under_maintenance = reads.active_windows(services, clock.now())
    neighbours = reads.neighbours_of(actor, services)
    return [
        ServiceOut(
            unique_id=service.unique_id,
            name=service.name,
            summary=service.summary,
            team=TeamRef(unique_id=service.team.unique_id, name=service.team.name),
            priority=_ref(service.priority),
            sla=_ref(service.sla),
            escalation_policy=_ref(service.escalation_policy),
            collation_minutes=service.collation_minutes,
            auto_resolve_minutes=service.auto_resolve_minutes,
            reopen_minutes=service.reopen_minutes,
            starts_private=service.starts_private,
            depends_on=[_ref_to(one) for one in neighbours[service.pk].depends_on],
            needed_by=[_ref_to(one) for one in neighbours[service.pk].needed_by],
            under_maintenance=service.pk in under_maintenance,
            created_at=service.created_at,
        )
        for service in services
    ]


def _ref(thing: Priority | Sla | EscalationPolicy | None) -> Ref | None:
    return _ref_to(thing) if thing else None


def _ref_to(thing: Priority | Sla | EscalationPolicy | Service) -> Ref:
    return Ref(unique_id=thing.unique_id, name=thing.name)
