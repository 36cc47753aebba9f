"""The pages of incident roles: everyone reads them, owners and administrators change them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog import reads, writes
from afterword.catalog.forms.roles import IncidentRoleForm
from afterword.catalog.models import IncidentRole
from afterword.catalog.views.nouns import INCIDENT_ROLE, list_page, thing_context
from afterword.catalog.views.pages import form_page, reader_of
from afterword.lib.forms import refusals_on


@require_safe
def incident_roles(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        INCIDENT_ROLE,
        lambda _, archived: reads.visible_incident_roles(actor, archived=archived),
        "catalog/incident_roles.html",
        of_teams=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_incident_role(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    accounts.require_admin(actor)
    form = IncidentRoleForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_incident_role(actor=actor, **form.cleaned_data)
            messages.success(request, f"{made} was added.")
            return redirect("catalog:incident_role", made.unique_id)
    return form_page(request, "catalog/new_incident_role.html", form, {"noun": INCIDENT_ROLE})


@require_http_methods(["GET", "HEAD", "POST"])
def incident_role(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_incident_role(actor, unique_id)
    form = IncidentRoleForm(
        request.POST or None,
        initial={"name": shown.name, "description": shown.description, "is_single": shown.is_single},
    )
    if request.method == "POST":
        accounts.require_admin(actor)
    if form.is_valid():
        with refusals_on(form):
            writes.change_incident_role(actor=actor, role=shown, **form.cleaned_data)
            messages.success(request, f"{shown} was saved.")
            return redirect("catalog:incident_role", unique_id)
    if form.is_bound:
        shown = reads.get_incident_role(actor, unique_id)
    return form_page(request, "catalog/incident_role.html", form, thing_context(actor, INCIDENT_ROLE, shown))


def move(actor: Person, role: IncidentRole, steps: int) -> None:
    """Some places down, or up; one that is archived stands nowhere."""
    rows = list(reads.visible_incident_roles(actor, archived=False))
    if role in rows:
        writes.move_incident_role(actor=actor, role=role, place=rows.index(role) + 1 + steps)
