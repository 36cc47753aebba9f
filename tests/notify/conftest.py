from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from afterword.accounts.models import Person, Team
from afterword.audit.writes import SYSTEM, record
from afterword.catalog.models import EscalationPolicy
from afterword.catalog.writes import Level, create_escalation_policy
from afterword.incidents.models import Incident, StakeholderDelivery, StakeholderMessage
from afterword.lib import clock
from tests.cast import STARTED
from tests.notify.mail_server import MailServer, running_mail_server
from tests.notify.receiver import Receiver, running_receiver


class MovableClock:
    """The time, until the test ends: it stands still and is moved by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def move(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    movable = MovableClock(STARTED + timedelta(hours=1))
    monkeypatch.setattr(clock, "now", lambda: movable.at)
    return movable


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    with running_mail_server(settings) as server:
        yield server


@pytest.fixture
def make_message(incident: Incident, time: MovableClock) -> Callable[..., StakeholderMessage]:
    """A message with a delivery for each address, as an alert would leave it."""

    def make(*emails: str, **fields: Any) -> StakeholderMessage:
        message = StakeholderMessage.objects.create(
            **{
                "incident": incident,
                "subject": "Payments are slow",
                "body": "We are **looking** into it.",
                "created_at": time.at,
                **fields,
            }
        )
        for email in emails or ("mary@example.com",):
            StakeholderDelivery.objects.create(message=message, email=email, next_attempt_at=time.at)
        return message

    return make


@pytest.fixture
def make_policy(alice: Person, team: Team) -> Callable[..., EscalationPolicy]:
    def make(*levels: Level, repeats: int = 0, name: str = "On call") -> EscalationPolicy:
        return create_escalation_policy(actor=alice, team=team, name=name, levels=levels, repeats=repeats)

    return make


@pytest.fixture
def trigger(make_incident: Callable[..., Incident], time: MovableClock) -> Callable[..., Incident]:
    """An incident as an alert opens it, with a policy."""

    def make(policy: EscalationPolicy, **fields: Any) -> Incident:
        incident = make_incident(escalation_policy=policy, started=time.at, **fields)
        tell(incident, "incident.triggered", time)
        return incident

    return make


def tell(incident: Incident, action: str, time: MovableClock) -> None:
    with transaction.atomic():
        record(actor=SYSTEM, action=action, subject=incident, at=time.at, team_id=incident.service.team_id)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as found:
        yield found
