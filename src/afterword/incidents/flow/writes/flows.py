"""The organisation's flows and their steps. Only owners and administrators change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin
from afterword.audit.writes import record
from afterword.catalog.models import IncidentRole
from afterword.incidents.flow import facts, rules
from afterword.incidents.flow.models import (
    FLOW_NAME_LENGTH_MAX,
    TASK_HELP_LENGTH_MAX,
    TASK_TITLE_LENGTH_MAX,
    Flow,
    FlowStep,
    OwnerRule,
    TaskKind,
)
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.names import is_name_given
from afterword.lib.text import many_lines, one_line

FLOWS_MAX = 50
STEPS_MAX = 50
"""Of one flow."""
VALUES_MAX = 200
"""Of one condition."""
VALUE_LENGTH_MAX = 100
MINUTES_MAX = 60 * 24 * 365


@dataclass(frozen=True, kw_only=True)
class Step:
    """A task that every incident of a flow gets, as it was asked for."""

    title: str
    kind: str = TaskKind.FREE
    help_text: str = ""
    owner_rule: str = OwnerRule.NOBODY
    owner_role: IncidentRole | None = None
    """With the rule `role`."""
    owner_person: Person | None = None
    """With the rule `person`."""
    due_days: int | None = None
    is_required: bool = True
    remind_before_days: int | None = None
    remind_every_days: int | None = None


@transaction.atomic
def create_flow(
    *,
    actor: Person,
    name: str,
    conditions: Mapping[str, Any] | None = None,
    weekdays: str = rules.WORKING_DAYS,
    closes_itself: bool = True,
    is_enabled: bool = True,
    steps: Sequence[Step] = (),
) -> Flow:
    """Add a flow behind the others: it is asked last. Raises InvalidInput, NotAllowed."""
    require_admin(actor)
    if Flow.objects.count() >= FLOWS_MAX:
        raise InvalidInput(fields={"name": f"There can be {FLOWS_MAX} flows. Delete one first."})
    flow = Flow.objects.create(
        name=_usable_name(name),
        rank=(Flow.objects.aggregate(last=Max("rank"))["last"] or 0) + 1,
        is_enabled=is_enabled,
        conditions=usable_conditions(conditions or {}),
        weekdays=rules.check_weekdays(weekdays),
        closes_itself=closes_itself,
    )
    record(actor=actor, action="flow.created", subject=flow)
    for step in steps:
        add_step(actor=actor, flow=flow, step=step)
    return flow


@transaction.atomic
def change_flow(
    *,
    actor: Person,
    flow: Flow,
    name: str,
    conditions: Mapping[str, Any],
    weekdays: str,
    closes_itself: bool,
    is_enabled: bool,
) -> Flow:
    """Change what enters a flow, and how it goes. Flows that have begun go on as they are.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    require_admin(actor)
    flow = _lock_flow(flow)
    wanted = {
        "name": _usable_name(name, but=flow),
        "conditions": usable_conditions(conditions),
        "weekdays": rules.check_weekdays(weekdays),
        "closes_itself": closes_itself,
        "is_enabled": is_enabled,
    }
    changed = [field for field, value in wanted.items() if getattr(flow, field) != value]
    if changed:
        for field in changed:
            setattr(flow, field, wanted[field])
        flow.save(update_fields=changed)
        record(actor=actor, action="flow.changed", subject=flow, data={"fields": changed})
    return flow


@transaction.atomic
def move_flow(*, actor: Person, flow: Flow, steps: int) -> None:
    """Ask it earlier (negative) or later, by so many places. Raises NotAllowed, NotFound."""
    require_admin(actor)
    flow = _lock_flow(flow)
    if _move(list(Flow.objects.select_for_update()), flow, steps):
        record(actor=actor, action="flow.moved", subject=flow)


@transaction.atomic
def delete_flow(*, actor: Person, flow: Flow) -> None:
    """Take a flow away. Incidents that are in it keep their tasks. Raises NotAllowed, NotFound."""
    require_admin(actor)
    flow = _lock_flow(flow)
    record(actor=actor, action="flow.deleted", subject=flow)
    flow.delete()


@transaction.atomic
def add_step(*, actor: Person, flow: Flow, step: Step) -> FlowStep:
    """Add a task behind the others. Incidents that are in the flow already do not get it.

    Raises InvalidInput, NotAllowed, NotFound.
    """
    require_admin(actor)
    flow = _lock_flow(flow)
    others = FlowStep.objects.filter(flow=flow)
    if others.count() >= STEPS_MAX:
        raise InvalidInput(fields={"title": f"A flow has at most {STEPS_MAX} tasks."})
    last = others.aggregate(last=Max("rank"))["last"] or 0
    made = FlowStep.objects.create(flow=flow, rank=last + 1, **_usable_step(step))
    record(actor=actor, action="flow_step.created", subject=made, data={"flow": flow.name})
    return made


@transaction.atomic
def change_step(*, actor: Person, step: FlowStep, wanted: Step) -> FlowStep:
    """Change a task; incidents that have it keep theirs. Raises InvalidInput, NotAllowed, NotFound."""
    require_admin(actor)
    _lock_flow(step.flow)
    present = FlowStep.objects.filter(pk=step.pk).first()
    if present is None:
        raise NotFound
    fields = _usable_step(wanted)
    changed = [name for name, value in fields.items() if getattr(present, name) != value]
    if changed:
        for name in changed:
            setattr(present, name, fields[name])
        present.save(update_fields=changed)
        record(actor=actor, action="flow_step.changed", subject=present, data={"fields": changed})
    return present


