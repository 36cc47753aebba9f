"""The pages of drafts: suggestions, how a draft stands, what is borne out, and what may be drafted."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import get_team, require_admin, require_manager, require_write
from afterword.drafting.model.configured import model_settings
from afterword.drafting.suggestions import cards, deeds, reads, rules, writes
from afterword.drafting.suggestions.errors import AlreadyDecided
from afterword.drafting.suggestions.forms import ChoiceForm
from afterword.drafting.suggestions.models import Decision
from afterword.incidents.frame import frame_incident
from afterword.incidents.reads import get_incident
from afterword.lib.errors import AfterwordError, NotAllowed, NotFound
from afterword.lib.forms import refusals_on
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem, Section
from afterword.postmortems.rules import text_digest
from afterword.postmortems.views.reading import reader_of
from afterword.postmortems.views.strays import keeps_words
from afterword.postmortems.views.writing import Desk, show_card, show_desk

SUGGESTIONS_ON_A_PAGE = 60
DECISIONS_ON_A_PAGE = 20
REFUSED_FRAGMENT = 422
"""The status with which the script puts a card that was refused back into its place."""


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """Everything that is suggested for a post-mortem, for whoever writes it."""
    _, postmortem = _writer_of(request, number)
    return _show(request, postmortem)


@require_POST
@keeps_words
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Do what a button said: `suggestion`, as `deeds.do` takes it.

    `?on=write` is for the buttons on the page that is written: what is typed there comes back as it is, with
    script only the card of `?section=`.
    """
    actor, postmortem = _writer_of(request, number)
    if request.GET.get("on") == "write":
        return _decide_while_writing(request, number)
    try:
        words = deeds.do(
            actor=actor,
            postmortem=postmortem,
            deed=request.POST.get("suggestion", ""),
            data=request.POST,
        )
    except NotFound:
        raise
    except AfterwordError as refusal:
        return _show(request, postmortem, refusal=refusal)
    messages.success(request, words)
    return redirect(f"{reverse('drafting:suggestions', args=[number])}{_place_in(request)}")


@require_safe
def show_progress(request: HttpRequest, number: int) -> HttpResponse:
    """How the draft stands: a fragment that asks again while it is being written, without script a page."""
    _, postmortem = _writer_of(request, number)
    is_fragment = request.headers.get("HX-Request") == "true"
    name = "_progress" if is_fragment else "progress"
    context = {**cards.draft_state(postmortem), "polled": is_fragment}
    return render(request, f"drafting/suggestions/{name}.html", context)


