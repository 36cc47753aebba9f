"""Every change to services."""

from __future__ import annotations

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.audit.writes import record
from afterword.catalog.models import Service
from afterword.catalog.writes.texts import clean_name, clean_summary
from afterword.lib.names import given_once

SERVICE_NAME_TAKEN = "The team has a service with this name already."


@transaction.atomic
def create_service(*, actor: Person, team: Team, name: str, summary: str = "") -> Service:
    """Make a service of a team. Raises InvalidInput, NotAllowed, NotFound."""
    accounts.require_manager(actor, team)
    service = Service(team=team, name=clean_name(name), summary=clean_summary(summary))
    with given_once("name", SERVICE_NAME_TAKEN):
        service.save(force_insert=True)
    record(actor=actor, action="service.created", subject=service, team_id=team.pk)
    return service


@transaction.atomic
def change_service(
    *, actor: Person, service: Service, name: str | None = None, summary: str | None = None
) -> Service:
    """Change a service's name or summary; None leaves it. Raises InvalidInput, NotAllowed, NotFound."""
    accounts.require_manager(actor, service.team)
    wanted = {
        "name": service.name if name is None else clean_name(name),
        "summary": service.summary if summary is None else clean_summary(summary),
    }
    changed = [field for field, value in wanted.items() if getattr(service, field) != value]
    if not changed:
        return service
    data = {"from": service.name} if "name" in changed else {}
    for field in changed:
        setattr(service, field, wanted[field])
    with given_once("name", SERVICE_NAME_TAKEN):
        service.save(update_fields=changed)
    record(
        actor=actor,
        action="service.changed",
        subject=service,
        team_id=service.team_id,
        data={"changed": changed, **data},
    )
    return service
