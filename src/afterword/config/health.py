"""What a load balancer or a container platform asks: are you alive, are you ready?

Answered before everything else, because a probe calls by an address of its own, has no session and comes
before the first run is completed. Neither answer says anything about what is in the database.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from afterword import __version__
from afterword.ingest.models import Heartbeat
from afterword.ingest.reads import fold_is_alive
from afterword.lib import clock

HEARTBEAT_EVERY_SECONDS = 3
HEARTBEAT_AGE_SECONDS_MAX = 10
WORKER = "worker"
FREE_BYTES_MIN = 16 * 1024 * 1024
"""With less room beside the SQLite file the next commits may fail."""

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers `GET /healthz` (200: this process serves, and its version) and `GET /readyz` (200 or 503)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "ok", "version": __version__})
        if request.path == "/readyz":
            return answer_readiness(clock.now())
        return self.get_response(request)


def answer_readiness(at: datetime) -> JsonResponse:
    """`{"database": "ok", "worker": "ok"}`; 503 with another word where something is missing."""
    state = describe_readiness(at)
    response = JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)
    # A probe that comes before we are ready is no error of ours: keep Django from logging it as one.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def describe_readiness(at: datetime) -> dict[str, str]:
    """The state of the database and of the worker (`ok`, `silent`, `unknown`).

    The database is `ok`, `away`, `read-only` or `full`: the latter two are told of SQLite, whose file lies on
    this machine and is read on when nothing can be stored any more. The worker is well when its process keeps
    house and signals are folded, wherever that is done.
    """
    storage = describe_storage(_sqlite_file())
    if storage != "ok":
        return {"database": storage, "worker": "unknown"}
    try:
        is_alive = _keeps_house(at) and fold_is_alive(at)
    except DatabaseError as error:
        logger.warning("The database cannot be read: %s", error)
        connection.close()
        return {"database": "away", "worker": "unknown"}
    return {"database": "ok", "worker": "ok" if is_alive else "silent"}


def describe_storage(file: Path | None, *, free_bytes_min: int = FREE_BYTES_MIN) -> str:
    """Whether this process can store anything in an SQLite file: `ok`, `read-only`, or `full`.

    SQLite writes beside its file too, so the folder counts. None: there is no file here.
    """
    if file is None:
        return "ok"
    if not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK | os.X_OK)):
        return "read-only"
    return "ok" if shutil.disk_usage(file.parent).free >= free_bytes_min else "full"


def _sqlite_file() -> Path | None:
    name = str(connection.settings_dict["NAME"])
    # In tests it may lie in memory.
    return None if connection.vendor != "sqlite" or name.startswith("file:") else Path(name)


def _keeps_house(at: datetime) -> bool:
    earliest = at - timedelta(seconds=HEARTBEAT_AGE_SECONDS_MAX)
    return Heartbeat.objects.filter(part=WORKER, at__gt=earliest).exists()


def write_heartbeat(at: datetime) -> None:
    """Say that the worker is alive."""
    Heartbeat.objects.update_or_create(part=WORKER, defaults={"at": at})
