"""The tab "Related" of an incident: what it is linked with, what looks alike, and merging."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts.reads import require_write
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.merging import writes as merging
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.incidents.related import reads, writes
from afterword.incidents.related.forms import MergeForm, RelationForm
from afterword.lib import clock
from afterword.lib.errors import Conflict, NotAllowed
from afterword.lib.forms import refusals_on


@require_http_methods(["GET", "HEAD", "POST"])
def show_related(request: HttpRequest, number: int) -> HttpResponse:
    """What is posted is a link."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    if request.method != "POST":
        return _show(request, incident)
    require_write(actor, incident.service.team)
    form = RelationForm(request.POST, actor=actor)
    if form.is_valid():
        with refusals_on(form):
            other = form.chosen()
            reason = form.cleaned_data["reason"]
            writes.link_incidents(actor=actor, incident=incident, other=other, reason=reason)
            messages.success(request, f"#{incident.number} and #{other.number} are linked.")
            return redirect("incidents:related", number)
    return _show(request, incident, form=form)


@require_POST
def unlink(request: HttpRequest, number: int, other: int) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    writes.unlink_incidents(actor=actor, incident=incident, other=get_incident(actor, other))
    messages.success(request, "The link is taken back.")
    return redirect("incidents:related", number)


@require_POST
def merge(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    require_write(actor, incident.service.team)
    form = MergeForm(request.POST, actor=actor, auto_id="merge_%s")
    if form.is_valid():
        target = form.chosen()
        try:
            with refusals_on(form):
                reason = form.cleaned_data["reason"]
                merging.merge_incident(actor=actor, source=incident, target=target, reason=reason)
                messages.success(request, f"#{incident.number} is merged into #{target.number}.")
                return redirect("incidents:page", target.number)
        except NotAllowed:
            form.add_error("into", "You can read that incident, but not change it.")
    return _show(request, incident, merge_form=form)


@require_POST
def unmerge(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    try:
        merging.unmerge_incident(actor=actor, source=incident)
    except Conflict as refusal:
        messages.info(request, f"{refusal.message} Nothing was changed.")
    else:
        messages.success(request, f"#{incident.number} stands by itself again.")
    return redirect("incidents:page", number)


def _show(request: HttpRequest, incident: Incident, **forms: Any) -> HttpResponse:
    actor, now = reader_of(request), clock.now()
    context = frame_incident(actor, incident) | {
        "related": reads.related_to(actor, incident),
        "suggested": reads.suggest_related(actor, incident, now=now),
        "form": RelationForm(actor=actor),
        "merge_form": MergeForm(actor=actor, auto_id="merge_%s"),
        **forms,
    }
    return render(request, "incidents/related.html", context, status=400 if forms else 200)
