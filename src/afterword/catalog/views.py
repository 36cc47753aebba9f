"""The pages of the catalogue: services and their integrations."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import forms, reads, writes
from afterword.lib.errors import NotAllowed
from afterword.lib.forms import refusals_on

PAGE_ROWS_MAX = 50


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    actor = _reader(request)
    teams = list(accounts.visible_teams(actor))
    filters = forms.ServiceFilterForm(request.GET, teams=teams)
    text, team = (filters.cleaned_data["text"], filters.chosen()) if filters.is_valid() else ("", None)
    found = reads.search_services(actor, text=text, team=team)
    return render(
        request,
        "catalog/services.html",
        {
            "page": Paginator(found, PAGE_ROWS_MAX).get_page(request.GET.get("page")),
            "filters": filters,
            "filtered": bool(text or team),
            "may_add": accounts.managed_teams(actor).exists(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_service(request: HttpRequest) -> HttpResponse:
    actor = _reader(request)
    teams = list(accounts.managed_teams(actor))
    if not teams:
        raise NotAllowed("Only the managers of a team and administrators can add services.")
    form = forms.NewServiceForm(
        request.POST or None, teams=teams, initial={"team": forms.team_key(request.GET.get("team", ""))}
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
    return _form_page(request, "catalog/new_service.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def service(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """A service and its ways in; a POST adds one."""
    actor = _reader(request)
    shown = reads.get_service(actor, unique_id)
    form = forms.IntegrationForm(request.POST or None)
    if request.method == "POST":
        accounts.require_manager(actor, shown.team)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_integration(actor=actor, service=shown, **form.cleaned_data)
            return redirect("catalog:integration", made.unique_id)
    return _form_page(
        request,
        "catalog/service.html",
        form,
        {
            "service": shown,
            "integrations": reads.visible_integrations(actor).filter(service=shown),
            "may_manage": _may_manage(actor, shown.team),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def edit_service(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = _reader(request)
    shown = reads.get_service(actor, unique_id)
    accounts.require_manager(actor, shown.team)
    form = forms.ServiceForm(request.POST or None, initial={"name": shown.name, "summary": shown.summary})
    if form.is_valid():
        with refusals_on(form):
            writes.change_service(actor=actor, service=shown, **form.cleaned_data)
            messages.success(request, "The service was saved.")
            return redirect("catalog:service", unique_id)
    return _form_page(
        request, "catalog/edit_service.html", form, {"service": reads.get_service(actor, unique_id)}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def integration(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """A way in, with its address for those who may write; a POST renames it."""
    actor = _reader(request)
    shown = reads.get_integration(actor, unique_id)
    form = forms.IntegrationForm(request.POST or None, initial={"name": shown.name})
    if request.method == "POST":
        accounts.require_manager(actor, shown.service.team)
    if form.is_valid():
        with refusals_on(form):
            writes.change_integration(actor=actor, integration=shown, name=form.cleaned_data["name"])
            messages.success(request, "The name was saved.")
            return redirect("catalog:integration", unique_id)
    shown = reads.get_integration(actor, unique_id)
    webhook_url = reads.find_webhook_url(actor, shown)
    return _form_page(
        request,
        "catalog/integration.html",
        form,
        {
            "integration": shown,
            "webhook_url": webhook_url,
            "curl": reads.describe_curl(webhook_url, shown.service) if webhook_url else "",
            "may_manage": _may_manage(actor, shown.service.team),
        },
    )


@require_POST
def switch_integration(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Switch an integration on or off."""
    actor = _reader(request)
    shown = reads.get_integration(actor, unique_id)
    on = request.POST.get("enabled") == "yes"
    writes.change_integration(actor=actor, integration=shown, is_enabled=on)
    messages.success(
        request, "It is on: alerts come in." if on else "It is off: alerts sent to it are answered with 404."
    )
    return redirect("catalog:integration", unique_id)


@require_POST
def rotate_key(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = _reader(request)
    writes.rotate_key(actor=actor, integration=reads.get_integration(actor, unique_id))
    messages.success(request, "There is a new key. Whatever sends alerts here needs the new address.")
    return redirect("catalog:integration", unique_id)


def _reader(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _may_manage(actor: Person, team: Team) -> bool:
    return accounts.managed_teams(actor).filter(pk=team.pk).exists()


def _form_page(
    request: HttpRequest, template: str, form: Form, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page with its form: 400 when something typed was refused, and all that was typed is kept."""
    status = HTTPStatus.BAD_REQUEST if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **(context or {})}, status=status)
