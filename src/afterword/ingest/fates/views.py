"""The pages of signals. Each reads its request, calls one read or write, and shows the result."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog import reads as catalog
from afterword.catalog.models import Integration
from afterword.ingest.fates import reads
from afterword.ingest.fates.bodies import show_body
from afterword.ingest.fates.reads import SeenSignal
from afterword.ingest.fates.rules import Fate, Figures, Hearing, Voice, voice_of
from afterword.ingest.models import Failure
from afterword.ingest.writes import reruns
from afterword.lib import clock
from afterword.lib.errors import NotFound

SIGNALS_PER_PAGE = 50
INTEGRATIONS_PER_PAGE = 50
CHOICES = (("", "All"), ("failed", "Failed"), ("waiting", "Waiting"), ("maintenance", "Maintenance"))


@never_cache
@require_safe
def show_signals(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """The last signals of an integration, its rates and its lag."""
    actor = _reader(request)
    integration = catalog.get_integration(actor, unique_id)
    state = request.GET.get("state", "")
    cursor = request.GET.get("cursor") or None
    page = reads.list_signals(actor, integration, state=state, cursor=cursor, limit=SIGNALS_PER_PAGE)
    waiting = reads.first_waiting(actor, integration) if not (state or cursor) else []
    address = reverse("ingest:signals", args=[unique_id])
    manages = _manages(actor, integration)
    failure = Failure.MAINTENANCE if state == "maintenance" else ""
    context = {
        "integration": integration,
        "figures": reads.figures_of(actor, [integration], now=clock.now())[integration.pk],
        "choices": [(_address(address, state=name), text, name == state) for name, text in CHOICES],
        "state": state,
        "signals": [*waiting, *page.items],
        "is_first": cursor is None,
        "first_url": _address(address, state=state),
        "older_url": _address(address, state=state, cursor=page.next) if page.next else "",
        "way_in": catalog.describe_way_in(actor, integration),
        "failure": failure,
        "may_manage": manages,
        "to_rerun": reads.count_to_rerun(actor, integration, failure=failure) if manages else 0,
        "at_once_max": reruns.RERUN_ROWS_MAX,
        "counted_max": reads.COUNTED_MAX,
    }
    return render(request, "ingest/signals.html", context)


@never_cache
@require_safe
def show_signal(request: HttpRequest, unique_id: uuid.UUID, trace_id: uuid.UUID) -> HttpResponse:
    """One signal: what was sent, what became of it, and why."""
    actor = _reader(request)
    integration = catalog.get_integration(actor, unique_id)
    signal = reads.get_signal(actor, integration, trace_id)
    body = reads.find_body(actor, integration, trace_id)
    context = {
        "integration": integration,
        "signal": signal,
        "rerun": _find_rerun(actor, integration, signal),
        "body": None if body is None else show_body(body),
        "may_write": accounts.writable_teams(actor).filter(pk=integration.service.team_id).exists(),
        "may_rerun": signal.fate in (Fate.FAILED, Fate.MAINTENANCE) and _manages(actor, integration),
    }
    return render(request, "ingest/signal.html", context)


@require_POST
def rerun_signal(request: HttpRequest, unique_id: uuid.UUID, trace_id: uuid.UUID) -> HttpResponse:
    """Run a failed signal again, and show the new one."""
    actor = _reader(request)
    integration = catalog.get_integration(actor, unique_id)
    try:
        new = reruns.rerun_signal(actor=actor, integration=integration, trace_id=trace_id)
    except reruns.AlreadyRerun as error:
        # A second click, or two people at once: what both wanted is done.
        messages.info(request, f"{error.message} This is the new one.")
        new = reruns.trace_id_of_rerun(trace_id)
    else:
        messages.success(request, "It runs again. This is the new signal.")
    return redirect("ingest:signal", unique_id, new)


@require_POST
def rerun_failed(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Run the oldest failed signals again, as many as go at once."""
    actor = _reader(request)
    integration = catalog.get_integration(actor, unique_id)
    failure = request.POST.get("failure", "")
    count = reruns.rerun_failed(
        actor=actor, integration=integration, failure=failure, rows_max=reruns.RERUN_ROWS_MAX
    )
    left = reads.count_to_rerun(actor, integration, failure=failure)
    if not count:
        messages.info(request, "There is nothing left to run again.")
    elif left:
        rest = f"{_many(left)} {'is' if left == 1 else 'are'} left for another go."
        messages.success(request, f"{count:,} of them run again, the oldest first. {rest}")
    else:
        messages.success(request, f"{'One signal runs' if count == 1 else f'{count:,} signals run'} again.")
    return redirect("ingest:signals", unique_id)


@dataclass(frozen=True)
class OverviewRow:
    """An integration among all the others."""

    integration: Integration
    figures: Figures
    hearing: Hearing
    voice: Voice
    is_failing: bool


@never_cache
@require_safe
def show_overview(request: HttpRequest) -> HttpResponse:
    """Every integration, for administrators."""
    actor = _reader(request)
    now = clock.now()
    integrations = reads.integrations_by_trouble(actor, now=now)
    page = Paginator(integrations, INTEGRATIONS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    figures = reads.figures_of(actor, shown, now=now)
    hearings = reads.hearings_of(actor, shown, now=now)
    rows = [
        OverviewRow(
            integration,
            figures[integration.pk],
            hearings[integration.pk],
            voice_of(hearings[integration.pk], now),
            bool(getattr(integration, "is_failing", False)),
        )
        for integration in shown
    ]
    return render(request, "ingest/overview.html", {"page": page, "rows": rows})


def _reader(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _find_rerun(actor: Person, integration: Integration, signal: SeenSignal) -> SeenSignal | None:
    if signal.rerun_trace_id is None:
        return None
    try:
        return reads.get_signal(actor, integration, signal.rerun_trace_id)
    except NotFound:
        # A fate without failure is not kept for as long.
        return None


def _manages(actor: Person, integration: Integration) -> bool:
    return accounts.managed_teams(actor).filter(pk=integration.service.team_id).exists()


def _address(path: str, **query: str | None) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given)}" if given else path


def _many(count: int) -> str:
    return f"{count:,}" if count < reads.COUNTED_MAX else f"{reads.COUNTED_MAX:,} or more"
