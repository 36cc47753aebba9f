"""The pages of priorities."""

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
from afterword.catalog.forms.choices import team_key
from afterword.catalog.forms.priorities import PriorityForm
from afterword.catalog.models import Priority
from afterword.catalog.views.nouns import PRIORITY, list_page, teams_to_add_to, thing_context
from afterword.catalog.views.pages import form_page, reader_of
from afterword.lib.forms import refusals_on


@require_safe
def priorities(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        PRIORITY,
        lambda team, archived: reads.visible_priorities(actor, team=team, archived=archived),
        "catalog/priorities.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_priority(request: HttpRequest) -> HttpResponse:
    form = PriorityForm(
        request.POST or None,
        teams=teams_to_add_to(request),
        initial={"team": team_key(request.GET.get("team", ""))},
    )
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_priority(actor=reader_of(request), team=form.chosen_team(), **form.values())
            messages.success(request, f"{made} was added.")
            return redirect("catalog:priority", made.unique_id)
    return form_page(request, "catalog/new_priority.html", form, {"noun": PRIORITY})


@require_http_methods(["GET", "HEAD", "POST"])
def priority(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_priority(actor, unique_id)
    form = PriorityForm(
        request.POST or None,
        initial={"name": shown.name, "description": shown.description, "colour": name_of(shown.colour)},
    )
    if request.method == "POST":
        accounts.require_manager(actor, shown.team)
    if form.is_valid():
        with refusals_on(form):
            writes.change_priority(actor=actor, priority=shown, **form.values())
            messages.success(request, f"{shown} was saved.")
            return redirect("catalog:priority", unique_id)
    if form.is_bound:
        shown = reads.get_priority(actor, unique_id)
    return form_page(request, "catalog/priority.html", form, thing_context(actor, PRIORITY, shown))


def move(actor: Person, priority: Priority, steps: int) -> None:
    """Some places down among the team's, or up; one that is archived stands nowhere."""
    rows = list(reads.visible_priorities(actor, team=priority.team, archived=False))
    if priority in rows:
        writes.move_priority(actor=actor, priority=priority, place=rows.index(priority) + 1 + steps)
