"""The pages of SLAs."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from afterword.accounts import reads as accounts
from afterword.catalog import reads, writes
from afterword.catalog.forms.choices import team_key
from afterword.catalog.forms.slas import SlaForm
from afterword.catalog.views.nouns import SLA, list_page, teams_to_add_to, thing_context
from afterword.catalog.views.pages import form_page, reader_of
from afterword.lib.forms import refusals_on


@require_safe
def slas(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        SLA,
        lambda team, archived: reads.visible_slas(actor, team=team, archived=archived),
        "catalog/slas.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_sla(request: HttpRequest) -> HttpResponse:
    form = SlaForm(
        request.POST or None,
        teams=teams_to_add_to(request),
        initial={"team": team_key(request.GET.get("team", ""))},
    )
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_sla(actor=reader_of(request), team=form.chosen_team(), **form.values())
            messages.success(request, f"{made} was added.")
            return redirect("catalog:sla", made.unique_id)
    return form_page(request, "catalog/new_sla.html", form, {"noun": SLA})


@require_http_methods(["GET", "HEAD", "POST"])
def sla(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_sla(actor, unique_id)
    form = SlaForm(
        request.POST or None,
        initial={
            "name": shown.name,
            "description": shown.description,
            "acknowledge_minutes": shown.acknowledge_minutes,
            "resolve_minutes": shown.resolve_minutes,
            "is_active": shown.is_active,
        },
    )
    if request.method == "POST":
        accounts.require_manager(actor, shown.team)
    if form.is_valid():
        with refusals_on(form):
            writes.change_sla(actor=actor, sla=shown, **form.values())
            messages.success(request, f"{shown} was saved.")
            return redirect("catalog:sla", unique_id)
    if form.is_bound:
        shown = reads.get_sla(actor, unique_id)
    return form_page(request, "catalog/sla.html", form, thing_context(actor, SLA, shown))
