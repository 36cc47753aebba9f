"""Two people who do the same thing at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from afterword.accounts.models import Person
from afterword.audit.models import AuditEvent
from afterword.incidents import writes
from afterword.incidents.errors import AlreadyAcknowledged, AlreadyResolved
from afterword.incidents.models import Incident
from afterword.lib.errors import AfterwordError
from tests.together import PEOPLE, ask, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("write", "refusal", "action"),
    [
        (writes.resolve_incident, AlreadyResolved, "incident.resolved"),
        (writes.acknowledge_incident, AlreadyAcknowledged, "incident.acknowledged"),
    ],
)
def test_it_happens_once(
    several: ThreadPoolExecutor,
    bob: Person,
    incident: Incident,
    write: Callable[..., Incident],
    refusal: type[AfterwordError],
    action: str,
) -> None:
    results = at_once(several, lambda: write(actor=bob, incident=incident))
    assert results == [refusal.__name__] * (PEOPLE - 1) + ["done"]
    assert ask(several, AuditEvent.objects.filter(action=action).count) == 1
    assert ask(several, incident.entries.count) == 2


def test_numbers_have_no_twins_and_no_gaps(
    several: ThreadPoolExecutor, bob: Person, incident: Incident
) -> None:
    at_once(
        several, lambda: writes.create_incident(actor=bob, service=incident.service, title="Tills are down")
    )
    numbers = ask(several, lambda: sorted(Incident.objects.values_list("number", flat=True)))
    assert numbers == [1, 2, 3, 4, 5]
