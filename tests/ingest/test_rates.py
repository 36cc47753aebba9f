"""Limits of integrations: a token bucket each, a burst, and the way back in."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
import requests

from afterword.ingest.rates import BURST_MIN, BURST_SECONDS, Rates
from tests.ingest.installs import Install, running_install

PER_MINUTE_MAX = 600


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rates(clock: Clock) -> Rates:
    return Rates(clock)


def send(rates: Rates, times: int, per_minute_max: int = PER_MINUTE_MAX, pk: int = 1) -> int:
    """How many of so many were let in."""
    return [rates.take(pk, per_minute_max) for _ in range(times)].count(0)


@pytest.mark.pure
def test_a_burst_is_let_in_and_then_the_rate(rates: Rates, clock: Clock) -> None:
    burst = PER_MINUTE_MAX * BURST_SECONDS / 60
    assert send(rates, 1000) == burst
    clock.now += 1
    assert send(rates, 1000) == PER_MINUTE_MAX / 60
    clock.now += 3600
    assert send(rates, 1000) == burst


@pytest.mark.pure
def test_even_the_smallest_limit_lets_a_handful_in(rates: Rates, clock: Clock) -> None:
    assert send(rates, 100, per_minute_max=1) == BURST_MIN
    assert rates.take(1, 1) == 60
    clock.now += 60
    assert send(rates, 100, per_minute_max=1) == 1


@pytest.mark.pure
def test_who_comes_back_when_told_is_let_in(rates: Rates, clock: Clock) -> None:
    send(rates, 1000, per_minute_max=30)
    wait = rates.take(1, 30)
    assert wait == 2
    clock.now += wait
    assert rates.take(1, 30) == 0


@pytest.mark.pure
def test_a_request_with_many_signals_is_let_in_whole_and_paid_for_later(rates: Rates, clock: Clock) -> None:
    assert rates.take(1, PER_MINUTE_MAX) == 0
    rates.owe(1, 699)
    assert rates.take(1, PER_MINUTE_MAX) == 61
    clock.now += 61
    assert rates.take(1, PER_MINUTE_MAX) == 0


@pytest.mark.pure
def test_a_limit_that_was_changed_holds_at_once(rates: Rates) -> None:
    send(rates, 1000)
    assert rates.take(1, PER_MINUTE_MAX * 2) == 0


@pytest.mark.pure
def test_one_integration_does_not_use_up_what_another_may_send(rates: Rates) -> None:
    send(rates, 1000)
    assert send(rates, 10, pk=2) == 10


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    with running_install(tmp_path_factory.mktemp("install"), signals_per_minute_max="30") as running:
        yield running


def flood(url: str) -> list[requests.Response]:
    session = requests.Session()
    return [session.post(url, json={"message": "m"}) for _ in range(40)]


@pytest.mark.server
@pytest.mark.once
def test_too_many_are_told_when_to_come_again(install: Install) -> None:
    answers = flood(install.webhook_url)
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    refused = answers[-1]
    if refused.status_code == 200:
        # Every two seconds one more is let in: here the last one was, and the next one is not.
        refused = requests.post(install.webhook_url, json={"message": "m"})
    assert refused.status_code == 429
    assert "30 alerts a minute" in refused.json()["message"]
    time.sleep(int(refused.headers["retry-after"]))
    assert install.send(message="m")


@pytest.mark.server
@pytest.mark.once
def test_an_integration_may_have_a_limit_of_its_own(install: Install) -> None:
    made = install.run(
        """
        from afterword.catalog.models import Integration
        made = [
            Integration.objects.create(
                service=service, name=f"{kind} {limit}", kind=kind, signals_per_minute_max=limit
            )
            for kind, limit in (("generic", 0), ("generic", 6000), ("pagerduty", 1))
        ]
        result = [str(one.key) for one in made]
        """
    )
    unlimited, generous, pagerduty = made
    for key in (unlimited, generous):
        answers = flood(install.webhook_url.replace(install.key, key))
        assert {answer.status_code for answer in answers} == {200}
    event = {"routing_key": pagerduty.replace("-", ""), "event_action": "trigger"}
    event["payload"] = {"summary": "m", "source": "s", "severity": "error"}  # type: ignore[assignment]
    answers = [requests.post(f"{install.url}/v2/enqueue", data=json.dumps(event)) for _ in range(15)]
    # One more is let in every minute: all of them take less.
    assert answers[0].status_code == 202
    assert answers[-1].status_code == 429
    assert "retry-after" in answers[-1].headers
    assert answers[-1].json().keys() == {"status", "message", "errors"}
