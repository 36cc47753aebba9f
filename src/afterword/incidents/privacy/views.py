"""The page "Who sees it" of an incident."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts.reads import require_write
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.models import Incident
from afterword.incidents.privacy import reads, writes
from afterword.incidents.privacy.forms import MembersForm
from afterword.incidents.reads import get_incident
from afterword.lib.errors import Conflict, InvalidInput, NotFound
from afterword.lib.forms import refusals_on

CHOICES_MAX = 500


@require_http_methods(["GET", "HEAD", "POST"])
def show_privacy(request: HttpRequest, number: int) -> HttpResponse:
    """What is posted makes it private, with members; makes it public; or adds members."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    if request.method != "POST":
        return _show(request, incident)
    require_write(actor, incident.service.team)
    form = _form(request, incident)
    if form.is_valid():
        with refusals_on(form):
            if request.POST.get("private") == "1":
                writes.make_private(actor=actor, incident=incident, people=form.chosen())
                messages.success(request, "Only its members see the incident now.")
            elif request.POST.get("private") == "0":
                writes.make_public(actor=actor, incident=incident)
                messages.success(request, "Its team sees the incident again.")
            else:
                writes.add_members(actor=actor, incident=incident, people=form.chosen())
                messages.success(request, "The members are changed.")
            return redirect("incidents:privacy", number)
    return _show(request, incident, form)


@require_POST
def remove_member(request: HttpRequest, number: int, person: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    require_write(actor, incident.service.team)
    found = reads.members_of(incident).filter(person__unique_id=person).first()
    if found is None:
        raise NotFound
    try:
        writes.remove_member(actor=actor, incident=incident, person=found.person)
    except (InvalidInput, Conflict) as refusal:
        messages.error(request, " ".join(refusal.fields.values()) or refusal.message)
    else:
        messages.success(request, f"{found.person} is a member no more.")
        if found.person == actor:
            return redirect("incidents:list")
    return redirect("incidents:privacy", number)


def _form(request: HttpRequest, incident: Incident) -> MembersForm:
    actor = reader_of(request)
    listed = reads.members_of(incident).order_by().values("person")
    others = reads.possible_members(actor, incident).exclude(pk__in=listed).exclude(pk=actor.pk)
    return MembersForm(request.POST if request.method == "POST" else None, people=list(others[:CHOICES_MAX]))


def _show(request: HttpRequest, incident: Incident, form: MembersForm | None = None) -> HttpResponse:
    context = frame_incident(reader_of(request), incident) | {
        "form": form or _form(request, incident),
        "members": list(reads.members_of(incident)[: writes.MEMBERS_MAX]),
        "members_by_role": reads.members_by_role(incident),
        "admins_see": reads.admins_see_private(),
    }
    return render(request, "incidents/privacy.html", context, status=400 if form is not None else 200)
