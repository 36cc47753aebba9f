"""The pages of a timeline: its entries, their evidence, the key timestamps."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.reads import require_write
from afterword.incidents import reads, writes
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.models import Entry, EntryKind, EntryMark, Incident
from afterword.incidents.rules import milestone_durations
from afterword.incidents.timeline import files
from afterword.incidents.timeline.errors import (
    EntryChanged,
    FileRefused,
    FileTooLarge,
    TimestampsChanged,
)
from afterword.incidents.timeline.forms import CorrectionForm, EvidenceForm, TimestampsForm, read_ids
from afterword.incidents.timeline.models import PICTURES, Evidence, EvidenceKind
from afterword.incidents.timeline.pages import TimelineLine, address_of, way_back
from afterword.incidents.timeline.reads import get_entry, get_evidence, repeated_alerts, revisions_of
from afterword.incidents.timeline.uploads import was_cut
from afterword.incidents.writes.evidence import file_too_large
from afterword.incidents.writes.timeline import ENTRIES_AT_ONCE_MAX
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import refusals_on

FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""What a file may do when a browser shows it after all: nothing."""


@require_http_methods(["GET", "HEAD", "POST"])
def show_entry(request: HttpRequest, number: int, entry: uuid.UUID) -> HttpResponse:
    """One entry with its evidence and its history; what is posted is a correction."""
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    shown = get_entry(actor, incident, entry)
    if request.method != "POST":
        return _render_entry(request, incident, shown)
    require_write(actor, incident.service.team)
    form = CorrectionForm(request.POST, entry=shown)
    if form.is_valid():
        with refusals_on(form):
            corrected = writes.correct_entry(actor=actor, entry=shown, **form.changes())
            messages.success(request, "The entry is corrected.")
            return redirect(address_of(corrected))
    shown = get_entry(actor, incident, entry)
    if form.data.get("started_from") != str(shown.edition):
        form.start_again_from(shown)
        status = 422 if request.headers.get("HX-Request") == "true" else EntryChanged.status
        return _render_entry(request, incident, shown, form=form, theirs=shown, status=status)
    return _render_entry(request, incident, shown, form=form, status=400)


