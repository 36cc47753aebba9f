"""The pages of severities and incident types: everyone reads them, owners and administrators change them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog import reads, writes
from afterword.catalog.colours import name_of
from afterword.catalog.forms.classification import IncidentTypeForm, SeverityForm
from afterword.catalog.models import IncidentType, Severity
from afterword.catalog.views.nouns import INCIDENT_TYPE, SEVERITY, list_page, thing_context
from afterword.catalog.views.pages import form_page, reader_of
from afterword.lib.forms import refusals_on


@require_safe
def severities(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        SEVERITY,
        lambda _, archived: reads.visible_severities(actor, archived=archived),
        "catalog/severities.html",
        of_teams=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_severity(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    accounts.require_admin(actor)
    form = SeverityForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_severity(actor=actor, **form.cleaned_data)
            messages.success(request, f"{made} was added.")
            return redirect("catalog:severity", made.unique_id)
    return form_page(request, "catalog/new_severity.html", form, {"noun": SEVERITY})


@require_http_methods(["GET", "HEAD", "POST"])
def severity(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_severity(actor, unique_id)
    form = SeverityForm(
        request.POST or None,
        initial={"name": shown.name, "description": shown.description, "colour": name_of(shown.colour)},
    )
    if request.method == "POST":
        accounts.require_admin(actor)
    if form.is_valid():
        with refusals_on(form):
            writes.change_severity(actor=actor, severity=shown, **form.cleaned_data)
            messages.success(request, f"{shown} was saved.")
            return redirect("catalog:severity", unique_id)
    if form.is_bound:
        shown = reads.get_severity(actor, unique_id)
    return form_page(request, "catalog/severity.html", form, thing_context(actor, SEVERITY, shown))


def move_severity(actor: Person, severity: Severity, steps: int) -> None:
    """Some places down, or up; one that is archived stands nowhere."""
    rows = list(reads.visible_severities(actor, archived=False))
    if severity in rows:
        writes.move_severity(actor=actor, severity=severity, place=rows.index(severity) + 1 + steps)


@require_safe
def incident_types(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        INCIDENT_TYPE,
        lambda _, archived: reads.visible_incident_types(actor, archived=archived),
        "catalog/incident_types.html",
        of_teams=False,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_incident_type(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    accounts.require_admin(actor)
    form = IncidentTypeForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_incident_type(actor=actor, **form.cleaned_data)
            messages.success(request, f"{made} was added.")
            return redirect("catalog:incident_type", made.unique_id)
    return form_page(request, "catalog/new_incident_type.html", form, {"noun": INCIDENT_TYPE})


@require_http_methods(["GET", "HEAD", "POST"])
def incident_type(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_incident_type(actor, unique_id)
    form = IncidentTypeForm(
        request.POST or None, initial={"name": shown.name, "description": shown.description}
    )
    if request.method == "POST":
        accounts.require_admin(actor)
    if form.is_valid():
        with refusals_on(form):
            writes.change_incident_type(actor=actor, incident_type=shown, **form.cleaned_data)
            messages.success(request, f"{shown} was saved.")
            return redirect("catalog:incident_type", unique_id)
    if form.is_bound:
        shown = reads.get_incident_type(actor, unique_id)
    return form_page(request, "catalog/incident_type.html", form, thing_context(actor, INCIDENT_TYPE, shown))


def move_incident_type(actor: Person, incident_type: IncidentType, steps: int) -> None:
    """The same as `move_severity`."""
    rows = list(reads.visible_incident_types(actor, archived=False))
    if incident_type in rows:
        place = rows.index(incident_type) + 1 + steps
        writes.move_incident_type(actor=actor, incident_type=incident_type, place=place)
