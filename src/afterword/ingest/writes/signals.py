"""The sign of life of the fold."""

from __future__ import annotations

from datetime import datetime

from afterword.ingest.models import Heartbeat
from afterword.ingest.reads import FOLD


def write_heartbeat(*, at: datetime) -> None:
    """Say that the fold is alive."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=FOLD, at=at)], update_conflicts=True, unique_fields=["part"], update_fields=["at"]
    )
