"""`teams/{team}/post_incident_tasks/` in Zenduty's shape: the follow-ups of a team.

Zenduty's tasks name no incident. One that a program makes belongs to the team, unless it names its incident
with one key more, `incident`. The keys of the answers are those of Zenduty's Go client, for its Python client
has no such call.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import BeforeValidator, Field

from afterword.accounts.models import Person, Team
from afterword.catalog.zenduty.pages import describe_page, read_page
from afterword.catalog.zenduty.teams import describe_user
from afterword.catalog.zenduty.wire import answers, caller_and_team, one_of, write_moment
from afterword.followups import reads, writes
from afterword.followups.models import FollowUp, FollowUpPriority, FollowUpStatus
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib.errors import InvalidInput, NotFound

router = Router(tags=["Zenduty-compatible"])
LIST, ONE = "/{uuid:team}/post_incident_tasks/", "/{uuid:team}/post_incident_tasks/{uuid:unique_id}/"
USER_NAME_CHARACTERS_MAX = 254
MOMENT_CHARACTERS_MAX = 64
STATUS_NUMBERS: dict[str, int] = {
    FollowUpStatus.OPEN: 0,
    FollowUpStatus.IN_PROGRESS: 1,
    FollowUpStatus.COMPLETED: 2,
}
STATUSES = {number: status for status, number in STATUS_NUMBERS.items()}
NOBODY = {"username": "", "first_name": "", "last_name": ""}


class TaskIn(Schema):
    """`due_in_time` is a day, or a moment of which the day in UTC is kept. An empty text takes away."""

    title: str | None = None
    description: str | None = None
    status: int | None = None
    due_in_time: Annotated[str, Field(max_length=MOMENT_CHARACTERS_MAX)] | None = None
    assigned_to: Annotated[str, Field(max_length=USER_NAME_CHARACTERS_MAX)] | None = None
    incident: Annotated[str | None, BeforeValidator(lambda value: None if value is None else str(value))] = (
        None
    )


@answers(router, ["GET"], LIST, summary="List post-incident tasks", name="list_post_incident_tasks")
def list_tasks(
    request: HttpRequest, team: uuid.UUID, page: int = 1, page_size: int | None = None
) -> dict[str, Any]:
    """The earliest first, ten at once."""
    actor, owner = caller_and_team(request, team)
    found = reads.follow_ups_of_team(actor, owner).order_by("pk")
    one = read_page(found, page=page, page_size=page_size)
    return describe_page(one, [describe_task(follow_up) for follow_up in one.rows], request.path)


@answers(
    router,
    ["POST"],
    LIST,
    summary="Make a post-incident task",
    name="create_post_incident_task",
    success=201,
)
def create_task(request: HttpRequest, team: uuid.UUID, body: TaskIn) -> Status[dict[str, Any]]:
    """With an `incident` of the team, by its number or unique id, it is a follow-up of that."""
    actor, owner = caller_and_team(request, team)
    with transaction.atomic():
        made = writes.create_follow_up(
            actor=actor,
            incident=_incident(actor, owner, body.incident),
            team=owner,
            title=body.title or "",
            description=body.description or "",
            owner=_person(owner, body.assigned_to),
            due_on=_day(body.due_in_time),
            priority=FollowUpPriority.P3,
        )
        made = writes.change_status(actor=actor, follow_up=made, status=_status(body.status, made))
    return Status(201, describe_task(made))


@answers(router, ["GET"], ONE, summary="Get a post-incident task", name="get_post_incident_task")
def get_task(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> dict[str, Any]:
    return describe_task(_task(request, team, unique_id))


@answers(
    router, ["PATCH", "PUT"], ONE, summary="Change a post-incident task", name="change_post_incident_task"
)
def change_task(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID, body: TaskIn) -> dict[str, Any]:
    """What is left out stays."""
    actor, owner = caller_and_team(request, team)
    with transaction.atomic():
        found = reads.lock_follow_up(actor, _task(request, team, unique_id))
        found = writes.change_follow_up(
            actor=actor,
            follow_up=found,
            title=found.title if body.title is None else body.title,
            description=found.description if body.description is None else body.description,
            owner=found.owner if body.assigned_to is None else _person(owner, body.assigned_to, found),
            due_on=found.due_on if body.due_in_time is None else _day(body.due_in_time),
            priority=found.priority,
        )
        found = writes.change_status(actor=actor, follow_up=found, status=_status(body.status, found))
    return describe_task(found)


@answers(
    router,
    ["DELETE"],
    ONE,
    summary="Delete a post-incident task",
    name="delete_post_incident_task",
    success=204,
)
def delete_task(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> Status[None]:
    actor, _ = caller_and_team(request, team)
    writes.delete_follow_up(actor=actor, follow_up=_task(request, team, unique_id))
    return Status(204, None)


def describe_task(follow_up: FollowUp) -> dict[str, Any]:
    owner = follow_up.owner
    due = follow_up.due_on
    return {
        "unique_id": str(follow_up.unique_id),
        "title": follow_up.title,
        "description": follow_up.description,
        "team": str(follow_up.team.unique_id),
        "status": STATUS_NUMBERS[follow_up.status],
        "due_in_time": f"{due:%Y-%m-%d}T00:00:00Z" if due else None,
        "creation_date": write_moment(follow_up.created_at),
        "assigned_to": str(owner.unique_id) if owner else None,
        "assigned_to_obj": _describe_assignee(owner) if owner else NOBODY,
    }


def _describe_assignee(owner: Person) -> dict[str, str]:
    told = describe_user(owner)
    return {name: told[name] for name in NOBODY}


def _task(request: HttpRequest, team: uuid.UUID, unique_id: uuid.UUID) -> FollowUp:
    actor, owner = caller_and_team(request, team)
    return one_of(reads.follow_ups_of_team(actor, owner), unique_id)


def _incident(actor: Person, team: Team, reference: str | None) -> Incident | None:
    if not reference:
        return None
    try:
        incident = get_incident(actor, reference)
    except NotFound:
        incident = None
    if incident is None or incident.service.team_id != team.pk:
        raise InvalidInput(fields={"incident": "The team has no such incident."})
    return incident


def _person(team: Team, name: str | None, keeping: FollowUp | None = None) -> Person | None:
    """One of the team's people, by their id or email address. Raises InvalidInput."""
    if not name:
        return None
    owners = reads.possible_owners(team, keeping=keeping)
    try:
        found = owners.filter(unique_id=uuid.UUID(name)).first()
    except ValueError:
        found = None if "\0" in name else owners.filter(email=name.strip().lower()).first()
    if found is None:
        raise InvalidInput(fields={"assigned_to": f"Please name someone of {team}, by id or email address."})
    return found


def _day(given: str | None) -> date | None:
    """Raises InvalidInput."""
    if not given:
        return None
    try:
        moment = datetime.fromisoformat(given)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError) as error:
        reason = "Please give a day or a moment, as in 2026-03-31 or 2026-03-31T12:00:00Z."
        raise InvalidInput(fields={"due_in_time": reason}) from error


def _status(number: int | None, follow_up: FollowUp) -> str:
    """Raises InvalidInput."""
    if number is None:
        return follow_up.status
    if number not in STATUSES:
        raise InvalidInput(fields={"status": "Please use 0 (to do), 1 (in progress) or 2 (done)."})
    return STATUSES[number]