@require_safe
def show_support(request: HttpRequest, number: int) -> HttpResponse:
    """What is not borne out, and what is cited nowhere: a fragment, or a page. For whoever reads it."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    is_fragment = request.headers.get("HX-Request") == "true"
    name = "_support" if is_fragment else "support"
    return render(
        request,
        f"drafting/suggestions/{name}.html",
        {
            "postmortem": postmortem,
            "support": reads.support_of(actor, postmortem),
            "may_write": postmortem_reads.may_write(actor, postmortem),
        },
    )


def _writer_of(request: HttpRequest, number: int) -> tuple[Person, Postmortem]:
    """Raises NotFound to an outsider, NotAllowed to someone who may only read."""
    actor = reader_of(request)
    postmortem = postmortem_reads.get_postmortem(actor, number)
    require_write(actor, postmortem.team)
    return actor, postmortem


def _show(
    request: HttpRequest, postmortem: Postmortem, *, refusal: AfterwordError | None = None
) -> HttpResponse:
    actor = reader_of(request)
    sections = postmortem_reads.sections_of(postmortem)
    found = reads.suggestions_for(actor, postmortem, sections)
    order = [*(section.unique_id for section in sections if section.unique_id in found.by_section), None]
    waiting = [(key, one) for key in order for one in (found.by_section[key] if key else found.unplaced)]
    page = Paginator(waiting, SUGGESTIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    here: dict[uuid.UUID | None, list[reads.ShownClaim]] = {}
    for key, one in page:
        here.setdefault(key, []).append(one)
    parts = [
        {
            "section": section,
            "key": str(section.unique_id),
            "lines": cards.lines_of(postmortem, here[section.unique_id], request.POST),
            "count": len(claims),
            "has_many_facts": cards.has_many_facts(claims),
            "elsewhere": len(claims) - len(here[section.unique_id]),
            "writers": cards.writers_of(claims),
        }
        for section in sections
        if section.unique_id in here and (claims := found.by_section[section.unique_id])
    ]
    decided = Paginator(reads.decisions_of(postmortem), DECISIONS_ON_A_PAGE).get_page(
        request.GET.get("decided")
    )
    context = {
        **cards.draft_state(postmortem),
        "page": page,
        "parts": parts,
        "unplaced": cards.lines_of(postmortem, here.get(None, []), request.POST),
        "sections": sections,
        "last": reads.last_decision(postmortem),
        "decided": decided,
        "decisions": reads.tell_decisions(actor, postmortem, list(decided)),
        "list_url": reverse("drafting:suggestions", args=[postmortem.number]),
        "deeds_url": f"{reverse('drafting:decide', args=[postmortem.number])}{_place_in(request)}",
        "refused": (list(refusal.fields.values()) or [refusal.message]) if refusal else [],
    }
    status = refusal.status if refusal else 200
    return render(request, "drafting/suggestions/document.html", context, status=status)


def _place_in(request: HttpRequest) -> str:
    """Which pages of the two lists are looked at, as an address goes on."""
    wanted = {name: page for name in ("page", "decided") if (page := request.GET.get(name, "")).isdigit()}
    return f"?{urlencode(wanted)}" if wanted else ""


# While somebody writes -------------------------------------------------------------------------------------


def _decide_while_writing(request: HttpRequest, number: int) -> HttpResponse:
    """The page, or one card of it, with everything that was typed and with what the decision changed."""
    desk = Desk.of(request, number)
    desk.take(request.POST)
    before = {draft.section.unique_id: draft.section for draft in desk.drafts}
    draft = desk.find(request.GET.get("section", ""))
    deed = request.POST.get("suggestion", "")
    last = reads.last_decision(desk.postmortem)
    is_fragment = request.headers.get("HX-Request") == "true" and draft is not None
    status = 200
    try:
        words = deeds.do(actor=desk.actor, postmortem=desk.postmortem, deed=deed, data=request.POST)
    except NotAllowed:
        raise
    except AfterwordError as refusal:
        reason = " ".join(refusal.fields.values()) or refusal.message
        verb, _, key = deed.partition(":")
        if verb == "edit" and isinstance(refusal, AlreadyDecided):
            # Its box is not there any more.
            reason += f" You had typed: “{request.POST.get(f'suggested-{key}', '')}”"
        status = REFUSED_FRAGMENT if is_fragment else refusal.status
        if draft is not None:
            desk.refusals.append((draft.section, reason))
        else:
            messages.error(request, reason)
    else:
        undone = last if deed.startswith("undo") else None
        for section in postmortem_reads.sections_of(desk.postmortem):
            _bring_up_to_date(desk, before.get(section.unique_id), section, undone)
        if not is_fragment:
            messages.success(request, words)
    if is_fragment and draft is not None:
        return show_card(request, desk, desk.find(draft.key) or draft, status=status)
    return show_desk(request, desk, status=status)


def _bring_up_to_date(desk: Desk, before: Section | None, section: Section, undone: Decision | None) -> None:
    """Put what a decision made of a section into its box. What is typed there and not saved stays."""
    draft = desk.find(section.unique_id)
    if draft is None or before is None or section.version == before.version:
        return
    if not draft.was_edited:
        fresh = type(draft).of(section)
        fresh.saved = True
        desk.drafts[desk.drafts.index(draft)] = fresh
        return
    if undone is not None:
        left = rules.take_out(draft.text.replace("\r\n", "\n"), undone.words)
        draft.text = draft.text if left is None else left
    elif section.text.startswith(before.text):
        typed, added = draft.text.rstrip(), section.text[len(before.text) :]
        draft.text = f"{typed}{added}" if added[:1].isspace() and typed else f"{typed}\n\n{added}".lstrip()
    if draft.version == before.version:
        draft.version, draft.base = section.version, text_digest(section.text)
    draft.section = section


# What may be drafted ---------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def edit_settings(request: HttpRequest) -> HttpResponse:
    """What the organisation chose, for administrators; what the teams did, for everybody in them."""
    actor = reader_of(request)
    posted = request.method == "POST"
    if posted:
        require_admin(actor)
    form = ChoiceForm(
        request.POST if posted else None, choice=reads.organisation_choice(), above=rules.Allowed()
    )
    if posted and form.is_valid():
        with refusals_on(form):
            writes.change_organisation_drafting(actor=actor, choice=form.chosen())
            messages.success(request, "What is drafted is saved.")
            return redirect("drafting:settings")
    context = {
        "form": form,
        "may_change": actor.is_admin,
        "holds": rules.what_holds(reads.organisation_choice()),
        "teams": reads.team_rows(actor),
        "model": model_settings(),
    }
    return render(request, "drafting/suggestions/settings.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_team(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = reader_of(request)
    team = get_team(actor, unique_id)
    require_manager(actor, team)
    above = rules.what_holds(reads.organisation_choice())
    form = ChoiceForm(
        request.POST if request.method == "POST" else None,
        choice=reads.team_choice(team),
        above=above,
        usual="As the organisation",
    )
    if form.is_valid():
        with refusals_on(form):
            writes.change_team_drafting(actor=actor, team=team, choice=form.chosen())
            messages.success(request, f"What is drafted for {team} is saved.")
            return redirect("drafting:settings")
    context = {"form": form, "team": team}
    return render(request, "drafting/suggestions/team.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_incident(request: HttpRequest, number: int) -> HttpResponse:
    actor = reader_of(request)
    incident = get_incident(actor, number)
    require_write(actor, incident.service.team)
    above = rules.what_holds(reads.organisation_choice(), reads.team_choice(incident.service.team))
    form = ChoiceForm(
        request.POST if request.method == "POST" else None,
        choice=reads.incident_choice(incident),
        above=above,
        usual="As the team",
    )
    if form.is_valid():
        with refusals_on(form):
            writes.change_incident_drafting(actor=actor, incident=incident, choice=form.chosen())
            messages.success(request, "What is drafted for this incident is saved.")
            return redirect("incidents:post_incident", number)
    context: dict[str, Any] = frame_incident(actor, incident) | {"form": form}
    return render(request, "drafting/suggestions/incident.html", context, status=400 if form.errors else 200)
