"""Several workers share the mails, and none is handed over twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from afterword.incidents.models import Incident, StakeholderDelivery, StakeholderMessage
from afterword.lib import clock
from afterword.notify import writes
from tests.together import ask, at_once

pytestmark = pytest.mark.django_db(transaction=True)

MAILS = 12


def test_each_mail_is_claimed_once(several: ThreadPoolExecutor, incident: Incident):
    def write() -> None:
        message = StakeholderMessage.objects.create(incident=incident, subject="Slow", body="x")
        for number in range(MAILS):
            StakeholderDelivery.objects.create(message=message, email=f"{number}@example.com")

    claimed: list[int] = []

    def work() -> None:
        while (claim := writes.claim_delivery(at=clock.now())) is not None:
            claimed.append(claim.delivery.pk)
            writes.record_sent(claim=claim, at=clock.now())

    ask(several, write)
    assert at_once(several, work) == ["done"] * 4
    ask(several, work)
    assert len(claimed) == len(set(claimed)) == MAILS
    assert ask(several, StakeholderDelivery.objects.filter(state="sent", attempts=1).count) == MAILS
