"""The fold: what waits in the inbox becomes alerts, incidents and timelines. Exactly once, and in order.

Effects and deletion are one transaction: a row is in the inbox or its alert is recorded, never both, never
neither, wherever the process is killed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, connection, transaction

from afterword.catalog.models import Integration
from afterword.incidents.writes.alerts import NewAlert, RecordedAlert, record_alerts
from afterword.ingest import reads, writes
from afterword.ingest.formats import FORMATS, BadSignal
from afterword.ingest.models import InboxRow, Signal
from afterword.lib import clock
from afterword.lib.errors import AfterwordError

FOLD_ROWS_MAX = 500
HEARTBEAT_SECONDS = 5.0
INTEGRATION_IS_GONE = "The integration no longer exists."
KIND_IS_UNKNOWN = "Alerts of this kind of integration cannot be read."
PROGRAM_LIMIT_EXCEEDED = "54"
"""The class of PostgreSQL's error codes for a row that is too much for it, now and for ever."""

logger = logging.getLogger(__name__)


def fold_rows(rows_max: int = FOLD_ROWS_MAX) -> int:
    """Fold the next rows in one transaction; how many.

    A row that cannot be folded is set aside as a failed signal, with the reason and its body, and the rest
    goes on. Raises OperationalError or InterfaceError when the database is away; then nothing has changed.
    """
    if not reads.has_waiting_rows():
        return 0
    with transaction.atomic():
        rows = reads.next_rows(rows_max)
        if rows:
            at = clock.now()
            integrations = reads.integrations_by_pk([row.integration_id for row in rows])
            writes.finish_rows(rows=rows, fates=_fold(rows, integrations, at))
    return len(rows)


def _fold(rows: Sequence[InboxRow], integrations: dict[int, Integration], at: datetime) -> list[Signal]:
    try:
        with transaction.atomic():
            return _fold_together(rows, integrations, at)
    except (OperationalError, InterfaceError) as error:
        if not _is_rows_fault(error):
            raise
    except Exception:
        logger.info("A row in a batch of %d cannot be folded: looking for it", len(rows))
    fates = []
    for row in rows:
        fates += _fold_alone(row, integrations, at)
    return fates


def _fold_alone(row: InboxRow, integrations: dict[int, Integration], at: datetime) -> list[Signal]:
    try:
        with transaction.atomic():
            return _fold_together([row], integrations, at)
    except (OperationalError, InterfaceError) as error:
        if not _is_rows_fault(error):
            raise
        reason: Exception = error
    except Exception as error:
        reason = error
    if isinstance(reason, AfterwordError):
        return [_failed(row, reason.message, at)]
    logger.error("Signal %s cannot be folded and is set aside", row.trace_id, exc_info=reason)
    # What the database says may quote other rows: the sender gets the kind of the error, the log the rest.
    text = f"Afterword could not record this alert ({type(reason).__name__}). The server's log says more."
    return [_failed(row, text, at)]


def _is_rows_fault(error: Exception) -> bool:
    code = getattr(error.__cause__, "sqlstate", None)
    return isinstance(code, str) and code.startswith(PROGRAM_LIMIT_EXCEEDED)


def _fold_together(
    rows: Sequence[InboxRow], integrations: dict[int, Integration], at: datetime
) -> list[Signal]:
    alerts: list[NewAlert] = []
    failed: list[Signal] = []
    for row in rows:
        integration = integrations.get(row.integration_id)
        try:
            alerts.append(_read(row, integration))
        except BadSignal as error:
            failed.append(_failed(row, error.message, at))
    recorded = record_alerts(alerts=alerts) if alerts else []
    return failed + [_folded(alert, outcome, at) for alert, outcome in zip(alerts, recorded, strict=True)]


def _read(row: InboxRow, integration: Integration | None) -> NewAlert:
    if integration is None:
        raise BadSignal({"body": INTEGRATION_IS_GONE})
    if integration.kind not in FORMATS:
        raise BadSignal({"body": KIND_IS_UNKNOWN})
    content = FORMATS[integration.kind].read(row.body)
    return NewAlert(
        trace_id=row.trace_id,
        integration=integration,
        alert_type=content.alert_type,
        entity_id=row.entity_id,
        message=content.message,
        summary=content.summary,
        payload=content.payload,
        urls=content.urls,
        suppressed=content.suppressed,
        received_at=row.received_at,
    )


def _folded(alert: NewAlert, outcome: RecordedAlert, at: datetime) -> Signal:
    return Signal(
        trace_id=alert.trace_id,
        integration_id=alert.integration.pk,
        received_at=alert.received_at,
        folded_at=at,
        alert_unique_id=outcome.alert_unique_id,
        incident_unique_id=outcome.incident_unique_id,
        incident_number=outcome.incident_number,
        is_incident_created=outcome.is_incident_created,
        suppressed=outcome.suppressed,
    )


def _failed(row: InboxRow, reason: str, at: datetime) -> Signal:
    return Signal(
        trace_id=row.trace_id,
        integration_id=row.integration_id,
        received_at=row.received_at,
        folded_at=at,
        error=reason,
        body=row.body,
    )


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

    PIECE_SECONDS = 0.01
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
    ROWS_MIN = 32
    """Fewer would not be much faster: most of a small piece is the same dozen queries."""

    def __init__(self) -> None:
        self._pulse = Pulse()
        self._rows_max = 50
        self._rows_came = True
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
        due_in = self._ended_at + self._rest(began_at, others_wait) - began_at
        if due_in > 0:
            return due_in
        try:
            self._pulse.beat()
            folded = fold_rows(self._rows_max)
        except (OperationalError, InterfaceError) as error:
            logger.warning("The fold has to wait: %s", error)
            connection.close()
            return self.AWAY_SECONDS
        self._ended_at = time.monotonic()
        self._used_then = time.process_time()
        self._took = self._ended_at - began_at
        self._rows_came = False
        self._batches = self._batched_rows = 0
        self._is_behind = folded == self._rows_max
        if folded:
            fitting = int(folded * self.PIECE_SECONDS / max(self._took, 1e-6))
            self._rows_max = min(max(self.ROWS_MIN, fitting), FOLD_ROWS_MAX)
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
        is_loaded = load > self.LOAD_MIN or self._batched_rows >= self._batches * self.LOADED_ROWS_MIN
        share = self.SHARE_UNDER_LOAD if is_loaded else self.SHARE
        return max(wanted, self._took * (1 / share - 1))
