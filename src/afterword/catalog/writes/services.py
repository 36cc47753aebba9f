"""Every change to services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.audit.writes import record
from afterword.catalog.minutes import check_minutes
from afterword.catalog.models import GROUPING_MINUTES_MAX, EscalationPolicy, Priority, Service, Sla
from afterword.catalog.reads.owned import is_used
from afterword.catalog.writes.dependencies import FIELD as DEPENDS_ON
from afterword.catalog.writes.dependencies import replace_dependencies
from afterword.catalog.writes.texts import clean_name, clean_summary
from afterword.lib.errors import Conflict, InvalidInput, NotFound
from afterword.lib.names import name_given_once

SERVICE_NAME_TAKEN = "The team has a service with this name already."


class ServiceInUse(Conflict):
    """This service has integrations, incidents or maintenance windows, so it cannot be deleted."""


@transaction.atomic
def create_service(*, actor: Person, team: Team, name: str, summary: str = "") -> Service:
    """Make a service of a team. Raises InvalidInput, NotAllowed, NotFound."""
    accounts.require_manager(actor, team)
    service = Service(team=team, name=clean_name(name), summary=clean_summary(summary))
    with name_given_once(service, Service.objects.filter(team=team), SERVICE_NAME_TAKEN):
        service.save(force_insert=True)
    record(actor=actor, action="service.created", subject=service, team_id=team.pk)
    return service


@dataclass(frozen=True)
class Behaviour:
    """What an incident of a service gets when its alert names nothing else, and how alerts are grouped.

    0 minutes: never.
    """

    priority: Priority | None = None
    sla: Sla | None = None
    escalation_policy: EscalationPolicy | None = None
    collation_minutes: int = 0
    auto_resolve_minutes: int = 0
    reopen_minutes: int = 0
    starts_private: bool = False
    """Its incidents are private from their beginning, and its team's managers are their members."""


def behaviour_of(service: Service) -> Behaviour:
    """The behaviour of a service as it is kept."""
    return Behaviour(**{field.name: getattr(service, field.name) for field in fields(Behaviour)})


@transaction.atomic
def change_service(
    *,
    actor: Person,
    service: Service,
    name: str | None = None,
    summary: str | None = None,
    behaviour: Behaviour | None = None,
    depends_on: Sequence[Service] | None = None,
) -> Service:
    """Change a service; None leaves what it is for. Open incidents keep what they have.

    `depends_on` is all that it is to depend on, at most `DEPENDENCIES_MAX` services of any team that the
    actor sees; what the actor does not see of it stays. Raises InvalidInput, NotAllowed, NotFound.
    """
    accounts.require_manager(actor, service.team)
    wanted: dict[str, Any] = {
        "name": service.name if name is None else clean_name(name),
        "summary": service.summary if summary is None else clean_summary(summary),
    }
    if behaviour is not None:
        _check_behaviour(service, behaviour)
        wanted |= {field.name: getattr(behaviour, field.name) for field in fields(Behaviour)}
    changed = [field for field, value in wanted.items() if getattr(service, field) != value]
    replaced = None
    if depends_on is not None:
        replaced = replace_dependencies(actor=actor, service=service, wanted=depends_on)
    if not changed and replaced is None:
        return service
    data: dict[str, Any] = {"from": service.name} if "name" in changed else {}
    if changed:
        for field in changed:
            setattr(service, field, wanted[field])
        others = Service.objects.filter(team=service.team_id)
        with name_given_once(service, others, SERVICE_NAME_TAKEN):
            service.save(update_fields=changed)
    if replaced is not None:
        changed.append(DEPENDS_ON)
        data[DEPENDS_ON] = asdict(replaced)
    record(
        actor=actor,
        action="service.changed",
        subject=service,
        team_id=service.team_id,
        data={"changed": changed, **data},
    )
    return service


@transaction.atomic
def delete_service(*, actor: Person, service: Service) -> None:
    """Remove a service that has no integration and no incident. Raises NotAllowed, NotFound, ServiceInUse.

    Services that depended on it do so no longer: who deletes it need not see them.
    """
    accounts.require_manager(actor, service.team)
    # Who is about to name it as a dependency comes before or after this, and not in between.
    if not Service.objects.select_for_update().filter(pk=service.pk).exists():
        raise NotFound
    if is_used(service):
        raise ServiceInUse
    record(actor=actor, action="service.deleted", subject=service, team_id=service.team_id)
    service.delete()


def _check_behaviour(service: Service, behaviour: Behaviour) -> None:
    faults: dict[str, str] = {}
    for field in ("priority", "sla", "escalation_policy"):
        chosen = getattr(behaviour, field)
        if chosen is None or chosen == getattr(service, field):
            continue
        if chosen.team_id != service.team_id:
            faults[field] = f"Please choose one of the team {service.team}."
        elif chosen.archived_at is not None:
            faults[field] = "This one is archived. Please restore it first."
    for field in ("collation_minutes", "auto_resolve_minutes", "reopen_minutes"):
        try:
            check_minutes(getattr(behaviour, field), field=field, minutes_max=GROUPING_MINUTES_MAX)
        except InvalidInput as error:
            faults |= error.fields
    if faults:
        raise InvalidInput(fields=faults)
