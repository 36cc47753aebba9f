"""The pages of incidents. Each reads its request, calls one read or write, and shows the result."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.catalog.models import Meaning
from afterword.catalog.reads import Upstream, role_meaning, visible_services
from afterword.incidents import reads, rules, writes
from afterword.incidents.errors import AlreadyAcknowledged, AlreadyResolved
from afterword.incidents.facts import reads as facts
from afterword.incidents.facts import writes as fact_writes
from afterword.incidents.facts.errors import FieldsMissing
from afterword.incidents.forms import (
    EditIncidentForm,
    FilterForm,
    NewIncidentForm,
    ResolutionForm,
    ResponseForm,
    RoleForm,
)
from afterword.incidents.frame import frame_incident, reader_of, render_words
from afterword.incidents.models import Alert, Change, Incident
from afterword.incidents.timeline.forms import NoteForm
from afterword.incidents.timeline.pages import address_of, describe_timeline
from afterword.incidents.timeline.views import attach_given
from afterword.lib import clock
from afterword.lib.errors import NotAllowed
from afterword.lib.forms import refusals_on

INCIDENTS_PER_PAGE = 50
ALERTS_PER_PAGE = 50
CHANGES_PER_PAGE = 50
CHANGES_BESIDE_MAX = 5
"""Beside the timeline, of those before the start; all of them stand on their own page."""
PAYLOAD_CHARACTERS_SHOWN_MAX = 20_000
ENTITIES_SHOWN_MAX = 20
LIVE_HEADER = "X-Live-Version"
"""Sent by a page that is open already, with the version that it shows: it wants only what may be new."""


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    form = FilterForm(request.GET, actor=actor)
    wanted = form.wanted()
    found = reads.find_incidents(actor, wanted) if wanted else reads.no_incidents()
    pages = Paginator(found, INCIDENTS_PER_PAGE)
    pages.count = reads.count_incidents(actor, wanted) if wanted else 0
    page = pages.get_page(request.GET.get("page"))
    now = clock.now()
    rows = [(incident, rules.lasted(incident, now)) for incident in page]
    narrows = wanted is None or wanted.narrows
    return render(
        request,
        "incidents/list.html",
        {
            "form": form,
            "more_query": _with_more(request),
            "page": page,
            "rows": rows,
            "narrows": narrows,
            "may_write": actor.may_write,
            "has_services": bool(rows) or narrows or visible_services(actor).exists(),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    if not actor.may_write:
        raise NotAllowed("You can read incidents, but not report them.")
    given = request.POST if request.method == "POST" else None
    form = NewIncidentForm(given, actor=actor, initial={"service": request.GET.get("service")})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            incident = writes.create_incident(
                actor=actor,
                service=form.chosen_service(),
                title=form.cleaned_data["title"],
                summary=form.cleaned_data["summary"],
                started_at=form.cleaned_data["started_at"],
                is_private=form.cleaned_data["is_private"],
                once=True,
            )
            messages.success(request, f"Incident #{incident.number} is reported.")
            return redirect("incidents:page", incident.number)
    return render(request, "incidents/new.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    return _show_overview(request, reads.get_incident(reader_of(request), number))


@require_safe
def show_alerts(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    context = frame_incident(actor, incident)
    pages = Paginator(reads.alerts_of(actor, incident), ALERTS_PER_PAGE)
    pages.count = context["counts"].alerts
    page = pages.get_page(request.GET.get("page"))
    context |= {"page": page, "alerts": [ShownAlert.of(alert) for alert in page]}
    return render(request, "incidents/alerts.html", context)


@require_safe
def show_changes(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    context = frame_incident(actor, incident)
    around = context["services_around"]
    changes = reads.changes_around(actor, incident, now=context["now"], services=around)
    pages = Paginator(changes, CHANGES_PER_PAGE)
    pages.count = context["counts"].changes
    page = pages.get_page(request.GET.get("page"))
    context |= {
        "page": page,
        "changes": [ShownChange.of(change, incident, around) for change in page],
        "hours_before": reads.CHANGES_BEFORE_HOURS,
    }
    return render(request, "incidents/changes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_response(request: HttpRequest, number: int) -> HttpResponse:
    """Severity, type, priority, SLA, policy and tags; the roles have forms of their own on the same page."""
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    if request.method == "POST":
        form = ResponseForm(request.POST, actor=actor, incident=incident)
        if form.is_valid():
            with refusals_on(form), transaction.atomic():
                chosen = form.chosen()
                fact_writes.change_severity(actor=actor, incident=incident, severity=chosen["severity"])
                fact_writes.change_incident_type(
                    actor=actor, incident=incident, incident_type=chosen["incident_type"]
                )
                writes.change_priority(actor=actor, incident=incident, priority=chosen["priority"])
                writes.change_sla(actor=actor, incident=incident, sla=chosen["sla"])
                writes.change_escalation_policy(
                    actor=actor, incident=incident, escalation_policy=chosen["escalation_policy"]
                )
                writes.change_tags(actor=actor, incident=incident, tags=chosen["tags"])
                messages.success(request, "The incident is changed.")
                return redirect("incidents:page", number)
        return _show_response(request, incident, form=form)
    return _show_response(request, incident)


@require_POST
def assign_role(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    form = RoleForm(request.POST, actor=actor, auto_id="role_%s")
    if form.is_valid():
        with refusals_on(form):
            role, person = form.chosen()
            writes.assign_role(actor=actor, incident=incident, role=role, person=person)
            messages.success(request, f"{person} has the role “{role}”.")
            return redirect("incidents:page" if request.POST.get("back") else "incidents:response", number)
    return _show_response(request, incident, role_form=form)


@require_POST
def take_role(request: HttpRequest, number: int, assignment: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    found = reads.roles_in(actor, incident).filter(pk=assignment).first()
    if found is not None:
        writes.take_role(actor=actor, incident=incident, role=found.role, person=found.person)
        messages.success(request, f"{found.person} has the role “{found.role}” no more.")
    return redirect("incidents:response", number)


@require_POST
def acknowledge(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    try:
        writes.acknowledge_incident(actor=actor, incident=incident)
    except (AlreadyAcknowledged, AlreadyResolved) as error:
        messages.info(request, f"{error.message} Nothing was changed.")
    else:
        messages.success(request, "You have acknowledged the incident.")
    return redirect("incidents:page", number)


@require_POST
def resolve(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    form = ResolutionForm(request.POST, auto_id="resolution_%s")
    if form.is_valid():
        with refusals_on(form):
            try:
                writes.resolve_incident(actor=actor, incident=incident, at=form.cleaned_data["at"])
            except AlreadyResolved as error:
                # A second click, or two people at once: what both wanted is done.
                messages.info(request, f"{error.message} Nothing was changed.")
            except FieldsMissing as error:
                messages.error(request, error.message)
                return redirect("incidents:values", number)
            else:
                messages.success(request, "The incident is resolved.")
    if form.errors:
        return _show_overview(request, incident, resolution_form=form)
    return redirect("incidents:post_incident", number)


@require_POST
def note(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    require_write(actor, incident.service.team)
    form = NoteForm(request.POST, request.FILES, auto_id="note_%s")
    status = 400
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("text", "at", "mark", "starred")}
        entry, status = attach_given(request, form, incident, None, **given)
        if entry is not None:
            messages.success(request, "Your note is in the timeline.")
            return redirect(address_of(entry))
    return _show_overview(request, incident, status=status, note_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    context = frame_incident(actor, incident)
    if not context["may_write"]:
        raise NotAllowed("You can read this, but not change it.")
    form = EditIncidentForm(request.POST) if request.method == "POST" else EditIncidentForm.of(incident)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_on(form), transaction.atomic():
            if given["title"] != given["title_before"]:
                # Who only wrote the summary does not take back the name that someone gave it meanwhile.
                writes.change_title(actor=actor, incident=incident, title=given["title"])
            writes.change_summary(
                actor=actor, incident=incident, summary=given["summary"], started_from=given["started_from"]
            )
            messages.success(request, "The incident is changed.")
            return redirect("incidents:page", number)
    if form.errors:
        incident = reads.get_incident(actor, number)
        context |= {"theirs": incident.summary if form.missed(incident) else None}
    context |= {"form": form}
    return render(request, "incidents/edit.html", context, status=400 if form.errors else 200)


def _with_more(request: HttpRequest) -> str:
    """The filters that are set, and the wish for more of them."""
    query = request.GET.copy()
    query["more"] = "1"
    query.pop("page", None)
    return query.urlencode()


@dataclass(frozen=True)
class ShownAlert:
    """An alert with its links made safe and its payload made readable."""

    alert: Alert
    links: list[rules.AlertLink]
    images: list[rules.AlertLink]
    payload: str
    payload_is_cut: bool

    @classmethod
    def of(cls, alert: Alert) -> ShownAlert:
        payload = ""
        if alert.payload is not None:
            payload = json.dumps(alert.payload, indent=2, ensure_ascii=False)
        shown = payload[:PAYLOAD_CHARACTERS_SHOWN_MAX]
        links, images = rules.alert_links(alert.urls), rules.alert_images(alert.images)
        return cls(alert, links, images, shown, len(shown) < len(payload))


@dataclass(frozen=True)
class ShownChange:
    """A change with its links made safe, and how far it was from the start of the incident."""

    change: Change
    distance: str
    is_before: bool
    links: list[rules.AlertLink]
    upstream: Upstream | None
    """Where it was made to something that the incident's services depend on."""

    @classmethod
    def of(cls, change: Change, incident: Incident, around: reads.ServicesAround) -> ShownChange:
        start = incident.started_at
        distance = rules.describe_distance(start, change.at)
        links, upstream = rules.alert_links(change.links), around.upstream.get(change.service_id)
        return cls(change, distance, change.at <= start, links, upstream)


