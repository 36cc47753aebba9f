"""`/api/v1/incidents/{reference}/tasks` and `/api/v1/flows`: what programs of our own kind use."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Status

from afterword.accounts.keys import caller_of
from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin, visible_people
from afterword.catalog.reads import visible_incident_roles
from afterword.incidents.flow import reads, writes
from afterword.incidents.flow.models import Flow, FlowTask, TaskState
from afterword.incidents.flow.schemas import (
    FlowChangeIn,
    FlowIn,
    FlowOut,
    StepIn,
    TaskChangeIn,
    TaskIn,
    TaskOut,
)
from afterword.incidents.flow.writes import Step
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.incidents.schemas import IncidentOut
from afterword.lib.cursors import LIMIT_DEFAULT, CursorParameter, LimitParameter, Listing, Page, paginate
from afterword.lib.errors import InvalidInput

tasks = Router(tags=["Post-incident tasks"])
flows = Router(tags=["Post-incident flows"])


@tasks.get("/{reference}/tasks", response=Listing[TaskOut], summary="List what is to be done afterwards")
def list_tasks(
    request: HttpRequest,
    reference: str,
    cursor: CursorParameter = None,
    limit: LimitParameter = LIMIT_DEFAULT,
) -> Page[FlowTask]:
    """In the order of the flow."""
    actor = caller_of(request).person
    found = reads.tasks_of(actor, get_incident(actor, reference))
    return paginate(found, cursor=cursor, limit=limit, key="rank")


@tasks.post("/{reference}/tasks", response={201: TaskOut}, summary="Add a task to one incident")
def add_task(request: HttpRequest, reference: str, given: TaskIn) -> Status[FlowTask]:
    """409 before the incident is resolved, and for a required task of a closed one."""
    actor = caller_of(request).person
    incident = get_incident(actor, reference)
    task = writes.add_task(
        actor=actor,
        incident=incident,
        title=given.title,
        help_text=given.help,
        owner=_owner(actor, incident, given.owner),
        due_on=given.due_on,
        is_required=given.is_required,
    )
    return Status(201, task)


@tasks.get("/{reference}/tasks/{uuid:task}", response=TaskOut, summary="Get a task")
def get_task(request: HttpRequest, reference: str, task: uuid.UUID) -> FlowTask:
    actor = caller_of(request).person
    return reads.get_task(actor, get_incident(actor, reference), task)


@tasks.patch("/{reference}/tasks/{uuid:task}", response=TaskOut, summary="Settle or change a task")
def change_task(request: HttpRequest, reference: str, task: uuid.UUID, given: TaskChangeIn) -> FlowTask:
    """All of it or nothing. A state that it has already changes nothing; the last required task may close
    the incident."""
    actor = caller_of(request).person
    incident = get_incident(actor, reference)
    found = reads.get_task(actor, incident, task)
    changes: dict[str, Any] = {}
    if "owner" in given.model_fields_set:
        changes["owner"] = _owner(actor, incident, given.owner)
    if "due_on" in given.model_fields_set:
        changes["due_on"] = given.due_on
    with transaction.atomic():
        # Also with no changes: who may not change it shall hear so.
        writes.change_task(actor=actor, task=found, **changes)
        if given.state is not None and given.state != found.state:
            _settle(actor, found, given)
    return reads.get_task(actor, incident, task)


@tasks.post("/{reference}/closing", response={201: IncidentOut}, summary="Close an incident")
def close_incident(request: HttpRequest, reference: str) -> Status[Incident]:
    """409 while required tasks are left; the detail names them. `status` stays `resolved`."""
    actor = caller_of(request).person
    return Status(201, writes.close_incident(actor=actor, incident=get_incident(actor, reference)))


@tasks.delete("/{reference}/closing", response=IncidentOut, summary="Take the closing back")
def withdraw_closing(request: HttpRequest, reference: str) -> Incident:
    """409 when it is not closed."""
    actor = caller_of(request).person
    return writes.withdraw_closing(actor=actor, incident=get_incident(actor, reference))


@flows.get("", response=Listing[FlowOut], summary="List the flows")
def list_flows(
    request: HttpRequest, cursor: CursorParameter = None, limit: LimitParameter = LIMIT_DEFAULT
) -> Page[Flow]:
    """In the order in which they are asked. For administrators, as everything about flows."""
    found = reads.all_flows(caller_of(request).person)
    return paginate(found, cursor=cursor, limit=limit, key="rank")


@flows.post("", response={201: FlowOut}, summary="Add a flow")
def create_flow(request: HttpRequest, given: FlowIn) -> Status[Flow]:
    """It is asked after the others."""
    actor = caller_of(request).person
    require_admin(actor)
    fields = given.model_dump(exclude={"steps"})
    made = writes.create_flow(actor=actor, steps=_steps(actor, given.steps), **fields)
    return Status(201, reads.get_flow(actor, made.unique_id))


@flows.get("/{uuid:flow}", response=FlowOut, summary="Get a flow")
def get_flow(request: HttpRequest, flow: uuid.UUID) -> Flow:
    return reads.get_flow(caller_of(request).person, flow)


@flows.patch("/{uuid:flow}", response=FlowOut, summary="Change a flow")
def change_flow(request: HttpRequest, flow: uuid.UUID, given: FlowChangeIn) -> Flow:
    """All of it or nothing. Incidents that are in it keep their tasks."""
    actor = caller_of(request).person
    found = reads.get_flow(actor, flow)
    fields = given.model_dump(exclude={"steps", "place"}, exclude_none=True)
    present = {
        name: getattr(found, name)
        for name in ("name", "is_enabled", "conditions", "weekdays", "closes_itself")
    }
    with transaction.atomic():
        writes.change_flow(actor=actor, flow=found, **{**present, **fields})
        if given.steps is not None:
            wanted = _steps(actor, given.steps)
            for step in found.steps.all():
                writes.delete_step(actor=actor, step=step)
            for one in wanted:
                writes.add_step(actor=actor, flow=found, step=one)
        if given.place is not None:
            order = [one.pk for one in reads.all_flows(actor)]
            writes.move_flow(actor=actor, flow=found, steps=given.place - 1 - order.index(found.pk))
    return reads.get_flow(actor, flow)


@flows.delete("/{uuid:flow}", response={204: None}, summary="Delete a flow")
def delete_flow(request: HttpRequest, flow: uuid.UUID) -> Status[None]:
    actor = caller_of(request).person
    writes.delete_flow(actor=actor, flow=reads.get_flow(actor, flow))
    return Status(204, None)


def _settle(actor: Person, task: FlowTask, given: TaskChangeIn) -> None:
    if given.state not in TaskState.values:
        raise InvalidInput(fields={"state": f"Please use one of: {', '.join(TaskState.values)}."})
    if not task.is_open:
        task = writes.reopen_task(actor=actor, task=task)
    if given.state == TaskState.DONE:
        writes.tick_task(actor=actor, task=task)
    elif given.state == TaskState.SKIPPED:
        writes.skip_task(actor=actor, task=task, reason=given.reason)


def _owner(actor: Person, incident: Incident, unique_id: uuid.UUID | None) -> Person | None:
    if unique_id is None:
        return None
    owner = reads.possible_owners(actor, incident).filter(unique_id=unique_id).first()
    if owner is None:
        team = incident.service.team
        raise InvalidInput(fields={"owner": f"The owner must be someone who works in {team}."})
    return owner


def _steps(actor: Person, given: Sequence[StepIn]) -> list[Step]:
    return [_step(actor, number, one) for number, one in enumerate(given)]


def _step(actor: Person, number: int, given: StepIn) -> Step:
    role = person = None
    if given.owner_role is not None:
        role = visible_incident_roles(actor, archived=False).filter(unique_id=given.owner_role).first()
        if role is None:
            raise InvalidInput(fields={f"steps.{number}.owner_role": "There is no such role."})
    if given.owner_person is not None:
        person = visible_people(actor).filter(unique_id=given.owner_person).first()
        if person is None:
            raise InvalidInput(fields={f"steps.{number}.owner_person": "There is no such person."})
    fields = given.model_dump(exclude={"help", "owner_role", "owner_person"})
    return Step(help_text=given.help, owner_role=role, owner_person=person, **fields)
