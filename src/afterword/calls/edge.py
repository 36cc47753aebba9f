"""What stands around every address of the API, the same for all of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from afterword.calls.conditions import change_if_unchanged, tag_answer
from afterword.calls.repeating import HEADER, answer_once
from afterword.lib.errors import AfterwordError

READING_METHODS = ("GET", "HEAD", "OPTIONS")

View = Callable[..., HttpResponseBase]
Addresses = tuple[list[URLResolver | URLPattern], str, str]


def with_conditions(addresses: Addresses) -> Addresses:
    """The addresses of an API, each with ETags, `If-Match`, `Idempotency-Key` and errors of one shape."""
    for pattern in addresses[0]:
        assert isinstance(pattern, URLPattern)
        pattern.callback = _guard(pattern.callback)
    return addresses


def _guard(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        def run() -> HttpResponseBase:
            return _in_shape(view(request, *args, **kwargs))

        if request.method in READING_METHODS:
            return tag_answer(request, run())
        try:
            if request.method == "POST" and HEADER in request.headers:
                return answer_once(request, run, lambda keep: change_if_unchanged(request, run, keep))
            if "If-Match" in request.headers:
                return change_if_unchanged(request, run, _forget)
        except AfterwordError as error:
            return _refuse(error)
        return run()

    return answer


def _forget(response: HttpResponseBase) -> None:
    """Without a key nothing is kept."""


def _in_shape(response: HttpResponseBase) -> HttpResponseBase:
    if not isinstance(response, HttpResponseNotAllowed):
        return response
    allowed = response.headers["Allow"]
    answer = JsonResponse({"detail": f"This address takes {allowed} only."}, status=405)
    answer["Allow"] = allowed
    return answer


def _refuse(error: AfterwordError) -> JsonResponse:
    body: dict[str, object] = {"detail": error.message}
    if error.fields:
        body["fields"] = error.fields
    return JsonResponse(body, status=error.status)
