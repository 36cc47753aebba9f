"""`ETag`, `If-None-Match` and `If-Match` (RFC 9110): read again only what is new, overwrite nothing unseen.

The tag is a digest of the representation, so it needs nothing of the resource and holds for every one. A
change with `If-Match` is compared and made in one transaction in which nobody else is there: SQLite has
one writer, and PostgreSQL is asked for a serialisable one, which is begun anew when somebody was.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import random
import time
from collections.abc import Callable

from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control, patch_vary_headers

from afterword.calls.errors import ChangedSince, TooManyAtOnce

TAG_CHARACTERS = 27
HEADER_CHARACTERS_MAX = 4_000
STEPS_UP_MAX = 8
ATTEMPTS_MAX = 12
PAUSE_SECONDS = 0.02
SERIALISATION_FAILURES = ("40001", "40P01")
"""PostgreSQL: could not serialise access; deadlock detected."""
UNREAD_HEADERS = ("HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH", "HTTP_IDEMPOTENCY_KEY", "CONTENT_TYPE")


def tag_answer(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """The answer to a GET with its ETag; 304 without a body when the reader has it already."""
    tag = _tag_of(response)
    if tag is None:
        return response
    if "Cache-Control" not in response.headers:
        patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Authorization"])
    response["ETag"] = tag
    known = request.headers.get("If-None-Match", "")
    if not known or not _names(known, tag, weakly=True):
        return response
    unchanged = HttpResponse(status=304)
    for name in ("ETag", "Cache-Control", "Vary"):
        unchanged[name] = response.headers[name]
    del unchanged["Content-Type"]
    return unchanged


def change_if_unchanged(
    request: HttpRequest, change: Callable[[], HttpResponseBase], keep: Callable[[HttpResponseBase], None]
) -> HttpResponseBase:
    """Do `change`, but only to what still is what `If-Match` names, if that is sent; then `keep` the answer.

    Compared is what a GET of the same address says to the same caller; where an address cannot be read,
    of the nearest one above it that can. Raises ChangedSince (412), TooManyAtOnce (409).
    """
    expected = request.headers.get("If-Match")
    for attempt in range(ATTEMPTS_MAX):
        try:
            with transaction.atomic():
                return _change_now(request, change, keep, expected)
        except OperationalError as error:
            if expected is None or getattr(error.__cause__, "sqlstate", "") not in SERIALISATION_FAILURES:
                raise
        for _, files in request.FILES.lists():
            for file in files:
                file.seek(0)
        time.sleep(random.uniform(0, PAUSE_SECONDS * (attempt + 1)))  # noqa: S311 - only so that not all come back at once
    raise TooManyAtOnce


def change_outside(
    request: HttpRequest, change: Callable[[], HttpResponseBase], keep: Callable[[HttpResponseBase], None]
) -> HttpResponseBase:
    """The same in three transactions: compare, do, keep. For what waits for other systems in between.

    A process that dies behind the change leaves its answer untold. Raises ChangedSince (412).
    """
    expected = request.headers.get("If-Match")
    if expected is not None:
        with transaction.atomic():
            refusal = _compare(request, expected)
        if refusal is not None:
            return refusal
    response = change()
    if response.status_code < 300:
        with transaction.atomic():
            keep(response)
    return response


def _change_now(
    request: HttpRequest,
    change: Callable[[], HttpResponseBase],
    keep: Callable[[HttpResponseBase], None],
    expected: str | None,
) -> HttpResponseBase:
    if expected is not None:
        _see_nobody_else()
        refusal = _compare(request, expected)
        if refusal is not None:
            return refusal
    response = change()
    if response.status_code >= 500:
        transaction.set_rollback(True)
    elif response.status_code < 300:
        keep(response)
        if expected is not None and request.method in ("PUT", "PATCH"):
            _tag_what_is_new(request, response)
    return response


def _compare(request: HttpRequest, expected: str) -> HttpResponseBase | None:
    """None when it is what was expected; else the refusal to read it. Raises ChangedSince."""
    present = _read_present(request)
    if present is None:
        raise ChangedSince
    if present.status_code != 200:
        return present
    if not _names(expected, _tag_of(present) or "", weakly=False):
        raise ChangedSince
    return None


def _see_nobody_else() -> None:
    # Inside another transaction, as that of a test, it is too late to ask for it.
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")


def _tag_what_is_new(request: HttpRequest, response: HttpResponseBase) -> None:
    present = _read(request, request.path_info)
    tag = _tag_of(present) if present is not None and present.status_code == 200 else None
    if tag is not None:
        response["ETag"] = tag


def _read_present(request: HttpRequest) -> HttpResponseBase | None:
    """What a GET says of this address or the nearest above it; None when there is none."""
    path = request.path_info
    for _ in range(STEPS_UP_MAX):
        found = _read(request, path)
        if found is not None:
            return found
        ending = "/" if path.endswith("/") else ""
        path = path.rstrip("/").rpartition("/")[0] + ending
    return None


def _read(request: HttpRequest, path: str) -> HttpResponseBase | None:
    """The answer to a GET by the same caller; None when this address cannot be read."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if request.resolver_match is None or match.namespaces != request.resolver_match.namespaces:
        return None
    reading = copy.copy(request)
    reading.method = "GET"
    reading.path = reading.path_info = path
    reading.resolver_match = match
    reading.GET = QueryDict()
    reading.META = {name: value for name, value in request.META.items() if name not in UNREAD_HEADERS}
    reading.META["REQUEST_METHOD"], reading.META["QUERY_STRING"] = "GET", ""
    reading.__dict__.pop("headers", None)
    response: HttpResponseBase = match.func(reading, *match.args, **match.kwargs)
    if response.streaming:
        response.close()
        return None
    return None if response.status_code == 405 else response


def _tag_of(response: HttpResponseBase) -> str | None:
    """Strong: equal bytes and nothing else have the same."""
    if response.status_code != 200 or response.streaming:
        return None
    content: bytes = response.content  # type: ignore[attr-defined]
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode()
    return f'"{digest[:TAG_CHARACTERS]}"'


def _names(header: str, tag: str, *, weakly: bool) -> bool:
    if len(header) > HEADER_CHARACTERS_MAX:
        return False
    listed = [one.strip() for one in header.split(",")]
    if weakly:
        listed = [one.removeprefix("W/") for one in listed]
    return "*" in listed or tag in listed
