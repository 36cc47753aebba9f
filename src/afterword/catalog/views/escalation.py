"""The pages of escalation policies."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.forms.escalation import Draft, EscalationForm
from afterword.catalog.models import EscalationPolicy
from afterword.catalog.views.nouns import ESCALATION_POLICY, choose_team, list_page, thing_context
from afterword.catalog.views.pages import form_page, reader_of
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import SEEN, refusals_on

SAVE = "save"


@require_safe
def escalation_policies(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        ESCALATION_POLICY,
        lambda team, archived: reads.visible_escalation_policies(actor, team=team, archived=archived),
        "catalog/escalation_policies.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_escalation_policy(request: HttpRequest) -> HttpResponse:
    """A policy of a team; its buttons add and take away levels and targets before it is saved."""
    actor, team = reader_of(request), choose_team(request, "New escalation policy")
    if isinstance(team, HttpResponse):
        return team
    form = _form(request, actor, team, None)
    if form.is_valid():
        with refusals_on(form):
            try:
                made = writes.create_escalation_policy(
                    actor=actor,
                    team=team,
                    name=form.cleaned_data["name"],
                    summary=form.cleaned_data["summary"],
                    repeats=form.cleaned_data["repeats"],
                    levels=form.levels(),
                )
            except InvalidInput as refusal:
                raise form.at_its_fields(refusal) from refusal
            messages.success(request, f"{made} was added.")
            return redirect("catalog:escalation_policy", made.unique_id)
    return form_page(
        request,
        "catalog/new_escalation_policy.html",
        form,
        {
            "noun": ESCALATION_POLICY,
            "team": team,
            "action": f"{reverse('catalog:new_escalation_policy')}?team={team.unique_id}",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def escalation_policy(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page; a POST changes it, or the form in which it is being changed."""
    actor = reader_of(request)
    shown = reads.get_escalation_policy(actor, unique_id)
    context = thing_context(actor, ESCALATION_POLICY, shown)
    if request.method == "POST":
        accounts.require_manager(actor, shown.team)
    if not context["may_manage"]:
        return render(request, "catalog/escalation_policy.html", context)
    form = _form(request, actor, shown.team, shown)
    if form.is_valid():
        with refusals_on(form):
            try:
                writes.change_escalation_policy(
                    actor=actor,
                    policy=shown,
                    name=form.cleaned_data["name"],
                    summary=form.cleaned_data["summary"],
                    repeats=form.cleaned_data["repeats"],
                    levels=form.levels(),
                )
            except InvalidInput as refusal:
                raise form.at_its_fields(refusal) from refusal
            messages.success(request, f"{form.cleaned_data['name']} was saved.")
            return redirect("catalog:escalation_policy", unique_id)
    action = reverse("catalog:escalation_policy", args=[unique_id])
    return form_page(request, "catalog/escalation_policy.html", form, {**context, "action": action})


def _form(request: HttpRequest, actor: Person, team: Team, policy: EscalationPolicy | None) -> EscalationForm:
    """The form as it was kept, as it was sent to be saved, or as one of its buttons makes it look."""
    known = writes.levels_of(policy) if policy else []
    people = {*reads.people_to_call(actor, team), *(one for level in known for one in level.people)}
    teams = {*reads.teams_to_call(actor, team), *(one for level in known for one in level.teams)}
    schedules = {*reads.schedules_to_call(actor, team), *(one for level in known for one in level.schedules)}
    kept = {"name": policy.name, "summary": policy.summary, "repeats": policy.repeats} if policy else {}
    draft = Draft.of(policy) if policy else Draft()
    form = partial(
        EscalationForm,
        kept={**kept, **draft.data()},
        people=sorted(people, key=lambda one: (one.name.casefold(), one.pk)),
        teams=sorted(teams, key=lambda one: (one.name.casefold(), one.pk)),
        schedules=sorted(schedules, key=lambda one: (one.name.casefold(), one.pk)),
    )
    if request.method != "POST":
        return form(draft=draft, initial=kept or {"repeats": 0})
    draft, button = Draft.read(request.POST.dict()), request.POST.get("do", SAVE)
    if button == SAVE:
        return form(request.POST, draft=draft)
    return form(draft=draft.after(button), initial=request.POST.dict(), opened=request.POST.get(SEEN, ""))
