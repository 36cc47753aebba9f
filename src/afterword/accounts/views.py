"""The pages of accounts: first run, profile, organisation, people, teams and API keys."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts import forms, reads, writes
from afterword.accounts.models import KeyScope, OrganisationRole, Person, Team, TeamRole
from afterword.lib.errors import Conflict, InvalidInput
from afterword.lib.forms import refusals_on

PAGE_ROWS_MAX = 50
PEOPLE_OFFERED_MAX = 200
"""How many names the box for a new member of a team offers; whoever is not among them is typed."""


def reader_of(request: HttpRequest) -> Person:
    """The person who is signed in. SignedInMiddleware lets nobody else this far."""
    return cast(Person, request.user)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """The first run: whoever comes first makes the organisation and owns it."""
    if reads.organisation() is not None:
        return redirect("account_login")
    form = forms.SetUpForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            try:
                owner = writes.set_up_organisation(**form.cleaned_data)
            except writes.AlreadySetUp:
                return redirect("account_login")
            login(request, owner, backend=settings.AUTHENTICATION_BACKENDS[0])
            messages.success(request, f"Welcome to Afterword, {owner.name}.")
            return redirect("home")
    return _form_page(request, "accounts/set_up.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    person = reader_of(request)
    form = forms.ProfileForm(
        request.POST or None,
        initial={"name": person.name, "time_zone": person.time_zone},
        zone=person.time_zone,
    )
    if form.is_valid():
        with refusals_on(form):
            writes.change_profile(actor=person, **form.cleaned_data)
            messages.success(request, "Your profile was saved.")
            return redirect("profile")
    return _form_page(request, "accounts/profile.html", form, {"memberships": reads.own_memberships(person)})


@require_safe
def settings_index(request: HttpRequest) -> HttpResponse:
    """Everything that can be set, and only what this person may open."""
    return render(request, "accounts/settings.html", {"groups": _settings_for(reader_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    reads.require_admin(reader_of(request))
    shown = reads.organisation()
    assert shown is not None, "nobody is signed in before there is an organisation"
    form = forms.OrganisationForm(
        request.POST or None,
        initial={
            "name": shown.name,
            "time_zone": shown.time_zone,
            "admins_see_private": shown.admins_see_private,
        },
        zone=shown.time_zone,
    )
    if form.is_valid():
        with refusals_on(form):
            writes.change_organisation(actor=reader_of(request), **form.cleaned_data)
            messages.success(request, "The organisation was saved.")
            return redirect("accounts:organisation")
    return _form_page(request, "accounts/organisation.html", form, {"organisation": shown})


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    reads.require_admin(reader_of(request))
    filters = forms.PeopleFilterForm(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {"text": "", "role": "", "active": ""}
    found = reads.search_people(
        reader_of(request),
        text=chosen["text"],
        role=chosen["role"],
        active={"yes": True, "no": False}.get(chosen["active"]),
    ).prefetch_related("teams")
    page = Paginator(found, PAGE_ROWS_MAX).get_page(request.GET.get("page"))
    return render(
        request, "accounts/people.html", {"page": page, "filters": filters, "filtered": any(chosen.values())}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    reads.require_admin(actor)
    form = forms.PersonForm(request.POST or None, roles=_roles_that_gives(actor))
    if form.is_valid():
        zone = getattr(reads.organisation(), "time_zone", "UTC")
        with refusals_on(form):
            made = writes.create_person(actor=actor, password=None, time_zone=zone, **form.cleaned_data)
            messages.success(
                request, f"{made} was added. A mail with a link to choose a password is on its way."
            )
            return redirect("accounts:person", made.unique_id)
    return _form_page(request, "accounts/new_person.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    reads.require_admin(actor)
    shown = reads.get_person(actor, unique_id)
    role = OrganisationRole(shown.role)
    roles = _roles_that_gives(actor)
    form = forms.RoleForm(
        request.POST or None, initial={"role": role}, roles=roles if role in roles else [role]
    )
    if form.is_valid():
        with refusals_on(form):
            writes.change_role(actor=actor, person=shown, role=form.cleaned_data["role"])
            messages.success(request, "The role was saved.")
            return redirect("accounts:person", unique_id)
    return _form_page(
        request,
        "accounts/person.html",
        form,
        {
            "person": shown,
            "memberships": shown.memberships.select_related("team"),
            "may_change": role in roles,
            "is_self": shown.pk == actor.pk,
        },
    )


@require_POST
def invite(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    shown = reads.get_person(reader_of(request), unique_id)
    return _done_or_told(
        request,
        lambda: writes.invite_again(actor=reader_of(request), person=shown),
        f"Another mail to {shown.email} is on its way.",
        reverse("accounts:person", args=[unique_id]),
    )


@require_POST
def deactivate(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    shown = reads.get_person(reader_of(request), unique_id)
    return _done_or_told(
        request,
        lambda: writes.deactivate_person(actor=reader_of(request), person=shown),
        f"{shown} can no longer sign in.",
        reverse("accounts:person", args=[unique_id]),
    )


@require_POST
def reactivate(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    shown = reads.get_person(reader_of(request), unique_id)
    return _done_or_told(
        request,
        lambda: writes.reactivate_person(actor=reader_of(request), person=shown),
        f"{shown} can sign in again.",
        reverse("accounts:person", args=[unique_id]),
    )


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    found = reads.teams_with_sizes(reader_of(request))
    page = Paginator(found, PAGE_ROWS_MAX).get_page(request.GET.get("page"))
    return render(request, "accounts/teams.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def new_team(request: HttpRequest) -> HttpResponse:
    actor = reader_of(request)
    reads.require_admin(actor)
    form = forms.TeamForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_team(actor=actor, **form.cleaned_data)
            messages.success(request, f"The team {made} was made.")
            return redirect("accounts:team", made.unique_id)
    return _form_page(request, "accounts/new_team.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """A team and its members; a POST adds one."""
    actor = reader_of(request)
    shown = reads.get_team(actor, unique_id)
    form = forms.MemberForm(request.POST or None)
    if request.method == "POST":
        reads.require_manager(actor, shown)
    if form.is_valid():
        with refusals_on(form):
            found = reads.find_person_for_team(actor, shown, form.cleaned_data["email"])
            writes.add_member(actor=actor, team=shown, person=found, role=form.cleaned_data["role"])
            messages.success(request, f"{found} is in the team.")
            return redirect("accounts:team", unique_id)
    return _team_page(request, shown, member_form=form)


@require_POST
def rename_team(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    shown = reads.get_team(actor, unique_id)
    reads.require_manager(actor, shown)
    form = forms.TeamForm(request.POST, initial={"name": shown.name})
    if form.is_valid():
        with refusals_on(form):
            writes.rename_team(actor=actor, team=shown, **form.cleaned_data)
            messages.success(request, "The name was saved.")
            return redirect("accounts:team", unique_id)
    return _team_page(request, reads.get_team(actor, unique_id), name_form=form)


@require_POST
def membership(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Change what someone may do in a team."""
    actor = reader_of(request)
    found = reads.get_membership(actor, unique_id)
    reads.require_manager(actor, found.team)
    form = forms.MemberRoleForm(request.POST)
    if not form.is_valid():
        raise InvalidInput(fields={"role": "Please choose manager or member."})
    return _done_or_told(
        request,
        lambda: writes.add_member(
            actor=actor, team=found.team, person=found.person, role=form.cleaned_data["role"]
        ),
        f"{found.person} is a {form.cleaned_data['role']} now.",
        reverse("accounts:team", args=[found.team.unique_id]),
    )


