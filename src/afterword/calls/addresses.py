"""Addresses of the API that clients of other products ask for at the root of the host."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

AT_THE_ROOT = ("/v1/postmortem_documents",)
"""incident.io's API has no path before its version (api-docs.incident.io)."""
PREFIX = "/api"


class RootAddressesMiddleware:
    """Answers them as if they had been asked for under `/api`, before anything looks at the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(request.path_info == one or request.path_info.startswith(f"{one}/") for one in AT_THE_ROOT):
            request.path_info = PREFIX + request.path_info
            request.path = PREFIX + request.path
            request.META["PATH_INFO"] = request.path_info
        return self.get_response(request)
