"""The one writer of a process: it commits all the signals that wait at once, then answers all of them.

There is no timer that a lonely signal would wait for. While one commit is on its way to the disk the next
signals pile up, and the busier it gets, the more of them share a commit.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import queue
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from afterword.ingest.metrics import Counts

BATCH_ROWS_MAX = 512
WAITING_CHARACTERS_MAX = 64 * 1024 * 1024
"""Of all bodies that wait, whatever their number: large ones would fill the memory before the queue."""
COMPLAINT_SECONDS = 1.0
"""Between two lines of the log about what could not be stored."""
HANGING_SECONDS = 5.0
"""While a commit, or the work between two, takes longer than this nobody new is let in: they would only
wait behind it."""
ANSWER_SECONDS_MAX = 12.0
"""Who has waited so long is told that it was not stored, also by a database that says nothing at all. What
still stood in the queue then is not stored; what was on its way may be after all, and its sender, who sends
it again, has it twice."""
LOOK_SECONDS = 1.0
DRAIN_SECONDS_MAX = 20.0
BREATH_SECONDS = 0.0003
"""Under load the first answers of a commit bring the first requests of the next, and most would come too
late for it: so long the writer lets them come. A commit takes several times as long."""
BREATH_ROWS_MIN = 8
"""Rows in the last commit from which on this is load."""

logger = logging.getLogger(__name__)


class InboxEntry(NamedTuple):
    """A signal on its way into the inbox. A tuple: a frozen dataclass takes five times as long to make."""

    trace_id: str
    """A UUID with its hyphens."""
    integration_id: int
    partition: int
    entity_id: str
    body: str
    received_at: datetime


class StoreAway(RuntimeError):
    """The database does not take the rows now. Nothing of the batch was stored, as far as we know."""


class Store(Protocol):
    """Where the rows go. Used from one thread only."""

    def insert(self, rows: Sequence[InboxEntry]) -> None:
        """Store all rows durably or none. Raises StoreAway."""

    def close(self) -> None: ...


class SideWork(Protocol):
    """What the writer's thread does between two batches: on SQLite, which has one writer, the fold."""

    def work(self, *, stored: int, others_wait: bool) -> float:
        """Do a short piece; the seconds after which to call again. `stored`: the rows of the last batch."""


class InboxFull(RuntimeError):
    """More signals wait for the disk than may."""


Stored = Callable[[bool], None]
"""Hears, in the event loop, whether rows are on the disk."""
_Waiting = tuple[Sequence[InboxEntry], Stored, float]
"""The last is when they came, on the monotonic clock."""


