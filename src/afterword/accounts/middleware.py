"""What happens to every request: the first run, the sign-in, the reader's time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from afterword.accounts import reads
from afterword.accounts.forms import SignInForm
from afterword.accounts.interrupted import ask_to_sign_in, read_interrupted, remember_person

Next = Callable[[HttpRequest], HttpResponse]
API_PREFIX = "/api/"


class FirstRunMiddleware:
    """Leads everyone to /setup until the organisation is there."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self.is_set_up:
            self.is_set_up = reads.organisation() is not None
        path = request.path
        if self.is_set_up or path == "/setup" or path.startswith((API_PREFIX, "/static/", "/favicon.ico")):
            return self.get_response(request)
        return redirect("setup")


class SignedInMiddleware(LoginRequiredMiddleware):
    """Every page asks for a sign-in unless its view says otherwise. The API checks keys itself."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if request.path.startswith(API_PREFIX):
            return None
        refusal = super().process_view(request, view_func, view_args, view_kwargs)
        if refusal is None or request.method != "POST":
            return refusal
        by_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
        if by_script or request.headers.get("HX-Request") == "true":
            # Sent on to the sign-in, the script would put its page where somebody's words stand.
            return HttpResponse(status=401)
        interrupted = read_interrupted(request)
        if interrupted is None:
            return refusal
        return ask_to_sign_in(request, interrupted, SignInForm(request=request))

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        remember_person(request, response)
        return response


class TimeZoneMiddleware:
    """Times are shown in the zone of the person who reads."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(request.user.time_zone)):
            return self.get_response(request)
