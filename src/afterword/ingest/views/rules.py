"""The pages of an integration's alert rules."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts import reads as accounts
from afterword.accounts.forms import time_zone_choices
from afterword.accounts.models import Person
from afterword.catalog.models import Integration
from afterword.incidents.alert_rules import ALERT_TYPES
from afterword.ingest import reads, rehearsals, writes
from afterword.ingest.formats import BadSignal
from afterword.ingest.forms.conditions import DAY_NAMES, JOINS
from afterword.ingest.forms.rule import NEW_ACTION, RuleForm, new_rule_form, read_rule_form, rule_form_of
from afterword.ingest.models import AlertRule
from afterword.ingest.rule_targets import RuleTargets, canonical
from afterword.ingest.rules import FIELDS, AlertFacts, RuleOutcome
from afterword.ingest.rules.actions import ACTIONS
from afterword.ingest.rules.conditions import COMPARISONS, OPERATORS
from afterword.ingest.rules.words import UNKNOWN, describe_actions, describe_condition
from afterword.ingest.trees import grow
from afterword.ingest.trials import Trial, read_alert
from afterword.ingest.versions import version_of
from afterword.ingest.views.pages import CHANGE, SEEN, frame_of, integration_of, posted_of, reader_of, seen_by
from afterword.ingest.views.samples import Sample, choose_sample
from afterword.ingest.writes.rules import WITHOUT_ALERTS
from afterword.lib.errors import InvalidInput

TRY = "try"
IN_THE_TREE = tuple(name for name in FIELDS if name not in ("integration", "priority"))


@require_safe
def rules(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor, shown = reader_of(request), integration_of(request, unique_id)
    kept = list(reads.alert_rules(actor, shown))
    targets = RuleTargets(actor, shown, [action for rule in kept for action in rule.actions])

    def name_of(kind: str, id: str) -> str:
        return targets.of(kind).get(canonical(id), "")

    context = {
        **frame_of(actor, shown),
        "rules": [
            {
                "rule": rule,
                "when": describe_condition(rule.conditions),
                "then": describe_actions(rule.actions, name_of),
                "dialog_id": f"delete-{rule.position}",
                "is_first": place == 0,
                "is_last": place == len(kept) - 1,
            }
            for place, rule in enumerate(kept)
        ],
        "has_alerts": shown.kind not in WITHOUT_ALERTS,
    }
    return render(request, "ingest/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor, shown = reader_of(request), integration_of(request, unique_id)
    accounts.require_manager(actor, shown.service.team)
    if request.method != "POST":
        return _page(request, shown, None, new_rule_form())
    return _take(request, shown, None)


@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, unique_id: uuid.UUID, rule_id: uuid.UUID) -> HttpResponse:
    """One rule. A POST saves it, tries it, or does what one of its buttons says."""
    actor, shown = reader_of(request), integration_of(request, unique_id)
    kept = reads.get_alert_rule(actor, shown, rule_id)
    if request.method != "POST":
        return _page(request, shown, kept, rule_form_of(kept))
    accounts.require_manager(actor, shown.service.team)
    return _take(request, shown, kept)


@require_POST
def order(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Move a rule one place up or down."""
    actor, shown = reader_of(request), integration_of(request, unique_id)
    kept = reads.get_alert_rule(actor, shown, _id(request.POST.get("rule", "")))
    step = -1 if request.POST.get("move") == "up" else 1
    writes.move_rule(actor=actor, rule=kept, position=max(1, kept.position + step))
    return redirect("ingest:rules", unique_id)


@require_POST
def switch_rule(request: HttpRequest, unique_id: uuid.UUID, rule_id: uuid.UUID) -> HttpResponse:
    actor, shown = reader_of(request), integration_of(request, unique_id)
    on = request.POST.get("enabled") == "yes"
    try:
        writes.change_rule(actor=actor, rule=reads.get_alert_rule(actor, shown, rule_id), is_enabled=on)
    except InvalidInput as refusal:
        reason = next(iter(refusal.fields.values()), refusal.message)
        messages.error(request, f"The rule cannot be switched on as it is: {reason}")
        return redirect("ingest:rule", unique_id, rule_id)
    return redirect("ingest:rules", unique_id)


