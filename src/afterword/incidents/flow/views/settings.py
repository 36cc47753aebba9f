"""The settings of flows: for owners and administrators."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin
from afterword.incidents.flow import facts, reads, writes
from afterword.incidents.flow.forms import FlowForm, StepForm
from afterword.incidents.flow.models import Flow, FlowStep, OwnerRule
from afterword.incidents.frame import reader_of
from afterword.lib.forms import refusals_on


@dataclass(frozen=True)
class ShownFlow:
    """A flow with its conditions in words."""

    flow: Flow
    conditions: list[str]

    @classmethod
    def of(cls, actor: Person, flow: Flow) -> ShownFlow:
        return cls(
            flow, [facts.describe_condition(actor, name, wanted) for name, wanted in flow.conditions.items()]
        )


@require_safe
def flows(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    shown = [ShownFlow.of(actor, flow) for flow in reads.all_flows(actor)]
    return render(request, "incidents/flow/flows.html", {"flows": shown})


@require_http_methods(["GET", "HEAD", "POST"])
def new_flow(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    require_admin(actor)
    form = FlowForm(request.POST or None, actor=actor)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_flow(actor=actor, **form.wanted())
            messages.success(request, f"{made} was added. Which tasks does it have?")
            return redirect("incidents:flow", made.unique_id)
    return render(
        request, "incidents/flow/flow_form.html", {"form": form}, status=400 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def flow(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes what enters it and how it goes."""
    actor = reader_of(request)
    shown = reads.get_flow(actor, unique_id)
    form = FlowForm.of(shown, actor=actor, data=request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            writes.change_flow(actor=actor, flow=shown, **form.wanted())
            messages.success(request, f"{form.cleaned_data['name']} was saved.")
            return redirect("incidents:flow", unique_id)
    steps = [(step, describe_owner(step)) for step in shown.steps.all()]
    context = {"flow": shown, "form": form, "steps": steps, "going_on": reads.count_going_on(shown)}
    return render(request, "incidents/flow/flow.html", context, status=400 if form.errors else 200)


@require_POST
def place_flow(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    writes.move_flow(actor=actor, flow=reads.get_flow(actor, unique_id), steps=_direction(request))
    return redirect("incidents:flows")


@require_POST
def delete_flow(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_flow(actor, unique_id)
    writes.delete_flow(actor=actor, flow=shown)
    messages.success(request, f"{shown} was deleted. Incidents that are in it keep their tasks.")
    return redirect("incidents:flows")


@require_http_methods(["GET", "HEAD", "POST"])
def new_step(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_flow(actor, unique_id)
    form = StepForm(request.POST or None, actor=actor)
    if form.is_valid():
        with refusals_on(form):
            made = writes.add_step(actor=actor, flow=shown, step=form.wanted())
            messages.success(request, f"“{made}” was added.")
            return redirect("incidents:flow", unique_id)
    context = {"flow": shown, "form": form}
    return render(request, "incidents/flow/step.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, unique_id: uuid.UUID, step_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    flow_of_it, shown = _step(actor, unique_id, step_id)
    form = StepForm.of(shown, actor=actor, data=request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = writes.change_step(actor=actor, step=shown, wanted=form.wanted())
            messages.success(request, f"“{made}” was saved.")
            return redirect("incidents:flow", unique_id)
    context = {"flow": flow_of_it, "step": shown, "form": form}
    return render(request, "incidents/flow/step.html", context, status=400 if form.errors else 200)


@require_POST
def place_step(request: HttpRequest, unique_id: uuid.UUID, step_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    _, shown = _step(actor, unique_id, step_id)
    writes.move_step(actor=actor, step=shown, steps=_direction(request))
    return redirect("incidents:flow", unique_id)


@require_POST
def delete_step(request: HttpRequest, unique_id: uuid.UUID, step_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    _, shown = _step(actor, unique_id, step_id)
    writes.delete_step(actor=actor, step=shown)
    messages.success(request, f"“{shown}” was deleted. Incidents that have it keep it.")
    return redirect("incidents:flow", unique_id)


def describe_owner(step: FlowStep) -> str:
    """Who does it, in words."""
    if step.owner_rule == OwnerRule.ROLE and step.owner_role is not None:
        return str(step.owner_role)
    if step.owner_rule == OwnerRule.PERSON:
        return str(step.owner_person) if step.owner_person else "Nobody any more"
    return str(OwnerRule(step.owner_rule).label)


def _step(actor: Person, flow_id: uuid.UUID, step_id: uuid.UUID) -> tuple[Flow, FlowStep]:
    found = reads.get_flow(actor, flow_id)
    return found, reads.get_step(found, step_id)


def _direction(request: HttpRequest) -> int:
    return -1 if request.POST.get("place") == "up" else 1
