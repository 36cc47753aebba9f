"""What the fold writes down for those who look: the last bodies, and figures by the minute."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from afterword.catalog.models import Integration, Service
from afterword.ingest import fold
from afterword.ingest.models import Failure, InboxRow, MinuteCount, RecentBody, Signal
from afterword.ingest.worker import fold_once
from tests.cast import STARTED
from tests.ingest.signals import after, receive


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold.clock, "now", lambda: STARTED + timedelta(seconds=90))


def test_the_last_bodies_are_kept(integration: Integration, service: Service) -> None:
    other = Integration.objects.create(service=service, name="Another")
    receive(other, message="Other")
    for number in range(170):
        receive(integration, message=f"Message {number}", at=STARTED + timedelta(seconds=number))
        if number % 40 == 0:
            fold_once()
    fold_once()
    bodies = RecentBody.objects.filter(integration=integration)
    assert 100 <= bodies.count() <= 150
    newest = [body.body for body in bodies[:100]]
    assert all(f'"Message {169 - place}"' in body for place, body in enumerate(newest))
    assert RecentBody.objects.get(integration=other).entity_id == "12345"


def test_a_body_without_an_entity_is_kept_without_one(integration: Integration) -> None:
    receive(integration, entity_id=None)
    fold_once()
    assert RecentBody.objects.get().entity_id == ""


def test_a_body_that_failed_is_kept_too(integration: Integration) -> None:
    receive(integration)
    InboxRow.objects.update(body="{}")
    fold_once()
    assert RecentBody.objects.get().body == "{}"


def test_signals_are_counted_by_the_minute(integration: Integration) -> None:
    receive(integration, at=after(1))
    receive(integration, at=after(1.25))
    receive(integration, suppressed=True, at=after(1.5))
    bad = receive(integration, at=after(2))  # a clock that is ahead of ours
    InboxRow.objects.filter(trace_id=bad).update(body="{}")
    fold_once()
    receive(integration, at=after(0))
    fold_once()
    count = MinuteCount.objects.get()
    assert count.minute == after(1)
    assert (count.folded, count.suppressed, count.failed) == (3, 1, 1)
    assert count.lag_milliseconds == 30_000 + 15_000 + 90_000
    assert count.lag_milliseconds_max == 90_000


def test_signals_of_an_integration_that_is_gone_are_not_counted(integration: Integration) -> None:
    receive(integration)
    Integration.objects.all().delete()
    fold_once()
    assert not MinuteCount.objects.exists()
    assert not RecentBody.objects.exists()


def test_a_failed_signal_keeps_what_it_takes_to_run_it_again(integration: Integration) -> None:
    trace_id = receive(integration)
    InboxRow.objects.update(body="{}")
    fold_once()
    signal = Signal.objects.get()
    assert (signal.trace_id, signal.failure, signal.entity_id) == (trace_id, Failure.REFUSED, "12345")
    assert signal.body == "{}"


def test_a_folded_signal_keeps_no_body(integration: Integration) -> None:
    receive(integration)
    fold_once()
    signal = Signal.objects.get()
    assert (signal.failure, signal.entity_id, signal.body) == ("", "", "")
    assert isinstance(signal.trace_id, uuid.UUID)
