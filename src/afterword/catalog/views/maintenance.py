"""The pages of maintenance windows."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts import reads as accounts
from afterword.catalog import reads, writes
from afterword.catalog.forms.maintenance import MaintenanceForm
from afterword.catalog.forms.owned import TeamFilterForm
from afterword.catalog.maintenance import last_occurrence, next_occurrence, state_of
from afterword.catalog.models import MaintenanceWindow
from afterword.catalog.views.nouns import choose_team
from afterword.catalog.views.pages import PAGE_ROWS_MAX, form_page, may_manage, reader_of
from afterword.lib import clock
from afterword.lib.errors import Conflict
from afterword.lib.forms import refusals_on


@require_safe
def maintenance_windows(request: HttpRequest) -> HttpResponse:
    """Active ones first, then those to come, then those that have ended, the latest first."""
    actor, now = reader_of(request), clock.now()
    filters = TeamFilterForm(request.GET, teams=list(accounts.visible_teams(actor)))
    team = filters.chosen()
    rows = [_described(window, now) for window in reads.visible_maintenance_windows(actor, team=team)]
    rows.sort(key=_soonest_first)
    return render(
        request,
        "catalog/maintenance_windows.html",
        {
            "page": Paginator(rows, PAGE_ROWS_MAX).get_page(request.GET.get("page")),
            "filters": filters,
            "team": team,
            "query": f"?team={team.unique_id}" if team else "",
            "may_add": accounts.managed_teams(actor).exists(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_maintenance_window(request: HttpRequest) -> HttpResponse:
    actor, team = reader_of(request), choose_team(request, "New maintenance window")
    if isinstance(team, HttpResponse):
        return team
    form = MaintenanceForm(
        request.POST or None,
        services=list(reads.visible_services(actor).filter(team=team)),
        zone=actor.time_zone,
        initial={"services": request.GET.getlist("service")},
    )
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_maintenance_window(
                actor=actor,
                team=team,
                name=form.cleaned_data["name"],
                services=form.chosen_services(),
                schedule=form.schedule(),
            )
            messages.success(request, f"{made} was added.")
            return redirect("catalog:maintenance_window", made.unique_id)
    return form_page(request, "catalog/new_maintenance_window.html", form, {"team": team})


@require_http_methods(["GET", "HEAD", "POST"])
def maintenance_window(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_maintenance_window(actor, unique_id)
    if request.method == "POST":
        accounts.require_manager(actor, shown.team)
    form = MaintenanceForm(
        request.POST or None,
        services=list(reads.visible_services(actor).filter(team=shown.team)),
        zone=shown.time_zone,
        window=shown,
    )
    if form.is_valid():
        with refusals_on(form):
            writes.change_maintenance_window(
                actor=actor,
                window=shown,
                name=form.cleaned_data["name"],
                services=form.chosen_services(),
                schedule=form.schedule(),
            )
            messages.success(request, f"{shown} was saved.")
            return redirect("catalog:maintenance_window", unique_id)
    if form.is_bound:
        shown = reads.get_maintenance_window(actor, unique_id)
    return form_page(
        request,
        "catalog/maintenance_window.html",
        form,
        {**_described(shown, clock.now()), "may_manage": may_manage(actor, shown.team)},
    )


@require_POST
def end_maintenance(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """End a window that is active."""
    actor = reader_of(request)
    shown = reads.get_maintenance_window(actor, unique_id)
    try:
        writes.end_maintenance(actor=actor, window=shown, at=clock.now())
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "It has ended: alerts open incidents again.")
    return redirect("catalog:maintenance_window", unique_id)


@require_POST
def delete_maintenance_window(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_maintenance_window(actor, unique_id)
    writes.delete_maintenance_window(actor=actor, window=shown)
    messages.success(request, f"{shown} was deleted.")
    return redirect("catalog:maintenance_windows")


def _described(window: MaintenanceWindow, now: datetime) -> dict[str, Any]:
    last, following = last_occurrence(window, now), next_occurrence(window, now)
    is_active = last is not None and now < last.ends_at
    return {
        "window": window,
        "state": state_of(window, now),
        "active_until": last.ends_at if last and is_active else None,
        "next_start": following.starts_at if following else None,
        "ended_at": last.ends_at if last and not is_active else None,
    }


def _soonest_first(row: Mapping[str, Any]) -> tuple[int, float]:
    if row["active_until"] is not None:
        return 0, row["active_until"].timestamp()
    if row["next_start"] is not None:
        return 1, row["next_start"].timestamp()
    return 2, -row["ended_at"].timestamp()
