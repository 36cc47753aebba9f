"""Error pages, the choice of colours and the page of components."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from afterword.accounts.forms import SignInForm
from afterword.accounts.interrupted import (
    FIELD,
    ask_to_send_again,
    ask_to_sign_in,
    open_interrupted,
    read_interrupted,
)
from afterword.accounts.models import Person
from afterword.web import badges, examples, icons
from afterword.web.middleware import API_PREFIX
from afterword.web.templatetags.components import THEME_COOKIE, THEMES

THEME_COOKIE_SECONDS = 365 * 24 * 60 * 60
ICON_SECONDS = 24 * 60 * 60
EXAMPLE_MESSAGES = (
    (messages.SUCCESS, "The incident is resolved."),
    (messages.INFO, "A draft of the post-mortem is on its way."),
    (messages.WARNING, "Two alerts arrived while you were writing."),
    (messages.ERROR, "The service could not be renamed: another has this name."),
)

ERRORS_FOR_PROGRAMS = {
    HTTPStatus.BAD_REQUEST: "The request is damaged.",
    HTTPStatus.FORBIDDEN: "You do not have permission to do this.",
    HTTPStatus.NOT_FOUND: "Not found.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke on our side. It has been written to the log.",
}


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, HTTPStatus.BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, HTTPStatus.FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error_page(request, HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session nor front end: any of them may be what failed."""
    if request.path.startswith(API_PREFIX):
        return _error_for_a_program(HTTPStatus.INTERNAL_SERVER_ERROR)
    return HttpResponse(render_to_string("web/500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)


@login_not_required
@require_safe
def show_icon(request: HttpRequest) -> HttpResponse:
    """What programs ask for that do not read pages: a tab beside a file, a bookmark, a feed reader."""
    response = HttpResponseRedirect(static("web/favicon.svg"))
    response["Cache-Control"] = f"public, max-age={ICON_SECONDS}"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page that is older than the sign-in, or one of another site.

    The browser says whose page it was: Django compared that before it looked at the token. What stood in one
    of ours is not lost: it is sent again by hand, or comes along through the sign-in.
    """
    is_ours = "Origin" in request.headers and reason.startswith(("CSRF token", "CSRF cookie"))
    if is_ours and "HX-Request" not in request.headers:
        came_along = open_interrupted(request.POST.get(FIELD, ""))
        interrupted = came_along or read_interrupted(request)
        match = request.resolver_match
        is_for_people = match is not None and getattr(match.func, "login_required", True)
        if interrupted is None:
            pass
        elif isinstance(request.user, Person):
            if interrupted.is_for(request.user):
                return ask_to_send_again(request, interrupted, status=HTTPStatus.FORBIDDEN)
        elif came_along or is_for_people:
            return ask_to_sign_in(request, interrupted, SignInForm(request=request))
    return render(request, "web/csrf.html", status=HTTPStatus.FORBIDDEN)


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or auto for this browser, for those without script; then back to the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme")
    if chosen in {name for name, _, _ in THEMES}:
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=THEME_COOKIE_SECONDS, samesite="Lax", secure=request.is_secure()
        )
    return response


@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Every component with the lines that make it. Staff only; to others there is no such page."""
    if not request.user.is_authenticated or not request.user.is_staff:
        raise Http404
    for level, text in EXAMPLE_MESSAGES:
        messages.add_message(request, level, text)
    start = datetime(2026, 3, 2, 9, 14, 7, tzinfo=UTC)
    return render(
        request,
        "web/design.html",
        {
            "start": start,
            "later": start + timedelta(minutes=7, seconds=12),
            "earlier": start - timedelta(minutes=3),
            "much_later": start + timedelta(hours=1, minutes=5, seconds=40),
            "length": timedelta(hours=1, minutes=5),
            "looks": badges.LOOKS,
            "icons": sorted(icons.PATHS),
            "form": examples.ExampleForm(),
            "sent": examples.ExampleForm(
                {"title": "", "service": "api", "summary": "Too short", "impact": "none"}, auto_id="sent_%s"
            ),
            "filters": examples.ExampleFilters(auto_id="filter_%s"),
            "rows": examples.ROWS,
            "page": Paginator(range(1_242), 25).get_page(request.GET.get("page", 12)),
            "one_page": Paginator(range(3), 25).get_page(1),
            "no_page": Paginator([], 25).get_page(1),
            "curl": examples.CURL,
            "snippets": examples.SNIPPETS,
        },
    )


def _error_page(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return _error_for_a_program(status)
    return render(request, f"web/{status.value}.html", status=status)


def _error_for_a_program(status: HTTPStatus) -> HttpResponse:
    """In the shape of every failure of the API: its callers read JSON, also where no endpoint answers."""
    return JsonResponse({"detail": ERRORS_FOR_PROGRAMS[status]}, status=status)
