"""The ASGI application: the way in for signals first, everything else to Django."""

from __future__ import annotations

import gc
import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "afterword.config.settings")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402  (Django has to be set up first)

from afterword.config.bodies import bound_bodies  # noqa: E402
from afterword.incidents.timeline.uploads import takes_uploads  # noqa: E402
from afterword.incidents.timeline.watching import WatchApplication, is_watching  # noqa: E402
from afterword.ingest.asgi import (  # noqa: E402
    INTEGRATION_PREFIX,
    METRICS_PATH,
    SLASHES,
    STATUS_PREFIX,
    IngestApplication,
)
from afterword.ingest.doors import PREFIXES  # noqa: E402

bounded_application = bound_bodies(django_application, takes_uploads=takes_uploads)

INGEST_PREFIXES = (INTEGRATION_PREFIX, STATUS_PREFIX, METRICS_PATH, *PREFIXES)

COLLECTED_AFTER = (10_000, 20, 20)
"""Objects more than before, and how often the younger ones are looked through before the older ones."""

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

ingest = IngestApplication(
    body_bytes_max=settings.ENV.signal_body_bytes_max, waiting_max=settings.ENV.signal_queue_max
)

watching = WatchApplication(watchers_max=settings.WATCHERS_MAX)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Run it with a lifespan: without one, signals are answered with 503."""
    if scope["type"] == "http" and _is_of_ingest(scope["path"]):
        await ingest(scope, receive, send)
    elif scope["type"] == "http" and is_watching(scope["path"]):
        await watching(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _live(receive, send)
    else:
        await bounded_application(scope, receive, send)


def _is_of_ingest(path: str) -> bool:
    # A sender whose address has a slash too many wants to read JSON like every other.
    return path.startswith(INGEST_PREFIXES) or (
        path.startswith(SLASHES) and f"/{path.lstrip('/')}".startswith(INGEST_PREFIXES)
    )


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            ingest.start()
            _calm_the_collector()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await watching.drain()
            await ingest.drain()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _calm_the_collector() -> None:
    """Have Python's garbage collector pass over what the program consists of.

    It would look through all of Django again and again, for a tenth of the time of a busy way in. What
    requests leave behind is still collected.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_AFTER)
