"""Rates, lag, what waits, and who has gone silent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from afterword.accounts.models import Person
from afterword.catalog.models import Integration, Service
from afterword.ingest.fates import reads
from afterword.ingest.fates.reads import figures_of, hearings_of
from afterword.ingest.fates.rules import (
    Hearing,
    Minute,
    Tally,
    Voice,
    voice_of,
)
from afterword.ingest.fates.sparkline import describe, draw
from afterword.ingest.models import MinuteCount, RecentBody
from afterword.ingest.reads import measure_inbox
from afterword.lib import clock
from tests.cast import STARTED
from tests.ingest.fates import decided, failed, waiting

SignIn = Callable[[Person], Client]


def count(integration: Integration, minutes_ago: float, *, at: datetime = STARTED, **numbers: int) -> None:
    MinuteCount.objects.create(integration=integration, minute=at - timedelta(minutes=minutes_ago), **numbers)


def test_the_figures_add_up_the_last_hour_and_the_last_day(bob: Person, integration: Integration) -> None:
    count(integration, 0, folded=3, lag_milliseconds=30, lag_milliseconds_max=20)
    count(integration, 59, suppressed=1, failed=1, lag_milliseconds=20, lag_milliseconds_max=15)
    count(integration, 60, folded=5, lag_milliseconds=5_000, lag_milliseconds_max=4_000)
    count(integration, 24 * 60, folded=100)
    figures = figures_of(bob, [integration], now=STARTED + timedelta(seconds=30))[integration.pk]
    assert figures.hour == Tally(3, 1, 1, 50, 20)
    assert figures.hour.lag_mean_milliseconds == 10
    assert figures.day == Tally(8, 1, 1, 5_050, 4_000)
    assert (figures.minutes[-1], figures.minutes[0]) == (Minute(3, 0), Minute(2, 1))
    assert sum(minute.total for minute in figures.minutes) == 5


def test_nothing_counted_is_no_lag(bob: Person, integration: Integration) -> None:
    figures = figures_of(bob, [integration], now=STARTED)[integration.pk]
    assert (figures.hour.total, figures.hour.lag_mean_milliseconds) == (0, None)
    assert len(figures.minutes) == 60


def test_what_waits_is_counted_up_to_a_limit(
    bob: Person, integration: Integration, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Integration.objects.create(service=service, name="Another")
    for row in (integration, integration, other):
        waiting(row)

    def counted() -> list[tuple[int, bool]]:
        found = figures_of(bob, [integration, other], now=STARTED)
        return [(found[key].waiting.count, found[key].waiting.is_more) for key in (integration.pk, other.pk)]

    assert counted() == [(2, False), (1, False)]
    monkeypatch.setattr(reads, "WAITING_LOOKED_AT_MAX", 2)
    assert counted() == [(2, True), (0, True)]


def test_outsiders_get_no_figures(charlie: Person, integration: Integration) -> None:
    assert figures_of(charlie, [integration], now=STARTED) == {}
    assert hearings_of(charlie, [integration], now=STARTED) == {}


@pytest.mark.pure
def test_the_picture_is_told_in_words_too() -> None:
    minutes = [Minute(0, 0)] * 58 + [Minute(400, 100), Minute(604, 0)]
    assert describe(minutes) == "1,004 signals in the last 60 minutes, at most 604 in one."
    svg = draw(minutes)
    assert svg.count("<rect") == 3
    assert describe(minutes) in svg
    assert "style" not in svg
    assert describe([Minute()] * 60) == "No signals in the last 60 minutes."


@pytest.mark.pure
@pytest.mark.parametrize(
    ("hearing", "voice"),
    [
        (Hearing(None), Voice.NEVER),
        (Hearing(STARTED - timedelta(minutes=60), timedelta(minutes=1)), Voice.HEARD),
        (Hearing(STARTED - timedelta(minutes=61), timedelta(minutes=1)), Voice.SILENT),
        (Hearing(STARTED - timedelta(hours=10), timedelta(hours=5)), Voice.HEARD),
        (Hearing(STARTED - timedelta(hours=11), timedelta(hours=5)), Voice.SILENT),
        (Hearing(STARTED - timedelta(days=7), None), Voice.HEARD),
        (Hearing(STARTED - timedelta(days=9), None), Voice.QUIET),
    ],
)
def test_silence_is_measured_by_what_is_usual(hearing: Hearing, voice: Voice) -> None:
    assert voice_of(hearing, STARTED) == voice


@pytest.mark.parametrize(
    ("minutes_ago", "longest"),
    [
        ([1, 2, 5, 6], timedelta(days=7) - timedelta(minutes=5)),
        ([0, 60, *range(120, 7 * 24 * 60, 60)], timedelta(hours=1)),
        ([0, *range(180, 7 * 24 * 60 + 1, 60), 7 * 24 * 60 + 500], timedelta(hours=3)),
    ],
)
def test_the_longest_pause_of_a_week_is_found(
    bob: Person, integration: Integration, minutes_ago: list[int], longest: timedelta
) -> None:
    Integration.objects.update(created_at=STARTED - timedelta(days=100))
    integration.refresh_from_db()
    for minute in minutes_ago:
        count(integration, minute, folded=1)
    decided(integration, at=STARTED)
    now = STARTED + timedelta(hours=2)
    assert hearings_of(bob, [integration], now=now)[integration.pk] == Hearing(STARTED, longest)
    now = STARTED + timedelta(minutes=59)
    assert hearings_of(bob, [integration], now=now)[integration.pk] == Hearing(STARTED, None)


def test_a_young_integration_was_not_silent_before_it_was_made(bob: Person, integration: Integration) -> None:
    Integration.objects.update(created_at=STARTED - timedelta(minutes=10))
    integration.refresh_from_db()
    for minute in range(10):
        count(integration, minute, folded=1)
    decided(integration)
    now = STARTED + timedelta(hours=2)
    assert hearings_of(bob, [integration], now=now)[integration.pk].pause_max == timedelta(minutes=1)


def test_who_was_heard_long_ago_is_known_by_the_last_body(bob: Person, integration: Integration) -> None:
    RecentBody.objects.create(
        trace_id="6f3c1c1e-0000-4000-8000-000000000000",
        integration=integration,
        body="{}",
        received_at=STARTED,
    )
    assert hearings_of(bob, [integration], now=STARTED)[integration.pk] == Hearing(STARTED, None)


def test_the_overview_is_for_administrators(
    sign_in: SignIn, alice: Person, bob: Person, vera: Person, integration: Integration
) -> None:
    for person in (bob, vera):
        assert sign_in(person).get("/settings/signals").status_code == 403
        assert "/settings/signals" not in sign_in(person).get("/settings").content.decode()
    html = sign_in(alice).get("/settings/signals").content.decode()
    assert integration.name in html
    assert "Never heard of" in html
    assert "/settings/signals" in sign_in(alice).get("/settings").content.decode()


def test_the_overview_shows_trouble_first(
    sign_in: SignIn, alice: Person, integration: Integration, service: Service
) -> None:
    now = clock.now()
    other = Integration.objects.create(service=service, name="A calm one")
    failed(integration, at=now)
    count(integration, 0, at=now.replace(second=0, microsecond=0), failed=1_234)
    decided(other, at=now - timedelta(days=9))
    html = sign_in(alice).get("/settings/signals").content.decode()
    assert html.index(integration.name) < html.index(other.name)
    assert "1,234" in html
    assert "Fails" in html
    assert "Quiet" in html


def test_the_integration_page_shows_the_figures(
    sign_in: SignIn, vera: Person, integration: Integration
) -> None:
    minute = clock.now().replace(second=0, microsecond=0)
    count(integration, 0, at=minute, folded=1_200, lag_milliseconds=12_000, lag_milliseconds_max=2_500)
    waiting(integration)
    html = sign_in(vera).get(f"/settings/integrations/{integration.unique_id}").content.decode()
    for words in ("1,200", "10 ms", "2.5 s", "1 waits to be folded", '<svg class="sparkline"'):
        assert words in html


def test_few_queries_show_many_integrations(
    sign_in: SignIn, alice: Person, service: Service, django_assert_max_num_queries: Any
) -> None:
    client = sign_in(alice)
    for number in range(20):
        decided(Integration.objects.create(service=service, name=f"Way in {number}"))
    with django_assert_max_num_queries(20 * 2 + 20):
        client.get("/settings/signals")


def test_the_metrics_tell_the_suppressed_as_a_part_of_the_folded(integration: Integration) -> None:
    count(integration, 1, folded=2, suppressed=1, failed=1, lag_milliseconds=400, lag_milliseconds_max=300)
    state = measure_inbox(STARTED + timedelta(seconds=5))
    assert (state.folded, state.suppressed, state.failed) == (3, 1, 1)
    assert (state.lag_seconds, state.lag_seconds_max) == (0.1, 0.3)
