"""The page of an integration's mapping."""

from __future__ import annotations

import json
import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person
from afterword.catalog.models import Integration, IntegrationKind
from afterword.incidents.alert_rules import ALERT_TYPES
from afterword.ingest import reads, rehearsals, writes
from afterword.ingest.forms.conditions import JOINS
from afterword.ingest.forms.mapping import (
    MappingForm,
    mapping_form_of,
    new_mapping_form,
    read_mapping_form,
)
from afterword.ingest.models import Mapping
from afterword.ingest.rules.conditions import COMPARISONS
from afterword.ingest.rules.rewriting import for_mapping
from afterword.ingest.trees import grow
from afterword.ingest.versions import version_of
from afterword.ingest.views.pages import CHANGE, SEEN, frame_of, integration_of, posted_of, reader_of, seen_by
from afterword.ingest.views.samples import PASTED, Sample, choose_sample
from afterword.lib.errors import InvalidInput

SAVED = "The mapping was saved. It is off: switch it on when the result is right."
SAVED_AND_ON = "The mapping was saved. What comes in from now on is mapped by it."


@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """The mapping, built with the last bodies. A POST saves it, or does what one of its buttons says."""
    actor, shown = reader_of(request), integration_of(request, unique_id)
    kept = reads.find_mapping(actor, shown)
    if request.method != "POST":
        form = mapping_form_of(kept.definition) if kept else new_mapping_form()
        return _page(request, shown, kept, form)
    accounts.require_manager(actor, shown.service.team)
    form = read_mapping_form(posted_of(request))
    told = request.POST.get(CHANGE)
    if told:
        form.change(told)
        return _page(request, shown, kept, form, is_changed=True)
    try:
        saved = writes.save_mapping(
            actor=actor, integration=shown, definition=form.definition, seen=request.POST.get(SEEN)
        )
    except writes.ChangedMeanwhile as refusal:
        form.refuse(refusal.message, {})
        kept = reads.find_mapping(actor, shown)
        return _page(
            request, shown, kept, form, is_changed=True, seen=version_of(kept), status=HTTPStatus.CONFLICT
        )
    except InvalidInput as refusal:
        form.refuse(refusal.message, refusal.fields)
        return _page(request, shown, kept, form, is_changed=True, status=HTTPStatus.BAD_REQUEST)
    messages.success(request, SAVED_AND_ON if saved.is_enabled else SAVED)
    return redirect("ingest:mapping", unique_id)


@require_POST
def preview(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """A fragment: what the form makes of the chosen body."""
    actor, shown = reader_of(request), integration_of(request, unique_id)
    sample = choose_sample(actor, shown, request.POST.dict())
    form = read_mapping_form(posted_of(request))
    return render(request, "ingest/_mapping_result.html", _result(actor, shown, form.definition, sample))


@require_POST
def switch(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Switch mapping on or off, and rewrite the rules that would look in the wrong place when asked."""
    actor, shown = reader_of(request), integration_of(request, unique_id)
    on = request.POST.get("enabled") == "yes"
    try:
        writes.switch_mapping(
            actor=actor,
            integration=shown,
            on=on,
            rewrite_rules=request.POST.get("rewrite_rules") == "on",
        )
    except InvalidInput as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request,
            "Mapping is on: any JSON is let in." if on else "Mapping is off: bodies are generic again.",
        )
    return redirect("ingest:mapping", unique_id)


def _page(
    request: HttpRequest,
    integration: Integration,
    kept: Mapping | None,
    form: MappingForm,
    *,
    is_changed: bool = False,
    seen: str | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    actor = reader_of(request)
    sample = choose_sample(actor, integration, request.POST.dict())
    if sample.is_there:
        sample.trees = [grow("payload", sample.value)]
    is_enabled = kept is not None and kept.is_enabled
    context = {
        **frame_of(actor, integration),
        "kept": kept,
        "seen": seen_by(request, kept) if seen is None else seen,
        "is_enabled": is_enabled,
        "is_generic": integration.kind == IntegrationKind.GENERIC,
        "form": form,
        "is_changed": is_changed,
        "sample": sample,
        "pasted_choice": PASTED,
        "alert_types": ALERT_TYPES,
        "joins": JOINS,
        "comparisons": COMPARISONS,
        "breaking": _breaking_rules(actor, integration, is_mapped=not is_enabled),
        "broken": _breaking_rules(actor, integration, is_mapped=is_enabled) if kept else [],
        **_result(actor, integration, form.definition, sample),
    }
    return render(request, "ingest/mapping.html", context, status=status)


def _result(actor: Person, integration: Integration, definition: Any, sample: Sample) -> dict[str, Any]:
    """What the definition makes of the body, or why it makes nothing."""
    if not sample.is_there:
        return {"result": None, "sample": sample}
    try:
        result = rehearsals.rehearse_mapping(actor, integration, definition=definition, body=sample.value)
    except InvalidInput as refusal:
        return {"result": None, "sample": sample, "refusals": refusal.fields}
    payload = json.dumps(result.payload, ensure_ascii=False, indent=2)
    return {"result": result, "sample": sample, "payload_text": payload}


def _breaking_rules(actor: Person, integration: Integration, *, is_mapped: bool) -> list[dict[str, Any]]:
    """Rules that would look for the payload in the wrong place, and what they would have to say."""
    found = []
    for rule in reads.alert_rules(actor, integration):
        said = for_mapping(rule.conditions, rule.actions, is_mapped=is_mapped)
        if said.changes:
            found.append({"rule": rule, "changes": said.changes})
    return found