@transaction.atomic
def move_step(*, actor: Person, step: FlowStep, steps: int) -> None:
    """Put a task earlier (negative) or later, by so many places. Raises NotAllowed, NotFound."""
    require_admin(actor)
    flow = _lock_flow(step.flow)
    if _move(list(FlowStep.objects.filter(flow=flow)), step, steps):
        record(actor=actor, action="flow_step.moved", subject=step, data={"flow": flow.name})


@transaction.atomic
def delete_step(*, actor: Person, step: FlowStep) -> None:
    """Take a task away. Incidents that have it keep it. Raises NotAllowed, NotFound."""
    require_admin(actor)
    flow = _lock_flow(step.flow)
    record(actor=actor, action="flow_step.deleted", subject=step, data={"flow": flow.name})
    step.delete()


def usable_conditions(given: Mapping[str, Any]) -> dict[str, list[str] | int]:
    """The conditions that ask for something. Raises InvalidInput for what no fact is asked with."""
    known = {fact.name: fact for fact in facts.known_facts()}
    usable: dict[str, list[str] | int] = {}
    for name, wanted in given.items():
        fact = known.get(name)
        if fact is None:
            raise InvalidInput(fields={"conditions": f"Please use some of: {', '.join(known)}."})
        if not wanted:
            continue
        if fact.kind == "minutes":
            if isinstance(wanted, bool) or not isinstance(wanted, int) or not 0 < wanted <= MINUTES_MAX:
                raise InvalidInput(fields={name: f"Please use 1 to {MINUTES_MAX} minutes."})
            usable[name] = wanted
        else:
            usable[name] = _usable_values(name, wanted)
    return usable


def _usable_values(name: str, wanted: Any) -> list[str]:
    if not isinstance(wanted, Sequence) or isinstance(wanted, str) or len(wanted) > VALUES_MAX:
        raise InvalidInput(fields={name: f"Please give a list of at most {VALUES_MAX} values."})
    values = [one_line(name, str(value), characters_max=VALUE_LENGTH_MAX) for value in wanted]
    if name == "priority":
        values = [value.casefold() for value in values]
    return sorted(set(values))


def _usable_name(value: str, but: Flow | None = None) -> str:
    name = one_line("name", value, characters_max=FLOW_NAME_LENGTH_MAX)
    others = Flow.objects.all() if but is None else Flow.objects.exclude(pk=but.pk)
    if is_name_given(name, others):
        raise InvalidInput(fields={"name": f"There is a flow called “{name}” already."})
    return name


def _usable_step(step: Step) -> dict[str, Any]:
    if step.kind not in TaskKind.values:
        raise InvalidInput(fields={"kind": f"Please use one of: {', '.join(TaskKind.values)}."})
    if step.owner_rule not in OwnerRule.values:
        raise InvalidInput(fields={"owner_rule": f"Please use one of: {', '.join(OwnerRule.values)}."})
    by_role, by_person = step.owner_rule == OwnerRule.ROLE, step.owner_rule == OwnerRule.PERSON
    if by_role and step.owner_role is None:
        raise InvalidInput(fields={"owner_role": "Please choose the role."})
    if by_person and (step.owner_person is None or not step.owner_person.is_active):
        raise InvalidInput(fields={"owner_person": "Please choose somebody who is here."})
    rules.check_days("due_days", step.due_days)
    rules.check_days("remind_before_days", step.remind_before_days)
    rules.check_days("remind_every_days", step.remind_every_days, least=1)
    if step.remind_before_days is not None and step.due_days is None and step.remind_every_days is None:
        reason = "A task that is never due has no day before it. Set when it is due."
        raise InvalidInput(fields={"remind_before_days": reason})
    return {
        "kind": step.kind,
        "title": one_line("title", step.title, characters_max=TASK_TITLE_LENGTH_MAX),
        "help_text": many_lines("help_text", step.help_text, characters_max=TASK_HELP_LENGTH_MAX),
        "owner_rule": step.owner_rule,
        "owner_role": step.owner_role if by_role else None,
        "owner_person": step.owner_person if by_person else None,
        "due_days": step.due_days,
        "is_required": step.is_required,
        "remind_before_days": step.remind_before_days,
        "remind_every_days": step.remind_every_days if step.remind_before_days is not None else None,
    }


def _lock_flow(flow: Flow) -> Flow:
    locked = Flow.objects.select_for_update().filter(pk=flow.pk).first()
    if locked is None:
        raise NotFound
    return locked


def _move(rows: list[Any], row: Any, steps: int) -> bool:
    """Put a row some places on, and number all of them anew; whether that changed anything."""
    before = [one.pk for one in rows]
    if row.pk not in before:
        raise NotFound
    place = min(max(before.index(row.pk) + steps, 0), len(rows) - 1)
    rows.insert(place, rows.pop(before.index(row.pk)))
    for rank, one in enumerate(rows, start=1):
        if one.rank != rank:
            one.rank = rank
            one.save(update_fields=["rank"])
    return [one.pk for one in rows] != before
