"""The list of post-mortems, the views that were saved of it, its export, and the search over everything."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afterword.accounts.models import Person
from afterword.accounts.reads import writable_teams
from afterword.incidents.reads import IncidentFilter, find_incidents
from afterword.lib.errors import InvalidInput
from afterword.lib.forms import refusals_on
from afterword.postmortems import reads as postmortem_reads
from afterword.postmortems.models import Postmortem
from afterword.postmortems.searching import exporting, reads, writes
from afterword.postmortems.searching.forms import FilterForm, ViewForm, address_of_view
from afterword.postmortems.searching.models import SavedView
from afterword.postmortems.searching.reads import Found
from afterword.postmortems.searching.rules import SEARCH_CHARACTERS_MAX

POSTMORTEMS_PER_PAGE = 50
FOUND_PER_PAGE = 20
"""With a passage of each."""


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    actor = _reader_of(request)
    form = FilterForm(request.GET, actor=actor)
    wanted = form.wanted()
    found = Found(actor, wanted, form.cleaned_data.get("sort", "") if wanted else "")
    shows_text = bool(found.query.wanted)
    per_page = FOUND_PER_PAGE if shows_text else POSTMORTEMS_PER_PAGE
    page = _page_of(found, per_page, request)
    postmortems = list(page)
    incidents = postmortem_reads.incidents_of_many(postmortems)
    texts = reads.excerpts_of(found.query, postmortems)
    views = reads.views_of(actor)
    chosen = request.GET.get("view", "")
    filters = form.as_filters()
    return render(
        request,
        "postmortems/list.html",
        {
            "form": form,
            "page": page,
            "rows": [(one, incidents[one.pk], texts.get(one.pk)) for one in postmortems],
            "narrows": wanted is None or wanted.narrows,
            # Who sees one has a team. Without one there is nothing to begin or to import.
            "may_write": actor.may_write and (bool(postmortems) or writable_teams(actor).exists()),
            "views": [(view, address_of_view(view), str(view.unique_id) == chosen) for view in views],
            "view": next((view for view in views if str(view.unique_id) == chosen), None),
            "query": urlencode(filters),
            "more_query": urlencode({**filters, "more": "1"}),
            "exported_max": exporting.EXPORTED_MAX,
        },
    )


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Post-mortems by their words, and the incidents whose title or summary has them."""
    actor = _reader_of(request)
    text = request.GET.get("text", "").strip()[:SEARCH_CHARACTERS_MAX]
    found = Found(actor, reads.PostmortemFilter(text=text) if text else None)
    page = _page_of(found, FOUND_PER_PAGE, request)
    postmortems = list(page)
    texts = reads.excerpts_of(found.query, postmortems)
    incidents = []
    if text:
        # The list of incidents knows neither phrases nor exclusions: their words are looked for as words.
        words = " ".join(word for term in found.query.wanted for word in term.words)
        plain = text if found.number is not None else words
        if plain:
            incidents = list(
                find_incidents(actor, IncidentFilter(text=plain[:SEARCH_CHARACTERS_MAX]))[
                    : reads.FOUND_OF_EACH_MAX
                ]
            )
    return render(
        request,
        "postmortems/search.html",
        {
            "text": text,
            "page": page,
            "rows": [(one, texts.get(one.pk)) for one in postmortems],
            "incidents": incidents,
            "query": urlencode({"text": text}),
        },
    )


@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The chosen rows, or with `all` everything that fits the filter in the address."""
    actor = _reader_of(request)
    if request.POST.get("which") == "all":
        form = FilterForm(request.GET, actor=actor)
        chosen = Found(actor, form.wanted())[: exporting.EXPORTED_MAX + 1]
    else:
        given = request.POST.getlist("number")[: exporting.EXPORTED_MAX + 1]
        numbers = [int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 19]
        chosen = list(postmortem_reads.visible_postmortems(actor).filter(number__in=numbers))
    try:
        return exporting.export(
            actor=actor, postmortems=chosen, file_format=request.POST.get("format", "pdf")
        )
    except InvalidInput as error:
        messages.error(request, " ".join(error.fields.values()) or error.message)
        return redirect(f"{reverse('postmortems:list')}?{request.GET.urlencode()}")


@require_http_methods(["GET", "HEAD", "POST"])
def new_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters that stand in the address, under a name."""
    actor = _reader_of(request)
    filters = FilterForm(request.GET, actor=actor).as_filters()
    form = ViewForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            view = writes.save_view(
                actor=actor, name=form.cleaned_data["name"], filters=filters, team=form.chosen_team()
            )
            return redirect(_address(view))
    return _view_page(request, form, None, filters)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_view(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    """Its name and who sees it; and, with filters in the address, what it narrows to."""
    actor = _reader_of(request)
    view = reads.get_view(actor, unique_id)
    writes.require_view_change(actor, view)
    given = FilterForm(request.GET, actor=actor).as_filters()
    form = ViewForm(request.POST or None, actor=actor, view=view)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            view = writes.change_view(
                actor=actor,
                view=view,
                name=form.cleaned_data["name"],
                team=form.chosen_team(),
                filters=given or None,
            )
            return redirect(_address(view))
    return _view_page(request, form, view, given or view.filters)


@require_POST
def delete_view(request: HttpRequest, unique_id: uuid.UUID) -> HttpResponse:
    actor = _reader_of(request)
    view = reads.get_view(actor, unique_id)
    writes.delete_view(actor=actor, view=view)
    messages.success(request, f"The view “{view.name}” is deleted.")
    return redirect("postmortems:list")


def _page_of(found: Found, per_page: int, request: HttpRequest) -> Page[Postmortem]:
    rows = cast("Sequence[Postmortem]", found)  # It has what a paginator asks of one.
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def _view_page(
    request: HttpRequest, form: ViewForm, view: SavedView | None, filters: dict[str, str]
) -> HttpResponse:
    return render(
        request,
        "postmortems/view.html",
        {
            "form": form,
            "view": view,
            "filters": FilterForm(filters, actor=_reader_of(request)).in_words(),
            "query": urlencode(filters),
        },
        status=400 if form.errors else 200,
    )


def _address(view: SavedView) -> str:
    return f"{reverse('postmortems:list')}?{address_of_view(view)}"


def _reader_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person), "this page needs a sign-in"
    return request.user
