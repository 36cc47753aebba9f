"""Deleting what was kept of old signals, a piece at a time.

Each piece is looked for first, and deleted in a transaction of its own: nobody who writes waits for a search.
Two that delete at once do no harm, for a row that is gone is gone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from afterword.catalog.models import Integration
from afterword.ingest.models import MinuteCount, RecentBody, Signal
from afterword.ingest.reads import RECENT_BODIES_MAX


def delete_folded_signals(*, before: datetime, rows_max: int) -> int:
    """Fates of signals that came before and have not failed; how many."""
    old = Signal.objects.filter(received_at__lt=before, error="")
    return _delete(Signal, old.order_by("received_at"), rows_max)


def delete_failed_signals(*, before: datetime, rows_max: int) -> int:
    """Fates, with their bodies, of signals that came before and have failed; how many."""
    old = Signal.objects.filter(received_at__lt=before).exclude(error="")
    return _delete(Signal, old.order_by("received_at"), rows_max)


def delete_minute_counts(*, before: datetime, rows_max: int) -> int:
    """The counts of minutes before; how many."""
    # By integration, for that is how they are indexed.
    integrations = Integration.objects.order_by().values("pk")
    old = MinuteCount.objects.filter(integration__in=integrations, minute__lt=before)
    return _delete(MinuteCount, old.order_by(), rows_max)


def delete_surplus_bodies(*, rows_max: int) -> int:
    """The oldest bodies of an integration that has more than it may keep; how many."""
    counts = RecentBody.objects.order_by().values_list("integration_id").annotate(count=Count("pk"))
    deleted = 0
    for integration_pk, count in counts.filter(count__gt=RECENT_BODIES_MAX):
        wanted = min(count - RECENT_BODIES_MAX, rows_max - deleted)
        own = RecentBody.objects.filter(integration=integration_pk)
        deleted += _delete(RecentBody, own.order_by("received_at", "pk"), wanted)
        if deleted >= rows_max:
            break
    return deleted


def _delete(model: type[Any], rows: QuerySet[Any], rows_max: int) -> int:
    pks = list(rows.values_list("pk", flat=True)[:rows_max])
    with transaction.atomic():
        return int(model.objects.filter(pk__in=pks).delete()[0]) if pks else 0
