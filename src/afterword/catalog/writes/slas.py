"""Every change to SLAs."""

from __future__ import annotations

from django.db import transaction

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog.minutes import check_minutes
from afterword.catalog.models import Sla
from afterword.catalog.writes import owned
from afterword.catalog.writes.texts import clean_name, clean_summary
from afterword.lib.errors import InvalidInput

SLAS_PER_TEAM_MAX = 200
PROMISE_MINUTES_MAX = 366 * 24 * 60
NAME_TAKEN = "The team has an SLA with this name already."


@transaction.atomic
def create_sla(
    *,
    actor: Person,
    team: Team,
    name: str,
    acknowledge_minutes: int | None,
    resolve_minutes: int | None,
    description: str = "",
    is_active: bool = True,
) -> Sla:
    """Make an SLA of a team; None is no promise. Raises InvalidInput, NotAllowed, NotFound."""
    accounts.require_manager(actor, team)
    owned.require_room(Sla.objects.filter(team=team), SLAS_PER_TEAM_MAX, "SLAs in a team")
    _check_promises(acknowledge_minutes, resolve_minutes)
    sla = Sla(
        team=team,
        name=clean_name(name),
        description=clean_summary(description, field="description"),
        is_active=is_active,
        acknowledge_minutes=acknowledge_minutes,
        resolve_minutes=resolve_minutes,
    )
    owned.add(actor=actor, thing=sla, name_taken=NAME_TAKEN)
    return sla


@transaction.atomic
def change_sla(
    *,
    actor: Person,
    sla: Sla,
    name: str,
    description: str,
    is_active: bool,
    acknowledge_minutes: int | None,
    resolve_minutes: int | None,
) -> Sla:
    """Change what is promised to incidents from now on: one that has the SLA keeps its due times.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    owned.require_right(actor, sla)
    _check_promises(acknowledge_minutes, resolve_minutes)
    wanted = {
        "name": clean_name(name),
        "description": clean_summary(description, field="description"),
        "is_active": is_active,
        "acknowledge_minutes": acknowledge_minutes,
        "resolve_minutes": resolve_minutes,
    }
    owned.change(actor=actor, thing=sla, wanted=wanted, name_taken=NAME_TAKEN)
    return sla


def _check_promises(acknowledge_minutes: int | None, resolve_minutes: int | None) -> None:
    promises = {"acknowledge_minutes": acknowledge_minutes, "resolve_minutes": resolve_minutes}
    for field, minutes in promises.items():
        if minutes is not None:
            check_minutes(minutes, field=field, minutes_max=PROMISE_MINUTES_MAX, minutes_min=1)
    if acknowledge_minutes is None and resolve_minutes is None:
        raise InvalidInput(fields={"acknowledge_minutes": "An SLA promises at least one of the two times."})
    if (
        acknowledge_minutes is not None
        and resolve_minutes is not None
        and resolve_minutes < acknowledge_minutes
    ):
        raise InvalidInput(
            fields={"resolve_minutes": "The time to resolve cannot be shorter than the time to acknowledge."}
        )
