"""What happens to every signal at the door, whichever edge it comes by: may it in, and as which rows?"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from afterword.ingest.formats import BadSignal, CheckedSignal, Format, SignalRequest
from afterword.ingest.inbox import Inbox, InboxEntry, InboxFull, Stored
from afterword.ingest.keys import Keys
from afterword.ingest.metrics import Counts, Refused
from afterword.ingest.partitions import partition_of_entity
from afterword.ingest.rates import Rates
from afterword.ingest.trace_ids import TraceIds
from afterword.lib import clock

RETRY_AFTER_SECONDS = 1
NO_ERRORS: Mapping[str, str] = {}

logger = logging.getLogger(__name__)

Header = tuple[bytes, bytes]


class Refusal(Exception):
    """A signal is not let in. Says what its sender reads."""

    def __init__(
        self,
        reason: Refused,
        status: int,
        text: str,
        *,
        errors: Mapping[str, str] = NO_ERRORS,
        headers: Sequence[Header] = (),
    ) -> None:
        self.reason = reason
        self.status = status
        self.text = text
        self.errors = errors
        self.headers = headers
        super().__init__(text)


class Admission(NamedTuple):
    """What a request brings into the inbox."""

    signals: Sequence[CheckedSignal]
    trace_ids: Sequence[str]
    """One for each signal."""
    entries: Sequence[InboxEntry]


class Acceptance:
    """Checks requests and hands them to the inbox. For the thread of the event loop only."""

    def __init__(self, *, keys: Keys, inbox: Inbox, counts: Counts) -> None:
        self.keys = keys
        self.inbox = inbox
        self.counts = counts
        self._rates = Rates(time.monotonic)
        self._trace_ids = TraceIds()

    def admit(self, request: SignalRequest, form: Format) -> Admission:
        """Look at a whole request and make its rows; nothing is stored yet. Raises Refusal."""
        integration = request.integration
        limit = integration.per_minute_max
        if limit and (seconds := self._rates.take(integration.pk, limit)):
            raise Refusal(
                Refused.RATE,
                429,
                f"This integration takes {limit} alerts a minute. Please send it again later.",
                headers=[retry_after(seconds)],
            )
        try:
            signals = form.check(request)
        except BadSignal as error:
            raise Refusal(Refused.BODY, error.status, error.message, errors=error.errors) from error
        except Exception as error:
            logger.exception("A body of the kind %s cannot be checked", integration.kind)
            raise Refusal(Refused.FAULT, 500, "This alert could not be read: the fault is ours.") from error
        at = clock.now()
        trace_ids, entries = [], []
        for text, entity_id in signals:
            trace_id = self._trace_ids.new()
            trace_ids.append(trace_id)
            entity_id = entity_id or trace_id
            partition = integration.partition
            if partition is None:
                partition = partition_of_entity(entity_id)
            entries.append(InboxEntry(trace_id, integration.pk, partition, entity_id, text, at))
        if limit and len(entries) > 1:
            self._rates.owe(integration.pk, len(entries) - 1)
        return Admission(signals, trace_ids, entries)

    def hand_in(self, entries: Sequence[InboxEntry], stored: Stored) -> None:
        """Store rows; `stored` hears, in the loop, whether they are on the disk. Raises Refusal."""
        try:
            self.inbox.hand_in(entries, stored)
        except InboxFull as error:
            raise come_again(Refused.QUEUE, "Too many alerts wait to be stored.") from error


def come_again(reason: Refused, text: str) -> Refusal:
    """A refusal for now: the same request may be let in a moment later."""
    headers = [retry_after(RETRY_AFTER_SECONDS)]
    return Refusal(reason, 503, f"{text} Please send it again.", headers=headers)


def retry_after(seconds: int) -> Header:
    return b"retry-after", b"%d" % seconds
