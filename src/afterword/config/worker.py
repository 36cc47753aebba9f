"""`afterword worker`: folds signals, pages people, sends mails, minds the clock, keeps house, is alive."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.db import DatabaseError, connection

from afterword.calls.writes import prune_answers
from afterword.config.database import check_database
from afterword.config.health import HEARTBEAT_EVERY_SECONDS, write_heartbeat
from afterword.config.parts import STOP_SECONDS_MAX
from afterword.drafting.interviews.writes import queue_question_reminders
from afterword.drafting.model.writes import prune_calls
from afterword.drafting.similar.writes import run_indexing
from afterword.drafting.suggestions.writes.beginning import begin_all_waiting
from afterword.drafting.suggestions.writes.work import run_drafting
from afterword.incidents.flow.writes.reminders import queue_reminders
from afterword.incidents.writes.timers import note_broken_promises, resolve_silent_incidents
from afterword.ingest.housekeeping import prune
from afterword.ingest.worker import run_fold
from afterword.letters.writes import prune_letters
from afterword.lib import clock
from afterword.notify.letter_sending import run_letters
from afterword.notify.paging.sending import run_paging
from afterword.notify.paging.writes.engine import run_due_steps
from afterword.notify.sending import run_deliveries
from afterword.postmortems.review.writes import queue_review_reminders
from afterword.webhooks.sending import run_webhooks
from afterword.webhooks.writes.deliveries import prune_webhook_events

ESCALATIONS_EVERY_SECONDS = 1
TIMERS_EVERY_SECONDS = 5
HOUSEKEEPING_EVERY_SECONDS = 60
SESSIONS_EVERY_SECONDS = 3_600
JOIN_SECONDS_MAX = STOP_SECONDS_MAX - 2
"""How long a part that is told to stop may go on with what it has begun."""

logger = logging.getLogger("afterword.worker")

Part = Callable[[threading.Event], object]


def run_worker(stop: threading.Event) -> None:
    """Work until `stop` is set. Raises Refusal.

    On PostgreSQL it folds the inbox. On SQLite the web does that itself, in the thread that writes, and
    the worker does the rest.
    """
    check_database()
    logger.info("Working")
    parts: list[Part] = [
        *(run_deliveries, run_letters, run_paging, run_webhooks, run_indexing, run_drafting),
        _keep_house,
    ]
    if connection.vendor != "sqlite":
        parts.append(run_fold)
    _work_together(stop, *parts)
    logger.info("Stopped")


def _work_together(stop: threading.Event, *parts: Part) -> None:
    """All at once, the last one in this thread: when one fails, the process ends and is started again."""
    failures: list[BaseException] = []

    def run(part: Part) -> None:
        try:
            part(stop)
        except BaseException as error:
            failures.append(error)
        finally:
            stop.set()

    # What waits for a slow mail server keeps nobody from stopping: what it was about stands in its row.
    threads = [
        threading.Thread(target=run, args=[part], name=part.__name__, daemon=True) for part in parts[:-1]
    ]
    for thread in threads:
        thread.start()
    run(parts[-1])
    for thread in threads:
        thread.join(JOIN_SECONDS_MAX)
    if failures:
        raise failures[0]


def _keep_house(stop: threading.Event) -> None:
    chores = [
        Chore("heartbeat", HEARTBEAT_EVERY_SECONDS, lambda: write_heartbeat(clock.now())),
        Chore("escalations", ESCALATIONS_EVERY_SECONDS, lambda: run_due_steps(at=clock.now())),
        Chore("timers", TIMERS_EVERY_SECONDS, _mind_the_clock),
        Chore("post-mortems to begin", TIMERS_EVERY_SECONDS, begin_all_waiting),
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


def _mind_the_clock() -> None:
    now = clock.now()
    note_broken_promises(at=now)
    resolve_silent_incidents(at=now)
    queue_reminders(at=now)
    queue_review_reminders(at=now)
    queue_question_reminders(at=now)


def _prune() -> None:
    prune(at=clock.now())
    prune_letters(at=clock.now())
    prune_answers(at=clock.now())
    prune_webhook_events(at=clock.now())
    prune_calls(at=clock.now())


def _clear_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
