"""Old fates are deleted; what is not folded never is."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from afterword.catalog.models import Integration, Service
from afterword.config.env import Env
from afterword.ingest import housekeeping
from afterword.ingest.housekeeping import prune
from afterword.ingest.models import InboxRow, MinuteCount, RecentBody, Signal
from afterword.ingest.reads import HEARTBEAT_AGE_SECONDS_MAX, RECENT_BODIES_MAX, fold_is_alive
from afterword.ingest.writes import write_heartbeat
from tests.cast import STARTED
from tests.ingest.fates import decided, failed, waiting

DAYS_KEPT = 30
FAILED_DAYS_KEPT = 90


def test_fates_are_kept_for_their_days_and_failed_ones_longer(integration: Integration) -> None:
    decided(integration)
    bad = failed(integration)
    row = waiting(integration)
    assert prune(at=STARTED + timedelta(days=DAYS_KEPT)) == 0
    assert prune(at=STARTED + timedelta(days=DAYS_KEPT, seconds=1)) == 1
    assert Signal.objects.get() == bad
    assert prune(at=STARTED + timedelta(days=FAILED_DAYS_KEPT)) == 0
    assert prune(at=STARTED + timedelta(days=FAILED_DAYS_KEPT, seconds=1)) == 1
    assert InboxRow.objects.get() == row


def test_the_settings_say_for_how_long(integration: Integration, monkeypatch: pytest.MonkeyPatch) -> None:
    env = Env(signal_days_kept=2, failed_signal_days_kept=1)
    monkeypatch.setattr(settings, "ENV", env)
    decided(integration)
    failed(integration)
    assert prune(at=STARTED + timedelta(days=1, seconds=1)) == 1
    assert not Signal.objects.exclude(error="").exists()
    assert prune(at=STARTED + timedelta(days=2, seconds=1)) == 1


def test_many_are_deleted_in_small_pieces(integration: Integration, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "CHUNK_ROWS_MAX", 2)
    for _ in range(5):
        decided(integration)
    assert prune(at=STARTED + timedelta(days=365)) == 5


def test_of_the_bodies_of_an_integration_the_last_hundred_stay(
    integration: Integration, service: Service
) -> None:
    other = Integration.objects.create(service=service, name="Another")
    for one, count in ((integration, RECENT_BODIES_MAX + 7), (other, 3)):
        RecentBody.objects.bulk_create(
            RecentBody(
                trace_id=uuid.uuid4(),
                integration=one,
                body=str(number),
                received_at=STARTED + timedelta(seconds=number),
            )
            for number in range(count)
        )
    assert prune(at=STARTED) == 7
    kept = RecentBody.objects.filter(integration=integration)
    assert kept.count() == RECENT_BODIES_MAX
    assert kept.last().body == "7"  # type: ignore[union-attr]
    assert RecentBody.objects.filter(integration=other).count() == 3


def test_the_counts_of_eight_days_stay(integration: Integration) -> None:
    for minutes in (0, 1):
        MinuteCount.objects.create(integration=integration, minute=STARTED + timedelta(minutes=minutes))
    assert prune(at=STARTED + timedelta(days=8)) == 0
    assert prune(at=STARTED + timedelta(days=8, seconds=1)) == 1
    assert MinuteCount.objects.get().minute == STARTED + timedelta(minutes=1)


def test_the_fold_is_alive_while_its_heart_beats(db: None) -> None:
    assert not fold_is_alive(STARTED)
    write_heartbeat(at=STARTED)
    write_heartbeat(at=STARTED + timedelta(seconds=1))
    assert fold_is_alive(STARTED + timedelta(seconds=HEARTBEAT_AGE_SECONDS_MAX))
    assert not fold_is_alive(STARTED + timedelta(seconds=HEARTBEAT_AGE_SECONDS_MAX + 2))
