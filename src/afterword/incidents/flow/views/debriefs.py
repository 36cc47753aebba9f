"""A debrief: planned, called off, and as a file for a calendar."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.incidents.flow import reads, writes
from afterword.incidents.flow.calendar import write_calendar
from afterword.incidents.flow.forms import DebriefForm
from afterword.incidents.flow.invitations import describe_meeting
from afterword.incidents.flow.models import FlowTask, TaskKind
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib import clock
from afterword.lib.errors import NotFound
from afterword.lib.forms import refusals_on


@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    incident, task = _task(actor, number, unique_id)
    require_write(actor, incident.service.team)
    debrief = reads.debrief_of(task)
    form = DebriefForm.of(task, debrief, actor=actor, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_on(form):
            planned = writes.plan_debrief(
                actor=actor,
                task=task,
                starts_at=given["starts_at"],
                minutes=given["minutes"],
                place=given["place"],
                facilitator=form.chosen_facilitator(),
                people=form.chosen_people(),
            )
            count = len(reads.people_of(planned))
            messages.success(
                request,
                f"The debrief is planned. {count} {'person gets' if count == 1 else 'people get'} a mail."
                if count
                else "The debrief is planned. Nobody is asked to come yet.",
            )
            return redirect("incidents:post_incident", number)
    context = frame_incident(actor, incident, task=task, debrief=debrief, form=form)
    return render(request, "incidents/flow/debrief.html", context, status=400 if form.errors else 200)


@require_safe
def download(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    """The debrief as a file for a calendar. Who comes is not in it: not everybody knows everybody."""
    incident, task = _task(reader_of(request), number, unique_id)
    debrief = reads.debrief_of(task)
    if debrief is None:
        raise NotFound
    text = write_calendar(describe_meeting(debrief, incident), method="PUBLISH", at=clock.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response["Content-Disposition"] = f'attachment; filename="debrief-{incident.number}.ics"'
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
def cancel(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    _, task = _task(actor, number, unique_id)
    writes.cancel_debrief(actor=actor, task=task)
    messages.success(request, "The debrief is called off. Who was asked to come gets a mail.")
    return redirect("incidents:post_incident", number)


def _task(actor: Person, number: int, unique_id: uuid.UUID) -> tuple[Incident, FlowTask]:
    incident = get_incident(actor, number)
    task = reads.get_task(actor, incident, unique_id)
    if task.kind != TaskKind.DEBRIEF:
        raise NotFound
    return incident, task
