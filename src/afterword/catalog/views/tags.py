"""The pages of tags."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from afterword.accounts import reads as accounts
from afterword.catalog import reads, writes
from afterword.catalog.colours import name_of
from afterword.catalog.forms.choices import team_key
from afterword.catalog.forms.tags import TagForm
from afterword.catalog.views.nouns import TAG, list_page, teams_to_add_to, thing_context
from afterword.catalog.views.pages import form_page, reader_of
from afterword.lib.forms import refusals_on


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        TAG,
        lambda team, archived: reads.visible_tags(actor, team=team, archived=archived),
        "catalog/tags.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_tag(request: HttpRequest) -> HttpResponse:
    form = TagForm(
        request.POST or None,
        teams=teams_to_add_to(request),
        initial={"team": team_key(request.GET.get("team", ""))},
    )
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_tag(actor=reader_of(request), team=form.chosen_team(), **form.values())
            messages.success(request, f"{made} was added.")
            return redirect("catalog:tag", made.unique_id)
    return form_page(request, "catalog/new_tag.html", form, {"noun": TAG})


@require_http_methods(["GET", "HEAD", "POST"])
def tag(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_tag(actor, unique_id)
    form = TagForm(
        request.POST or None,
        initial={"name": shown.name, "colour": name_of(shown.colour)},
    )
    if request.method == "POST":
        accounts.require_manager(actor, shown.team)
    if form.is_valid():
        with refusals_on(form):
            writes.change_tag(actor=actor, tag=shown, **form.values())
            messages.success(request, f"{shown} was saved.")
            return redirect("catalog:tag", unique_id)
    if form.is_bound:
        shown = reads.get_tag(actor, unique_id)
    return form_page(request, "catalog/tag.html", form, thing_context(actor, TAG, shown))
