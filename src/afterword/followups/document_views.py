"""The follow-ups of a post-mortem: make new ones on its incidents, choose which it shows."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write, writable_team_keys
from afterword.followups import reads, writes
from afterword.followups.forms import FollowUpForm
from afterword.followups.views import FOLLOW_UPS_PER_PAGE, rows_of
from afterword.incidents.frame import reader_of
from afterword.incidents.models import Incident
from afterword.lib.errors import InvalidInput, NotFound
from afterword.lib.forms import refusals_on
from afterword.postmortems.models import Postmortem
from afterword.postmortems.reads import get_postmortem, incidents_seen_by

SHOWN_MAX = 4 * FOLLOW_UPS_PER_PAGE


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, number: int) -> HttpResponse:
    """What is posted is a new follow-up (`incident`), or a choice (`follow_up` and `shown`)."""
    actor = reader_of(request)
    postmortem = get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    incidents = _writable(actor, postmortem)
    form = FollowUpForm(team=postmortem.team)
    error = ""
    if request.method == "POST" and "follow_up" in request.POST:
        try:
            _choose(request.POST, actor, postmortem)
            return redirect("followups:of_document", number)
        except InvalidInput as refusal:
            error = " ".join(refusal.fields.values()) or refusal.message
    elif request.method == "POST":
        incident = _picked(incidents, request.POST.get("incident", ""))
        form = FollowUpForm(request.POST, team=incident.service.team)
        if form.is_valid():
            with refusals_on(form):
                writes.create_follow_up(actor=actor, incident=incident, once=True, **form.cleaned_data)
                messages.success(request, "The follow-up is on the list.")
                return redirect("followups:of_document", number)
    search = request.GET.get("search", "")[: reads.SEARCH_CHARACTERS_MAX]
    seen = set(
        reads.visible_follow_ups(actor)
        .filter(pk__in=reads.follow_ups_in_document(postmortem).order_by().values("pk"))
        .values_list("pk", flat=True)
    )
    context = {
        "postmortem": postmortem,
        "incidents": incidents,
        "picked": request.POST.get("incident", ""),
        "form": form,
        "error": error,
        "rows": [
            (*row, row[0].pk in seen) for row in rows_of(reads.follow_ups_in_document(postmortem)[:SHOWN_MAX])
        ],
        "left_out": list(reads.follow_ups_left_out(actor, postmortem)[:SHOWN_MAX]),
        "others": list(reads.follow_ups_to_take_in(actor, postmortem, search)[: reads.TO_TAKE_IN_MAX]),
        "search": search,
    }
    status = 400 if form.errors or error else 200
    return render(request, "followups/of_document.html", context, status=status)


def _writable(actor: Person, postmortem: Postmortem) -> list[Incident]:
    teams = writable_team_keys(actor)
    return [
        incident
        for incident, is_seen in incidents_seen_by(actor, postmortem)
        if is_seen and incident.service.team_id in teams
    ]


def _picked(incidents: list[Incident], number: str) -> Incident:
    found = next((incident for incident in incidents if str(incident.number) == number), None)
    if found is None:
        raise NotFound
    return found


def _choose(given: QueryDict, actor: Person, postmortem: Postmortem) -> None:
    try:
        unique_id = uuid.UUID(str(given["follow_up"]))
    except ValueError as error:
        raise NotFound from error
    follow_up = reads.get_follow_up(actor, unique_id)
    is_shown = given.get("shown") == "1"
    writes.choose_for_document(actor=actor, postmortem=postmortem, follow_up=follow_up, is_shown=is_shown)
