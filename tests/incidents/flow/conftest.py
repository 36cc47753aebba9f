from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from afterword.accounts.models import Organisation, Person
from afterword.incidents import writes as incidents
from afterword.incidents.flow.models import Flow, FlowTask
from afterword.incidents.models import Incident
from afterword.lib import clock
from tests.cast import STARTED


class MovableClock:
    """The time, until the test ends: it stands still and is moved by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    """Monday, 2 March 2026, 15:05 UTC."""
    movable = MovableClock(STARTED + timedelta(hours=1))
    monkeypatch.setattr(clock, "now", lambda: movable.at)
    return movable


@pytest.fixture
def flow(organisation: Organisation) -> Flow:
    """The flow that an install begins with."""
    return Flow.objects.get()


@pytest.fixture
def looked_back_on(
    flow: Flow, time: MovableClock, incident: Incident, alice: Person, bob: Person
) -> Incident:
    """An incident that Bob has resolved just now, with its flow."""
    return incidents.resolve_incident(actor=bob, incident=incident)


@pytest.fixture
def task_of(db: None) -> Callable[..., FlowTask]:
    def find(incident: Incident, kind: str) -> FlowTask:
        return FlowTask.objects.get(run__incident=incident, kind=kind)

    return find
