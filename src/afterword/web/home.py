"""My work: the page that everyone comes to first."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import managed_teams, visible_teams
from afterword.catalog.reads import visible_integrations, visible_services
from afterword.drafting.interviews.reads import open_interviews
from afterword.followups.reads import own_follow_ups
from afterword.followups.rules import is_overdue
from afterword.incidents import rules
from afterword.incidents.flow.reads import organisation_zone, own_tasks
from afterword.incidents.flow.reads import today as today_of
from afterword.incidents.flow.rules import is_overdue as is_past
from afterword.incidents.reads import open_incidents, resolved_incidents, visible_incidents
from afterword.lib import clock
from afterword.postmortems.review.reads import reviews_waiting_for

ROWS_SHOWN_MAX = 8
"""How much of each list stands here; the rest is one click away."""


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    actor = request.user
    assert isinstance(actor, Person), "this page needs a sign-in"
    now, today = clock.now(), timezone.localdate()
    office_day = today_of(organisation_zone(), now)
    steps = first_steps(actor)
    going_on = [
        (incident, rules.lasted(incident, now)) for incident in open_incidents(actor)[: ROWS_SHOWN_MAX + 1]
    ]
    untold = list(resolved_incidents(actor, without="links")[: ROWS_SHOWN_MAX + 1])
    to_do = [
        (item, is_overdue(item.status, item.due_on, today))
        for item in own_follow_ups(actor)[: ROWS_SHOWN_MAX + 1]
    ]
    tasks = [(task, is_past(task.due_on, office_day)) for task in own_tasks(actor)[: ROWS_SHOWN_MAX + 1]]
    to_review = list(reviews_waiting_for(actor)[: ROWS_SHOWN_MAX + 1])
    asked = list(open_interviews(actor)[: ROWS_SHOWN_MAX + 1])
    context = {
        "asked": asked[:ROWS_SHOWN_MAX],
        "more_asked": len(asked) > ROWS_SHOWN_MAX,
        "to_review": to_review[:ROWS_SHOWN_MAX],
        "tasks": tasks[:ROWS_SHOWN_MAX],
        "more_tasks": len(tasks) > ROWS_SHOWN_MAX,
        "steps": steps,
        "has_team": visible_teams(actor).exists() if steps else True,
        "may_write": actor.may_write,
        "going_on": going_on[:ROWS_SHOWN_MAX],
        "more_going_on": len(going_on) > ROWS_SHOWN_MAX,
        "untold": untold[:ROWS_SHOWN_MAX],
        "more_untold": len(untold) > ROWS_SHOWN_MAX,
        "to_do": to_do[:ROWS_SHOWN_MAX],
        "more_to_do": len(to_do) > ROWS_SHOWN_MAX,
    }
    return render(request, "web/home.html", context)


@dataclass(frozen=True)
class Step:
    """One of the first steps: done, to be done now, or later. Without an address it is for someone else."""

    title: str
    text: str
    is_done: bool
    is_next: bool = False
    url: str = ""
    action: str = ""

    @property
    def look(self) -> str:
        return "completed" if self.is_done else "open" if self.is_next else "queued"


def first_steps(actor: Person) -> list[Step]:
    """The way from an empty install to the first incident; empty once the actor sees an incident."""
    if visible_incidents(actor).exists():
        return []
    manages = managed_teams(actor).exists()
    service = visible_services(actor).first()
    integration = visible_integrations(actor).first()
    integration_url = reverse("catalog:integration", args=[integration.unique_id]) if integration else ""
    service_url = reverse("catalog:service", args=[service.unique_id]) if service else ""
    steps = [
        Step(
            "Make a team",
            "A team owns services, and through them incidents and post-mortems.",
            visible_teams(actor).exists(),
            url=reverse("accounts:new_team") if actor.is_admin else "",
            action="Make a team",
        ),
        Step(
            "Add a service",
            "A service is what breaks: a website, an API, a queue.",
            service is not None,
            url=reverse("catalog:new_service") if manages else "",
            action="Add a service",
        ),
        Step(
            "Add an integration",
            "An integration is an address that a monitoring system sends its alerts to.",
            integration is not None,
            url=service_url if manages else "",
            action="Add an integration",
        ),
        Step(
            "Send a test alert",
            "The integration has a line to copy into a terminal. The alert becomes your first incident.",
            False,
            url=integration_url,
            action="Show me the line",
        ),
    ]
    next_at = next(number for number, step in enumerate(steps) if not step.is_done)
    return [
        Step(step.title, step.text, step.is_done, number == next_at, step.url, step.action)
        for number, step in enumerate(steps)
    ]
