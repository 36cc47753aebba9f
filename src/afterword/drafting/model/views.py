"""The page of the calls of a model: for owners and administrators."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterword.accounts.models import Person
from afterword.drafting.model import reads
from afterword.drafting.model.configured import is_installed, model_settings
from afterword.drafting.model.endpoint import ENDPOINTS
from afterword.lib import clock

PAGE_ROWS_MAX = 50


@require_safe
def model_calls(request: HttpRequest) -> HttpResponse:
    """Which model is set up, what the calls took, and each of them, newest first."""
    actor = cast(Person, request.user)
    page = Paginator(reads.model_calls(actor), PAGE_ROWS_MAX).get_page(request.GET.get("page"))
    model = model_settings()
    return render(
        request,
        "drafting/model/calls.html",
        {
            "page": page,
            "calls": reads.tell_calls(actor, list(page)),
            "totals": reads.totals_of_calls(actor, now=clock.now()),
            "totals_days": reads.TOTALS_DAYS,
            "model": model,
            # The host alone: what else is in an address may be a secret.
            "host": urlsplit(model.endpoint or ENDPOINTS[model.provider]).hostname if model else "",
            "is_extra_missing": bool(settings.AI_MODEL) and not is_installed(),
        },
    )
