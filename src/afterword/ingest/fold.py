"""The fold: what waits in the inbox becomes alerts, incidents and timelines. Exactly once, and in order.

Effects and deletion are one transaction: a row is in the inbox or its alert is recorded, never both, never
neither, wherever the process is killed.
"""

from __future__ import annotations

import gc
import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection, transaction

from afterword.incidents.writes.alerts import NewAlert, record_alerts
from afterword.incidents.writes.changes import NewChange, record_changes
from afterword.ingest import reads, writes
from afterword.ingest.configuration import Configuration, read_configurations
from afterword.ingest.models import Failure
from afterword.ingest.pipeline import UNDER_MAINTENANCE, Failed, fault_of, read_rows
from afterword.ingest.waiting import (
    Line,
    OlderRuleWaits,
    WaitingRow,
    next_rows,
    next_rows_alone,
    require_order,
)
from afterword.ingest.writes.folded import Fate, finish_rows
from afterword.lib import bulk, clock

FOLD_ROWS_MAX = 2_000
HEARTBEAT_SECONDS = 3.0
PROGRAM_LIMIT_EXCEEDED = "54"
"""The class of PostgreSQL's error codes for a row that is too much for it, now and for ever."""

HELD_BACK = Fate(error=UNDER_MAINTENANCE, failure=Failure.MAINTENANCE)

Read = NewAlert | NewChange | Failed

logger = logging.getLogger(__name__)


def fold_rows(rows_max: int = FOLD_ROWS_MAX, line: Line | None = None) -> int:
    """Fold the next rows in one transaction; how many. `line`: where this process stands in the inbox.

    A row that cannot be folded is set aside as a failed signal, with the reason and its body, and the rest
    goes on. Raises OperationalError or InterfaceError when the database is away; then nothing has changed.
    """
    if not reads.has_waiting_rows():
        return 0
    line = line or Line()
    with _collector_at_rest():
        try:
            return _fold(lambda: next_rows(rows_max, line), require_order)
        except OlderRuleWaits:
            return _fold(lambda: next_rows_alone(rows_max))
        except BaseException:
            line.forget()
            raise


def _fold(
    take: Callable[[], list[WaitingRow]],
    check: Callable[[list[WaitingRow], Mapping[int, Configuration]], None] | None = None,
) -> int:
    with transaction.atomic():
        rows = take()
        if rows:
            configurations = read_configurations({row.integration_pk for row in rows})
            if check is not None:
                check(rows, configurations)
            if connection.vendor == "postgresql":
                # A row that names what is gone fails by itself then, and not all of them at the commit.
                bulk.execute("SET CONSTRAINTS ALL IMMEDIATE", [])
            fates = _record(rows, read_rows(rows, configurations))
            finish_rows(rows=rows, fates=fates, at=clock.now(), integration_pks=configurations)
    return len(rows)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A batch makes many objects, none of which is garbage before its end: looking for it takes an eighth."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _record(rows: Sequence[WaitingRow], read: Sequence[Read]) -> list[Fate]:
    """Record what was read. When that fails, halve it until the row is found that cannot be recorded."""
    try:
        with transaction.atomic():
            return _record_together(read)
    except (OperationalError, InterfaceError) as error:
        if not _is_rows_fault(error):
            raise
        reason: Exception = error
    except Exception as error:
        reason = error
    if len(rows) == 1:
        failed = fault_of(reason, rows[0].trace_id)
        return [Fate(error=failed.reason, failure=failed.failure)]
    logger.info("One of %d rows cannot be folded: looking for it", len(rows))
    middle = len(rows) // 2
    return _record(rows[:middle], read[:middle]) + _record(rows[middle:], read[middle:])


def _is_rows_fault(error: Exception) -> bool:
    code = getattr(error.__cause__, "sqlstate", None)
    return isinstance(code, str) and code.startswith(PROGRAM_LIMIT_EXCEEDED)


def _record_together(read: Sequence[Read]) -> list[Fate]:
    alerts = [one for one in read if isinstance(one, NewAlert)]
    changes = [one for one in read if isinstance(one, NewChange)]
    recorded_alerts = iter(record_alerts(alerts=alerts) if alerts else [])
    recorded_changes = iter(record_changes(changes=changes) if changes else [])
    fates = []
    for one in read:
        if isinstance(one, Failed):
            fates.append(Fate(error=one.reason, failure=one.failure))
        elif isinstance(one, NewChange):
            fates.append(Fate(change_unique_id=next(recorded_changes).change_unique_id))
        else:
            outcome = next(recorded_alerts)
            fates.append(HELD_BACK if outcome is None else Fate("", "", "", *outcome))
    return fates


class Pulse:
    """Says now and then that the fold is alive."""

    def __init__(self) -> None:
        self._next_at = 0.0

    def beat(self) -> None:
        if time.monotonic() >= self._next_at:
            writes.write_heartbeat(at=clock.now())
            self._next_at = time.monotonic() + HEARTBEAT_SECONDS


