"""The post-incident tab of an incident: its tasks, how far they are, and what is done with them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.incidents.flow import checks, facts, reads, rules, writes
from afterword.incidents.flow.errors import AlreadySettled, NotSettled
from afterword.incidents.flow.forms import ChangeTaskForm, SkipForm, TaskForm
from afterword.incidents.flow.models import Debrief, FlowTask, TaskKind
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput
from afterword.lib.forms import refusals_on


@dataclass(frozen=True)
class ShownTask:
    """A task as the tab shows it."""

    task: FlowTask
    is_overdue: bool
    missing: str
    """Of the key fields, what is not known yet."""
    debrief: Debrief | None
    is_mine: bool


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    return _show(request, get_incident(reader_of(request), number))


@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a flow that did not begin by itself."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    require_write(actor, incident.service.team)
    flow = reads.get_flow_to_start(actor, request.POST.get("flow", ""))
    _try(request, lambda: writes.start_flow(actor=actor, incident=incident, flow=flow), "The flow has begun.")
    return _after(request, actor, incident)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    require_write(actor, incident.service.team)
    form = TaskForm(request.POST or None, actor=actor, incident=incident)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            writes.add_task(
                actor=actor,
                incident=incident,
                title=given["title"],
                help_text=given["help_text"],
                owner=form.chosen_owner(),
                due_on=given["due_on"],
                is_required=given["is_required"],
                once=True,
            )
            messages.success(request, "The task is on the list.")
            return redirect(_tab(number))
    context = frame_incident(actor, incident, form=form)
    return render(request, "incidents/flow/add.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """Who does a task and until when; and the form with which it is given up."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    task = reads.get_task(actor, incident, unique_id)
    require_write(actor, incident.service.team)
    form = ChangeTaskForm.of(task, actor=actor, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            writes.change_task(
                actor=actor, task=task, owner=form.chosen_owner(), due_on=form.cleaned_data["due_on"]
            )
            messages.success(request, "The task is changed.")
            return redirect(_tab(number))
    return _show_task(request, incident, task, form=form, skip_form=SkipForm(auto_id="skip_%s"))


@require_POST
def tick(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    task = reads.get_task(actor, incident, unique_id)
    _try(request, lambda: writes.tick_task(actor=actor, task=task), f"“{task.title}” is done.")
    return _after(request, actor, incident)


@require_POST
def skip(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    task = reads.get_task(actor, incident, unique_id)
    form = SkipForm(request.POST, auto_id="skip_%s")
    if form.is_valid():
        try:
            writes.skip_task(actor=actor, task=task, reason=form.cleaned_data["reason"])
        except InvalidInput as refusal:
            form.add_error("reason", refusal.fields.get("reason", refusal.message))
        except AlreadySettled as refusal:
            messages.info(request, f"{refusal.message} Nothing was changed.")
        else:
            messages.success(request, f"“{task.title}” is given up.")
    require_write(actor, incident.service.team)
    if form.errors:
        form_of_change = ChangeTaskForm.of(task, actor=actor)
        return _show_task(request, incident, task, form=form_of_change, skip_form=form)
    return _after(request, actor, incident)


@require_POST
def undo(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    task = reads.get_task(actor, incident, unique_id)
    _try(request, lambda: writes.reopen_task(actor=actor, task=task), f"“{task.title}” is to be done again.")
    return _after(request, actor, incident)


@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    _try(request, lambda: writes.close_incident(actor=actor, incident=incident), "The incident is closed.")
    return redirect(_tab(number))


@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    _try(
        request,
        lambda: writes.withdraw_closing(actor=actor, incident=incident),
        "The closing is taken back. The incident stays resolved.",
    )
    return redirect(_tab(number))


def _show(request: HttpRequest, incident: Incident, *, is_fragment: bool = False) -> HttpResponse:
    actor = reader_of(request)
    run = reads.run_of(actor, incident)
    tasks = list(reads.tasks_of(actor, incident)) if run is not None else []
    today = reads.today(reads.organisation_zone(), clock.now())
    context = frame_incident(
        actor,
        incident,
        run=run,
        tasks=[_shown(actor, incident, task, today) for task in tasks],
        progress=reads.progress_of(tasks),
        missing=rules.missing(tasks),
    )
    if incident.is_resolved and incident.closed_at is None and not tasks:
        context |= {
            "flows": reads.flows_to_enter() if context["may_write"] else [],
            "why_not": facts.explain_no_flow(actor, incident),
        }
    name = "incidents/flow/_flow.html" if is_fragment else "incidents/post_incident.html"
    response = render(request, name, context | {"is_fragment": is_fragment})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _shown(actor: Person, incident: Incident, task: FlowTask, today: date) -> ShownTask:
    missing = []
    if task.is_open and task.kind == TaskKind.KEY_FIELDS:
        missing = checks.missing_key_fields(incident)
    debrief = getattr(task, "debrief", None)
    return ShownTask(
        task,
        task.is_open and rules.is_overdue(task.due_on, today),
        ", ".join(missing),
        debrief if debrief is not None and debrief.cancelled_at is None else None,
        task.owner_id == actor.pk,
    )


def _show_task(
    request: HttpRequest, incident: Incident, task: FlowTask, *, form: ChangeTaskForm, skip_form: SkipForm
) -> HttpResponse:
    context = frame_incident(reader_of(request), incident, task=task, form=form, skip_form=skip_form)
    status = 400 if form.errors or skip_form.errors else 200
    return render(request, "incidents/flow/task.html", context, status=status)


def _try(request: HttpRequest, write: Callable[[], object], done: str) -> None:
    """Say what was done, or why not; a second click is no failure."""
    try:
        write()
    except (AlreadySettled, NotSettled) as refusal:
        messages.info(request, f"{refusal.message} Nothing was changed.")
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)


def _after(request: HttpRequest, actor: Person, before: Incident) -> HttpResponse:
    """Back to the tab; to htmx the flow as it is now. Where that has closed the incident, the whole page."""
    if request.headers.get("HX-Request") != "true":
        return redirect(_tab(before.number))
    incident = get_incident(actor, before.number)
    if incident.closed_at != before.closed_at:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = _tab(before.number)
        return response
    return _show(request, incident, is_fragment=True)


def _tab(number: int) -> str:
    return reverse("incidents:post_incident", args=[number])
