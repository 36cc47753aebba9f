"""The page of the record."""

from __future__ import annotations

from typing import cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from afterword.audit import reads
from afterword.audit.forms import EventFilterForm

PAGE_ROWS_MAX = 50


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Who changed what and when, newest first, for administrators."""
    actor = cast(reads.Reader, request.user)
    filters = EventFilterForm(request.GET, kinds=reads.subject_kinds(actor))
    chosen = filters.cleaned_data if filters.is_valid() else {"text": "", "kind": "", "subject": ""}
    found = reads.search_events(
        actor, text=chosen["text"], subject_kind=chosen["kind"], subject_id=chosen["subject"]
    )
    return render(
        request,
        "audit/events.html",
        {
            "page": Paginator(found, PAGE_ROWS_MAX).get_page(request.GET.get("page")),
            "filters": filters,
            "filtered": any(chosen.values()),
        },
    )
