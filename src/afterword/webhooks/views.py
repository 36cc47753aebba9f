"""The pages of outgoing webhooks: for owners and administrators."""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_admin, visible_teams
from afterword.lib import clock
from afterword.lib.errors import Conflict
from afterword.lib.forms import refusals_on
from afterword.webhooks import reads
from afterword.webhooks.forms import ALL, SOME, DeliveryFilterForm, EndpointForm
from afterword.webhooks.models import Delivery, Endpoint
from afterword.webhooks.writes import deliveries
from afterword.webhooks.writes import endpoints as writes

ENDPOINTS_PER_PAGE = 50
DELIVERIES_PER_PAGE = 50


def reader_of(request: HttpRequest) -> Person:
    """The person who is signed in."""
    return cast(Person, request.user)


@require_safe
def endpoints(request: HttpRequest) -> HttpResponse:
    found = Paginator(reads.visible_endpoints(reader_of(request)), ENDPOINTS_PER_PAGE)
    return render(request, "webhooks/endpoints.html", {"page": found.get_page(request.GET.get("page"))})


@never_cache
@sensitive_post_parameters("url")
@require_http_methods(["GET", "HEAD", "POST"])
def new_endpoint(request: HttpRequest) -> HttpResponse:
    """The answer to the POST that makes one is the only page that ever shows its secret."""
    actor = reader_of(request)
    require_admin(actor)
    form = EndpointForm(request.POST or None, teams=_teams(actor))
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_endpoint(actor=actor, wishes=form.wishes())
            return _show_secret(request, made)
    return _form_page(request, "webhooks/new_endpoint.html", form)


@require_safe
def endpoint(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """What it is told, and what became of the last deliveries."""
    actor = reader_of(request)
    shown = reads.get_endpoint(actor, unique_id)
    filters = DeliveryFilterForm(request.GET)
    state = filters.cleaned_data["state"] if filters.is_valid() else ""
    found = Paginator(reads.deliveries_to(actor, shown, state=state), DELIVERIES_PER_PAGE)
    return render(
        request,
        "webhooks/endpoint.html",
        {
            "endpoint": shown,
            "filters": filters,
            "filtered": bool(state),
            "page": found.get_page(request.GET.get("page")),
            "two_secrets": shown.old_secret_until is not None and shown.old_secret_until > clock.now(),
        },
    )


@never_cache
@sensitive_post_parameters("url")
@require_http_methods(["GET", "HEAD", "POST"])
def change_endpoint(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_endpoint(actor, unique_id)
    form = EndpointForm(request.POST or None, teams=_teams(actor), initial=_initial(actor, shown))
    if form.is_valid():
        with refusals_on(form):
            writes.change_endpoint(actor=actor, endpoint=shown, wishes=form.wishes())
            messages.success(request, "The webhook was saved.")
            return redirect("webhooks:endpoint", unique_id)
    return _form_page(request, "webhooks/change_endpoint.html", form, {"endpoint": shown})


@require_POST
def send_ping(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    made = deliveries.ping(actor=actor, endpoint=reads.get_endpoint(actor, unique_id))
    messages.info(request, "A ping is on its way. Reload this page to see what became of it.")
    return redirect("webhooks:delivery", unique_id, made.unique_id)


@never_cache
@require_POST
def rotate_secret(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """The answer is the only page that ever shows the new secret."""
    actor = reader_of(request)
    shown = reads.get_endpoint(actor, unique_id)
    try:
        made = writes.rotate_secret(actor=actor, endpoint=shown, at_once=request.POST.get("at_once") == "yes")
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("webhooks:endpoint", unique_id)
    return _show_secret(request, made)


@require_POST
def delete_endpoint(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_endpoint(actor, unique_id)
    writes.delete_endpoint(actor=actor, endpoint=shown)
    messages.success(request, f"The webhook to {shown} was deleted.")
    return redirect("webhooks:endpoints")


@require_safe
def delivery(request: HttpRequest, unique_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """One delivery: what is sent, and what was answered each time."""
    actor = reader_of(request)
    shown = reads.get_endpoint(actor, unique_id)
    found = reads.get_delivery(actor, shown, delivery_id)
    return render(
        request,
        "webhooks/delivery.html",
        {"endpoint": shown, "delivery": found, "body": _readable_body(found)},
    )


@require_POST
def send_again(request: HttpRequest, unique_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    found = reads.get_delivery(actor, reads.get_endpoint(actor, unique_id), delivery_id)
    try:
        deliveries.send_again(actor=actor, delivery=found)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "It is sent again now.")
    return redirect("webhooks:delivery", unique_id, delivery_id)


def _show_secret(request: HttpRequest, made: writes.WithSecret) -> HttpResponse:
    return render(request, "webhooks/secret.html", {"endpoint": made.endpoint, "secret": made.secret})


def _teams(actor: Person) -> list[Any]:
    return list(visible_teams(actor).order_by("name", "pk"))


def _initial(actor: Person, shown: Endpoint) -> dict[str, Any]:
    return {
        "url": reads.url_of(actor, shown),
        "description": shown.description,
        "events": ALL if shown.all_events else SOME,
        "event_types": shown.event_types,
        "of": ALL if shown.all_teams else SOME,
        "teams": [str(team.unique_id) for team in shown.teams.all()],
        "includes_private": shown.includes_private,
        "is_active": shown.is_active,
    }


def _readable_body(found: Delivery) -> str:
    """As people read it; nothing of a private incident, whose members these readers may not be."""
    if found.event.is_private:
        return ""
    return json.dumps(json.loads(found.event.body), ensure_ascii=False, indent=2)


def _form_page(
    request: HttpRequest, template: str, form: EndpointForm, context: dict[str, Any] | None = None
) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **(context or {})}, status=status)