class Inbox:
    """`put` from the event loop's thread; everything else happens in a thread of its own."""

    def __init__(
        self,
        *,
        make_store: Callable[[], Store],
        waiting_max: int,
        side_work: SideWork | None = None,
        counts: Counts | None = None,
    ) -> None:
        self._make_store = make_store
        self._waiting_max = waiting_max
        self._side_work = side_work
        self._counts = counts or Counts()
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._waiting_count = 0
        self._waiting_characters = 0
        self._rows_before = 0
        self._busy_since = math.inf
        self._committing: list[_Waiting] = []
        self._given_up: set[int] = set()
        """The ids of batches on their way whose senders were told so."""
        self._timer: asyncio.TimerHandle | None = None
        self._unsaid_count = 0
        self._said_at = -math.inf
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._is_draining = False

    @property
    def waiting_count(self) -> int:
        """Rows whose commit is not over."""
        return self._waiting_count

    @property
    def is_working(self) -> bool:
        """Whether the writer runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to write. Call it in the event loop that will call `put`."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="inbox", daemon=True)
        self._thread.start()
        self._look(self._loop)

    async def drain(self) -> None:
        """Take no more, write what waits, and end. Gives up after `DRAIN_SECONDS_MAX`."""
        self._is_draining = True
        if self._thread is None:
            return
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join, DRAIN_SECONDS_MAX)
        if self._timer is not None:
            self._timer.cancel()

    def put(self, entries: Sequence[InboxEntry]) -> asyncio.Future[bool]:
        """Becomes True when all rows are on the disk, False when none could be stored. Raises InboxFull.

        They share one commit, and its limit does not part them.
        """
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.hand_in(entries, lambda is_stored: None if future.done() else future.set_result(is_stored))
        return future

    def hand_in(self, entries: Sequence[InboxEntry], stored: Stored) -> None:
        """The same for those who would rather be called, in the event loop. Raises InboxFull."""
        is_full = (
            self._waiting_count >= self._waiting_max or self._waiting_characters >= WAITING_CHARACTERS_MAX
        )
        if self._is_draining or self._loop is None or is_full or self._is_hanging():
            raise InboxFull
        for entry in entries:
            self._waiting_characters += len(entry.body)
        self._waiting_count += len(entries)
        self._queue.put((entries, stored, time.monotonic()))

    def _is_hanging(self) -> bool:
        return self._busy_seconds() > HANGING_SECONDS

    def _busy_seconds(self) -> float:
        """Since the writer began what it does now; less than nothing while it waits for something to do."""
        return time.monotonic() - self._busy_since

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Answer those who have waited too long behind a commit that does not come back."""
        batch = self._committing
        if batch and id(batch) not in self._given_up and _is_late(batch):
            self._given_up.add(id(batch))
            self._tell(batch, False)
        if self._busy_seconds() > ANSWER_SECONDS_MAX:
            self._clear_queue()
        self._timer = loop.call_later(min(LOOK_SECONDS, ANSWER_SECONDS_MAX / 4), self._look, loop)

    def _clear_queue(self) -> None:
        behind: list[_Waiting] = []
        with contextlib.suppress(queue.Empty):
            while (waiting := self._queue.get_nowait()) is not None:
                behind.append(waiting)
            # That was the word that no more come.
            self._queue.put(None)
        self._tell(behind, False)

    def _run(self) -> None:
        store = self._make_store()
        pause: float | None = 0.0 if self._side_work else None
        is_open = True
        while is_open:
            batch, is_open = self._take(pause)
            if batch:
                self._rows_before = len(batch)
                self._store(store, batch)
            if self._side_work is not None and is_open:
                stored = sum(len(entries) for entries, _, _ in batch)
                pause = self._do_side_work(self._side_work, stored=stored)
        store.close()

    def _take(self, seconds_max: float | None) -> tuple[list[_Waiting], bool]:
        """All that waits, up to a batch, and whether more may come. Waits for the first one."""
        batch: list[_Waiting] = []
        rows_count = 0
        try:
            waiting = self._queue.get(timeout=seconds_max)
            if self._rows_before >= BREATH_ROWS_MIN and self._queue.qsize() * 2 < self._rows_before:
                time.sleep(BREATH_SECONDS)
            while waiting is not None:
                batch.append(waiting)
                rows_count += len(waiting[0])
                if rows_count >= BATCH_ROWS_MAX:
                    return batch, True
                waiting = self._queue.get_nowait()
        except queue.Empty:
            return batch, True
        return batch, False

    def _store(self, store: Store, batch: list[_Waiting]) -> None:
        rows = [entry for entries, _, _ in batch for entry in entries]
        is_stored = False
        self._committing = batch
        self._busy_since = began_at = time.monotonic()
        try:
            if _is_late(batch):
                raise StoreAway(f"they waited longer than {ANSWER_SECONDS_MAX:g} seconds")
            store.insert(rows)
            is_stored = True
            self._counts.commit_seconds.observe(time.monotonic() - began_at)
            self._counts.commit_rows.observe(len(rows))
        except StoreAway as error:
            self._complain(len(rows), error)
        except Exception:
            logger.exception("%d signals could not be stored", len(rows))
        self._busy_since = math.inf
        self._committing = []
        self._counts.failed_commits += not is_stored
        assert self._loop is not None
        try:
            # Waking the loop costs a system call: one for the batch, not one for each row.
            self._loop.call_soon_threadsafe(self._answer, batch, is_stored)
        except RuntimeError:
            logger.warning("The server has stopped before %d senders heard that they were stored", len(batch))

    def _complain(self, rows_count: int, error: StoreAway) -> None:
        """Under load there are hundreds of such batches a second, and their log would fill the disk."""
        self._unsaid_count += rows_count
        if time.monotonic() - self._said_at > COMPLAINT_SECONDS:
            logger.warning("%d signals could not be stored: %s", self._unsaid_count, error)
            self._unsaid_count, self._said_at = 0, time.monotonic()

    def _answer(self, batch: list[_Waiting], is_stored: bool) -> None:
        if id(batch) in self._given_up:
            self._given_up.discard(id(batch))
        else:
            self._tell(batch, is_stored)

    def _tell(self, batch: list[_Waiting], is_stored: bool) -> None:
        for entries, stored, _ in batch:
            self._waiting_count -= len(entries)
            for entry in entries:
                self._waiting_characters -= len(entry.body)
            try:
                stored(is_stored)
            except Exception:
                # The others of the batch still want to hear.
                logger.exception("A sender could not be answered")

    def _do_side_work(self, side_work: SideWork, *, stored: int) -> float:
        self._busy_since = time.monotonic()
        try:
            return side_work.work(stored=stored, others_wait=not self._queue.empty())
        except Exception:
            logger.exception("The work between two batches failed")
            return 1.0
        finally:
            self._busy_since = math.inf


def _is_late(batch: list[_Waiting]) -> bool:
    """Whether the first of them, who came before the others, has waited too long."""
    return time.monotonic() - batch[0][2] > ANSWER_SECONDS_MAX
