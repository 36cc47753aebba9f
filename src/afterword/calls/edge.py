"""What stands around every address of the API, the same for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver

from afterword.calls.conditions import change_if_unchanged, change_outside, tag_answer
from afterword.calls.repeating import HEADER, Keep, answer_once
from afterword.lib.errors import AfterwordError

READING_METHODS = ("GET", "HEAD", "OPTIONS")

Change = Callable[[HttpRequest, Callable[[], HttpResponseBase], Keep], HttpResponseBase]
View = Callable[..., HttpResponseBase]
Addresses = tuple[list[URLResolver | URLPattern], str, str]


def with_conditions(addresses: Addresses, *, asking_others: Sequence[str] = ()) -> Addresses:
    """The addresses of an API, each with ETags, `If-Match`, `Idempotency-Key` and errors of one shape.

    A POST to those that begin with one of `asking_others` waits for other systems, and so is not made in
    a transaction, which on SQLite would keep everybody from writing meanwhile: its answer is kept behind it.
    """
    for pattern in addresses[0]:
        assert isinstance(pattern, URLPattern)
        waits = str(pattern.pattern).startswith(tuple(asking_others))
        pattern.callback = _guard(pattern.callback, change_outside if waits else change_if_unchanged)
    return addresses


def _guard(view: View, change: Change) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        def run() -> HttpResponseBase:
            return _in_shape(view(request, *args, **kwargs))

        if request.method in READING_METHODS:
            return tag_answer(request, run())
        try:
            if request.method == "POST" and HEADER in request.headers:
                return answer_once(request, run, lambda keep: change(request, run, keep))
            if "If-Match" in request.headers:
                # Only a POST waits for others.
                doing = change if request.method == "POST" else change_if_unchanged
                return doing(request, run, _forget)
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
