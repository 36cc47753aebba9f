"""The custom fields of incidents: the organisation's are the administrators', a team's its managers'."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import managed_teams
from afterword.fields.writes import FieldInUse
from afterword.incidents.facts import reads, writes
from afterword.incidents.facts.forms import IncidentFieldForm
from afterword.incidents.facts.models import IncidentField
from afterword.incidents.frame import reader_of
from afterword.lib.errors import InvalidInput, NotAllowed
from afterword.lib.forms import refusals_on


@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """Those that are asked, or with `?state=archived` the others."""
    actor = reader_of(request)
    archived = request.GET.get("state") == "archived"
    managed = set(managed_teams(actor).values_list("pk", flat=True))
    rows = [
        (field, _may_change(actor, field, managed))
        for field in reads.visible_fields(actor, archived=archived)
    ]
    context = {
        "rows": rows,
        "archived": archived,
        "in_use": not archived,
        "archived_count": reads.visible_fields(actor, archived=True).count(),
        "may_add": bool(managed) or actor.is_admin,
    }
    return render(request, "incidents/facts/fields.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_field(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    teams = list(managed_teams(actor))
    if not teams and not actor.is_admin:
        raise NotAllowed("Only the managers of a team and administrators can add this.")
    given = request.POST if request.method == "POST" else None
    form = IncidentFieldForm(given, teams=teams, for_everyone=actor.is_admin)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_field(actor=actor, **form.values())
            messages.success(request, f"{made} was added.")
            return redirect("incidents:fields")
    status = 400 if form.errors else 200
    return render(request, "incidents/facts/new_field.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def field(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_field(actor, unique_id)
    form = IncidentFieldForm(request.POST if request.method == "POST" else None, field=shown)
    if form.is_valid():
        with refusals_on(form):
            given = {"options": [], **form.values()}
            writes.change_field(actor=actor, field=shown, **given)
            messages.success(request, f"{shown} was saved.")
            return redirect("incidents:fields")
    if form.is_bound:
        shown = reads.get_field(actor, unique_id)
    managed = set(managed_teams(actor).values_list("pk", flat=True))
    context = {
        "form": form,
        "field": shown,
        "may_manage": _may_change(actor, shown, managed),
        "uses": reads.count_values(shown),
    }
    return render(request, "incidents/facts/field.html", context, status=400 if form.errors else 200)


@require_POST
def place(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    steps = -1 if request.POST.get("place") == "up" else 1
    writes.move_field(actor=actor, field=reads.get_field(actor, unique_id), steps=steps)
    return redirect("incidents:fields")


@require_POST
def archival(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Archive it, or with `archived=no` ask it again."""
    actor = reader_of(request)
    shown = reads.get_field(actor, unique_id)
    try:
        if request.POST.get("archived") == "no":
            writes.restore_field(actor=actor, field=shown)
            messages.success(request, f"{shown} is asked again.")
        else:
            writes.archive_field(actor=actor, field=shown)
            messages.success(request, f"{shown} was archived. What has a value keeps it.")
    except InvalidInput as refusal:
        messages.error(request, " ".join(refusal.fields.values()) or refusal.message)
    return redirect("incidents:field", unique_id)


@require_POST
def deletion(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_field(actor, unique_id)
    try:
        writes.delete_field(actor=actor, field=shown)
    except FieldInUse as refusal:
        messages.error(request, refusal.message)
        return redirect("incidents:field", unique_id)
    messages.success(request, f"{shown} was deleted.")
    return redirect("incidents:fields")


def _may_change(actor: Person, field: IncidentField, managed: set[int]) -> bool:
    return actor.is_admin if field.team_id is None else field.team_id in managed
