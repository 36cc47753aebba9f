"""The tab "Paging" of an incident: whom it called when and with what result, and calling somebody now."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from afterword.accounts.models import Person
from afterword.accounts.reads import require_write
from afterword.incidents.errors import AlreadyResolved
from afterword.incidents.frame import frame_incident, reader_of
from afterword.incidents.models import Incident
from afterword.incidents.reads import get_incident
from afterword.lib.errors import InvalidInput
from afterword.notify.paging import reads
from afterword.notify.paging.forms import PageForm
from afterword.notify.paging.writes import engine

PAGES_PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def show_paging(request: HttpRequest, number: int) -> HttpResponse:
    """What is posted is somebody to page now."""
    actor = reader_of(request)
    incident = get_incident(actor, number)
    if request.method != "POST":
        return _show(request, actor, incident, None)
    require_write(actor, incident.service.team)
    form = _form(actor, incident, request)
    if form.is_valid():
        chosen = form.chosen()
        try:
            if isinstance(chosen, Person):
                engine.page_person(actor=actor, incident=incident, person=chosen)
            else:
                engine.page_policy(actor=actor, incident=incident, policy=chosen)
        except InvalidInput as refusal:
            form.add_refusals(refusal.fields)
        except AlreadyResolved as refusal:
            messages.error(request, refusal.message)
            return redirect("notify:paging", number)
        else:
            messages.success(request, f"{chosen} is paged now.")
            return redirect("notify:paging", number)
    return _show(request, actor, incident, form)


def _show(request: HttpRequest, actor: Person, incident: Incident, form: PageForm | None) -> HttpResponse:
    pages = Paginator(reads.pages_of(actor, incident), PAGES_PER_PAGE)
    context = frame_incident(
        actor,
        incident,
        page=pages.get_page(request.GET.get("page")),
        escalations=reads.escalations_of(actor, incident)[:PAGES_PER_PAGE],
        form=form or _form(actor, incident),
    )
    status = HTTPStatus.BAD_REQUEST if form is not None else HTTPStatus.OK
    return render(request, "notify/paging.html", context, status=status)


def _form(actor: Person, incident: Incident, request: HttpRequest | None = None) -> PageForm:
    return PageForm(
        request.POST if request is not None else None,
        people=reads.people_to_page(actor, incident),
        policies=reads.policies_to_page(actor, incident),
    )
