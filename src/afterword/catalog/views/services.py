"""The pages of services."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts import reads as accounts
from afterword.catalog import reads, writes
from afterword.catalog.forms.behaviour import SERVICES_OFFERED_MAX, EditServiceForm
from afterword.catalog.forms.choices import team_key
from afterword.catalog.forms.integrations import NewIntegrationForm
from afterword.catalog.forms.services import NewServiceForm, ServiceFilterForm
from afterword.catalog.views.pages import PAGE_ROWS_MAX, form_page, may_manage, reader_of
from afterword.lib import clock
from afterword.lib.errors import Conflict, NotAllowed
from afterword.lib.forms import refusals_on


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    teams = list(accounts.visible_teams(actor))
    filters = ServiceFilterForm(request.GET, teams=teams)
    text, team = (filters.cleaned_data["text"], filters.chosen()) if filters.is_valid() else ("", None)
    found = reads.search_services(actor, text=text, team=team)
    page = Paginator(found, PAGE_ROWS_MAX).get_page(request.GET.get("page"))
    return render(
        request,
        "catalog/services.html",
        {
            "page": page,
            "under_maintenance": reads.active_windows(list(page), clock.now()),
            "filters": filters,
            "filtered": bool(text or team),
            "may_add": accounts.managed_teams(actor).exists(),
            "may_add_team": actor.is_admin,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_service(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    teams = list(accounts.managed_teams(actor))
    if not teams:
        raise NotAllowed("Only the managers of a team and administrators can add services.")
    form = NewServiceForm(
        request.POST or None, teams=teams, initial={"team": team_key(request.GET.get("team", ""))}
    )
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_service(
                actor=actor,
                team=form.chosen(),
                name=form.cleaned_data["name"],
                summary=form.cleaned_data["summary"],
            )
            messages.success(request, f"The service {made} was made. Now give it a way in for alerts.")
            return redirect("catalog:service", made.unique_id)
    return form_page(request, "catalog/new_service.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """A service and its ways in; a POST adds one."""
    actor = reader_of(request)
    shown = reads.get_service(actor, unique_id)
    form = NewIntegrationForm(request.POST or None)
    if request.method == "POST":
        accounts.require_manager(actor, shown.team)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_integration(actor=actor, service=shown, **form.cleaned_data)
            return redirect("catalog:integration", made.unique_id)
    return form_page(
        request,
        "catalog/service.html",
        form,
        {
            "service": shown,
            "active_windows": reads.active_windows([shown], clock.now()).get(shown.pk, []),
            "integrations": reads.visible_integrations(actor).filter(service=shown),
            "may_manage": may_manage(actor, shown.team),
            "uses": reads.uses_of(shown),
            "neighbours": reads.neighbours_of(actor, [shown])[shown.pk],
            "neighbours_max": reads.NEIGHBOURS_TOLD_MAX,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_service(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """What a service is called, what it depends on, what its incidents get, how its alerts are grouped."""
    actor = reader_of(request)
    shown = reads.get_service(actor, unique_id)
    accounts.require_manager(actor, shown.team)
    form = EditServiceForm(
        request.POST or None,
        initial={"name": shown.name, "summary": shown.summary},
        service=shown,
        current=writes.behaviour_of(shown),
        priorities=list(reads.visible_priorities(actor, team=shown.team, archived=False)),
        slas=list(reads.visible_slas(actor, team=shown.team, archived=False)),
        policies=list(reads.visible_escalation_policies(actor, team=shown.team, archived=False)),
        depends_on=list(reads.dependencies_of(actor, shown)),
        services=reads.services_to_depend_on(actor, shown)[:SERVICES_OFFERED_MAX],
    )
    if form.is_valid():
        with refusals_on(form):
            writes.change_service(
                actor=actor,
                service=shown,
                name=form.cleaned_data["name"],
                summary=form.cleaned_data["summary"],
                behaviour=form.behaviour(),
                depends_on=form.dependencies(),
            )
            messages.success(request, "The service was saved.")
            return redirect("catalog:service", unique_id)
    return form_page(
        request, "catalog/edit_service.html", form, {"service": reads.get_service(actor, unique_id)}
    )


@require_POST
def delete_service(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_service(actor, unique_id)
    try:
        writes.delete_service(actor=actor, service=shown)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("catalog:service", unique_id)
    messages.success(request, f"The service {shown} was deleted.")
    return redirect("catalog:services")
