"""The files of the front end and of the apps, found by ServeStatic and answered here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from servestatic.middleware import ServeStaticMiddleware


class StaticFilesMiddleware:
    """Answers what is asked for under `/static/`, with the headers that ServeStatic gives each file.

    ServeStatic's own middleware is a coroutine among ours, which are functions: every request, of which
    hardly one is for a file, would go to the event loop and come back to its thread.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.static = ServeStaticMiddleware(_answer_nothing_else)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        find = self.static.find_file if self.static.autorefresh else self.static.files.get
        file = find(request.path_info)
        return self.get_response(request) if file is None else _answer(file, request)


async def _answer_nothing_else(request: HttpRequest) -> HttpResponseBase:
    """What ServeStatic wants to be put before: it is never asked, for we do that."""
    raise NotImplementedError(request.path)


def _answer(file: Any, request: HttpRequest) -> HttpResponse:
    answer = file.get_response(request.method or "GET", request.META)
    content = b""
    if answer.file is not None:
        with answer.file:
            content = answer.file.read()
    response = HttpResponse(content, status=int(answer.status))
    del response["Content-Type"]
    for name, value in answer.headers:
        if value is not None:
            response[name] = value
    return response
