"""What is known of one incident: each part has a form of its own, which the overview can show in place."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write, visible_people
from afterword.catalog.models import Meaning
from afterword.catalog.reads import role_meaning
from afterword.documents import compare_texts, fold_unchanged
from afterword.fields.reads import people_to_choose
from afterword.incidents import reads as incidents
from afterword.incidents.errors import SummaryChanged
from afterword.incidents.facts import reads, writes
from afterword.incidents.facts.errors import FieldsChanged
from afterword.incidents.facts.forms import LinkForm, ServicesForm, ValuesForm
from afterword.incidents.facts.models import SummaryVersion
from afterword.incidents.frame import frame_incident, reader_of, render_words
from afterword.incidents.models import Incident
from afterword.incidents.rules import summary_digest
from afterword.incidents.writes import assign_role
from afterword.lib.errors import InvalidInput, NotAllowed
from afterword.lib.forms import refusals_on

PEOPLE_OFFERED_MAX = 500
VERSIONS_SHOWN_MAX = 200


@require_http_methods(["GET", "HEAD", "POST"])
def services(request: HttpRequest, number: int) -> HttpResponse:
    actor, incident = _writer_of(request, number)
    form = ServicesForm(request.POST if request.method == "POST" else None, actor=actor, incident=incident)
    if form.is_valid():
        with refusals_on(form):
            writes.change_affected_services(actor=actor, incident=incident, services=form.chosen())
            messages.success(request, "What is affected is saved.")
            return redirect(_place(number, "service-title"))
    return _render(request, incident, "services", form)


@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest, number: int) -> HttpResponse:
    """The links, and a form for another one."""
    actor, incident = _writer_of(request, number)
    form = LinkForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            link = writes.add_link(actor=actor, incident=incident, **form.cleaned_data)
            messages.success(request, f"“{link.title}” is added.")
            return redirect("incidents:links", number)
    return _render(request, incident, "links", form, links=list(reads.links_of(incident)))


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor, incident = _writer_of(request, number)
    shown = reads.get_link(incident, unique_id)
    form = LinkForm.of(shown, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            writes.change_link(actor=actor, link=shown, **form.cleaned_data)
            messages.success(request, "The link is changed.")
            return redirect("incidents:links", number)
    return _render(request, incident, "link", form, link=shown)


@require_POST
def place_link(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor, incident = _writer_of(request, number)
    steps = -1 if request.POST.get("place") == "up" else 1
    writes.move_link(actor=actor, link=reads.get_link(incident, unique_id), steps=steps)
    return redirect("incidents:links", number)


@require_POST
def remove_link(request: HttpRequest, number: int, unique_id: uuid.UUID) -> HttpResponse:
    actor, incident = _writer_of(request, number)
    writes.remove_link(actor=actor, link=reads.get_link(incident, unique_id))
    messages.success(request, "The link is removed.")
    return redirect("incidents:links", number)


@require_http_methods(["GET", "HEAD", "POST"])
def values(request: HttpRequest, number: int) -> HttpResponse:
    """The custom fields. Who wrote meanwhile is shown beside what was typed here."""
    actor, incident = _writer_of(request, number)
    known = reads.values_in(actor, incident)
    people = list(people_to_choose(actor)[:PEOPLE_OFFERED_MAX])
    if request.method != "POST":
        form = ValuesForm(None, values=known, people=people)
        return _render(request, incident, "values", form)
    form = ValuesForm(request.POST, values=known, people=people)
    theirs = None
    if form.is_valid():
        try:
            writes.change_values(
                actor=actor,
                incident=incident,
                values=form.wanted(),
                started_from=form.cleaned_data["started_from"],
            )
        except InvalidInput as refusal:
            form.add_reasons(refusal.fields)
        except FieldsChanged as refusal:
            form.add_error(None, refusal.message)
            theirs = reads.values_in(actor, incident)
            form.start_again_from(theirs)
        else:
            messages.success(request, "The fields are saved.")
            return redirect(_place(number, "fields-title"))
    return _render(request, incident, "values", form, theirs=theirs)


@require_POST
def accept_participants(request: HttpRequest, number: int) -> HttpResponse:
    """Make active participants of some who are suggested, or of all of them."""
    actor, incident = _writer_of(request, number)
    role = role_meaning(Meaning.PARTICIPANT)
    if role is None:
        messages.error(request, "There is no role for active participants: an administrator can restore it.")
        return redirect(_place(number, "people-title"))
    suggested = [str(one.unique_id) for one in reads.suggest_participants(incident)]
    wanted = [key for key in suggested if key in request.POST.getlist("person")]
    added: list[str] = []
    refused: list[str] = []
    for person in visible_people(actor).filter(unique_id__in=wanted).distinct().order_by("name", "pk"):
        try:
            with transaction.atomic():
                assign_role(actor=actor, incident=incident, role=role, person=person)
        except InvalidInput as refusal:
            refused += refusal.fields.values()
        else:
            added.append(str(person))
    if added:
        messages.success(request, f"{', '.join(added)}: {str(role).lower()}.")
    for reason in refused:
        messages.error(request, reason)
    if not added and not refused:
        messages.info(request, "Nothing was changed.")
    return redirect(_place(number, "people-title"))


@require_safe
def summary_history(request: HttpRequest, number: int) -> HttpResponse:
    """What the summary said; with `?version=` one of them beside what it says now."""
    actor = reader_of(request)
    incident = incidents.get_incident(actor, number)
    versions = list(reads.summary_versions(incident)[:VERSIONS_SHOWN_MAX])
    chosen = _chosen(request, incident, versions)
    before = next((one for one in versions if chosen and one.number < chosen.number), None)
    context = frame_incident(actor, incident) | {
        "versions": versions,
        "newest": versions[0].number if versions else 0,
        "chosen": chosen,
        "before": before,
        "text": mark_safe(render_words(chosen.text, "summary")) if chosen else "",  # noqa: S308 - cleaned
        "lines": fold_unchanged(compare_texts(before.text if before else "", chosen.text)) if chosen else [],
        "is_current": chosen is not None and chosen.text == incident.summary,
        "started_from": summary_digest(incident.summary),
    }
    return render(request, "incidents/facts/summary_history.html", context)


@require_POST
def restore_summary(request: HttpRequest, number: int, version: int) -> HttpResponse:
    actor, incident = _writer_of(request, number)
    found = reads.get_summary_version(incident, version)
    try:
        writes.restore_summary(
            actor=actor,
            incident=incident,
            version=found,
            started_from=request.POST.get("started_from") or None,
        )
    except SummaryChanged as refusal:
        messages.error(request, refusal.message)
        return redirect(f"{reverse('incidents:summary_history', args=[number])}?version={version}")
    messages.success(request, f"Version {version} is the summary again.")
    return redirect("incidents:page", number)


def _chosen(
    request: HttpRequest, incident: Incident, versions: list[SummaryVersion]
) -> SummaryVersion | None:
    asked = request.GET.get("version", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return reads.get_summary_version(incident, int(asked))
    return versions[0] if versions else None


def _writer_of(request: HttpRequest, number: int) -> tuple[Person, Incident]:
    actor = reader_of(request)
    incident = incidents.get_incident(actor, number)
    require_write(actor, incident.service.team)
    return actor, incident


def _place(number: int, anchor: str) -> str:
    return f"{reverse('incidents:page', args=[number])}#{anchor}"


def _render(request: HttpRequest, incident: Incident, page: str, form: Any, **more: Any) -> HttpResponse:
    context = frame_incident(reader_of(request), incident, form=form, **more)
    if not context["may_write"]:
        raise NotAllowed("You can read this, but not change it.")
    status = 400 if form.errors else 200
    return render(request, f"incidents/facts/{page}.html", context, status=status)
