"""*Add chat*: a conversation is pasted or uploaded, looked at, and what matters of it is added."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts.reads import require_write
from afterword.incidents import reads as incident_reads
from afterword.incidents.chat import pages, reads, writes
from afterword.incidents.chat.formats import Given, Reading
from afterword.incidents.chat.forms import TOO_LARGE, ChatForm
from afterword.incidents.chat.messages import MESSAGES_READ_MAX, UPLOAD_BYTES_MAX, usable_channel
from afterword.incidents.chat.reading import as_json, read_chat
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.models import EntryKind, Incident
from afterword.incidents.timeline.forms import zone_is_utc
from afterword.incidents.timeline.uploads import was_cut
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import refusals_on

READ_AT_MAX = timedelta(days=1)
"""How long ago a preview may have been shown for its “Today” to count as that day."""


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, number: int) -> HttpResponse:
    """The form; what is posted is read and shown, and added when it comes back with `step=add`."""
    actor = reader_of(request)
    incident = incident_reads.get_incident(actor, number)
    require_write(actor, incident.service.team)
    if request.method != "POST":
        return _render_form(request, incident, _form(request, incident))
    form = _form(request, incident)
    if was_cut(request):
        form.add_error("file", TOO_LARGE)
        return _render_form(request, incident, form, status=413)
    step = request.POST.get("step", "")
    if step == "again":
        return _render_form(request, incident, _form(request, incident, reads_again=True))
    if form.is_valid():
        reading, text = None, form.cleaned_data["text"]
        with refusals_on(form):
            reading, text = _read(form)
        if reading is not None:
            return _answer(request, incident, form, reading, text)
    return _render_form(request, incident, form, status=400)


@require_POST
def change_visibility(request: HttpRequest, number: int, addition: uuid.UUID) -> HttpResponse:
    """Folds away what was added together, or brings it back."""
    actor = reader_of(request)
    incident = incident_reads.get_incident(actor, number)
    hidden = request.POST.get("hidden") != "0"
    found = reads.get_addition(actor, incident, addition)
    changed = writes.hide_addition(actor=actor, addition=found, hidden=hidden)
    messages.success(request, f"{_count(changed)} {'hidden' if hidden else 'back on the timeline'}.")
    return redirect("incidents:chat", number)


def _form(request: HttpRequest, incident: Incident, *, reads_again: bool = False) -> ChatForm:
    additions = reads.additions_of(reader_of(request), incident)
    channel = additions[0].addition.channel if additions else ""
    if request.method != "POST":
        return ChatForm(incident=incident, channel=channel)
    files = None if reads_again else request.FILES
    return ChatForm(request.POST, files, incident=incident, channel=channel)


def _read(form: ChatForm) -> tuple[Reading, str]:
    """The messages, and the text that reads as the same again. Raises InvalidInput."""
    given = form.cleaned_data
    known = Given(now=_first_read_at(form), day=form.first_day, zone=form.own_zone, channel=given["channel"])
    if given["file"] is None:
        return read_chat(given["text"], known), given["text"]
    reading = read_chat(given["file"].read(), known)
    text = as_json(reading)
    if len(text.encode()) > UPLOAD_BYTES_MAX:
        raise InvalidInput(fields={"file": "This is too much to look through. Please give fewer days."})
    # From here on it is its messages in the shape of the API, so that the file need not be chosen again.
    return read_chat(text, known), text


def _first_read_at(form: ChatForm) -> datetime:
    """When the text was looked at first, as the preview carries it: “Today” stays that day past midnight."""
    now = clock.now()
    told = form.data.get("read_at", "") if form.data.get("step") == "add" else ""
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return now
    return at if at.tzinfo is not None and now - READ_AT_MAX < at <= now else now


def _answer(
    request: HttpRequest, incident: Incident, form: ChatForm, reading: Reading, text: str
) -> HttpResponse:
    actor = reader_of(request)
    channel = form.cleaned_data["channel"] or reading.channel
    try:
        channel = usable_channel(channel)
    except InvalidInput as refusal:
        form.add_error("channel", refusal.fields["channel"])
        return _render_form(request, incident, form, status=400)
    if request.POST.get("step") != "add":
        found = pages.preview(actor, incident, reading, channel)
        return _render_preview(request, incident, form, found, channel, text)
    ticked = _ticked(request.POST)
    try:
        added = writes.add_chat(
            actor=actor,
            incident=incident,
            channel=channel,
            messages=[one for place, one in enumerate(reading.messages) if place in ticked],
            origin=reading.format,
            people=pages.chosen_members(actor, reading, request.POST),
            brings_back=True,
        )
    except InvalidInput as refusal:
        found = pages.preview(
            actor, incident, reading, channel, ticked=ticked, answers=request.POST, errors=refusal.fields
        )
        return _render_preview(
            request, incident, form, found, channel, text, status=400, errors=list(refusal.fields.values())
        )
    told = [f"{_count(added.added)} added."] if added.added or not added.shown else []
    told += [f"{_count(added.shown)} back on the timeline."] if added.shown else []
    if already := added.known - added.shown:
        told.append(f"{_count(already)} on the timeline already.")
    messages.success(request, " ".join(told))
    new = f"?added={added.addition.unique_id}" if added.addition else ""
    return redirect(reverse("incidents:chat", args=[incident.number]) + new)


def _ticked(query: QueryDict) -> set[int]:
    return {
        int(value)
        for value in query.getlist("message")
        if value.isascii() and value.isdigit() and len(value) < 6
    }


def _count(number: int) -> str:
    return "1 message is" if number == 1 else f"{number:,} messages are"


def _render_form(
    request: HttpRequest, incident: Incident, form: ChatForm, *, status: int = 200
) -> HttpResponse:
    actor = reader_of(request)
    additions = reads.additions_of(actor, incident)
    new = request.GET.get("added", "")
    context = frame_incident(actor, incident) | {
        "form": form,
        "additions": additions,
        "just_added": next(
            (one for one in additions if str(one.addition.unique_id) == new and not one.hidden), None
        ),
        "timeline_url": f"{reverse('incidents:page', args=[incident.number])}?kind={EntryKind.CHAT}#timeline",
    }
    return render(request, "incidents/chat/add.html", context, status=status)


def _render_preview(
    request: HttpRequest,
    incident: Incident,
    form: ChatForm,
    found: pages.Preview,
    channel: str,
    text: str,
    *,
    status: int = 200,
    errors: list[str] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = frame_incident(reader_of(request), incident) | {
        "preview": found,
        "channel": channel,
        "text": text,
        "read_at": _first_read_at(form).isoformat(),
        "day": form.data.get("day", ""),
        "zone": form.data.get("zone", ""),
        "errors": errors or [],
        "read_max": MESSAGES_READ_MAX,
        "is_utc": zone_is_utc(),
    }
    return render(request, "incidents/chat/preview.html", context, status=status)