@require_POST
def remove_member(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    found = reads.get_membership(actor, unique_id)
    writes.remove_member(actor=actor, membership=found)
    messages.success(request, f"{found.person} is no longer in the team.")
    if reads.visible_teams(actor).filter(pk=found.team_id).exists():
        return redirect("accounts:team", found.team.unique_id)
    return redirect("accounts:teams")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    """One's own keys. The answer to the POST that makes one is the only page that ever shows it."""
    actor = reader_of(request)
    form = forms.ApiKeyForm(request.POST or None)
    made = None
    if form.is_valid():
        with refusals_on(form):
            made = writes.create_api_key(
                actor=actor, name=form.cleaned_data["name"], scope=KeyScope(form.cleaned_data["scope"])
            )
    if made is not None:
        form = forms.ApiKeyForm()
    page = Paginator(reads.own_api_keys(actor), PAGE_ROWS_MAX).get_page(request.GET.get("page"))
    return _form_page(
        request, "accounts/api_keys.html", form, {"made": made, "page": page, "url": settings.PUBLIC_URL}
    )


@require_POST
def revoke_api_key(request: HttpRequest, pk: int) -> HttpResponse:
    key = reads.get_own_api_key(reader_of(request), pk)
    writes.revoke_api_key(actor=reader_of(request), key=key)
    messages.success(request, f"The key “{key}” no longer works.")
    return redirect("accounts:api_keys")


def _form_page(
    request: HttpRequest, template: str, form: Form, context: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The page with its form: 400 when something typed was refused, and all that was typed is kept."""
    status = HTTPStatus.BAD_REQUEST if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, template, {"form": form, **(context or {})}, status=status)


def _done_or_told(request: HttpRequest, write: Callable[[], object], success: str, back: str) -> HttpResponse:
    """Do what a button asks for; what stands against it is told where the button is."""
    try:
        write()
    except (Conflict, InvalidInput) as refusal:
        messages.error(request, " ".join(refusal.fields.values()) or refusal.message)
    else:
        messages.success(request, success)
    return redirect(back)


def _team_page(
    request: HttpRequest, shown: Team, member_form: Form | None = None, name_form: Form | None = None
) -> HttpResponse:
    actor = reader_of(request)
    members = reads.team_members(actor, shown)
    page = Paginator(members, PAGE_ROWS_MAX).get_page(request.GET.get("page"))
    may_manage = reads.managed_teams(actor).filter(pk=shown.pk).exists()
    offered = reads.search_people(actor, active=True).exclude(memberships__team=shown)
    refused = any(form is not None and form.is_bound and form.errors for form in (member_form, name_form))
    return render(
        request,
        "accounts/team.html",
        {
            "team": shown,
            "page": page,
            "may_manage": may_manage,
            "roles": TeamRole.choices,
            "people": offered[:PEOPLE_OFFERED_MAX] if may_manage else [],
            "member_form": member_form or forms.MemberForm(),
            "name_form": name_form or forms.TeamForm(initial={"name": shown.name}),
        },
        status=HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK,
    )


def _roles_that_gives(actor: Person) -> list[OrganisationRole]:
    """The roles that this administrator may give, and take away."""
    roles = [OrganisationRole.ADMIN, OrganisationRole.RESPONDER, OrganisationRole.VIEWER]
    return [OrganisationRole.OWNER, *roles] if actor.role == OrganisationRole.OWNER else roles


@dataclass(frozen=True)
class Card:
    """A way into a part of the settings. The packages above are known by their URL's name alone."""

    url_name: str
    icon: str
    title: str
    text: str
    for_admins: bool = False

    @property
    def url(self) -> str:
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


CARDS = {
    "You": [
        Card("profile", "person", "Profile", "Your name, your time zone and your password."),
        Card("accounts:api_keys", "key", "API keys", "For programs that act for you."),
    ],
    "What you look after": [
        Card("accounts:teams", "people", "Teams", "Who works together, and what they may do."),
        Card("catalog:services", "service", "Services", "What can break, and how its alerts come in."),
        Card("postmortems:templates", "document", "Templates", "What a post-mortem begins with."),
        Card("postmortems:fields", "list", "Post-mortem fields", "What else you want to know of each one."),
        Card("postmortems:review_policies", "eye", "Reviews", "Who approves a post-mortem."),
        Card(
            "wording:settings",
            "note",
            "Wording",
            "Which words are blame or unclear, and what you ask of them.",
            for_admins=True,
        ),
        Card(
            "drafting:settings", "edit", "Drafts", "What is drafted by itself, and whether a model may write."
        ),
        Card(
            "postmortems:public_site",
            "book",
            "Public pages",
            "What everybody may read, and what stays inside.",
            for_admins=True,
        ),
    ],
    "How you respond": [
        Card("catalog:severities", "alert", "Severities", "How bad an incident is, for everybody alike."),
        Card("catalog:incident_types", "filter", "Incident types", "What kind of thing went wrong."),
        Card("incidents:fields", "list", "Incident fields", "What else you want to know of each incident."),
        Card("catalog:priorities", "flag", "Priorities", "How urgent an incident is, in your words."),
        Card("catalog:slas", "clock", "SLAs", "How fast you acknowledge and resolve."),
        Card(
            "catalog:escalation_policies", "arrow-up", "Escalation policies", "Whom to call, and who is next."
        ),
        Card("catalog:on_call_schedules", "calendar", "On-call schedules", "Whose turn it is, week by week."),
        Card("catalog:tags", "tag", "Tags", "Words that incidents are found by."),
        Card(
            "catalog:maintenance_windows",
            "calendar",
            "Maintenance",
            "When alerts of a service open no incident.",
        ),
        Card("catalog:incident_roles", "people", "Incident roles", "Who does what in an incident."),
        Card(
            "incidents:flows",
            "list",
            "Post-incident flows",
            "What is to be done after an incident.",
            for_admins=True,
        ),
    ],
    "The organisation": [
        Card("accounts:organisation", "home", "Organisation", "Its name and its time zone.", for_admins=True),
        Card("accounts:people", "person", "People", "Who may sign in, and with which role.", for_admins=True),
        Card("ingest:overview", "zap", "Signals", "What comes in, fails or is silent.", for_admins=True),
        Card(
            "webhooks:endpoints",
            "link",
            "Webhooks",
            "Other programs that hear of what happens here.",
            for_admins=True,
        ),
        Card(
            "drafting:model_calls",
            "system",
            "Calls of a model",
            "When a model was asked to write, and what that took.",
            for_admins=True,
        ),
        Card("audit:events", "shield", "Audit log", "Who changed what, and when.", for_admins=True),
    ],
}


def _settings_for(actor: Person) -> list[tuple[str, list[Card]]]:
    groups = [
        (title, [card for card in cards if card.url and (actor.is_admin or not card.for_admins)])
        for title, cards in CARDS.items()
    ]
    return [(title, cards) for title, cards in groups if cards]
