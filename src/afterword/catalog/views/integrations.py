"""The pages of integrations."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts import reads as accounts
from afterword.catalog import reads, writes
from afterword.catalog.forms.integrations import EditIntegrationForm
from afterword.catalog.senders import SIGNED_KINDS
from afterword.catalog.views.pages import form_page, may_manage, reader_of
from afterword.lib import clock
from afterword.lib.errors import Conflict
from afterword.lib.forms import refusals_on


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def integration(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """A way in, with its address for those who may write; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_integration(actor, unique_id)
    form = EditIntegrationForm(
        request.POST or None,
        initial={"name": shown.name, "signals_per_minute_max": shown.signals_per_minute_max},
        default=settings.ENV.signals_per_minute_max,
    )
    if request.method == "POST":
        accounts.require_manager(actor, shown.service.team)
    if form.is_valid():
        with refusals_on(form):
            with transaction.atomic():
                writes.change_integration(actor=actor, integration=shown, name=form.cleaned_data["name"])
                writes.limit_integration(
                    actor=actor,
                    integration=shown,
                    signals_per_minute_max=form.cleaned_data["signals_per_minute_max"],
                )
            messages.success(request, "The integration was saved.")
            return redirect("catalog:integration", unique_id)
    shown = reads.get_integration(actor, unique_id)
    return form_page(
        request,
        "catalog/integration.html",
        form,
        {
            "integration": shown,
            "active_windows": reads.active_windows([shown.service], clock.now()).get(shown.service_id, []),
            "way_in": reads.describe_way_in(actor, shown),
            "signs": shown.kind in SIGNED_KINDS,
            "may_manage": may_manage(actor, shown.service.team),
            "uses": reads.uses_of(shown),
        },
    )


@require_POST
def switch_integration(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Switch an integration on or off."""
    actor = reader_of(request)
    shown = reads.get_integration(actor, unique_id)
    on = request.POST.get("enabled") == "yes"
    writes.change_integration(actor=actor, integration=shown, is_enabled=on)
    messages.success(
        request, "It is on: alerts come in." if on else "It is off: alerts sent to it are answered with 404."
    )
    return redirect("catalog:integration", unique_id)


@require_POST
def rotate_key(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    writes.rotate_key(actor=actor, integration=reads.get_integration(actor, unique_id))
    messages.success(request, "There is a new key. Whatever sends alerts here needs the new address.")
    return redirect("catalog:integration", unique_id)


@require_POST
def rotate_secret(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    writes.rotate_secret(actor=actor, integration=reads.get_integration(actor, unique_id))
    messages.success(request, "There is a new secret. What is signed with the old one is refused.")
    return redirect("catalog:integration", unique_id)


@require_POST
def delete_integration(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_integration(actor, unique_id)
    try:
        writes.delete_integration(actor=actor, integration=shown)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("catalog:integration", unique_id)
    messages.success(request, f"{shown} was deleted. What is sent to it is answered with 404.")
    return redirect("catalog:service", shown.service.unique_id)