@require_POST
def star(request: HttpRequest, number: int, entry: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    found = get_entry(actor, reads.get_incident(actor, number), entry)
    writes.star_entry(actor=actor, entry=found, starred=request.POST.get("starred") == "1")
    return redirect(way_back(request, number, f"entry-{found.unique_id}"))


@require_POST
def mark(request: HttpRequest, number: int, entry: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    found = get_entry(actor, reads.get_incident(actor, number), entry)
    writes.mark_entry(actor=actor, entry=found, mark=request.POST.get("mark", ""))
    messages.success(request, "The entry is marked." if request.POST.get("mark") else "The mark is gone.")
    return redirect("incidents:entry", number, found.unique_id)


@require_POST
def change_visibility(request: HttpRequest, number: int) -> HttpResponse:
    """Hides or brings back the entries that were chosen; or hides the alerts that only repeat others."""
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    hidden = request.POST.get("hidden") != "0"
    try:
        chosen = read_ids(request.POST.getlist("entries"))
        if request.POST.get("repeated") == "1":
            require_write(actor, incident.service.team)
            chosen = repeated_alerts(actor, incident)[:ENTRIES_AT_ONCE_MAX]
        changed = writes.hide_entries(actor=actor, incident=incident, entries=chosen, hidden=hidden)
    except InvalidInput as refusal:
        messages.error(request, " ".join(refusal.fields.values()) or refusal.message)
        return redirect(way_back(request, number))
    count = f"{len(changed)} {'entry' if len(changed) == 1 else 'entries'}"
    are = "is" if len(changed) == 1 else "are"
    messages.success(request, f"{count} {are} hidden." if hidden else f"{count} {are} back.")
    return redirect(way_back(request, number))


@require_POST
def attach(request: HttpRequest, number: int, entry: uuid.UUID) -> HttpResponse:
    """A link, a file, or both."""
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    found = get_entry(actor, incident, entry)
    form = EvidenceForm(request.POST, request.FILES, auto_id="evidence_%s")
    status = 400
    require_write(actor, incident.service.team)
    if form.is_valid():
        if not (form.cleaned_data["url"] or form.cleaned_data["file"] or was_cut(request)):
            form.add_error(None, "Please give a link or choose a file.")
        else:
            made, status = attach_given(request, form, incident, found)
            if made is not None:
                messages.success(request, "It is attached.")
                return redirect("incidents:entry", number, found.unique_id)
    return _render_entry(request, incident, found, evidence_form=form, status=status)


def attach_given(
    request: HttpRequest, form: EvidenceForm, incident: Incident, entry: Entry | None, **note: Any
) -> tuple[Entry | None, int]:
    """Attach what a form gives to an entry, or to a new note; all of it or nothing.

    The entry; or None and the status to answer with, and what was refused stands on the form.
    """
    actor, given = reader_of(request), form.cleaned_data
    done: Entry | None = None
    try:
        if was_cut(request):
            raise file_too_large()
        with refusals_on(form):
            prepared = None
            if given["file"]:
                if given["file"].size > settings.UPLOAD_BYTES_MAX:
                    raise file_too_large()
                prepared = writes.prepare_file(
                    actor=actor,
                    incident=incident,
                    data=given["file"].read(),
                    file_name=given["file"].name,
                    title=given["title"],
                    url=given["url"],
                )
            with transaction.atomic():
                if entry is None:
                    entry = writes.add_note(actor=actor, incident=incident, **note)
                if given["url"] and not (prepared and prepared.url):
                    title = "" if prepared else given["title"]
                    writes.attach_link(actor=actor, entry=entry, url=given["url"], title=title)
                if prepared:
                    writes.attach_prepared(actor=actor, entry=entry, evidence=prepared)
            done = entry
    except (FileRefused, FileTooLarge) as refusal:
        form.add_error("file", refusal.message)
        return None, refusal.status
    return done, 400


@require_safe
def show_evidence(request: HttpRequest, number: int, evidence: uuid.UUID) -> HttpResponseBase:
    """The file of a piece of evidence; a link is led on to."""
    actor = reader_of(request)
    found = get_evidence(actor, reads.get_incident(actor, number), evidence)
    if found.kind == EvidenceKind.LINK:
        return redirect("incidents:entry", number, found.entry.unique_id)
    return hand_out(found)


def hand_out(evidence: Evidence) -> HttpResponse:
    """The bytes, such that no browser does more with them than show a picture or save a file."""
    is_image = evidence.kind in PICTURES
    response = HttpResponse(files.read_file(evidence.digest), content_type=evidence.media_type)
    if evidence.media_type.startswith("text/"):
        response["Content-Type"] = f"{evidence.media_type}; charset=utf-8"
    disposition = content_disposition_header(not is_image, evidence.file_name)
    response["Content-Disposition"] = disposition or "inline"
    response["Content-Security-Policy"] = FILE_POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Rights are asked for again each time.
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = f'"{evidence.digest}"'
    return response


@require_POST
def remove_evidence(request: HttpRequest, number: int, evidence: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    found = get_evidence(actor, reads.get_incident(actor, number), evidence)
    writes.remove_evidence(actor=actor, evidence=found)
    messages.success(request, "It is taken away. The audit log knows what it was.")
    return redirect("incidents:entry", number, found.entry.unique_id)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_timestamps(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = reads.get_incident(actor, number)
    require_write(actor, incident.service.team)
    form = TimestampsForm(request.POST if request.method == "POST" else None, incident=incident)
    status = 200
    theirs = None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            with refusals_on(form):
                try:
                    started_from = form.cleaned_data["started_from"]
                    writes.change_timestamps(
                        actor=actor, incident=incident, times=form.changes(), started_from=started_from
                    )
                    messages.success(request, "The key timestamps are set.")
                    return redirect(reverse("incidents:page", args=[number]) + "#timestamps-title")
                except TimestampsChanged:
                    status = 422 if request.headers.get("HX-Request") == "true" else TimestampsChanged.status
                    theirs = reads.get_incident(actor, number)
                    form.start_again()
                    raise
    context = frame_incident(actor, incident) | {
        "form": form,
        "durations": milestone_durations(incident),
        "theirs": [(field.label, form.times[field.name]) for field in form.time_fields] if theirs else [],
    }
    return render(request, "incidents/timeline/timestamps.html", context, status=status)


@require_safe
def refuse_to_watch(request: HttpRequest, number: int) -> HttpResponse:
    """The stream is answered before Django (`watching.py`); where that is not mounted, pages ask."""
    reads.get_incident(reader_of(request), number)
    return HttpResponse(status=204)


def _render_entry(
    request: HttpRequest,
    incident: Incident,
    entry: Entry,
    *,
    form: CorrectionForm | None = None,
    evidence_form: EvidenceForm | None = None,
    theirs: Entry | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = reader_of(request)
    context = frame_incident(actor, incident) | {
        "line": TimelineLine.of(entry, incident),
        "is_note": entry.kind == EntryKind.NOTE,
        "form": form or CorrectionForm(entry=entry),
        "evidence_form": evidence_form or EvidenceForm(auto_id="evidence_%s"),
        "theirs": theirs,
        "revisions": list(revisions_of(actor, entry)),
        "marks": [("", "Nothing special"), *EntryMark.choices],
        "page_url": address_of(entry),
    }
    return render(request, "incidents/timeline/entry.html", context, status=status)
