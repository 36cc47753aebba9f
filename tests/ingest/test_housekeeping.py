"""Old fates are deleted; what is not folded never is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from afterword.catalog.models import Integration
from afterword.ingest import housekeeping
from afterword.ingest.housekeeping import FAILED_SIGNAL_DAYS_KEPT, SIGNAL_DAYS_KEPT, prune
from afterword.ingest.models import InboxRow, Signal
from afterword.ingest.reads import HEARTBEAT_AGE_SECONDS_MAX, fold_is_alive
from afterword.ingest.worker import fold_once
from afterword.ingest.writes import write_heartbeat
from tests.cast import STARTED
from tests.ingest.signals import receive


def test_fates_are_kept_for_their_days_and_failed_ones_longer(integration: Integration) -> None:
    receive(integration)
    failed = receive(integration)
    InboxRow.objects.filter(trace_id=failed).update(body="{}")
    fold_once()
    waiting = receive(integration)
    assert prune(at=STARTED + timedelta(days=SIGNAL_DAYS_KEPT)) == 0
    assert prune(at=STARTED + timedelta(days=SIGNAL_DAYS_KEPT, seconds=1)) == 1
    assert Signal.objects.get().trace_id == failed
    assert prune(at=STARTED + timedelta(days=FAILED_SIGNAL_DAYS_KEPT, seconds=1)) == 1
    assert InboxRow.objects.get().trace_id == waiting


def test_many_are_deleted_in_small_pieces(integration: Integration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "CHUNK_ROWS_MAX", 2)
    for _ in range(5):
        receive(integration)
    fold_once()
    assert prune(at=STARTED + timedelta(days=365)) == 5


def test_the_fold_is_alive_while_its_heart_beats(db: None) -> None:
    assert not fold_is_alive(STARTED)
    write_heartbeat(at=STARTED)
    write_heartbeat(at=STARTED + timedelta(seconds=1))
    assert fold_is_alive(STARTED + timedelta(seconds=HEARTBEAT_AGE_SECONDS_MAX))
    assert not fold_is_alive(STARTED + timedelta(seconds=HEARTBEAT_AGE_SECONDS_MAX + 2))
