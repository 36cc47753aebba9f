"""The custom fields of post-mortems in the settings, and which of them each team has."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.reads import get_team, managed_teams, require_admin, require_manager
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import refusals_on
from afterword.postmortems.fields import reads, writes
from afterword.postmortems.fields.errors import ChoiceChanged
from afterword.postmortems.fields.forms import ChoiceForm, PostmortemFieldForm
from afterword.postmortems.views.reading import reader_of

TEAMS_OFFERED_MAX = 200


@require_safe
def show_fields(request: HttpRequest) -> HttpResponse:
    """Those that are asked, or with `?state=archived` the others; below them what each team has."""
    actor = reader_of(request)
    archived = request.GET.get("state") == "archived"
    every = list(reads.all_fields(actor))
    context = {
        "fields": [field for field in every if (field.archived_at is not None) == archived],
        "archived": archived,
        "in_use": not archived,
        "archived_count": sum(field.archived_at is not None for field in every),
        "may_change": actor.is_admin,
        "teams": [] if archived else reads.team_rows(actor),
    }
    return render(request, "postmortems/fields/fields.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_field(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    require_admin(actor)
    teams = list(managed_teams(actor).order_by("name", "pk")[:TEAMS_OFFERED_MAX])
    form = PostmortemFieldForm(request.POST if request.method == "POST" else None, teams=teams)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_field(actor=actor, **form.values())
            messages.success(request, f"{made} was added. Templates name it {made.slug}.")
            return redirect("postmortems:fields")
    status = 400 if form.errors else 200
    return render(request, "postmortems/fields/new_field.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def show_field(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_field(actor, unique_id)
    form = PostmortemFieldForm(request.POST if request.method == "POST" else None, field=shown)
    if form.is_valid():
        with refusals_on(form):
            writes.change_field(actor=actor, field=shown, **form.values())
            messages.success(request, f"{shown} was saved.")
            return redirect("postmortems:fields")
    if form.is_bound:
        shown = reads.get_field(actor, unique_id)
    context = {
        "form": form,
        "field": shown,
        "may_change": actor.is_admin,
        "uses": reads.count_values(shown),
        "teams": reads.teams_that_have(actor, shown),
    }
    return render(request, "postmortems/fields/field.html", context, status=400 if form.errors else 200)


@require_POST
def place(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    steps = -1 if request.POST.get("place") == "up" else 1
    writes.move_field(actor=actor, field=reads.get_field(actor, unique_id), steps=steps)
    return redirect("postmortems:fields")


@require_POST
def archival(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Archive it, or with `archived=no` ask it again."""
    actor = reader_of(request)
    shown = reads.get_field(actor, unique_id)
    try:
        if request.POST.get("archived") == "no":
            writes.restore_field(actor=actor, field=shown)
            messages.success(request, f"{shown} is asked again, where it was.")
        else:
            writes.archive_field(actor=actor, field=shown)
            messages.success(request, f"{shown} was archived. What has a value keeps it.")
    except InvalidInput as refusal:
        messages.error(request, " ".join(refusal.fields.values()) or refusal.message)
    return redirect("postmortems:field", unique_id)


@require_POST
def deletion(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Delete it, or archive it where a post-mortem has a value in it."""
    actor = reader_of(request)
    shown = reads.get_field(actor, unique_id)
    if writes.delete_field(actor=actor, field=shown):
        messages.success(request, f"{shown} was deleted.")
    else:
        messages.success(
            request, f"{shown} was archived instead: post-mortems have values in it, and keep them."
        )
    return redirect("postmortems:fields")


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Which fields the post-mortems of a team have, and which are mandatory. For its managers."""
    actor = reader_of(request)
    team = get_team(actor, unique_id)
    require_manager(actor, team)
    fields = list(reads.all_fields(actor, archived=False))
    chosen = reads.chosen_by(team)
    data = request.POST if request.method == "POST" else None
    form = ChoiceForm(data, fields=fields, chosen=chosen)
    status = 200
    if form.is_valid():
        with refusals_on(form):
            try:
                writes.choose_fields(
                    actor=actor,
                    team=team,
                    chosen=form.chosen(),
                    started_from=form.cleaned_data["started_from"] or None,
                )
                messages.success(request, f"Saved what post-mortems of {team} ask for.")
                return redirect("postmortems:fields")
            except ChoiceChanged:
                form.start_again_from(reads.chosen_by(team))
                status = 409
                raise
    if form.errors and status == 200:
        status = 400
    theirs = reads.chosen_by(team) if status == 409 else []
    context = {"form": form, "team": team, "theirs": theirs, "may_add": actor.is_admin}
    return render(request, "postmortems/fields/choice.html", context, status=status)
