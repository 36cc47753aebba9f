"""What was seen before: for an incident, also as a part of its page, and for words that somebody types."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from afterword.accounts.reads import writable_teams
from afterword.drafting.similar import reads, writes
from afterword.drafting.similar.forms import LookForm, RepeatForm
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib import clock
from afterword.lib.errors import InvalidInput


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The whole page, or for a page that asks for it only the part."""
    actor = reader_of(request)
    return _show(request, get_incident(actor, number))


@require_POST
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody says that the cause was the same."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    form = RepeatForm(request.POST, actor=actor)
    if form.is_valid():
        try:
            writes.confirm_repeat(
                actor=actor,
                incident=incident,
                earlier_incident=form.earlier_incident,
                earlier_postmortem=form.earlier_postmortem,
            )
        except InvalidInput as refusal:
            return _show(request, incident, error=" ".join(refusal.fields.values()))
        return _after(request, incident, "It is noted that the cause was the same.")
    return _show(request, incident, error="That is not there any more.")


@require_POST
def take_back(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    repeat = reads.get_repeat(actor, incident, unique_id)
    writes.take_back_repeat(actor=actor, incident=incident, repeat=repeat)
    return _after(request, incident, "It is a suggestion again.")


@require_safe
def look_for(request: HttpRequest) -> HttpResponse:
    """What is like a text that somebody types or pastes."""
    actor = reader_of(request)
    form = LookForm(request.GET or None)
    found = None
    if form.is_bound and form.is_valid():
        found = reads.similar_to_text(
            actor, form.cleaned_data["text"], now=clock.now(), limit=reads.LIMIT_MAX
        )
    return render(
        request,
        "drafting/similar/look_for.html",
        {"form": form, "similar": found},
        status=400 if form.errors else 200,
    )


def _after(request: HttpRequest, incident: Incident, words: str) -> HttpResponse:
    if _is_part(request):
        return _show(request, incident)
    messages.success(request, words)
    return redirect("drafting:similar", incident.number)


def _show(request: HttpRequest, incident: Incident, *, error: str = "") -> HttpResponse:
    actor = reader_of(request)
    context: dict[str, Any] = {
        "similar": reads.similar_to_incident(actor, incident, now=clock.now()),
        "error": error,
    }
    if _is_part(request):
        may_write = writable_teams(actor).filter(pk=incident.service.team_id).exists()
        context |= {"incident": incident, "may_write": may_write}
        return render(request, "drafting/similar/_seen_before.html", context, status=400 if error else 200)
    # It belongs to the first tab, where it stands among the rest.
    context = frame_incident(actor, incident) | context | {"is_overview": True}
    return render(request, "drafting/similar/of_incident.html", context, status=400 if error else 200)


def _is_part(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
