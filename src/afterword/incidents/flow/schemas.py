"""What the API takes and gives about flows and tasks."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from afterword.incidents.flow.models import Flow, FlowStep, FlowTask
from afterword.lib.bodies import Body


class PersonReference(Schema):
    unique_id: uuid.UUID
    name: str


class RoleReference(Schema):
    unique_id: uuid.UUID
    name: str


class TaskOut(Schema):
    """Something to be done after an incident."""

    unique_id: uuid.UUID
    kind: str = Field(description="key_fields, timeline, draft, debrief, export, share, follow_ups or free")
    title: str
    help: str
    is_required: bool = Field(description="Whether the incident is closed only when it is settled.")
    owner: PersonReference | None
    due_on: date | None = Field(description="Until the end of this day where the organisation is.")
    state: str = Field(description="open, done or skipped")
    settled_at: datetime | None
    settled_by: PersonReference | None = Field(description="Null for a task that ticked itself.")
    settled_because: str = Field(description="Why it ticked itself, or why it is not done.")
    created_at: datetime

    @staticmethod
    def resolve_help(task: FlowTask) -> str:
        return task.help_text

    @staticmethod
    def resolve_settled_because(task: FlowTask) -> str:
        return task.settled_name if task.ticked_itself else task.reason


class TaskIn(Body):
    """A task for one incident alone."""

    title: str
    help: str = ""
    owner: uuid.UUID | None = Field(None, description="The unique id of somebody who works in the team.")
    due_on: date | None = None
    is_required: bool = False


class TaskChangeIn(Body):
    """What to change; what is left out stays."""

    state: str | None = Field(None, description="done, skipped (with a reason) or open")
    reason: str = Field("", description="Why it is not done; with the state skipped.")
    owner: uuid.UUID | None = Field(None, description="Null takes it from whoever has it.")
    due_on: date | None = Field(None, description="Null for never.")


class StepOut(Schema):
    """A task that every incident of a flow gets. Days are working days."""

    unique_id: uuid.UUID
    kind: str
    title: str
    help: str
    owner_rule: str = Field(description="nobody, role, reporter, manager or person")
    owner_role: RoleReference | None
    owner_person: PersonReference | None
    due_days: int | None = Field(description="After the resolution; null for never.")
    is_required: bool
    remind_before_days: int | None = Field(description="Null for no reminders.")
    remind_every_days: int | None = Field(description="Null for only one.")

    @staticmethod
    def resolve_help(step: FlowStep) -> str:
        return step.help_text


class StepIn(Body):
    title: str
    kind: str = "free"
    help: str = ""
    owner_rule: str = "nobody"
    owner_role: uuid.UUID | None = None
    owner_person: uuid.UUID | None = None
    due_days: int | None = None
    is_required: bool = True
    remind_before_days: int | None = None
    remind_every_days: int | None = None


class FlowOut(Schema):
    """Which incidents are looked back on, and how. The first flow that an incident fits counts."""

    unique_id: uuid.UUID
    name: str
    is_enabled: bool
    conditions: dict[str, list[str] | int] = Field(
        description="By fact: values of which it must have one, or the least number. All must hold."
    )
    weekdays: str = Field(description="The working days as ISO counts them: 12345 is Monday to Friday.")
    closes_itself: bool = Field(description="Whether the last required task closes the incident.")
    steps: list[StepOut]

    @staticmethod
    def resolve_steps(flow: Flow) -> Any:
        return list(flow.steps.all())


class FlowIn(Body):
    name: str
    is_enabled: bool = True
    conditions: dict[str, list[str] | int] = {}
    weekdays: str = "12345"
    closes_itself: bool = True
    steps: list[StepIn] = Field([], description="In their order.")


class FlowChangeIn(Body):
    """What to change; what is left out stays. Steps that are given replace those that are there."""

    name: str | None = None
    is_enabled: bool | None = None
    conditions: dict[str, list[str] | int] | None = None
    weekdays: str | None = None
    closes_itself: bool | None = None
    steps: list[StepIn] | None = None
    place: int | None = Field(None, ge=1, description="Where it is asked, from 1.")
