"""`/ack/{token}`: the small page behind the link of a page. GET changes nothing: scanners follow links."""

from __future__ import annotations

from http import HTTPStatus

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods

from afterword.incidents.errors import AlreadyAcknowledged, AlreadyResolved
from afterword.incidents.models import IncidentStatus
from afterword.lib.errors import NotAllowed, NotFound
from afterword.notify.paging.models import Page
from afterword.notify.paging.reads import find_page
from afterword.notify.paging.writes.answers import answer_page

RATES = {"answer_page": "60/m/ip"}
TEMPLATE = "notify/answer.html"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Acknowledge an incident as whoever was paged. The token is the right to, and to nothing else."""
    response = _answer(request, token)
    patch_cache_control(response, private=True, no_store=True)
    # The address is a secret: no other site that is opened from here gets to know it. With `no-referrer`
    # browsers would say of the form as well that it comes from nowhere, and it would be refused.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    allowed = ratelimit.consume(
        request, app="afterword.notify", action="answer_page", config=RATES, limit_get=True
    )
    if allowed is None:
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    page = find_page(token)
    if page is None:
        return _show(request, None, "expired", HTTPStatus.NOT_FOUND)
    if request.method != "POST":
        return _show(request, page, _state_of(page), HTTPStatus.OK)
    try:
        answer_page(page=page)
    except AlreadyResolved:
        return _show(request, page, "resolved", HTTPStatus.CONFLICT)
    except AlreadyAcknowledged:
        return _show(request, page, "acknowledged", HTTPStatus.CONFLICT)
    except (NotAllowed, NotFound):
        return _show(request, None, "expired", HTTPStatus.NOT_FOUND)
    return _show(request, page, "done", HTTPStatus.OK)


def _state_of(page: Page) -> str:
    if page.incident.is_resolved:
        return "resolved"
    if page.incident.status == IncidentStatus.TRIGGERED:
        return "open"
    return "open" if page.escalation_id is None and page.answered_at is None else "acknowledged"


def _show(request: HttpRequest, page: Page | None, state: str, status: HTTPStatus) -> HttpResponse:
    shown = page.incident if page is not None else None
    return render(request, TEMPLATE, {"incident": shown, "page": page, "state": state}, status=status)
