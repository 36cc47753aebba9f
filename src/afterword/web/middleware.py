"""Expected failures become pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from afterword.lib.errors import AfterwordError

API_PREFIX = "/api/"


class ErrorPagesMiddleware:
    """An AfterwordError that a page lets through is answered with its status and its message."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, AfterwordError) or request.path.startswith(API_PREFIX):
            return None
        return render(request, "web/error.html", {"error": error}, status=error.status)
