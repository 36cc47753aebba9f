"""Every change to the inbox and to the fates of signals."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from afterword.ingest.models import Heartbeat, Signal
from afterword.ingest.reads import FOLD


def write_heartbeat(*, at: datetime) -> None:
    """Say that the fold is alive."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=FOLD, at=at)], update_conflicts=True, unique_fields=["part"], update_fields=["at"]
    )


@transaction.atomic
def delete_signals(*, received_before: datetime, failed: bool, rows_max: int) -> int:
    """Delete the oldest fates, failed ones or the others; how many."""
    old = Signal.objects.filter(received_at__lt=received_before)
    old = old.exclude(error="") if failed else old.filter(error="")
    trace_ids = list(old.order_by("received_at").values_list("pk", flat=True)[:rows_max])
    return Signal.objects.filter(pk__in=trace_ids).delete()[0]
