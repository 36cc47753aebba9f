"""Failed signals that are run again: put back into the inbox, under a trace id of their own."""

from __future__ import annotations

import uuid

from django.db import transaction

from afterword.accounts.models import Person
from afterword.accounts.reads import require_manager
from afterword.audit.writes import record
from afterword.catalog.models import Integration
from afterword.ingest.models import Failure, InboxRow, Signal
from afterword.ingest.partitions import partition_of_entity
from afterword.ingest.reads import shared_partition
from afterword.lib import clock
from afterword.lib.errors import Conflict, InvalidInput, NotFound

RERUN_ROWS_MAX = 1_000
"""In one call of `rerun_failed`; the next goes on."""
CHUNK_ROWS_MAX = 100
"""In one transaction: on SQLite the way in waits for each."""
_RERUNS = uuid.UUID("5f0c1f4e-6a1b-5c80-9d0e-2f6f1b1f8a11")


class NotFailed(Conflict):
    """This alert has not failed: there is nothing to run again."""


class AlreadyRerun(Conflict):
    """This alert was run again already."""


def trace_id_of_rerun(trace_id: uuid.UUID) -> uuid.UUID:
    """The trace id under which a failed signal is run again: always the same, so never twice."""
    return uuid.uuid5(_RERUNS, trace_id.hex)


@transaction.atomic
def rerun_signal(*, actor: Person, integration: Integration, trace_id: uuid.UUID) -> uuid.UUID:
    """Put a failed signal back into the inbox, as if it had come now; the trace id it has from now on.

    Raises NotFailed, AlreadyRerun, NotAllowed, NotFound.
    """
    require_manager(actor, integration.service.team)
    signals = Signal.objects.select_for_update().filter(integration_id=integration.pk)
    signal = signals.filter(trace_id=trace_id).first()
    if signal is None:
        if InboxRow.objects.filter(integration_id=integration.pk, trace_id=trace_id).exists():
            raise NotFailed
        raise NotFound
    if not signal.error:
        raise NotFailed
    if signal.retried_at is not None:
        raise AlreadyRerun
    _put_back(integration, [signal])
    _note(actor, integration, {"trace_id": str(trace_id), "count": 1})
    return trace_id_of_rerun(trace_id)


def rerun_failed(
    *, actor: Person, integration: Integration, failure: str = "", rows_max: int = RERUN_ROWS_MAX
) -> int:
    """Put back the oldest failed signals that were not run again yet, in their order; how many.

    `failure` narrows them to one of `Failure`. At most `rows_max`, in short transactions: call it again for
    the rest. Raises InvalidInput, NotAllowed, NotFound.
    """
    require_manager(actor, integration.service.team)
    if failure not in ("", *Failure.values):
        raise InvalidInput(fields={"failure": f"Please use one of: {', '.join(Failure.values)}."})
    count = 0
    while count < rows_max:
        wanted = min(CHUNK_ROWS_MAX, rows_max - count)
        done = _rerun_some(actor, integration, failure, wanted)
        count += done
        if done < wanted:
            break
    return count


@transaction.atomic
def _rerun_some(actor: Person, integration: Integration, failure: str, rows_max: int) -> int:
    failed = Signal.objects.select_for_update().filter(integration_id=integration.pk).exclude(error="")
    failed = failed.filter(retried_at__isnull=True, **({"failure": failure} if failure else {}))
    signals = list(failed.order_by("received_at", "pk")[:rows_max])
    if signals:
        _put_back(integration, signals)
        _note(actor, integration, {"count": len(signals)})
    return len(signals)


def _put_back(integration: Integration, signals: list[Signal]) -> None:
    at = clock.now()
    shared = shared_partition(integration)
    rows = []
    for signal in signals:
        new = trace_id_of_rerun(signal.trace_id)
        # Without an entity of its own an alert stands for itself.
        is_alone = signal.entity_id.replace("-", "") in ("", signal.trace_id.hex)
        entity_id = str(new) if is_alone else signal.entity_id
        rows.append(
            InboxRow(
                trace_id=new,
                integration_id=integration.pk,
                partition=partition_of_entity(entity_id) if shared is None else shared,
                entity_id=entity_id,
                body=signal.body,
                received_at=at,
            )
        )
    InboxRow.objects.bulk_create(rows)
    Signal.objects.filter(pk__in=[signal.pk for signal in signals]).update(retried_at=at)


def _note(actor: Person, integration: Integration, data: dict[str, object]) -> None:
    record(
        actor=actor,
        action="integration.signals_run_again",
        subject=integration,
        team_id=integration.service.team_id,
        data=data,
    )