class FoldBetweenBatches:
    """The fold as a guest in the thread that writes the inbox, for SQLite.

    As a second process it would fight for the write lock, and accepting would wait for it many times as
    long. Here it works in short pieces, and while requests wait it keeps to a share of the time: what
    waits in the inbox is safe and can wait, a sender cannot.
    """

    PIECE_SECONDS = 0.004
    """While senders press, each of whom waits for the end of the piece."""
    EASY_PIECE_SECONDS = 0.012
    """While fewer requests come: in time for those who ask for the status, and not felt by a sender."""
    QUIET_PIECE_SECONDS = 0.03
    """While none come: most of a small piece is the same dozen queries."""
    BEHIND_PIECE_SECONDS = 0.06
    """To which pieces grow while rows remain after each and senders do not press: on a slow disk a small
    piece is hardly more than its commit."""
    PAUSE_SECONDS = 0.05
    """After the inbox was emptied: soon enough for those who ask for the status, and many rows at once."""
    IDLE_SECONDS = 1.0
    """Rows may also come from elsewhere: so often it looks without having been told."""
    AWAY_SECONDS = 1.0
    BREATH_SECONDS = 0.002
    """Between two pieces when more rows wait: the event loop gets its turn, and requests can show up."""
    SHARE = 0.5
    """Of the time while requests come."""
    SHARE_UNDER_LOAD = 0.1
    """The same while this process has no processor time left."""
    LOAD_MIN = 0.7
    """Seconds of processor time per second from which on there is none left. One interpreter uses one."""
    LOADED_ROWS_MIN = 8
    """Rows in the usual batch from which on there is none left either: so many come during one commit."""
    PRESSED_ROWS_PER_SECOND = 3_000
    """From which on senders are held to press. Fewer are folded as they come, also while a slow disk or
    other programs make commits large."""
    PRESSED_SECONDS = 0.25
    """Over which that is counted: what has waited for the end of a piece comes in one go behind it."""
    ROWS_MIN = 32
    """Half of such a piece is the same few statements and the commit: a smaller one would hardly be shorter,
    and so many fewer rows that senders of a thousand a second would be faster than the fold."""
    ROWS_PER_SECOND = 5_000.0
    """A first guess; afterwards it is what the last piece has shown."""

    def __init__(self) -> None:
        self._pulse = Pulse()
        self._line = Line()
        self._rows_per_second = self.ROWS_PER_SECOND
        self._rows_came = True
        self._came: deque[tuple[float, int]] = deque()
        self._rows_that_came = 0
        self._easy_piece_seconds = self.EASY_PIECE_SECONDS
        self._batches = 0
        self._batched_rows = 0
        self._is_behind = False
        self._took = 0.0
        self._ended_at = 0.0
        self._used_then = 0.0

    def work(self, *, stored: int, others_wait: bool) -> float:
        if stored:
            self._rows_came = True
            self._batches += 1
            self._batched_rows += stored
        began_at = time.monotonic()
        if stored:
            self._came.append((began_at, stored))
            self._rows_that_came += stored
        due_in = self._ended_at + self._rest(began_at, others_wait) - began_at
        if due_in > 0:
            return due_in
        seconds = self.QUIET_PIECE_SECONDS
        if self._batches or others_wait:
            seconds = self.PIECE_SECONDS if self._is_pressed(began_at) else self._easy_piece_seconds
        rows_max = min(max(self.ROWS_MIN, int(seconds * self._rows_per_second)), FOLD_ROWS_MAX)
        try:
            self._pulse.beat()
            folded = fold_rows(rows_max, self._line)
        except (OperationalError, InterfaceError) as error:
            logger.warning("The fold has to wait: %s", error)
            connection.close()
            return self.AWAY_SECONDS
        self._ended_at = time.monotonic()
        self._used_then = time.process_time()
        self._took = self._ended_at - began_at
        self._rows_came = False
        self._batches = self._batched_rows = 0
        self._is_behind = folded == rows_max
        self._easy_piece_seconds = (
            min(self._easy_piece_seconds * 2, self.BEHIND_PIECE_SECONDS)
            if self._is_behind
            else self.EASY_PIECE_SECONDS
        )
        if folded >= self.ROWS_MIN:
            self._rows_per_second = folded / max(self._took, 1e-6)
        return self._rest(self._ended_at, others_wait)

    def _rest(self, at: float, others_wait: bool) -> float:
        """Seconds to leave between the end of the last piece and the next one."""
        wanted = self.IDLE_SECONDS
        if self._is_behind:
            wanted = self.BREATH_SECONDS
        elif self._rows_came:
            wanted = self.PAUSE_SECONDS
        if not (self._batches or others_wait):
            return wanted
        # Processor time per second says it on a machine of our own, the size of batches on a busy one.
        load = (time.process_time() - self._used_then) / max(at - self._ended_at, 1e-3)
        is_loaded = self._is_pressed(at) and (
            load > self.LOAD_MIN or self._batched_rows >= self._batches * self.LOADED_ROWS_MIN
        )
        share = self.SHARE_UNDER_LOAD if is_loaded else self.SHARE
        return max(wanted, self._took * (1 / share - 1))

    def _is_pressed(self, at: float) -> bool:
        while self._came and self._came[0][0] < at - self.PRESSED_SECONDS:
            self._rows_that_came -= self._came.popleft()[1]
        return self._rows_that_came >= self.PRESSED_ROWS_PER_SECOND * self.PRESSED_SECONDS
