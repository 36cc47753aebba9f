"""The pages of on-call schedules, and who is on call now."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts import reads as accounts
from afterword.accounts.models import OrganisationRole, Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.forms.on_call import WEEKDAYS, OnCallScheduleForm, OverrideForm
from afterword.catalog.models import OnCallSchedule
from afterword.catalog.reads.on_call import NamedShift, rotation_of
from afterword.catalog.views.nouns import ON_CALL_SCHEDULE, choose_team, list_page, thing_context
from afterword.catalog.views.pages import form_page, reader_of
from afterword.lib import clock
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import refusals_on

WEEKS_SHOWN = 6
SCHEDULES_SHOWN_MAX = 200


@require_safe
def who_is_on_call(request: HttpRequest) -> HttpResponse:
    """Every schedule that the reader sees: who is on call, until when, and who is next."""
    actor = reader_of(request)
    schedules = reads.visible_on_call_schedules(actor, archived=False)[:SCHEDULES_SHOWN_MAX]
    now = clock.now()
    shown = [reads.on_call_now(schedule, now) for schedule in schedules]
    mine = [one for one in shown if one.now.person == actor]
    context = {
        "shown": shown,
        "mine": mine,
        "noun": ON_CALL_SCHEDULE,
        "may_add": accounts.managed_teams(actor).exists(),
    }
    return render(request, "catalog/who_is_on_call.html", context)


@require_safe
def on_call_schedules(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    return list_page(
        request,
        ON_CALL_SCHEDULE,
        lambda team, archived: reads.visible_on_call_schedules(actor, team=team, archived=archived),
        "catalog/on_call_schedules.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_on_call_schedule(request: HttpRequest) -> HttpResponse:
    actor, team = reader_of(request), choose_team(request, "New on-call schedule")
    if isinstance(team, HttpResponse):
        return team
    form = OnCallScheduleForm(
        request.POST or None, people=_people_for(actor, team), team=team, zone=actor.time_zone
    )
    if form.is_valid():
        with refusals_on(form):
            try:
                made = writes.create_on_call_schedule(actor=actor, team=team, **form.values())
            except InvalidInput as refusal:
                raise form.at_its_fields(refusal) from refusal
            messages.success(request, f"{made} was added.")
            return redirect("catalog:on_call_schedule", made.unique_id)
    action = f"{ON_CALL_SCHEDULE.new_url}?team={team.unique_id}"
    context = {"noun": ON_CALL_SCHEDULE, "team": team, "action": action}
    return form_page(request, "catalog/new_on_call_schedule.html", form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def on_call_schedule(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its page with the next weeks; a POST changes it."""
    actor = reader_of(request)
    shown = reads.get_on_call_schedule(actor, unique_id)
    if request.method == "POST":
        accounts.require_manager(actor, shown.team)
    form = OnCallScheduleForm(
        request.POST or None,
        people=_people_for(actor, shown.team),
        team=shown.team,
        schedule=shown,
        zone=actor.time_zone,
    )
    if form.is_valid():
        with refusals_on(form):
            try:
                writes.change_on_call_schedule(actor=actor, schedule=shown, **form.values())
            except InvalidInput as refusal:
                raise form.at_its_fields(refusal) from refusal
            messages.success(request, f"{shown} was saved.")
            return redirect("catalog:on_call_schedule", unique_id)
    return _show(request, actor, shown, form, None)


@require_POST
def add_override(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    schedule = reads.get_on_call_schedule(actor, unique_id)
    accounts.require_write(actor, schedule.team)
    zone = rotation_of(schedule).zone
    assert isinstance(zone, ZoneInfo)
    form = OverrideForm(request.POST, people=_people_for(actor, schedule.team), zone=zone)
    if form.is_valid():
        with refusals_on(form):
            made = writes.add_override(actor=actor, schedule=schedule, **form.values())
            messages.success(request, f"{made.person} is on call then.")
            return redirect("catalog:on_call_schedule", unique_id)
    plain = OnCallScheduleForm(
        people=_people_for(actor, schedule.team), team=schedule.team, schedule=schedule, zone=actor.time_zone
    )
    return _show(request, actor, schedule, plain, form)


@require_POST
def remove_override(request: HttpRequest, unique_id: uuid.UUID, override: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    schedule = reads.get_on_call_schedule(actor, unique_id)
    writes.remove_override(actor=actor, override=reads.get_override(actor, schedule, override))
    messages.success(request, "The override was removed.")
    return redirect("catalog:on_call_schedule", unique_id)


@dataclass(frozen=True)
class Week:
    """A week of the calendar: whose turns are in it."""

    starts_at: datetime
    shifts: list[NamedShift]


def _show(
    request: HttpRequest,
    actor: Person,
    schedule: OnCallSchedule,
    form: OnCallScheduleForm,
    override_form: OverrideForm | None,
) -> HttpResponse:
    now = clock.now()
    zone = rotation_of(schedule).zone
    assert isinstance(zone, ZoneInfo)
    may_write = accounts.writable_teams(actor).filter(pk=schedule.team_id).exists()
    context = {
        **thing_context(actor, ON_CALL_SCHEDULE, schedule),
        "schedule": schedule,
        "schedule_zone": zone,
        "weekday": WEEKDAYS[schedule.handover_weekday],
        "now": reads.on_call_now(schedule, now),
        "weeks": _weeks(reads.shifts_of(schedule, now, now + timedelta(weeks=WEEKS_SHOWN)), zone),
        "overrides": [one for one in reads.overrides_of(actor, schedule) if one.ends_at > now],
        "override_form": override_form or OverrideForm(people=_people_for(actor, schedule.team), zone=zone),
        "may_write": may_write,
        "action": reverse("catalog:on_call_schedule", args=[schedule.unique_id]),
    }
    response = form_page(request, "catalog/on_call_schedule.html", form, context)
    if override_form is not None:
        response.status_code = 400
    return response


def _weeks(shifts: Sequence[NamedShift], zone: ZoneInfo) -> list[Week]:
    """The shifts below the Monday of the week in which they begin."""
    weeks: dict[datetime, list[NamedShift]] = {}
    for shift in shifts:
        local = shift.starts_at.astimezone(zone)
        monday = (local - timedelta(days=local.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        weeks.setdefault(monday, []).append(shift)
    return [Week(monday, found) for monday, found in weeks.items()]


def _people_for(actor: Person, team: Team) -> list[Person]:
    return [one for one in reads.people_to_call(actor, team) if one.role != OrganisationRole.VIEWER]
