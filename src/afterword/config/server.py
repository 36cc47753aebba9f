"""`afterword web`: one process that answers pages, the API and the way in."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable

import uvicorn
from django.conf import settings

from afterword.config.database import bound_statements, check_database
from afterword.config.parts import STOP_SECONDS_MAX
from afterword.config.sockets import BACKLOG, allow_many_connections

KEEP_ALIVE_SECONDS = 75

logger = logging.getLogger("afterword.web")


def run_web(listener: socket.socket, stop: threading.Event) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests that are under way. Raises Refusal."""
    bound_statements()
    check_database()
    allow_many_connections()
    # Only now: it sets Django up and begins to read the settings.
    from afterword.config.asgi import application, ingest, watching

    config = uvicorn.Config(
        application,
        loop="uvloop",
        http=ingest.protocol(),
        ws="none",
        lifespan="on",
        backlog=BACKLOG,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS_MAX,
    )
    config.load()
    if not stop.is_set():
        logger.info("Serving %s", settings.PUBLIC_URL)
        server = _Server(config)
        server.before_shutdown = watching.close
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says that it is about to stop before it waits for what is under way: some answers end only then."""

    before_shutdown: Callable[[], None]

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.before_shutdown()
        await super().shutdown(sockets)