@require_POST
def delete_rule(request: HttpRequest, unique_id: uuid.UUID, rule_id: uuid.UUID) -> HttpResponse:
    actor, shown = reader_of(request), integration_of(request, unique_id)
    kept = reads.get_alert_rule(actor, shown, rule_id)
    writes.delete_rule(actor=actor, rule=kept)
    messages.success(request, f"The rule “{kept}” was deleted.")
    return redirect("ingest:rules", unique_id)


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Every condition, action and placeholder, with what it means."""
    return render(request, "ingest/help.html", {"operators": OPERATORS, "actions": ACTIONS})


def _take(request: HttpRequest, integration: Integration, kept: AlertRule | None) -> HttpResponse:
    actor, form = reader_of(request), read_rule_form(posted_of(request))
    told = request.POST.get(CHANGE)
    if told == TRY:
        return _tried(request, integration, kept, form)
    if told:
        form.change(told, request.POST.get(NEW_ACTION, ""))
        return _page(request, integration, kept, form, is_changed=True)
    given: dict[str, Any] = {
        "name": form.name,
        "conditions": form.conditions,
        "actions": form.actions,
        "stops": form.stops,
        "is_enabled": form.is_enabled,
    }
    try:
        if kept is None:
            saved = writes.create_rule(actor=actor, integration=integration, **given)
        else:
            saved = writes.change_rule(actor=actor, rule=kept, seen=request.POST.get(SEEN), **given)
    except writes.ChangedMeanwhile as refusal:
        assert kept is not None
        form.refuse(refusal.message, {})
        kept, status = reads.get_alert_rule(actor, integration, kept.unique_id), HTTPStatus.CONFLICT
        seen = version_of(kept)
        return _page(request, integration, kept, form, is_changed=True, seen=seen, status=status)
    except InvalidInput as refusal:
        form.refuse(refusal.message, refusal.fields)
        return _page(request, integration, kept, form, is_changed=True, status=HTTPStatus.BAD_REQUEST)
    state = "It is on." if saved.is_enabled else "It is off: switch it on when it is right."
    messages.success(request, f"The rule “{saved}” was saved. {state}")
    return redirect("ingest:rules", integration.unique_id)


def _tried(
    request: HttpRequest, integration: Integration, kept: AlertRule | None, form: RuleForm
) -> HttpResponse:
    try:
        trial = rehearsals.rehearse_rule(
            reader_of(request),
            integration,
            conditions=form.conditions,
            actions=form.actions,
            stops=form.stops,
            instead_of=kept,
            name=form.name,
        )
    except InvalidInput as refusal:
        form.refuse(refusal.message, refusal.fields)
        return _page(request, integration, kept, form, is_changed=True)
    return _page(request, integration, kept, form, is_changed=True, trial=trial)


def _page(
    request: HttpRequest,
    integration: Integration,
    kept: AlertRule | None,
    form: RuleForm,
    *,
    is_changed: bool = False,
    trial: Trial | None = None,
    seen: str | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    actor = reader_of(request)
    targets = RuleTargets(actor, integration, form.actions)
    sample = choose_sample(actor, integration, request.POST.dict())
    _grow_alert(actor, integration, sample)
    context = {
        **frame_of(actor, integration),
        "rule": kept,
        "seen": seen_by(request, kept) if seen is None else seen,
        "form": form,
        "is_changed": is_changed,
        "then": [{"row": row, "fields": row.fields(targets)} for row in form.then.rows],
        "sample": sample,
        "trial": _shown_trial(trial, targets) if trial else None,
        "joins": JOINS,
        "comparisons": COMPARISONS,
        "day_names": DAY_NAMES,
        "actions": ACTIONS,
        "alert_types": ALERT_TYPES,
        "zones": time_zone_choices(),
        "has_times": True,
    }
    return render(request, "ingest/rule.html", context, status=status)


def _shown_trial(trial: Trial, targets: RuleTargets) -> dict[str, Any]:
    """The trial with names in place of ids."""
    matched = [
        {
            "received_at": tried.received_at,
            "before": tried.before,
            "after": tried.after,
            "named": _named(tried.before, tried.after, targets),
        }
        for tried in trial.matched
    ]
    return {
        "tried": len(trial.alerts),
        "matched": matched,
        "unreadable": trial.unreadable,
        "left_out": trial.left_out,
    }


def _named(before: AlertFacts, after: RuleOutcome, targets: RuleTargets) -> list[str]:
    def name(kind: str, id: str) -> str:
        return targets.of(kind).get(canonical(id), UNKNOWN)

    said = []
    if after.priority != before.priority:
        said.append(f"Priority: {name('priority', after.priority)}")
    if after.sla:
        said.append(f"SLA: {name('sla', after.sla)}")
    if after.escalation_policy:
        said.append(f"Escalation policy: {name('escalation_policy', after.escalation_policy)}")
    if after.tags:
        said.append(f"Tags: {', '.join(name('tags', tag) for tag in after.tags)}")
    said += [f"{name('role', role)}: {name('person', person)}" for role, person in after.roles]
    if after.service:
        said.append(f"Goes to {name('service', after.service)}")
    return said


def _grow_alert(actor: Person, integration: Integration, sample: Sample) -> None:
    """The tree of an alert as rules see it, in place of the body that it was."""
    if sample.body is None:
        return
    mapped = rehearsals.enabled_mapping(actor, integration)
    try:
        facts = read_alert(sample.body, kind=integration.kind, mapped=mapped, integration=integration.name)
    except BadSignal as error:
        sample.problem = f"This body is no alert as the integration is set up now. {error.message}"
        return
    sample.trees = [grow(name, getattr(facts, name)) for name in IN_THE_TREE]


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise InvalidInput(fields={"rule": "A unique id is expected."}) from error
