"""Lists, archives and deletions: the same for every noun that can be archived."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from afterword.accounts import reads as accounts
from afterword.accounts.models import Person, Team
from afterword.catalog import reads, writes
from afterword.catalog.forms.owned import TeamFilterForm
from afterword.catalog.reads.owned import Archivable, OfOrganisation
from afterword.catalog.views.pages import PAGE_ROWS_MAX, may_manage, reader_of
from afterword.lib.errors import Conflict, InvalidInput, NotAllowed

ARCHIVED = "archived"


@dataclass(frozen=True)
class Noun:
    """A kind of thing, its words and its addresses: `catalog:slas`, `catalog:sla`, `catalog:new_sla`."""

    one: str
    many: str
    url_one: str
    url_many: str
    icon: str
    purpose: str
    """What such a thing is for, in a sentence."""
    get: Callable[[Person, uuid.UUID], Archivable]

    @property
    def title(self) -> str:
        return self.many[0].upper() + self.many[1:]

    @property
    def add(self) -> str:
        return f"Add the first {self.one}"

    @property
    def list_url(self) -> str:
        return reverse(f"catalog:{self.url_many}")

    @property
    def new_url(self) -> str:
        return reverse(f"catalog:new_{self.url_one}")

    def page_url(self, thing: Archivable) -> str:
        return reverse(f"catalog:{self.url_one}", args=[thing.unique_id])


PRIORITY = Noun(
    one="priority",
    many="priorities",
    url_one="priority",
    url_many="priorities",
    icon="flag",
    purpose="A priority says how urgent an incident is. Alerts and services name it by its id.",
    get=reads.get_priority,
)
SLA = Noun(
    one="SLA",
    many="SLAs",
    url_one="sla",
    url_many="slas",
    icon="clock",
    purpose="An SLA says how fast an incident is acknowledged and resolved. A promise that is broken "
    "becomes an entry of the timeline.",
    get=reads.get_sla,
)
TAG = Noun(
    one="tag",
    many="tags",
    url_one="tag",
    url_many="tags",
    icon="tag",
    purpose="A tag is a word that incidents are found by. Alerts and alert rules set it.",
    get=reads.get_tag,
)
ESCALATION_POLICY = Noun(
    one="escalation policy",
    many="escalation policies",
    url_one="escalation_policy",
    url_many="escalation_policies",
    icon="arrow-up",
    purpose="An escalation policy says whom to call about an incident, and whom next when nobody answers.",
    get=reads.get_escalation_policy,
)
ON_CALL_SCHEDULE = Noun(
    one="on-call schedule",
    many="on-call schedules",
    url_one="on_call_schedule",
    url_many="on_call_schedules",
    icon="calendar",
    purpose="An on-call schedule says whose turn it is to be called, week by week.",
    get=reads.get_on_call_schedule,
)
INCIDENT_ROLE = Noun(
    one="incident role",
    many="incident roles",
    url_one="incident_role",
    url_many="incident_roles",
    icon="people",
    purpose="An incident role says what somebody does in an incident. Every team has the same ones.",
    get=reads.get_incident_role,
)
SEVERITY = Noun(
    one="severity",
    many="severities",
    url_one="severity",
    url_many="severities",
    icon="alert",
    purpose="A severity says how bad an incident is. Every team has the same ones, so that they compare.",
    get=reads.get_severity,
)
INCIDENT_TYPE = Noun(
    one="incident type",
    many="incident types",
    url_one="incident_type",
    url_many="incident_types",
    icon="filter",
    purpose="An incident type says what kind of thing went wrong. Every team has the same ones.",
    get=reads.get_incident_type,
)


def list_page(
    request: HttpRequest,
    noun: Noun,
    rows_of: Callable[[Team | None, bool], QuerySet[Any]],
    template: str,
    *,
    of_teams: bool = True,
) -> HttpResponse:
    """Those in use, or with `?state=archived` the others; of nouns that teams have, of one team."""
    actor = reader_of(request)
    teams = list(accounts.visible_teams(actor)) if of_teams else []
    filters = TeamFilterForm(request.GET, teams=teams)
    team, archived = filters.chosen(), request.GET.get("state") == ARCHIVED
    managed = set(accounts.managed_teams(actor).values_list("pk", flat=True)) if of_teams else set()
    narrowed = {"team": str(team.unique_id)} if team else {}
    return render(
        request,
        template,
        {
            "noun": noun,
            "page": Paginator(rows_of(team, archived), PAGE_ROWS_MAX).get_page(request.GET.get("page")),
            "filters": filters,
            "team": team,
            "archived": archived,
            "in_use": not archived,
            "archived_count": rows_of(team, True).count(),
            "in_use_url": _address(noun.list_url, narrowed),
            "archived_url": _address(noun.list_url, {**narrowed, "state": ARCHIVED}),
            "query": _address("", narrowed),
            "managed": managed,
            "may_add": bool(managed) if of_teams else actor.is_admin,
        },
    )


def thing_context(actor: Person, noun: Noun, thing: Archivable) -> Mapping[str, Any]:
    """What the page of a thing shows beside its form."""
    manages = actor.is_admin if isinstance(thing, OfOrganisation) else may_manage(actor, thing.team)
    return {
        "noun": noun,
        "thing": thing,
        "may_manage": manages,
        "uses": reads.uses_of(thing),
        "archival_url": reverse(f"catalog:archive_{noun.url_one}", args=[thing.unique_id]),
        "deletion_url": reverse(f"catalog:delete_{noun.url_one}", args=[thing.unique_id]),
    }


def teams_to_add_to(request: HttpRequest) -> list[Team]:
    """The teams that the reader manages. Raises NotAllowed when there are none."""
    teams = list(accounts.managed_teams(reader_of(request)))
    if not teams:
        raise NotAllowed("Only the managers of a team and administrators can add this.")
    return teams


def choose_team(request: HttpRequest, noun_title: str) -> Team | HttpResponse:
    """The team in `?team=`, or the only one that the reader manages; else a page that asks for it."""
    teams = teams_to_add_to(request)
    if len(teams) == 1:
        return teams[0]
    form = TeamFilterForm(request.GET, teams=teams)
    return form.chosen() or render(request, "catalog/choose_team.html", {"teams": teams, "title": noun_title})


@require_POST
def archival(request: HttpRequest, unique_id: uuid.UUID, noun: Noun) -> HttpResponse:
    """Archive a thing, or with `archived=no` offer it again."""
    actor = reader_of(request)
    thing = noun.get(actor, unique_id)
    try:
        if request.POST.get(ARCHIVED) == "no":
            writes.restore(actor=actor, thing=thing)
            messages.success(request, f"{thing} is offered again.")
        else:
            writes.archive(actor=actor, thing=thing)
            messages.success(request, f"{thing} was archived. What has it keeps it.")
    except (Conflict, InvalidInput) as refusal:
        messages.error(request, " ".join(refusal.fields.values()) or refusal.message)
    return redirect(noun.page_url(thing))


@require_POST
def deletion(request: HttpRequest, unique_id: uuid.UUID, noun: Noun) -> HttpResponse:
    actor = reader_of(request)
    thing = noun.get(actor, unique_id)
    try:
        writes.delete(actor=actor, thing=thing)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect(noun.page_url(thing))
    messages.success(request, f"{thing} was deleted.")
    return redirect(noun.list_url)


@require_POST
def place(
    request: HttpRequest, unique_id: uuid.UUID, noun: Noun, move: Callable[[Person, Any, int], object]
) -> HttpResponse:
    """Move a thing of an ordered list one place up or down."""
    actor = reader_of(request)
    thing = noun.get(actor, unique_id)
    step = -1 if request.POST.get("place") == "up" else 1
    move(actor, thing, step)
    back = request.POST.get("back", "")
    return redirect(f"{noun.list_url}{back if back.startswith('?') else ''}")


def _address(path: str, query: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
