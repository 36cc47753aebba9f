"""`afterword worker`: folds signals into incidents, keeps house, and says that it is alive."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.db import DatabaseError, connection

from afterword.config.database import check_database
from afterword.config.health import HEARTBEAT_EVERY_SECONDS, write_heartbeat
from afterword.ingest.housekeeping import prune
from afterword.ingest.worker import run_fold
from afterword.lib import clock

HOUSEKEEPING_EVERY_SECONDS = 60
SESSIONS_EVERY_SECONDS = 3_600

logger = logging.getLogger("afterword.worker")


def run_worker(stop: threading.Event) -> None:
    """Work until `stop` is set. Raises Refusal.

    On PostgreSQL it folds the inbox. On SQLite the web does that itself, in the thread that writes, and
    the worker only keeps house.
    """
    check_database()
    logger.info("Working")
    if connection.vendor == "sqlite":
        _keep_house(stop)
    else:
        _fold_and_keep_house(stop)
    logger.info("Stopped")


def _fold_and_keep_house(stop: threading.Event) -> None:
    """Both at once: when one of them fails, the process ends and is started again."""
    failures: list[BaseException] = []

    def keep_house() -> None:
        try:
            _keep_house(stop)
        except BaseException as error:
            failures.append(error)
        finally:
            stop.set()

    keeper = threading.Thread(target=keep_house, name="housekeeping")
    keeper.start()
    try:
        run_fold(stop)
    finally:
        stop.set()
        keeper.join()
    if failures:
        raise failures[0]


def _keep_house(stop: threading.Event) -> None:
    chores = [
        Chore("heartbeat", HEARTBEAT_EVERY_SECONDS, lambda: write_heartbeat(clock.now())),
        Chore("housekeeping", HOUSEKEEPING_EVERY_SECONDS, _prune),
        Chore("sessions", SESSIONS_EVERY_SECONDS, _clear_sessions),
    ]
    second = 0
    while True:
        for chore in chores:
            if second % chore.every_seconds == 0:
                chore.do()
        second += 1
        if stop.wait(1):
            break
    connection.close()


class Chore:
    """Something that is done from time to time. A failure is logged and tried again the next time."""

    def __init__(self, name: str, every_seconds: int, work: Callable[[], object]) -> None:
        self.name = name
        self.every_seconds = every_seconds
        self.work = work

    def do(self) -> None:
        try:
            self.work()
        except DatabaseError as error:
            logger.warning("The %s has to wait: %s", self.name, error)
            connection.close()


def _prune() -> None:
    prune(at=clock.now())


def _clear_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
