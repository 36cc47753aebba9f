from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.module_loading import import_string

from afterword.web.static_files import StaticFilesMiddleware

pytestmark = pytest.mark.pure

FILE = "/static/web/favicon.svg"

Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask() -> Ask:
    static = StaticFilesMiddleware(lambda request: HttpResponse("of the program", status=418))
    requests = RequestFactory()

    def send(path: str, method: str = "GET", **headers: str) -> Any:
        return static(requests.generic(method, path, headers=headers))

    return send


def test_a_file_comes_whole_in_part_or_not_at_all(ask: Ask):
    whole = ask(FILE)
    assert whole.status_code == 200
    assert whole["Content-Type"] == "image/svg+xml"
    assert int(whole["Content-Length"]) == len(whole.content) > 20
    part = ask(FILE, Range="bytes=3-9")
    assert (part.status_code, part.content) == (206, whole.content[3:10])
    assert part["Content-Range"] == f"bytes 3-9/{len(whole.content)}"
    known = ask(FILE, **{"If-None-Match": whole["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    head = ask(FILE, "HEAD")
    assert (head.content, head["Content-Length"]) == (b"", whole["Content-Length"])
    assert ask(FILE, "POST").status_code == 405


@pytest.mark.parametrize("path", ["/", "/static/", "/static/none.svg", "/incidents"])
def test_what_is_no_file_is_for_the_program(ask: Ask, path: str):
    assert ask(path).status_code == 418


def test_no_request_leaves_its_thread_on_the_way_to_its_view():
    """A single coroutine among the middleware costs every request two changes between threads."""
    for name in settings.MIDDLEWARE:
        made = import_string(name)
        assert getattr(made, "sync_capable", True), name
        if inspect.isclass(made):
            assert not inspect.iscoroutinefunction(made.__call__), name
