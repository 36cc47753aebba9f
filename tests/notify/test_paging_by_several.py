"""Several workers share the steps and the pages, and nobody is called twice; one that dies misses nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import transaction

from afterword.accounts.models import Person
from afterword.catalog.models import EscalationPolicy
from afterword.catalog.writes import Level, create_escalation_policy
from afterword.incidents.models import Incident
from afterword.lib import clock
from afterword.notify.models import Page, PageAttempt
from afterword.notify.paging.sending import MAILS
from afterword.notify.paging.writes import deliveries, engine
from tests.together import ask, at_once

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def _begin(incident: Incident, alice: Person, bob: Person) -> None:
    policy: EscalationPolicy = create_escalation_policy(
        actor=alice,
        team=incident.service.team,
        name="Everyone",
        levels=[Level(0, people=(alice, bob)), Level(0, people=(bob,))],
        repeats=ROUNDS - 1,
    )
    Incident.objects.filter(pk=incident.pk).update(escalation_policy=policy)
    incident.refresh_from_db()
    with transaction.atomic():
        engine.start_escalations([(incident, clock.now() - timedelta(days=1))])


def test_each_step_is_taken_once(several: ThreadPoolExecutor, incident: Incident, alice: Person, bob: Person):
    ask(several, lambda: _begin(incident, alice, bob))
    assert at_once(several, lambda: engine.run_due_steps(at=clock.now())) == ["done"] * 4
    # What one worker had locked another passed over: it is there a second later.
    ask(several, lambda: engine.run_due_steps(at=clock.now()))
    found = ask(several, lambda: list(Page.objects.order_by("pk").values_list("round", "level", "person")))
    wanted = [
        (number, level, person.pk)
        for number in range(1, ROUNDS + 1)
        for level, people in ((1, (alice, bob)), (2, (bob,)))
        for person in people
    ]
    assert found == wanted


def test_each_page_is_handed_over_once(
    several: ThreadPoolExecutor, incident: Incident, alice: Person, bob: Person
):
    ask(several, lambda: _begin(incident, alice, bob))
    ask(several, lambda: engine.run_due_steps(at=clock.now()))
    claimed: list[int] = []

    def work() -> None:
        while (claim := deliveries.claim_page(MAILS, at=clock.now())) is not None:
            claimed.append(claim.delivery.pk)
            deliveries.record_page_sent(claim=claim, at=clock.now())

    assert at_once(several, work) == ["done"] * 4
    ask(several, work)
    assert len(claimed) == len(set(claimed)) == 3 * ROUNDS
    assert ask(several, PageAttempt.objects.count) == 3 * ROUNDS