def _show_response(request: HttpRequest, incident: Incident, **forms: Any) -> HttpResponse:
    actor = reader_of(request)
    context = frame_incident(actor, incident)
    if not context["may_write"]:
        raise NotAllowed("You can read this, but not change it.")
    context |= {
        "form": ResponseForm(actor=actor, incident=incident),
        "role_form": RoleForm(actor=actor, auto_id="role_%s"),
        "roles": list(reads.roles_in(actor, incident)),
        **forms,
    }
    failed = any(form.errors for form in forms.values())
    return render(request, "incidents/response.html", context, status=400 if failed else 200)


def _show_overview(
    request: HttpRequest, incident: Incident, *, status: int = 400, **forms: Any
) -> HttpResponse:
    actor = reader_of(request)
    seen = request.headers.get(LIVE_HEADER)
    if seen is not None and seen == str(incident.version):
        return HttpResponse(status=204)
    context = frame_incident(actor, incident, note_form=NoteForm(auto_id="note_%s")) | forms
    entities = list(incident.entities.order_by("joined_at", "pk")[: ENTITIES_SHOWN_MAX + 1])
    context |= {
        # Said, because a form that comes back with its errors stands at an address of its own.
        "is_overview": True,
        "summary_html": mark_safe(render_words(incident.summary, "summary")),  # noqa: S308 - cleaned there
        "timestamps": rules.key_timestamps(incident),
        "durations": rules.milestone_durations(incident),
        "clocks": rules.sla_clocks(incident, context["now"]),
        "tags": list(incident.tags.all()),
        **_people_beside(actor, incident, may_write=context["may_write"]),
        "entities": entities[:ENTITIES_SHOWN_MAX],
        "entity_count": incident.entities.count() if len(entities) > ENTITIES_SHOWN_MAX else len(entities),
        "changes": _changes_beside(actor, incident, context["now"], context["services_around"]),
        "affected": list(facts.affected_services(actor, incident)),
        "links": list(facts.links_of(incident)),
        "values": facts.values_in(actor, incident),
        "page_address": request.get_full_path() if request.method in ("GET", "HEAD") else "",
        **describe_timeline(request, incident, may_write=context["may_write"]),
    }
    failed = any(form.errors for form in forms.values())
    template = "incidents/overview.html" if seen is None else "incidents/timeline/live.html"
    response = render(request, template, context, status=status if failed else 200)
    patch_vary_headers(response, [LIVE_HEADER])
    return response


def _people_beside(actor: Person, incident: Incident, *, may_write: bool) -> dict[str, Any]:
    """Who does what; for those who may change it also whom the timeline suggests, and the lead's role."""
    roles = list(reads.roles_in(actor, incident))
    has_lead = any(one.role.meaning == Meaning.LEAD for one in roles)
    return {
        "roles": roles,
        "has_lead": has_lead,
        "lead_role": role_meaning(Meaning.LEAD) if may_write and not has_lead else None,
        "suggested": facts.suggest_participants(incident) if may_write else [],
    }


def _changes_beside(
    actor: Person, incident: Incident, now: datetime, around: reads.ServicesAround
) -> list[ShownChange]:
    """Those to its services first; what is upstream gets what room is left."""
    changes = reads.changes_around(actor, incident, now=now, services=around)
    before = changes.filter(at__lte=incident.started_at)
    found: list[Change] = []
    for services in (around.own, around.upstream):
        room = CHANGES_BESIDE_MAX - len(found)
        if room and services:
            found += before.filter(service__in=list(services))[:room]
    return [ShownChange.of(change, incident, around) for change in found]
