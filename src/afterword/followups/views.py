"""The pages of follow-ups."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.reads import require_write
from afterword.followups import reads, rules, writes
from afterword.followups.forms import EditFollowUpForm, FilterForm, FollowUpForm
from afterword.followups.models import FollowUp
from afterword.followups.reads import TO_DO
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.reads import get_incident
from afterword.lib.forms import refusals_on

FOLLOW_UPS_PER_PAGE = 50

Row = tuple[FollowUp, bool, tuple[tuple[str, str], ...]]
"""A follow-up, whether it is overdue, and what can be done with it next."""


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    given = request.GET.copy()
    given.setdefault("status", TO_DO)
    form = FilterForm(given)
    wanted = form.wanted()
    found = reads.find_follow_ups(actor, wanted) if wanted else reads.no_follow_ups()
    page = Paginator(reads.with_parts_apart(found), FOLLOW_UPS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": rows_of(page.object_list),
        "may_write": actor.may_write,
        "there_are_any": bool(page.object_list) or reads.visible_follow_ups(actor).exists(),
    }
    return render(request, "followups/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def show_of_incident(request: HttpRequest, number: int) -> HttpResponse:
    """A tab of the incident; to htmx, only what is in it. What is posted is a new follow-up."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    team = incident.service.team
    form = FollowUpForm(team=team)
    if request.method == "POST":
        require_write(actor, team)
        form = FollowUpForm(request.POST, team=team)
        if form.is_valid():
            with refusals_on(form):
                writes.create_follow_up(actor=actor, incident=incident, once=True, **form.cleaned_data)
                messages.success(request, "The follow-up is on the list.")
                return redirect("followups:of_incident", number)
    is_fragment = request.headers.get("HX-Request") == "true"
    context = frame_incident(
        actor,
        incident,
        form=form,
        rows=rows_of(reads.follow_ups_of(actor, incident)[: reads.OF_INCIDENT_MAX]),
    )
    template = "followups/part.html" if is_fragment else "followups/of_incident.html"
    response = render(request, template, context, status=400 if form.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    follow_up = reads.get_follow_up(actor, unique_id)
    require_write(actor, follow_up.team)
    form = EditFollowUpForm.of(follow_up, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            writes.change_follow_up(actor=actor, follow_up=follow_up, **form.cleaned_data)
            messages.success(request, "The follow-up is changed.")
            if follow_up.incident is None:
                return redirect("followups:list")
            return redirect("followups:of_incident", follow_up.incident.number)
    context = {"form": form, "follow_up": follow_up}
    if form.errors:
        present = reads.get_follow_up(actor, unique_id)
        context |= {"follow_up": present, "theirs": present if form.missed(present) else None}
    return render(request, "followups/edit.html", context, status=400 if form.errors else 200)


@require_POST
def change_status(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Then back to the page where the button was."""
    actor = reader_of(request)
    follow_up = reads.get_follow_up(actor, unique_id)
    follow_up = writes.change_status(actor=actor, follow_up=follow_up, status=request.POST.get("status", ""))
    messages.success(request, f"“{follow_up.title}” is {follow_up.get_status_display().lower()}.")
    back = request.POST.get("next", "")
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("followups:list")


def rows_of(follow_ups: Iterable[FollowUp]) -> list[Row]:
    today = timezone.localdate()
    return [
        (item, rules.is_overdue(item.status, item.due_on, today), rules.NEXT_STATUSES[item.status])
        for item in follow_ups
    ]
